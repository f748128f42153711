package dedup

import (
	"strings"
	"testing"
	"time"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

const (
	report = "Rescuers brought the crew of the coaster ashore at Marwick on Tuesday after its engine had failed in a storm, the harbour " +
		"office said, and three sailors were taken to hospital."
	отчёт = "Спасатели доставили во вторник на берег экипаж судна, у которого в шторм отказал двигатель, сообщили в порту, трёх моряков " +
		"отвезли в больницу, им ничто не угрожает."
)

// TestGuards: one change, and the guard that finds it. Empty: none does, and the two are one.
func TestGuards(t *testing.T) {
	s := newStored(t)
	swap := func(was, is string) func(*news.Item) {
		return func(it *news.Item) {
			if !strings.Contains(it.Lead, was) {
				t.Fatalf("no %q in %q", was, it.Lead)
			}
			it.Lead = strings.Replace(it.Lead, was, is, 1)
		}
	}
	for _, c := range []struct {
		fact, lead string
		change     func(*news.Item)
		guard      string
	}{
		{"nothing", report, func(*news.Item) {}, ""},
		{"a number in words", report, swap("three", "five"), guardNumbers},
		{"a number in figures", report, swap("three", "5"), guardNumbers},
		{"the same number in figures", report, swap("three", "3"), ""},
		{"a number in Russian", отчёт, swap("трёх", "пятерых"), guardNumbers},
		{"the same number in Russian", отчёт, swap("трёх", "3"), ""},
		{"a day of the week", report, swap("Tuesday", "Friday"), guardNumbers},
		{"a number left out", report, swap("three sailors", "sailors"), ""},
		{"a figure in the title", report, func(it *news.Item) { it.Title = "Crew of 9 saved" }, guardNumbers},
		{"a denial", report, swap("had failed", "had not failed"), guardNegation},
		{"a denial in Russian", отчёт, swap("отказал", "не отказал"), guardNegation},
		{"a denial in the title", report, func(it *news.Item) { it.Title = "Office denies crew of 7 saved" }, guardNegation},
		{"a denial far behind", strings.Repeat("Rain fell on the quay and gulls cried. ", 5) + report, swap("had failed", "had not failed"), ""},
		{"a denial in a sentence that was written anew", report,
			swap("its engine had failed in a storm", "every harbour along the coast refused them shelter"), ""},
		{"a sentence with a denial left out", strings.Replace(report, ", and three", ". It was no wreck. Three", 1),
			swap(" It was no wreck.", ""), ""},
		{"a denial in the title that the text has", strings.Replace(report, "had failed", "had not failed", 1),
			func(it *news.Item) { it.Title = "Office denies crew of 7 saved" }, ""},
		{"a figure of the text in the title", strings.Replace(report, "the crew", "the crew of 7, aged 20 to 61,", 1),
			func(it *news.Item) { it.Title = "Crew aged 20 to 61 saved" }, ""},
		{"thousands in groups", strings.Replace(report, "three sailors", "23,000 tonnes", 1), swap("23,000", "23.000"), ""},
		{"thousands in words", strings.Replace(report, "three sailors", "23,000 tonnes", 1), swap("23,000", "23 thousand"), ""},
		{"thousands in a word that is not known", strings.Replace(report, "three sailors", "23,000 tonnes", 1), swap("23,000", "23 mijë"), ""},
		{"a time in another notation", strings.Replace(report, "on Tuesday", "at 22:00", 1), swap("22:00", "22.00"), ""},
		{"another time", strings.Replace(report, "on Tuesday", "at 22:00", 1), swap("22:00", "22.30"), guardNumbers},
		{"stamps before the text", "18:48:31 9-11-2026 MN1848NF.003 " + report, func(it *news.Item) {
			it.Lead = "Read 312 times, 9.11.2026 8.29 h. " + report
		}, ""},
		{"a stamp in the title", report, func(it *news.Item) { it.Title = "21:09 " + it.Title }, ""},
		{"another part of the country", strings.Replace(report, "a storm", "a storm in the southern bay", 1), swap("southern", "eastern"),
			guardNegation},
		{"a slip in a name", strings.ReplaceAll(report, "Marwick", "Ravensholm"), swap("Ravensholm", "Ravensdolm"), ""},
		{"a name in another script", strings.ReplaceAll(отчёт, "порту", "Брекзит"), swap("Брекзит", "Brexit"), ""},
		{"a word that begins a sentence", strings.Replace(report, ", and three", ". Three", 1), swap("Three sailors", "Several sailors"), ""},
		{"another name far behind", report + " " + strings.Repeat("Rain fell on the quay and gulls cried. ", 2) + "The crew comes from Arden.",
			swap("Arden", "Holm"), ""},
		{"another name in the same form", report, swap("Marwick", "Ravensholm"), guardSerial},
		{"another spelling of a name", report, swap("Marwick", "Marwicke"), ""},
		{"little text", report, func(it *news.Item) { it.Lead = feedtest.FirstWords(it.Lead, MinWords-1) }, guardShort},
		{"just enough text", report, func(it *news.Item) { it.Lead = feedtest.FirstWords(it.Lead, MinWords) }, ""},
		{"within the window", report, func(it *news.Item) { it.Published = eight.Add(72 * time.Hour) }, ""},
		{"beyond the window", report, func(it *news.Item) { it.Published = eight.Add(72*time.Hour + time.Second) }, guardWindow},
		{"first seen where no date is", report, func(it *news.Item) { it.Published, it.FirstSeen = time.Time{}, eight.Add(100*time.Hour) },
			guardWindow},
		{"the same source", report, func(it *news.Item) { it.Source = "alpha" }, guardSource},
		{"other letters", report, func(it *news.Item) { it.Lead, it.Title = отчёт, "Экипаж спасён" }, guardLanguage},
	} {
		t.Run(c.fact, func(t *testing.T) {
			a := textItem("alpha", 1, "Crew of 7 saved off Marwick", c.lead, eight)
			b := textItem("bravo", 2, a.Title, c.lead, eight)
			c.change(&b)
			j := s.in(t).compare(a, b)
			var failed []string
			for _, g := range j.Guards {
				if !g.Passed {
					failed = append(failed, g.Name)
				}
			}
			got := strings.Join(failed, " ")
			if joined := j.Level != "" && j.Level != "L7"; got != c.guard || joined != (c.guard == "") {
				t.Errorf("level %q, failed %q; want %q\n%+v", j.Level, got, c.guard, j)
			}
		})
	}
}

// TestOwnDatelines: one text under the datelines of two houses, each its own, is two reports of one story, unless one names the other.
func TestOwnDatelines(t *testing.T) {
	t.Parallel()
	s := newStored(t)
	under := func(source, agency string, own bool) news.Item {
		it := textItem(source, 1, "Crew of 7 saved off Marwick", report, eight)
		it.Credits.Dateline = &news.Dateline{Agency: agency, Own: own}
		return it
	}
	citing := under("bravo", "tass", true)
	citing.Credits.Cited = []news.Credit{{Agency: "belta"}}
	for fact, c := range map[string]struct {
		other news.Item
		level string
	}{
		"two houses":                {under("bravo", "tass", true), "L7"},
		"one names the other":       {citing, "L4"},
		"a copy of the first":       {under("bravo", "belta", false), "L4"},
		"a copy of a third":         {under("bravo", "tass", false), "L4"},
		"one house with two feeds":  {under("bravo", "belta", true), "L4"},
		"a text without a dateline": {textItem("bravo", 1, "Crew of 7 saved off Marwick", report, eight), "L4"},
	} {
		if j := s.compare(under("alpha", "belta", true), c.other); j.Level != c.level {
			t.Errorf("%s: %q, want %q: %+v", fact, j.Level, c.level, j.Guards)
		}
	}
}

// TestAsStored: what is said of two items is what the store did about them, even if their texts say otherwise now.
func TestAsStored(t *testing.T) {
	t.Parallel()
	s := newStored(t)
	a := textItem("alpha", 1, "Crew of 7 saved off Marwick", report, eight)
	b := textItem("bravo", 1, a.Title, report, eight)
	c := textItem("charlie", 1, "Peat museum opens", strings.Repeat("Rain fell on the quay and gulls cried. ", 3), eight)
	a.Entry, b.Entry, c.Entry = a.Key, b.Key, a.Key
	c.Join = &news.Join{Level: "L5", Rule: "edited", With: b.Key}
	if j := AsStored(s.compare(a, b), a, b); j.Level != "" || j.Guards[len(j.Guards)-1].Name != guardEntry {
		t.Errorf("two entries with one text: %+v", j)
	}
	if j := AsStored(s.compare(a, c), a, c); j != c.Join {
		t.Errorf("one entry with two texts: %+v", j)
	}
	if j := AsStored(s.compare(c, a), c, a); j != c.Join {
		t.Errorf("turned round: %+v", j)
	}
	if j := AsStored(s.compare(b, c), b, c); j.Level != "" || j.Guards[len(j.Guards)-1].Name == guardEntry {
		t.Errorf("two entries with two texts: %+v", j)
	}
	b.Entry = a.Key
	b.Join = &news.Join{Level: "L3", With: a.Key}
	if j := AsStored(s.compare(a, b), a, b); j.Level != "L4" {
		t.Errorf("one entry with one text: %+v", j)
	}
	b.Entry, b.Held = b.Key, true
	if j := AsStored(s.compare(a, b), a, b); j.Level != "L4" {
		t.Errorf("one is held: %+v", j)
	}
}

// TestTitleAlone: items without text are joined by a title that says something, and by no other.
func TestTitleAlone(t *testing.T) {
	const title = "Crew of coaster saved off Marwick after engine failure"
	for _, c := range []struct {
		fact         string
		one, two     string
		apart        time.Duration
		lead1, lead2 string
		joined       bool
	}{
		{"equal", title, strings.ToUpper(title), time.Hour, "", "", true},
		{"another word", title, strings.Replace(title, "engine", "power", 1), time.Hour, "", "", false},
		{"another figure", title + " 5", title + " 6", time.Hour, "", "", false},
		{"too little said", "Crew saved off Marwick", "Crew saved off Marwick", time.Hour, "", "", false},
		{"a day apart", title, title, 24 * time.Hour, "", "", true},
		{"more than a day apart", title, title, 25 * time.Hour, "", "", false},
		{"a text beside a bare title", title, title, time.Hour, report, "", true},
		{"two short texts that differ", title, title, time.Hour, "The minister spoke of it.", "Our reporter was there.", false},
	} {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			s := newStored(t)
			s.add(textItem("alpha", 1, c.one, c.lead1, eight))
			m := s.add(textItem("bravo", 2, c.two, c.lead2, eight.Add(c.apart)))
			if (m.Join != nil) != c.joined {
				t.Errorf("join %+v, want %v", m.Join, c.joined)
			}
			if m.Join != nil && (m.Join.Level != "L4" || m.Join.Rule != "title") {
				t.Errorf("%s by %s", m.Join.Level, m.Join.Rule)
			}
		})
	}
}

// TestSubjectOfADay: a title that a source has had on another day too joins nothing.
func TestSubjectOfADay(t *testing.T) {
	const title = "Morning review of the papers in the capital"
	s := newStored(t)
	s.add(textItem("alpha", 1, title, "", eight.Add(-48*time.Hour)))
	s.add(textItem("alpha", 2, title, "", eight))
	if m := s.add(textItem("bravo", 3, title, "", eight)); m.Join != nil {
		t.Errorf("an issue of a series joined: %+v", m.Join)
	}
}

func TestSupersedes(t *testing.T) {
	for _, c := range []struct {
		fact   string
		change func(*news.Item)
		rule   string
	}{
		{"an update mark", func(it *news.Item) { it.Credits.Marker = "UPDATE 1" }, "mark"},
		{"another title", func(it *news.Item) { it.Title = "All hands safe after storm" }, "title"},
		{"other figures under a mark", func(it *news.Item) {
			it.Credits.Marker, it.Lead = "UPDATE 1", strings.Replace(it.Lead, "three", "five", 1)
		}, "mark"},
		{"nothing that says so", func(*news.Item) {}, ""},
		{"another source", func(it *news.Item) { it.Source, it.Credits.Marker = "bravo", "UPDATE 1" }, ""},
		{"earlier", func(it *news.Item) { it.Credits.Marker, it.Published = "UPDATE 1", eight.Add(-time.Hour) }, ""},
		{"too much later", func(it *news.Item) { it.Credits.Marker, it.Published = "UPDATE 1", eight.Add(8*24*time.Hour) }, ""},
		{"an issue of a series", func(it *news.Item) {
			it.Credits.Marker, it.Published = "UPDATE 1", eight.Add(30*time.Hour)
		}, ""},
		{"another text", func(it *news.Item) { it.Credits.Marker, it.Lead = "UPDATE 1", отчёт }, ""},
	} {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			s := newStored(t)
			a := textItem("alpha", 1, "Crew of 7 saved off Marwick", report, eight)
			s.add(a)
			b := textItem("alpha", 2, a.Title, report, eight.Add(2*time.Hour))
			c.change(&b)
			m := s.add(b)
			rule := ""
			if m.Supersedes != nil {
				rule = m.Supersedes.Rule
				if m.Supersedes.Level != "L6" || m.Supersedes.With != a.Key || m.Supersedes.Entry != a.Key {
					t.Errorf("%+v", m.Supersedes)
				}
			}
			if rule != c.rule || b.Source == "alpha" && m.Join != nil {
				t.Errorf("rule %q, join %+v; want rule %q", rule, m.Join, c.rule)
			}
		})
	}
}

// FuzzCompare: for any two texts nothing panics, the measures are in range, and the order of the two does not matter.
func FuzzCompare(f *testing.F) {
	f.Add(report, "Crew saved", отчёт, "Экипаж спасён")
	f.Add(report, "", report+" More.", "")
	s := newStored(f)
	f.Fuzz(func(t *testing.T, one, title1, two, title2 string) {
		a, b := textItem("alpha", 1, title1, one, eight), textItem("bravo", 2, title2, two, eight)
		j, k := s.in(t).compare(a, b), s.in(t).compare(b, a)
		if j.Score < 0 || j.Score > 1 || j.Title < 0 || j.Title > 1 || j.Shared < 0 {
			t.Errorf("measures %+v", j)
		}
		if j.Score != k.Score || j.Shared != k.Shared || j.Title != k.Title {
			t.Errorf("%+v\nturned round\n%+v", j, k)
		}
	})
}

func BenchmarkNewText(b *testing.B) {
	it := textItem("alpha", 1, "Crew of 7 saved off Marwick", strings.Repeat(report+" ", 4), eight)
	b.ReportAllocs()
	for b.Loop() {
		NewText(it)
	}
}

func BenchmarkCompare(b *testing.B) {
	long := strings.Repeat(report+" ", 4)
	one, two := NewText(textItem("alpha", 1, "Crew saved", long, eight)),
		NewText(textItem("bravo", 2, "Crew saved", strings.ReplaceAll(long, "the", "a"), eight))
	b.ReportAllocs()
	for b.Loop() {
		compare(one, two, nil, "", limits(news.Thresholds{}))
	}
}
