package publish

import (
	"strings"
	"testing"
	"time"

	"dateline/aggregator/news"
)

func TestWirePage(t *testing.T) {
	t.Run("ordinary", func(t *testing.T) {
		text := checkPage(t, ask(served(t, ordinary(t, 3)), "GET", "/"))
		k := news.ItemKey("belta", press().GUID).String()
		for _, want := range []string{
			`<link rel="alternate" type="application/atom+xml" title="Agency wire (Atom)" href="feed.atom">`,
			`<h2>17 May 2023 <span class="zone">UTC</span></h2>`,
			`<b><a href="agencies/belta">BelTA</a></b> <span class="filed"><a href="places/moscow">Moscow</a>, 17 May</span>`,
			`<span class="more" title="Also published as: TASS">+1</span> <span class="photo" title="Russian MFA/TASS">photo</span>`,
			`<h3><a href="entries/` + k + `">Ministers speak of dialogue after talks</a></h3>`,
			`<p class="excerpt">The ministers met in the capital.</p>`,
			`<p class="credit">Photo: Russian MFA/TASS. Also carried by: <a href="https://tass.example/world/1">TASS</a>.</p>`,
			` <a href="https://belta.example/politics/1" class="out" rel="external">belta.example ↗</a></p>`,
			`<time datetime="2023-05-17T12:44:00Z">12:44</time>`,
		} {
			if !strings.Contains(text, want) {
				t.Errorf("no %s in the page", want)
			}
		}
	})
	t.Run("a piece without a date", func(t *testing.T) {
		w := newWorld(t)
		w.publish(dated("Undated", time.Time{}))
		if text := checkPage(t, ask(served(t, w), "GET", "/")); !strings.Contains(text,
			`<span class="seen">first seen</span> <time datetime="2023-05-17T12:45:00Z">`) {
			t.Error("no word that the time is when it was first seen")
		}
	})
	for name, tt := range map[string]struct{ summary, lead, want string }{
		"begins with the lead": {"<p>The minister. MFA/TASS</p><p>MOSCOW, 17 May (BelTA) - The ministers met &amp; spoke.</p>",
			"The ministers met & spoke.", "The ministers met &amp; spoke."},
		"begins with a text without it":     {"<p>In short.</p>", "The ministers met & spoke.", "In short."},
		"begins with a text without a lead": {"<p>In short.</p>", "", "In short."},
		"is short":                          {"<p dir=\"auto\">" + strings.Repeat("word ", 41) + "</p>", "", strings.Repeat("word ", 40) + "…"},
	} {
		t.Run("an excerpt "+name, func(t *testing.T) {
			w := newWorld(t)
			w.publish(pressBut(func(it *news.Item) {
				it.Source, it.Summary, it.Lead, it.Content = "mid", tt.summary, tt.lead, "<p>secret</p>"
			}))
			if text := checkPage(t, ask(served(t, w), "GET", "/")); !strings.Contains(text, "<p class=\"excerpt\">"+tt.want+"</p>") ||
				strings.Contains(text, "secret") {
				t.Errorf("no <p>%s</p> in %s", tt.want, text)
			}
		})
	}
	t.Run("hostile", func(t *testing.T) {
		if text := checkPage(t, ask(served(t, hostile(t)), "GET", "/")); strings.Contains(text, "secret") {
			t.Error("text that no source granted went out")
		}
	})
	t.Run("empty", func(t *testing.T) {
		if text := checkPage(t, ask(served(t, newWorld(t)), "GET", "/")); !strings.Contains(text, "Nothing has been published yet.") {
			t.Error("no word that it is empty")
		}
	})
	t.Run("in Russian", func(t *testing.T) {
		o := options()
		o.Language = "ru"
		h := New(o).Handler(ordinary(t, 0).view)
		if err := h.Refresh(); err != nil {
			t.Fatal(err)
		}
		if text := checkPage(t, ask(h, "GET", "/")); !strings.Contains(text, "17 мая 2023") || !strings.Contains(text, `<html lang="ru">`) {
			t.Error("not in Russian")
		}
	})
	t.Run("withdrawn", func(t *testing.T) {
		w := ordinary(t, 0)
		e := w.entry(w.log()[0].Entry)
		e.State = news.Withdrawn
		w.change(e, news.RecordWithdrawn, day.Add(time.Hour))
		if text := checkPage(t, ask(served(t, w), "GET", "/")); strings.Contains(text, "inisters") || !strings.Contains(text, "Withdrawn") {
			t.Error("the withdrawn text is there, or no notice")
		}
	})
}

func TestEntryPage(t *testing.T) {
	w := ordinary(t, 1)
	k := w.log()[0].Entry
	it := w.item(k)
	it.Title = "Ministers speak"
	w.put(it)
	it.Title, it.Revision, it.Revised = "Ministers speak of dialogue after talks", 2, day.Add(time.Hour)
	it.Credits.Cited = []news.Credit{{Role: news.Cited, Name: "Interfax",
		Evidence: news.Evidence{Field: "text", Start: 90, End: 98, Words: "Interfax", Rule: "according-to"}}}
	it.Credits.Other = []news.Credit{{Role: news.Byline, Name: "<b>Ann</b> Doe <ann@tass.example>",
		Evidence: news.Evidence{Field: "author", Rule: "author"}}}
	w.put(it)
	carrier := w.item(w.entry(k).Items[1])
	carrier.Join = &news.Join{Level: "L4", Rule: "text", Score: 0.875, Shared: 9}
	w.put(carrier)
	h := served(t, w)
	page := "/entries/" + k.String()
	t.Run("tells everything", func(t *testing.T) {
		text := checkPage(t, ask(h, "GET", page))
		for _, want := range []string{
			`<h1 dir="auto"><a href="https://belta.example/politics/1">Ministers speak of dialogue after talks</a></h1>`,
			"<p dir=\"auto\">They spoke of dialogue &amp; trade.</p>",
			"Dateline: <bdi>MOSCOW, 17 May (BelTA) -</bdi>",
			"Rights: © BelTA",
			`<li><bdi><span lang="en"><a href="https://belta.example/photo/1.jpg">The minister speaks.</a></span></bdi> (Russian MFA/TASS)</li>`,
			`<tr><td>originator</td><td class="name"><a href="https://belta.example/">BelTA</a></td><td>in the text: the dateline</td></tr>`,
			`<tr><td>owner of the picture</td><td class="name"><a href="https://mid.example/">Russian MFA</a></td>`,
			`<tr><td>cited</td><td class="name">Interfax</td><td>in the text: named as the origin of a statement</td></tr>`,
			`<td class="name">Ann Doe</td>`,
			`<a href="https://tass.example/world/1">TASS: Ministers met</a></span></bdi> (the same text; 88 % of the shorter text is in the other)</li>`,
			"<h3>Revision 2, <time datetime=\"2023-05-17T13:44:00Z\">17 May 2023, 13:44 UTC</time></h3>\n<p class=\"small\">The headline " +
				"changed.</p>",
			`<b>Ministers speak <ins><span class="unseen" lang="en">added </span>of dialogue after talks</ins> </b>`,
			"<p class=\"small\">The oldest that is kept.</p>",
			k.URN(),
			`href="../feed.atom"`,
		} {
			if !strings.Contains(text, want) {
				t.Errorf("no %s in the page", want)
			}
		}
	})
	t.Run("its first revision was not updated", func(t *testing.T) {
		if text := checkPage(t, ask(h, "GET", "/entries/"+w.log()[1].Entry.String())); strings.Contains(text, "updated") ||
			strings.Contains(text, "Revision") {
			t.Error("the page tells of an update")
		}
	})
	t.Run("no more than the newest revisions", func(t *testing.T) {
		w := ordinary(t, 0)
		it := w.item(k)
		for it.Revision = 2; it.Revision <= 60; it.Revision++ {
			w.put(it)
		}
		text := checkPage(t, ask(served(t, w), "GET", page))
		if n := strings.Count(text, "<h3>Revision"); n != revisionsShown || !strings.Contains(text, "Revision 60,") {
			t.Errorf("%d revisions, want %d", n, revisionsShown)
		}
	})
	t.Run("has no date to validate with", func(t *testing.T) {
		if got := ask(h, "GET", page, "If-Modified-Since", "Thu, 18 May 2123 00:00:00 GMT"); got.StatusCode != 200 ||
			got.Header.Get("Last-Modified") != "" {
			t.Errorf("status %d, %v", got.StatusCode, got.Header)
		}
	})
	t.Run("another spelling of the key", func(t *testing.T) {
		for _, key := range []string{strings.ToUpper(k.String()), k.URN()} {
			got := ask(h, "GET", "/entries/"+key)
			if got.StatusCode != 308 || got.Header.Get("Location") != k.String() {
				t.Errorf("status %d to %q", got.StatusCode, got.Header.Get("Location"))
			}
		}
	})
	t.Run("hostile", func(t *testing.T) {
		w := hostile(t)
		h := served(t, w)
		for k := range w.entries() {
			got := ask(h, "GET", "/entries/"+k.String())
			if text := checkPage(t, got); got.StatusCode != 200 || strings.Contains(text, "secret") {
				t.Errorf("entry %s: status %d, or text that no source granted", k, got.StatusCode)
			}
		}
	})
	for name, tt := range map[string]struct {
		state news.EntryState
		into  news.Key
		want  int
	}{
		"held": {news.Held, news.Key{}, 404}, "withdrawn": {news.Withdrawn, news.Key{}, 410},
		"merged": {news.Merged, w.log()[1].Entry, 308}, "merged into nothing": {news.Merged, news.Key{}, 404},
		"merged into itself": {news.Merged, k, 404},
	} {
		t.Run(name, func(t *testing.T) {
			w := ordinary(t, 1)
			h := served(t, w)
			e := w.entry(k)
			e.State, e.Into = tt.state, tt.into
			w.putEntry(e)
			got := ask(h, "GET", page)
			if got.StatusCode != tt.want || tt.want == 308 && got.Header.Get("Location") != tt.into.String() {
				t.Errorf("status %d to %q, want %d", got.StatusCode, got.Header.Get("Location"), tt.want)
			}
			if text := body(t, got); strings.Contains(text, "inisters") {
				t.Error("its text went out")
			}
			if again := ask(h, "GET", page, "If-None-Match", "*"); again.StatusCode != tt.want {
				t.Errorf("status %d to who holds it, want %d", again.StatusCode, tt.want)
			}
		})
	}
}

func TestContact(t *testing.T) {
	for given, want := range map[string]string{
		"desk@wire.example":          `requests: <a href="mailto:desk@wire.example">desk@wire.example</a>`,
		"https://wire.example/about": `requests: <a href="https://wire.example/about">https://wire.example/about</a>`,
		"the desk, room <5>":         `requests: the desk, room &lt;5&gt;`,
		"javascript:alert(1)":        `requests: javascript:alert(1)`,
		"":                           "<footer>\n</footer>",
	} {
		t.Run(given, func(t *testing.T) {
			o := options()
			o.Contact = given
			doc, err := New(o).Page(ordinary(t, 0))
			if err != nil || !strings.Contains(string(doc.Bytes), want) {
				t.Errorf("no %s in the page, %v", want, err)
			}
		})
	}
}

// TestLeftToRightOnAnArabicPage: the page is written from right to left, the entry as its language is.
func TestLeftToRightOnAnArabicPage(t *testing.T) {
	t.Parallel()
	w := ordinary(t, 1)
	o := options()
	o.Language = "ar"
	h := New(o).Handler(w.view)
	if err := h.Refresh(); err != nil {
		t.Fatal(err)
	}
	k := w.log()[0].Entry
	for path, want := range map[string]string{
		"/": `<article class="row" lang="en" dir="ltr">`, "/entries/" + k.String(): `<article lang="en" dir="ltr">`,
		"/entries/" + k.String() + "?": `<bdi><time datetime=`,
	} {
		page := checkPage(t, ask(h, "GET", path))
		if !strings.Contains(page, `<html lang="ar" dir="rtl">`) || !strings.Contains(page, want) {
			t.Errorf("%s: no %s in %s", path, want, page)
		}
	}
}
