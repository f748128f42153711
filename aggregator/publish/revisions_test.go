package publish

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/news"
)

// revised is a wire of one piece with two revisions that differ in every part. Each part holds a marker word with
// the number of its revision.
func revised(tb testing.TB, change func(*news.Item)) (*world, news.Key) {
	tb.Helper()
	w := newWorld(tb)
	var e news.Entry
	for n := 1; n <= 2; n++ {
		it := press()
		it.Title = fmt.Sprintf("Talks headline%d", n)
		it.Summary = fmt.Sprintf("<p>In short summary%d.</p>", n)
		it.Content = fmt.Sprintf("<p>In short summary%d.</p><p>The whole content%d.</p>", n, n)
		it.Lead = fmt.Sprintf("In short lead%d.", n)
		it.Media[0].Description = fmt.Sprintf("The caption%d.", n)
		it.Credits.Photos[0].Caption = it.Media[0].Description
		it.Credits.Cited = []news.Credit{{Role: news.Cited, Name: "Interfax",
			Evidence: news.Evidence{Field: "text", Words: fmt.Sprintf("content%d", n), Rule: "citing"}}}
		it.Revision = n
		if change != nil {
			change(&it)
		}
		if n == 1 {
			e = w.publish(it)
		}
		it = item(it)
		it.Entry, it.Revised = e.Key, day.Add(time.Duration(n)*time.Hour)
		w.put(it)
	}
	w.change(e, news.RecordUpdated, day.Add(2*time.Hour))
	return w, e.Key
}

// grantedBy returns a handler over w to which the source belta grants no more than content.
func grantedBy(t *testing.T, w *world, content news.Content) *Handler {
	t.Helper()
	o := options()
	o.Sources[0].Content = content
	h := New(o).Handler(w.view)
	if err := h.Refresh(); err != nil {
		t.Fatal(err)
	}
	return h
}

// TestGrantOfPages: no page holds a word that the source did not grant, not even one of an older revision.
func TestGrantOfPages(t *testing.T) {
	w, k := revised(t, nil)
	for grant, want := range map[news.Content][]string{
		news.Headline: {"headline"}, news.Summary: {"headline", "summary", "caption"}, news.Full: {"headline", "summary", "caption", "content"},
	} {
		t.Run(string(grant), func(t *testing.T) {
			h := grantedBy(t, w, grant)
			entry := checkPage(t, ask(h, "GET", "/entries/"+k.String()))
			pages := entry + checkPage(t, ask(h, "GET", "/"))
			for _, word := range []string{"headline", "summary", "caption", "content", "lead"} {
				granted := strings.Contains(strings.Join(want, " "), word)
				if got := strings.Contains(pages, word+"2"); got != granted {
					t.Errorf("the pages hold %s2: %t", word, got)
				}
				if got := strings.Contains(entry, word+"1"); got != (granted && word != "caption") {
					t.Errorf("the page of the entry holds %s1: %t", word, got)
				}
			}
		})
	}
}

func TestRevisions(t *testing.T) {
	longer := strings.Repeat("and more ", 30)
	for _, tt := range []struct {
		fact   string
		grant  news.Content
		change func(*news.Item)
		want   []string
	}{
		{"the headline and the text", news.Summary, nil, []string{
			`<p class="small">The headline changed. Text: words removed 1, added 1.</p>`,
			`<b>Talks <del><span class="unseen" lang="en">removed </span>headline1</del> <ins><span class="unseen" lang="en">added </span>headline2</ins> </b>`,
			`<p class="diff" dir="ltr" lang="en">In short <del><span class="unseen" lang="en">removed </span>summary1.</del>`}},
		{"the text alone", news.Summary, func(it *news.Item) { it.Title = "Talks" },
			[]string{`<p class="small">Text: words removed 1, added 1.</p>`}},
		{"what is not granted", news.Headline, func(it *news.Item) { it.Title = "Talks" },
			[]string{`<p class="small">Changed in what is not shown here.</p>`}},
		{"a long text around a change", news.Summary, func(it *news.Item) { it.Summary = longer + it.Summary + longer }, []string{
			`<p class="diff" dir="ltr" lang="en">… ` + strings.Repeat("and more ", 5) + "In short <del>",
			`</ins> ` + strings.Repeat("and more ", 6) + "… </p>"}},
		{"markup in the text", news.Summary, func(it *news.Item) { it.Summary += "<b>&lt;script&gt;</b>" + fmt.Sprint(it.Revision) },
			[]string{`&lt;script&gt;1</del>`}},
	} {
		t.Run(tt.fact, func(t *testing.T) {
			w, k := revised(t, tt.change)
			text := checkPage(t, ask(grantedBy(t, w, tt.grant), "GET", "/entries/"+k.String()))
			for _, want := range tt.want {
				if !strings.Contains(text, want) {
					t.Errorf("no %s in the page: %s", want, text[strings.Index(text, "Revisions"):])
				}
			}
		})
	}
}

func TestReplaces(t *testing.T) {
	w := newWorld(t)
	old := w.publish(pressBut(func(it *news.Item) { it.GUID, it.Title = "old", "The earlier telling" }))
	e := w.publish(pressBut(func(it *news.Item) {
		it.Supersedes = &news.Join{Level: "L6", Rule: "mark", Score: 0.9, Shared: 8, With: old.Key, Entry: old.Key}
	}))
	h := served(t, w)
	want := `Replaces: <span lang="en"><a href="` + old.Key.String() + `">BelTA: The earlier telling</a></span> (marked as an update; 90` +
		"\u00a0" + `% of the shorter text is in the other)`
	if text := checkPage(t, ask(h, "GET", "/entries/"+e.Key.String())); !strings.Contains(text, want) {
		t.Errorf("no %s", want)
	}
	for _, state := range []news.EntryState{news.Held, news.Withdrawn, news.Merged} {
		old.State = state
		w.putEntry(old)
		h := served(t, w)
		if text := checkPage(t, ask(h, "GET", "/entries/"+e.Key.String())); strings.Contains(text, "Replaces") {
			t.Errorf("the page tells of an earlier telling that is %s", state)
		}
	}
}

func TestStoryOfPage(t *testing.T) {
	w, one, other := twoRelated(t)
	want := `<li><bdi><span lang="ru"><a href="` + other.Key.String() + `">ТАСС: Министры за диалог &amp; торговлю</a></span></bdi></li>`
	if text := checkPage(t, ask(served(t, w), "GET", "/entries/"+one.Key.String())); !strings.Contains(text, want) {
		t.Errorf("no %s", want)
	}
}
