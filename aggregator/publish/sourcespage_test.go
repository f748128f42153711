package publish

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dateline/aggregator/publish/page"
)

// stated returns options with a page of sources.
func stated(states *[]page.SourceState, err *error) Options {
	o := options()
	o.Sources[0].URL = "https://user:secret@belta.example/rss?key=secret"
	o.States = func() ([]page.SourceState, error) { return *states, *err }
	return o
}

func TestSourcesPage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var fails error
		states := []page.SourceState{
			{ID: "belta", State: "ok", LastSuccess: day, Due: day.Add(10 * time.Minute), Items: 1234, Daily: []int{-1, 3, 0, 12}},
			{ID: "tass-ru", State: "broken"},
			{ID: "new", State: "sleepy"},
		}
		h := New(stated(&states, &fails)).Handler(newWorld(t).view)
		if got := ask(h, "GET", "/sources"); got.StatusCode != 503 {
			t.Errorf("status %d before the first refresh", got.StatusCode)
		}
		if err := h.Refresh(); err != nil {
			t.Fatal(err)
		}
		got := ask(h, "GET", "/sources")
		if age := got.Header.Get("Cache-Control"); age != "public, max-age=10" {
			t.Errorf("Cache-Control %q", age)
		}
		text := checkPage(t, got)
		for _, want := range []string{
			`<h1>Sources</h1>`,
			`<a href="sources" aria-current="page">Sources</a>`,
			`<th scope="row"><span lang="en"><a href="sources/belta">BelTA</a></span><br>`,
			`<b class="ok">ok</b></td>`, `<svg class="spark" role="img" aria-label="Items a day, today the last: 3, 0, 12. Nothing came on 1 day."`,
			`<a href="sources" aria-current="true">all 3</a>`, `<a class="broken" href="sources?state=broken">broken 1</a>`,
			`<time datetime="2023-05-17T12:54:00Z">17 May 2023, 12:54 UTC</time>`,
			`1234</td>`,
			`<b class="broken">broken</b><br>its last visit failed</td>`,
			`<th scope="row">new<br>`, `<b>sleepy</b></td>`, `never`,
		} {
			if !strings.Contains(text, want) {
				t.Errorf("no %s in the page", want)
			}
		}
		if strings.Contains(text, "secret") {
			t.Error("an address went out")
		}
		only := checkPage(t, ask(h, "GET", "/sources?state=broken"))
		if !strings.Contains(only, "sources/tass-ru/feed") || strings.Contains(only, `<b class="ok">`) ||
			!strings.Contains(only, `href="sources?state=broken" aria-current="true"`) {
			t.Errorf("of one state: %s", only)
		}
		if got := ask(h, "GET", "/sources?state=sleepy"); got.StatusCode != 404 {
			t.Errorf("of a state that there is not: %d", got.StatusCode)
		}
		states[0].State = "late"
		if text := body(t, ask(h, "GET", "/sources")); strings.Contains(text, `<b class="late">late</b>`) {
			t.Error("the page is made for every request")
		}
		time.Sleep(presentFor)
		if text := body(t, ask(h, "GET", "/sources")); !strings.Contains(text, `<b class="late">late</b>`) {
			t.Error("the page does not show the present")
		}
		time.Sleep(presentFor)
		if fails = errors.New("no store"); ask(h, "GET", "/sources").StatusCode != 500 {
			t.Error("the page is shown although the store cannot be read")
		}
	})
}

func TestSourcesPageOfNobody(t *testing.T) {
	h := served(t, newWorld(t))
	if got := ask(h, "GET", "/sources"); got.StatusCode != 404 {
		t.Errorf("status %d, want 404", got.StatusCode)
	}
	if text := body(t, ask(h, "GET", "/")); strings.Contains(text, `href="sources"`) {
		t.Error("the page is linked although it is not there")
	}
}
