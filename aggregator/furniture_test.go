package aggregator_test

import (
	"fmt"
	"html"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// set takes another setting of the only source.
func (r *harness) set(src news.Source) {
	r.t.Helper()
	r.sources = []news.Source{src}
	r.open()
}

// sitePage is an article as a site's own page brings it, in one description: menu, day and weather, the time of publication, the
// title, a picture's caption twice, the report, a call to subscribe.
func sitePage(no int) (title string, lines []string) {
	title = fmt.Sprintf("Ozerny bridge No. %d opens to traffic after years of repair", no)
	return title, []string{
		"Government Bodies", "Flag Tuesday, 26 September 2023", "Minsk Clear +9°C", "All news", "All news", "17 May 2023, 15:44", title,
		"Bridge warden Pavel Ilyin. Russian MFA/TASS", "Bridge warden Pavel Ilyin. Russian MFA/TASS",
		fmt.Sprintf("MOSCOW, 17 May (BelTA) - Bridge No. %d over the Ozernaya carries cars again, the warden told reporters on Wednesday, "+
			"after the builders had laid its last stones by lantern light and the council had sent for a brass band from the other bank.", no),
		fmt.Sprintf("Some %d lorries crossed it in the first hour. Subscribe to us is what he did not say.", 100+no*3),
		"\"We waited for this day,\" he added.",
		"Subscribe to us", "Recent news from Belarus",
	}
}

// sitePageForms are the ways in which such a page gets into a description.
var sitePageForms = map[string]func([]string) string{
	"paragraphs": func(lines []string) string { return "<p>" + strings.Join(escaped(lines), "</p><p>") + "</p>" },
	"breaks":     func(lines []string) string { return strings.Join(escaped(lines), "<br/>") },
	"lines":      func(lines []string) string { return strings.Join(lines, "\n") },
	"one line":   func(lines []string) string { return strings.Join(lines, " ") },
	"nested": func(lines []string) string {
		return "<div><div><a href=\"/\">" + strings.Join(escaped(lines[:5]), "</a> <b>") + "</b></div></div><div><p>" +
			strings.Join(escaped(lines[5:]), "</p><p>") + "</p></div>"
	},
}

func escaped(lines []string) (all []string) {
	for _, l := range lines {
		all = append(all, html.EscapeString(l))
	}
	return all
}

// TestSitePageIsRepublishedWithoutFurniture: what surrounds the report is in no document, the report and the credits are, and all is
// stored. Where the source says keep, all goes out.
func TestSitePageIsRepublishedWithoutFurniture(t *testing.T) {
	t.Parallel()
	for form, write := range sitePageForms {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
				title, lines := sitePage(1)
				s.Set("/alpha", page("Alpha", feedtest.Item{GUID: "1", Link: "https://alpha.example/1", Title: title,
					Description: write(lines), PubDate: "Wed, 17 May 2023 15:44:00 +0300"}))
				src := s.Source("alpha")
				src.Agency, src.Content, src.Language = "belta", news.Full, "en"
				r.set(src)
				r.good("alpha")
				furniture := []string{"Government Bodies", "Flag Tuesday", "+9°C", "All news", "15:44", "Recent news"}
				check := func(there bool) {
					t.Helper()
					for name, b := range r.everyDocument() {
						if !strings.Contains(name, "feed") && !strings.Contains(name, "entries") {
							continue
						}
						text := html.UnescapeString(html.UnescapeString(string(b)))
						for _, words := range furniture {
							if there != strings.Contains(text, words) && strings.Contains(text, "carries cars again") {
								t.Errorf("%s: %q is there: %t", name, words, !there)
							}
						}
						for _, words := range []string{"carries cars again", "Subscribe to us is what", "waited for this day", "Ilyin. Russian MFA/TASS"} {
							if name == "feed.atom" && !strings.Contains(text, words) {
								t.Errorf("%s lacks %q", name, words)
							}
						}
					}
				}
				check(false)
				it := r.items("alpha")[0]
				if it.Credits.Dateline == nil || len(it.Credits.Photos) == 0 || !strings.Contains(it.Summary, "All news") {
					t.Errorf("stored: %+v, %s", it.Credits, it.Summary)
				}
				src.KeepFurniture = true
				r.set(src)
				check(true)
			}, "alpha")
		})
	}
}

// repeating composes items that begin and end with the same lines, which no table knows.
func repeating(from, n int, head, foot string) []feedtest.Item {
	all := feedItems("alpha", from, n)
	for i := range all {
		_, text, _ := strings.Cut(all[i].Description, " – ")
		all[i].Description = head + "<p>" + text + "</p>" + foot
	}
	return all
}

// TestRepeatedLinesAreFurniture: what begins or ends most items of a source is left out of their leads and of what is republished,
// in one document as in items that come one at a time; what is in the middle stays, and so do credits.
func TestRepeatedLinesAreFurniture(t *testing.T) {
	t.Parallel()
	const head, foot = "<p>Courier digest of the morning</p>", "<p>You are reading the Courier since 1901.</p>"
	for fact, tt := range map[string]struct {
		first, then []feedtest.Item
		left, kept  string // of the text of the newest item
	}{
		"fifteen items":   {first: repeating(1, 15, head, foot), left: "Courier"},
		"three items":     {first: repeating(1, 3, head, ""), left: "Courier"},
		"two items":       {first: repeating(1, 2, head, ""), kept: "Courier digest"},
		"one at a time":   {first: repeating(1, 9, head, foot), then: repeating(10, 1, head, foot), left: "Courier"},
		"new to them":     {first: repeating(1, 9, "", ""), then: repeating(10, 1, head, foot), kept: "Courier digest"},
		"a credit":        {first: repeating(1, 15, "<p>Photo: Pavel Ilyin/TASS</p>", ""), kept: "Photo: Pavel Ilyin/TASS"},
		"in the middle":   {first: repeating(1, 15, "<p>Other words %d begin it.</p>"+head, ""), kept: "Courier digest"},
		"nothing else":    {first: alike(5), kept: "Read it on our page"},
		"half of them":    {first: append(repeating(1, 8, head, ""), repeating(20, 7, "", "")...), left: "Courier"},
		"a third of them": {first: append(repeating(1, 5, head, ""), repeating(20, 10, "", "")...), kept: "Courier digest"},
		"nothing but it": {first: shuffled("<p>Courier digest</p>", "<p>Ozerny in brief</p>", "<p>Photos of the week</p>"),
			kept: "Courier digest"},
		"a few of them": {first: append(repeating(1, 3, head, ""), repeating(20, 12, "", "")...), kept: "Courier digest"},
		"two sentences": {first: repeating(1, 15, "", "<p>The Courier is sold in Ozerny. It was founded by two brothers.</p>"),
			left: "Courier"},
		"behind a bar":    {first: repeating(1, 15, "Courier digest | Ozerny desk | ", ""), left: "Courier"},
		"one update more": {first: updates(3), kept: "The dam of Ozerny broke"},
	} {
		t.Run(fact, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
				for i := range tt.first {
					tt.first[i].Description = strings.ReplaceAll(tt.first[i].Description, "%d", fmt.Sprint(i))
				}
				s.Set("/alpha", page("Alpha", tt.first...))
				src := s.Source("alpha")
				src.Content = news.Full
				r.set(src)
				r.good("alpha")
				newest := tt.first[0].GUID
				if len(tt.then) > 0 {
					time.Sleep(time.Hour)
					s.Set("/alpha", page("Alpha", append(tt.then, tt.first...)...))
					r.good("alpha")
					newest = tt.then[0].GUID
				}
				for _, it := range r.items("alpha") {
					if it.GUID != newest {
						continue
					}
					out, _ := it.WithoutFurniture()
					if it.Lead == "" {
						t.Error("nothing is left of the lead")
					}
					if tt.left != "" && (strings.Contains(out, tt.left) || strings.Contains(it.Lead, tt.left) || !strings.Contains(it.Summary, tt.left)) {
						t.Errorf("not left out of %q, lead %q, or not stored in %q", out, it.Lead, it.Summary)
					}
					if !strings.Contains(out, tt.kept) || tt.kept == "" && !strings.Contains(out, "took place in district") {
						t.Errorf("%q lacks %q", out, tt.kept)
					}
				}
			}, "alpha")
		})
	}
}

// alike composes items of which only titles differ.
func alike(n int) []feedtest.Item {
	all := feedItems("alpha", 1, n)
	for i := range all {
		all[i].Description = "<p>Read it on our page.</p>"
	}
	return all
}

// shuffled composes items that have the same three lines, each in another order.
func shuffled(a, b, c string) []feedtest.Item {
	all := feedItems("alpha", 1, 6)
	for i, text := range []string{a + b + c, a + c + b, b + a + c, b + c + a, c + a + b, c + b + a} {
		all[i].Description = text
	}
	return all
}

// updates composes items that report the same more and more fully.
func updates(n int) []feedtest.Item {
	all := feedItems("alpha", 1, n)
	for i := range all {
		all[i].Description = "<p>The dam of Ozerny broke at noon on Tuesday, the district said.</p><p>Two villages were left without a road.</p>"
		for k := range n - i {
			all[i].Description += fmt.Sprintf("<p>At %d o'clock boats reached the school of the upper village.</p>", 12+k)
		}
	}
	return all
}
