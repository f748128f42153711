package publish

import (
	"errors"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/page"
)

const asBrowser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

// TestProblemPages: where HTML is preferred a problem is a page in house style with a way back, else a line.
func TestProblemPages(t *testing.T) {
	t.Parallel()
	w := ordinary(t, 0)
	e := w.entry(w.log()[0].Entry)
	e.State = news.Withdrawn
	w.change(e, news.RecordWithdrawn, day.Add(time.Hour))
	h := searched(t, w, nil)
	for _, tt := range []struct {
		method, path, accept string
		status               int
		want                 string // empty: a line
	}{
		{"GET", "/nowhere", asBrowser, 404, `<h1>There is nothing here</h1>`},
		{"GET", "/nowhere", "*/*", 404, ""},
		{"GET", "/nowhere", "", 404, ""},
		{"GET", "/nowhere", "text/html;q=0.5, text/plain", 404, ""},
		{"GET", "/nowhere", "text/html;q=0", 404, ""},
		{"GET", "/sources/none", asBrowser, 404, `<a href="../">Back to the wire</a>`},
		{"GET", "/agencies/x/y/z", asBrowser, 404, `<a href="../../../">Back to the wire</a>`},
		{"GET", "/archive/7.atom", asBrowser, 404, `<h1>There is nothing here</h1>`},
		{"GET", "/?before=99", asBrowser, 404, `<a href="./">Back to the wire</a>`},
		{"POST", "/", asBrowser, 405, `<h1>This address can only be read</h1>`},
		{"POST", "/feed.atom", "", 405, ""},
		{"GET", "/entries/" + e.Key.String(), asBrowser, 410, `<a href="../">Back to the wire</a>`},
	} {
		t.Run(tt.method+" "+tt.path+" "+tt.accept, func(t *testing.T) {
			t.Parallel()
			got := ask(h, tt.method, tt.path, "Accept", tt.accept)
			if got.StatusCode != tt.status {
				t.Fatalf("status %d, want %d", got.StatusCode, tt.status)
			}
			if tt.want == "" {
				if text := body(t, got); strings.Count(text, "\n") != 1 || strings.Contains(text, "<") {
					t.Errorf("no line: %s", text)
				}
				return
			}
			if text := checkPage(t, got); !strings.Contains(text, tt.want) {
				t.Errorf("no %s in %s", tt.want, text[strings.Index(text, "<body>"):])
			}
			if tt.status != 410 && got.Header.Get("Cache-Control") != "no-store" || tt.status == 405 && got.Header.Get("Allow") == "" {
				t.Errorf("fields %v", got.Header)
			}
		})
	}
	t.Run("the store cannot be read", func(t *testing.T) {
		w.err = errors.New("disk")
		defer func() { w.err = nil }()
		if text := checkPage(t, ask(h, "GET", "/languages/en", "Accept", asBrowser)); !strings.Contains(text,
			`<h1>The store cannot be read</h1>`) {
			t.Error("no page")
		}
	})
}

// TestNothingYet: a wire without entries says why, as far as the states of the sources do, and where to go.
func TestNothingYet(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 30, 21, 40, 0, 0, time.UTC)
	failed := func(problem string) page.SourceState {
		return page.SourceState{ID: "belta", State: "broken", Due: at, Problem: problem}
	}
	for fact, tt := range map[string]struct {
		states []page.SourceState
		want   string
	}{
		"none could be read": {[]page.SourceState{failed("dns"), failed("dns"), failed("http")},
			"0 of 3 sources could be read: no such host. Next try 21:40 UTC."},
		"none was asked":     {[]page.SourceState{{ID: "belta", State: "new"}, {ID: "off", State: "disabled"}}, "No source was asked yet."},
		"they bring nothing": {[]page.SourceState{{ID: "belta", State: "ok", LastSuccess: day}}, "1 of 1 sources could be read."},
		"there is no source": {nil, "No sources are configured."},
		"a disabled one is none": {[]page.SourceState{failed("dns"), {ID: "off", State: "disabled"}},
			"0 of 1 sources could be read: no such host. Next try 21:40 UTC."},
		"an unknown reason": {[]page.SourceState{failed("gremlins")}, "0 of 1 sources could be read: gremlins. Next try 21:40 UTC."},
		"one of several": {[]page.SourceState{failed("timeout"), {ID: "tass", State: "ok", LastSuccess: day, Due: at.Add(-time.Hour)}},
			"1 of 2 sources could be read: no answer in time. Next try 20:40 UTC."},
	} {
		t.Run(fact, func(t *testing.T) {
			t.Parallel()
			o := options()
			o.States = func() ([]page.SourceState, error) { return tt.states, nil }
			h := New(o).Handler(newWorld(t).view)
			if err := h.Refresh(); err != nil {
				t.Fatal(err)
			}
			got := ask(h, "GET", "/")
			text := checkPage(t, got)
			for _, want := range []string{"<p>" + tt.want + "</p>", `<a href="sources">See the sources.</a>`, "<code>dateline demo</code>"} {
				if !strings.Contains(text, want) {
					t.Errorf("no %s in %s", want, text[strings.Index(text, "<main"):])
				}
			}
			if age := got.Header.Get("Cache-Control"); age != "public, max-age=10" {
				t.Errorf("Cache-Control %q", age)
			}
		})
	}
}
