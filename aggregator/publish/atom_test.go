package publish

import (
	"os"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/news"
)

func render(t *testing.T, o Options, w *world) string {
	t.Helper()
	doc := w.atom(New(o))
	if dir := os.Getenv("DATELINE_JUDGE"); dir != "" { // to look at, or to have judged by a validator
		name := strings.NewReplacer("/", "_", " ", "_").Replace(t.Name())
		if err := os.WriteFile(dir+"/"+name+".atom", doc.Bytes, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return string(doc.Bytes)
}

func TestOrdinary(t *testing.T) {
	got := render(t, options(), ordinary(t, 3))
	if !strings.Contains(got, "BelTA, Moscow, 17 May. Photo: Russian MFA/TASS. Also carried by: TASS.") {
		t.Error("no credit line")
	}
}

func BenchmarkRender(b *testing.B) {
	w := ordinary(b, 99)
	b.Run("first", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := New(options()).Atom(w); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("after one change", func(b *testing.B) {
		p := New(options())
		k := w.log()[5].Entry
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			it := w.item(k)
			it.Title = []string{"One title", "Another"}[i%2]
			w.put(it)
			w.touch(k)
			if _, err := p.Atom(w); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func TestWithdrawn(t *testing.T) {
	w := ordinary(t, 1)
	e := w.entry(w.log()[0].Entry)
	e.State = news.Withdrawn
	w.change(e, news.RecordWithdrawn, day.Add(time.Hour))
	got := render(t, options(), w)
	for _, gone := range []string{"Ministers", "dialogue &amp;amp;",
		"MOSCOW, 17 May (BelTA) -</dcterms:provenance>\n    <media:content url=\"https://belta.example/photo/1.jpg\" type=\"image/jpeg\" " +
			"medium=\"image\" fileSize=\"1200\">\n      <media:description>"} {
		if strings.Contains(got, gone) {
			t.Errorf("withdrawn, yet the document holds %q", gone)
		}
	}
	if !strings.Contains(got, "<title>Withdrawn</title>") || !strings.Contains(got, "<updated>2023-05-17T13:44:00.000001Z</updated>") {
		t.Error("no notice under a moved atom:updated")
	}
}

// TestWithdrawnByWhom: the notice has the id, the link to its own page, says by whom where that was the source, and nothing of the
// text, in every format; the page answers 410.
func TestWithdrawnByWhom(t *testing.T) {
	t.Parallel()
	for by, want := range map[news.Decider]struct{ title, notice string }{
		news.BySource: {"Withdrawn by BelTA", "This piece has been withdrawn by BelTA."},
		news.ByEditor: {"Withdrawn", "This piece has been withdrawn."},
	} {
		t.Run(string(by), func(t *testing.T) {
			t.Parallel()
			w := ordinary(t, 1)
			e := w.entry(w.log()[0].Entry)
			it := w.item(e.Key)
			it.Withdrawal = &news.Withdrawal{By: by, At: day.Add(time.Hour)}
			w.put(it)
			e.State = news.Withdrawn
			w.change(e, news.RecordWithdrawn, day.Add(time.Hour))
			h := served(t, w)
			page := "https://wire.example/entries/" + e.Key.String()
			for path, all := range map[string][]string{
				"/feed.atom": {"<id>" + e.AtomID() + "</id>", "<title>" + want.title + "</title>",
					`<link rel="alternate" type="text/html" href="` + page + `"></link>`, ">" + want.notice + "<"},
				"/feed.rss":  {"<title>" + want.title + "</title>", "<link>" + page + "</link>", ">" + want.notice + "<"},
				"/feed.json": {`"title":"` + want.title + `"`, `"url":"` + page + `"`, `"content_text":"` + want.notice + `"`},
				"/":          {want.title, want.notice},
			} {
				text := body(t, ask(h, "GET", path))
				for _, part := range all {
					if !strings.Contains(text, part) {
						t.Errorf("%s: no %s", path, part)
					}
				}
				if strings.Contains(text, "Ministers speak") || strings.Contains(text, it.URL) {
					t.Errorf("%s: the text or its address is there", path)
				}
			}
			got := ask(h, "GET", "/entries/"+e.Key.String())
			if text := checkPage(t, got); got.StatusCode != 410 || !strings.Contains(text, want.notice) {
				t.Errorf("page: %d %s", got.StatusCode, text)
			}
		})
	}
}
