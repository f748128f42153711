package publish

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
)

// changeRead is an entry of a feed of changes.
type changeRead struct{ Title, Content, Updated string }

// changes returns the entries of the feed of changes at a path, by their ids.
func changes(t *testing.T, h http.Handler, path string) (all []changeRead, ids []string) {
	t.Helper()
	all = []changeRead{}
	doc := body(t, ask(h, "GET", path))
	f := parse(t, doc)
	check(t, doc, len(f.Entries))
	for _, e := range f.Entries {
		all = append(all, changeRead{e.Title[0].Text, e.Content[0].Text, strings.TrimPrefix(e.Updated[0], "2023-05-17T")})
		ids = append(ids, e.ID[0])
	}
	return all, ids
}

// next publishes the next revision of an item.
func (w *world) next(it news.Item, at time.Time) {
	w.tb.Helper()
	e := w.entry(it.Entry)
	it.Revision, it.Revised = it.Revision+1, at
	w.put(it)
	w.change(e, news.RecordUpdated, at)
}

// withdraw withdraws an entry by its source.
func (w *world) withdraw(k news.Key, at time.Time) {
	w.tb.Helper()
	it, e := w.item(k), w.entry(k)
	it.Withdrawal = &news.Withdrawal{By: news.BySource, At: at}
	w.put(it)
	e.State = news.Withdrawn
	w.change(e, news.RecordWithdrawn, at)
}

// TestChanges: the feed has what was changed, corrected, withdrawn and published again, newest first, with the words that changed.
func TestChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	line := `<p class="credit"><a href="https://mid.example/1">Russian MFA</a>.</p>`
	it := news.Item{Source: "mid", GUID: "1", URL: "https://mid.example/1", Title: "Talks on Monday", Summary: "Three will come.",
		Published: day}
	e := w.publish(it)
	w.publish(news.Item{Source: "tass", GUID: "2", Title: "Something else", Published: day})
	it = w.item(e.Key)
	it.Title = "Talks on Tuesday"
	w.next(it, day.Add(time.Hour))
	it = w.item(e.Key)
	it.Title = "CORRECTED: Talks on Tuesday"
	it.Summary, it.Credits.Marker, it.Corrected = "Four will come.", "CORRECTED", day.Add(2*time.Hour)
	w.next(it, day.Add(2*time.Hour))
	changed := []changeRead{
		{"Russian MFA, corrected: Talks on Tuesday", "<p>Marked “CORRECTED”. The headline changed. Text: words removed 1, " +
			`added 1.</p><p dir="auto" lang="en"><b><ins>CORRECTED:</ins> Talks on Tuesday</b></p>` +
			`<p dir="auto" lang="en"><del>Three</del> → <ins>Four</ins> will come.</p>` + line, "14:44:00.000004Z"},
		{"Russian MFA, changed: Talks on Tuesday", "<p>The headline changed.</p>" +
			`<p dir="auto" lang="en"><b>Talks on <del>Monday</del> → <ins>Tuesday</ins></b></p>` + line, "13:44:00.000003Z"},
	}
	h := served(t, w)
	got, before := changes(t, h, "/changes.atom")
	if diff := cmp.Diff(changed, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	of, _ := changes(t, h, "/sources/mid/changes.atom")
	if diff := cmp.Diff(changed, of); diff != "" {
		t.Errorf("of the source (-want +got):\n%s", diff)
	}
	if other, _ := changes(t, h, "/sources/tass/changes.atom"); len(other) != 0 {
		t.Errorf("another source has %v", other)
	}
	if got := ask(h, "GET", "/sources/nobody/changes.atom"); got.StatusCode != 404 {
		t.Errorf("of no source: %d", got.StatusCode)
	}

	w.withdraw(e.Key, day.Add(3*time.Hour))
	if err := h.Refresh(); err != nil {
		t.Fatal(err)
	}
	notice := "<p>This piece has been withdrawn by Russian MFA.</p>"
	want := []changeRead{{"Withdrawn by Russian MFA", notice, "15:44:00.000005Z"}, {"Withdrawn by Russian MFA", notice, "15:44:00.000004Z"},
		{"Withdrawn by Russian MFA", notice, "15:44:00.000003Z"}}
	got, after := changes(t, h, "/changes.atom")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("withdrawn (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(before, after[1:]); diff != "" {
		t.Errorf("ids changed (-want +got):\n%s", diff)
	}

	e = w.entry(e.Key)
	e.State = news.Public
	w.change(e, news.RecordRestored, day.Add(4*time.Hour))
	if err := h.Refresh(); err != nil {
		t.Fatal(err)
	}
	want = append([]changeRead{
		{"Russian MFA, restored: CORRECTED: Talks on Tuesday", "<p>It is published again.</p>" + line, "16:44:00.000006Z"},
		{"Russian MFA, withdrawn: CORRECTED: Talks on Tuesday",
			"<p>It was withdrawn, and has been published again since.</p>" + line, "15:44:00.000005Z"},
	}, changed...)
	if got, _ = changes(t, h, "/changes.atom"); cmp.Diff(want, got) != "" {
		t.Errorf("restored (-want +got):\n%s", cmp.Diff(want, got))
	}
}

// TestChangeReplaces: what takes the place of an earlier report shows what differs from it, as long as that is public.
func TestChangeReplaces(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	old := w.publish(news.Item{Source: "mid", GUID: "1", Title: "Talks on Monday", Published: day})
	j := &news.Join{Level: "L6", Rule: "mark", With: old.Key, Entry: old.Key}
	w.publish(news.Item{Source: "mid", GUID: "2", Title: "Talks on Tuesday", Published: day, Supersedes: j})
	h := served(t, w)
	got, _ := changes(t, h, "/changes.atom")
	replaces := "<p>It takes the place of an earlier report."
	words := ` The headline changed.</p><p dir="auto" lang="en"><b>Talks on <del>Monday</del>`
	if len(got) != 1 || got[0].Title != "Russian MFA, new version: Talks on Tuesday" || !strings.HasPrefix(got[0].Content, replaces+words) {
		t.Errorf("%q", got)
	}
	w.withdraw(old.Key, day.Add(time.Hour))
	if err := h.Refresh(); err != nil {
		t.Fatal(err)
	}
	got, _ = changes(t, h, "/changes.atom")
	if len(got) != 2 || !strings.HasPrefix(got[1].Content, replaces+"</p><p class=") || strings.Contains(got[1].Content, "Monday") {
		t.Errorf("of one that was withdrawn: %q", got)
	}
}

// TestChangesAreGranted: the feed has no word of a text that its source did not grant.
func TestChangesAreGranted(t *testing.T) {
	t.Parallel()
	w, _ := revised(t, nil)
	for grant, want := range map[news.Content]string{news.Headline: "headline", news.Summary: "headline summary"} {
		doc := body(t, ask(grantedBy(t, w, grant), "GET", "/changes.atom"))
		for _, word := range []string{"headline", "summary", "content", "lead", "caption"} {
			for _, revision := range []string{"1", "2"} {
				if got := strings.Contains(doc, word+revision); got != strings.Contains(want, word) {
					t.Errorf("%s: the feed has %s%s: %t", grant, word, revision, got)
				}
			}
		}
	}
}

// TestChangesAreADocument: the feed is validated, packed and announced as every feed is.
func TestChangesAreADocument(t *testing.T) {
	t.Parallel()
	w, _ := revised(t, nil)
	o := options()
	o.Hub = "https://wire.example/hub"
	h := New(o).Handler(w.view)
	if err := h.Refresh(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/changes.atom", "/sources/belta/changes.atom"} {
		got := ask(h, "GET", path)
		etag := got.Header.Get("Etag")
		if !strings.HasPrefix(etag, `"2.`) || !strings.Contains(strings.Join(got.Header["Link"], ","), "/hub>; rel=\"hub\"") ||
			got.Header.Get("Content-Type") != "application/atom+xml; charset=utf-8" || got.Header.Get("Last-Modified") == "" {
			t.Errorf("%s: fields %v", path, got.Header)
		}
		if again := ask(h, "GET", path, "If-None-Match", etag); again.StatusCode != 304 {
			t.Errorf("%s: status %d", path, again.StatusCode)
		}
		if doc, err := h.Topic(path); err != nil || doc.Entries != 1 {
			t.Errorf("%s is no topic of the hub: %v", path, err)
		}
	}
}
