package publish

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
)

// inStory puts the entries into one story, in that order.
func (w *world) inStory(all ...news.Entry) {
	w.tb.Helper()
	var keys []news.Key
	for _, e := range all {
		keys = append(keys, e.Key)
	}
	for _, k := range keys {
		e := w.entry(k)
		e.Story = keys
		w.putEntry(e)
	}
}

// talks is a story of three reports: TASS had it first, the ministry corrected its report, BelTA's was copied by the ministry.
func talks(t *testing.T) (w *world, first, mid, belta news.Entry) {
	t.Helper()
	w = newWorld(t)
	first = w.publish(news.Item{Source: "tass", GUID: "1", URL: "https://tass.example/1", Title: "Talks begin", Published: day})
	mid = w.publish(news.Item{Source: "mid", GUID: "2", URL: "https://mid.example/2", Title: "Переговоры начались", Language: "ru",
		Published: day.Add(7 * time.Minute)})
	report := news.Item{Source: "belta", GUID: "3", URL: "https://belta.example/3", Title: "Ministers meet",
		Published: day.Add(65 * time.Minute)}
	carried := news.Item{Source: "mid", GUID: "4", URL: "https://mid.example/4", Title: "Ministers meet, BelTA says"}
	carried.Published = day.Add(26 * time.Hour)
	belta = w.publish(report, carried)
	w.inStory(first, mid, belta)
	it := w.item(mid.Key)
	it.Title, it.Corrected = "Переговоры идут", day.Add(2*time.Hour)
	w.next(it, day.Add(2*time.Hour))
	return w, first, mid, belta
}

// events returns the lines of the table of a story as text, cells parted by bars.
func events(page string) []string {
	all := []string{}
	for _, row := range regexp.MustCompile(`(?s)<tr><td.*?</tr>`).FindAllString(page, -1) {
		row = regexp.MustCompile(`</td><td[^>]*>`).ReplaceAllString(row, " | ")
		row = regexp.MustCompile(`(?s)<[^>]*>`).ReplaceAllString(row, "")
		all = append(all, html.UnescapeString(strings.Join(strings.Fields(row), " ")))
	}
	return all
}

func TestStoryPage(t *testing.T) {
	t.Parallel()
	w, first, mid, belta := talks(t)
	h := served(t, w)
	page := checkPage(t, ask(h, "GET", "/stories/"+first.Key.String()))
	want := []string{
		"17 May 2023, 12:44 UTC | first | TASS | own report | Talks begin",
		"17 May 2023, 12:51 UTC | +7 min | Russian MFA | own report in another language | Переговоры идут",
		"17 May 2023, 13:49 UTC | +1 h 5 min | BelTA | own report | Ministers meet",
		"17 May 2023, 14:44 UTC | +2 h | Russian MFA | correction, revision 2 | The headline changed. Переговоры removed начались added идут",
		"18 May 2023, 14:44 UTC | +1 d 2 h | Russian MFA | copy of the report by BelTA | Ministers meet, BelTA says",
	}
	if diff := cmp.Diff(want, events(page)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, want := range []string{
		"<span>3 own reports, 1 copy</span> <span>First: TASS, 17 May 2023, 12:44 UTC</span>",
		`<svg class="timeline" role="img" aria-label="Timeline from 17 May 2023, 12:44 UTC to ` +
			`18 May 2023, 14:44 UTC; the table below says the same."`,
		`<a href="../entries/` + mid.Key.String() + `" lang="ru">`,
		`<link rel="alternate" type="application/atom+xml" title="Talks begin (Atom)" href="` + first.Key.String() + `/feed.atom">`,
		`<svg x="2.00%" y="59"><path class="own"`, `<svg x="98.00%" y="191"><path class="copy"`, `<path class="language"`,
		`<path class="correction"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in the page: %s", want, page[strings.Index(page, "<main"):])
		}
	}
	for _, k := range []news.Key{mid.Key, belta.Key} {
		got := ask(h, "GET", "/stories/"+k.String())
		if got.StatusCode != http.StatusPermanentRedirect || got.Header.Get("Location") != first.Key.String() {
			t.Errorf("by another entry: %d to %s", got.StatusCode, got.Header.Get("Location"))
		}
		got = ask(h, "GET", "/stories/"+k.String()+"/feed.atom")
		if got.StatusCode != http.StatusPermanentRedirect || got.Header.Get("Location") != "../"+first.Key.String()+"/feed.atom" {
			t.Errorf("feed by another entry: %d to %s", got.StatusCode, got.Header.Get("Location"))
		}
	}
	none := "/stories/" + news.ItemKey("no", "such").String()
	for _, path := range []string{"/stories/x", none, none + "/feed.atom"} {
		if got := ask(h, "GET", path); got.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, got.StatusCode)
		}
	}
}

// TestStoryOfMergedEntry: the key of an entry that was merged leads to the story of the one that it is merged into.
func TestStoryOfMergedEntry(t *testing.T) {
	t.Parallel()
	w, first, _, _ := talks(t)
	gone := w.publish(news.Item{Source: "tass", GUID: "9", Title: "Merged", Published: day})
	gone.State, gone.Into = news.Merged, first.Key
	w.putEntry(gone)
	got := ask(served(t, w), "GET", "/stories/"+gone.Key.String())
	if got.StatusCode != http.StatusPermanentRedirect || got.Header.Get("Location") != first.Key.String() {
		t.Errorf("%d to %s", got.StatusCode, got.Header.Get("Location"))
	}
}

// TestStoryWithdrawn: of a withdrawn report the page has the notice; of a story without another report it answers 410.
func TestStoryWithdrawn(t *testing.T) {
	t.Parallel()
	w, first, mid, belta := talks(t)
	w.withdraw(first.Key, day.Add(3*time.Hour))
	got := ask(served(t, w), "GET", "/stories/"+first.Key.String())
	page := checkPage(t, got)
	if got.StatusCode != 200 || strings.Contains(page, "Talks begin") || !strings.Contains(page, "Withdrawn by TASS") ||
		!strings.Contains(page, "2 own reports, 1 copy") || !strings.Contains(page, `<path class="withdrawn"`) {
		t.Errorf("%d %s", got.StatusCode, page)
	}
	w.withdraw(mid.Key, day.Add(3*time.Hour))
	w.withdraw(belta.Key, day.Add(3*time.Hour))
	if got := ask(served(t, w), "GET", "/stories/"+first.Key.String()); got.StatusCode != http.StatusGone {
		t.Errorf("without a report: %d", got.StatusCode)
	}
}

// TestStoryFeed: the feed has each report under its own id, each copy and each change, newest first.
func TestStoryFeed(t *testing.T) {
	t.Parallel()
	w, first, mid, belta := talks(t)
	h := served(t, w)
	got, ids := changes(t, h, "/stories/"+first.Key.String()+"/feed.atom")
	titles := []string{}
	for _, e := range got {
		titles = append(titles, e.Title)
	}
	if diff := cmp.Diff([]string{"Russian MFA, copy of the report by BelTA: Ministers meet, BelTA says",
		"Russian MFA, corrected: Переговоры идут", "Переговоры идут", "Ministers meet", "Talks begin"}, titles); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	_, changed := changes(t, h, "/changes.atom")
	want := []string{news.ItemKey("mid", "4").URN(), changed[0], mid.AtomID(), belta.AtomID(), first.AtomID()}
	if diff := cmp.Diff(want, ids); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
}

func TestStoryItemsAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	items := []news.Item{{Source: "tass", GUID: "1", Title: "Talks begin", Published: day}}
	for i := range 150 {
		items = append(items, news.Item{Source: "mid", GUID: "copy" + string(rune('0'+i)), Title: "Talks begin", Published: day.Add(time.Minute)})
	}
	e := w.publish(items...)
	page := checkPage(t, ask(served(t, w), "GET", "/stories/"+e.Key.String()))
	if n := len(events(page)); n != storyItems || !strings.Contains(page, "1 own report, 150 copies") {
		t.Errorf("%d items", n)
	}
}

// TestStoryRevisionsAreBounded: of an item that was revised often the newest revisions are shown.
func TestStoryRevisionsAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.publish(news.Item{Source: "tass", GUID: "1", Title: "Talks, hour 0", Published: day})
	for n := range storyRevisions + 3 {
		it := w.item(e.Key)
		it.Title = fmt.Sprint("Talks, hour ", n+1)
		w.next(it, day.Add(time.Duration(n+1)*time.Hour))
	}
	lines := events(checkPage(t, ask(served(t, w), "GET", "/stories/"+e.Key.String())))
	if n := len(lines); n != storyRevisions || !strings.Contains(lines[1], "revision 6 ") || !strings.Contains(lines[n-1], "revision 14 ") {
		t.Errorf("%d lines: %q", n, lines)
	}
}

// TestFirstIsAReport: a copy that is dated before its report did not have the story first.
func TestFirstIsAReport(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	carried := news.Item{Source: "mid", GUID: "2", Title: "Ministers meet", Published: day}
	e := w.publish(news.Item{Source: "belta", GUID: "1", Title: "Ministers meet", Published: day.Add(5 * time.Minute)}, carried)
	page := checkPage(t, ask(served(t, w), "GET", "/stories/"+e.Key.String()))
	if lines := events(page); len(lines) != 2 || !strings.Contains(lines[0], "| −5 min | Russian MFA | copy") ||
		!strings.Contains(page, "First: BelTA,") {
		t.Errorf("%q in %s", lines, page)
	}
}
