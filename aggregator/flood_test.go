package aggregator_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/aggregator"
	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// agency is a source that publishes and changes its ways: its archive, the newest first, as its feed shows it.
type agency struct {
	id      string
	r       *rand.Rand
	archive []feedtest.Item
	shown   int // of the archive
	made    int // items ever
}

func newAgency(id string, shown int) *agency {
	return &agency{id: id, shown: shown, r: rand.New(rand.NewPCG(1, uint64(len(id))))}
}

var (
	floodSubjects = strings.Fields("minister council museum library railway hospital harvest theatre stadium reservoir embassy orchestra " +
		"factory university airport")
	floodVerbs   = strings.Fields("opens closes rebuilds inspects welcomes postpones finances expands modernises defends")
	floodObjects = strings.Fields("exhibition bridge treaty programme laboratory festival gallery shipment conference station curriculum " +
		"archive greenhouse")
	floodPlaces = strings.Fields("Zarechye Ozerny Svetlaya Lugovoe Borovka Kamenka Rechitsa Dubrava Sosnovy Beregovoe")
)

// write adds an item of the moment to the archive.
func (a *agency) write() {
	a.made++
	word := func(of []string) string { return of[a.r.IntN(len(of))] }
	subject, verb, object, place := word(floodSubjects), word(floodVerbs), word(floodObjects), word(floodPlaces)
	var text strings.Builder
	fmt.Fprintf(&text, "The %s of %s %s a %s.", subject, place, verb, object)
	for range 4 {
		fmt.Fprintf(&text, " A %s near %s %s the %s while another %s %s its %s.", word(floodSubjects), word(floodPlaces), word(floodVerbs),
			word(floodObjects),
			word(floodSubjects), word(floodVerbs), word(floodObjects))
	}
	a.archive = slices.Insert(a.archive, 0, feedtest.Item{
		GUID:        fmt.Sprintf("%s-%d", a.id, a.made),
		Link:        fmt.Sprintf("https://%s.example/news/%d", a.id, a.made),
		Title:       fmt.Sprintf("The %s %s %s in %s, part %d", subject, verb, object, place, a.made),
		Description: text.String(),
		PubDate:     time.Now().UTC().Format(time.RFC1123Z),
	})
}

// writeOver adds n items over a time that passes meanwhile.
func (a *agency) writeOver(n int, d time.Duration) {
	for range n {
		time.Sleep(d / time.Duration(n))
		a.write()
	}
}

// document is the feed as it is.
func (a *agency) document() feedtest.Page {
	return page(a.id, a.archive[:min(a.shown, len(a.archive))]...)
}

// rename gives everything another guid, and another link too.
func (a *agency) rename(links bool) {
	for i := range a.archive {
		p := &a.archive[i]
		p.GUID = "new-" + p.GUID
		if links {
			p.Link = strings.Replace(p.Link, "/news/", "/2026/article-", 1)
		}
	}
}

// redate gives everything the date of the moment.
func (a *agency) redate() {
	for i := range a.archive {
		a.archive[i].PubDate = time.Now().UTC().Format(time.RFC1123Z)
	}
}

// timeline is some days of a wire with one agency that writes some items a day and is read every six hours; half way
// through something happens to it.
type timeline struct {
	shown, daily int
	happens      func(a *agency)
	outage       bool // the server is away from the third day to the last but one
	held         int  // what is to be held in the end
}

func (d timeline) run(t *testing.T, days int) {
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		a := newAgency("alpha", d.shown)
		a.writeOver(2*d.shown, 48*time.Hour)
		s.Set("/alpha", a.document())
		r.good()
		began := a.made - d.shown // never seen
		var report aggregator.Report
		total, ids := d.shown, map[string]string{}
		for day := range days {
			if day == days/2 && d.happens != nil {
				d.happens(a)
			}
			for range 4 {
				a.writeOver(d.daily/4, 6*time.Hour)
				if d.outage && day >= 2 && day < days-1 {
					s.Set("/alpha", feedtest.Status(503))
					r.pass()
					continue
				}
				s.Set("/alpha", a.document())
				report = r.good()
				total += report.New
			}
		}
		want := a.made - began
		if d.outage { // what went by in the outage was never seen
			want = total
		}
		same(t, "announced", total, want)
		same(t, "held altogether", len(r.held("alpha")), d.held)
		for _, it := range r.items("alpha") {
			e := r.entry(it.Entry)
			if was, twice := ids[it.Title]; twice {
				t.Errorf("%q has two items: %s and %s", it.Title, was, e.AtomID())
			}
			ids[it.Title] = e.AtomID()
			if e.First != e.Last {
				t.Errorf("%q was told of again at %d", it.Title, e.Last)
			}
		}
		if n := len(ids) - d.held; n != total {
			t.Errorf("%d items for %d entries announced", n, total)
		}
		if int(r.head()) != total {
			t.Errorf("the log has %d positions for %d entries", r.head(), total)
		}
		r.sound()
	}, "alpha")
}

// TestNothingOldIsNew: over some days, thirty in the whole form, nothing old is published again and nothing new is held,
// regardless of what the source does to its archive.
func TestNothingOldIsNew(t *testing.T) {
	t.Parallel()
	days := scale(4, 5, 30)
	for i, c := range []struct {
		fact string
		timeline
	}{
		{"nothing happens", timeline{shown: 40, daily: 20}},
		{"every guid changes", timeline{shown: 40, daily: 20, happens: func(a *agency) { a.rename(false) }}},
		{"every guid and every link changes", timeline{shown: 40, daily: 20, happens: func(a *agency) { a.rename(true) }}},
		{"every guid and every link changes, and titles gain a name", timeline{shown: 40, daily: 20, happens: func(a *agency) {
			a.rename(true)
			for i := range a.archive {
				a.archive[i].Title += " | Alpha News Agency"
			}
		}}},
		{"the archive is dated anew", timeline{shown: 40, daily: 20, happens: (*agency).redate}},
		{"the archive is dated anew under other guids and links", timeline{shown: 40, daily: 20, happens: func(a *agency) {
			a.rename(true)
			a.redate()
		}}},
		{"all that was ever shown, under other guids and links, dated anew", timeline{shown: 20, daily: 20, happens: func(a *agency) {
			a.rename(true)
			a.redate()
			a.shown = a.made - a.shown // as many were there before the first visit
		}}},
		{"an archive never seen before is brought in", timeline{shown: 40, daily: 20, happens: func(a *agency) {
			a.rename(true)
			for i := range 60 { // of years ago
				a.write()
				old := a.archive[0]
				old.GUID, old.Link = "old-"+old.GUID, "https://old.example/"+old.GUID
				old.PubDate = fmt.Sprintf("Mon, 0%d Jan 2024 09:%02d:00 +0000", 1+i%9, i)
				old.Title = strings.Replace(old.Title, "part", "volume", 1)
				a.archive = append(a.archive[1:], old)
			}
			a.made -= 60
			a.id = "beta" // no number is given twice
			a.shown = 1000
		}, held: 60 + 40}}, // and the forty from before the first visit
	} {
		if i%scale(3, 1, 1) == 0 {
			t.Run(c.fact, func(t *testing.T) { c.timeline.run(t, days) })
		}
	}
	t.Run("a long outage", func(t *testing.T) { timeline{shown: 40, daily: 20, outage: true}.run(t, days) })
}

// TestNewSourceOfFiveHundred: a source added later brings its archive: twenty are published, and what follows is news.
func TestNewSourceOfFiveHundred(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		s.Set("/alpha", page("Alpha", feedItems("alpha", 1, 2)...))
		r.good()
		a := newAgency("bravo", 500)
		a.writeOver(500, 50*24*time.Hour)
		s.Set("/bravo", a.document())
		r.add(s.Source("bravo"))
		total := r.good("bravo").New
		days := scale(3, 8, 30)
		for range days {
			a.writeOver(12, 24*time.Hour)
			s.Set("/bravo", a.document())
			total += r.good("bravo").New
		}
		held := len(r.held("bravo"))
		same(t, "announced", total, 20+days*12)
		same(t, "held", held, 480)
		r.sound()
	}, "alpha")
}

// TestNoFlood: much that is new is no flood.
func TestNoFlood(t *testing.T) {
	t.Parallel()
	undated := func(all []feedtest.Item) []feedtest.Item {
		for i := range all {
			all[i].PubDate = ""
		}
		return all
	}
	for _, c := range []struct {
		fact         string
		before, then func(a *agency) []feedtest.Item
		want         int
	}{
		{"a busy day", func(a *agency) []feedtest.Item { a.writeOver(20, 20*time.Hour); return a.archive },
			func(a *agency) []feedtest.Item { a.writeOver(18, time.Hour); return a.archive[:20] }, 18},
		{"a document of news alone", func(a *agency) []feedtest.Item { a.writeOver(20, 20*time.Hour); return a.archive },
			func(a *agency) []feedtest.Item { a.writeOver(200, time.Hour); return a.archive[:100] }, 100},
		{"a feed without dates", func(a *agency) []feedtest.Item { a.writeOver(20, 20*time.Hour); return undated(a.archive) },
			func(a *agency) []feedtest.Item { a.writeOver(20, time.Hour); return undated(a.archive[:20]) }, 20},
		{"a feed that lists the oldest first", func(a *agency) []feedtest.Item {
			a.writeOver(20, 20*time.Hour)
			slices.Reverse(a.archive)
			return a.archive
		},
			func(a *agency) []feedtest.Item {
				a.archive = nil
				a.writeOver(20, time.Hour)
				slices.Reverse(a.archive)
				return a.archive
			}, 20},
		{"ten items out of the past", func(a *agency) []feedtest.Item { a.writeOver(20, 20*time.Hour); return a.archive[:2] },
			func(a *agency) []feedtest.Item { return a.archive[2:12] }, 10},
		{"half a document out of the past", func(a *agency) []feedtest.Item { a.writeOver(40, 20*time.Hour); return a.archive[:20] },
			func(a *agency) []feedtest.Item { return a.archive }, 20},
		{"a feed one item of which was dated ahead", func(a *agency) []feedtest.Item {
			a.writeOver(20, 20*time.Hour)
			a.archive[0].PubDate = time.Now().Add(50 * time.Minute).UTC().Format(time.RFC1123Z)
			return a.archive
		}, func(a *agency) []feedtest.Item { a.writeOver(18, 15*time.Minute); return a.archive[:20] }, 18},
		{"an issue of a series under the title of those before", func(a *agency) []feedtest.Item {
			a.writeOver(20, 20*time.Hour)
			for i := range a.archive {
				a.archive[i].Title = "The weather in Zarechye today"
			}
			return a.archive
		}, func(a *agency) []feedtest.Item {
			a.writeOver(20, time.Hour)
			for i := range 20 {
				a.archive[i].Title = "The weather in Zarechye today"
			}
			return a.archive[:20]
		}, 20},
	} {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
				a := newAgency("alpha", 0)
				s.Set("/alpha", page("Alpha", c.before(a)...))
				r.good()
				s.Set("/alpha", page("Alpha", c.then(a)...))
				report := r.good()
				same(t, "new items", report.New, c.want)
				same(t, "held", report.Held, 0)
				r.sound()
			}, "alpha")
		})
	}
}

// TestFloodIsHeld: what is old, too much and unknown is held; it is not looked at again.
func TestFloodIsHeld(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		a := newAgency("alpha", 10)
		a.writeOver(60, 60*24*time.Hour)
		s.Set("/alpha", a.document())
		r.good()
		a.shown = 60
		a.write()
		s.Set("/alpha", a.document())
		found, err := r.engine.Look(t.Context(), r.sources[0], nil)
		if err != nil {
			t.Fatal(err)
		}
		decisions := map[string]int{}
		for _, f := range found {
			decisions[f.Decision]++
			if f.Item.Held != (f.Decision == "held") {
				t.Errorf("%s: held %t", f.Decision, f.Item.Held)
			}
		}
		same(t, "a look finds held", decisions["held"], 49)
		same(t, "a look finds new", decisions["new"], 1)
		same(t, "a look finds same", decisions["same"], 10)
		report := r.good()
		same(t, "new items", report.New, 1)
		same(t, "held", report.Held, 49)
		a.write()
		s.Set("/alpha", a.document())
		report = r.good()
		same(t, "new items", report.New, 1)
		same(t, "held", report.Held, 0)
		// What is held is known by its title and text as well.
		a.rename(true)
		a.redate()
		a.write()
		s.Set("/alpha", a.document())
		report = r.good()
		same(t, "new items", report.New, 1)
		same(t, "held", report.Held, 0)
		same(t, "held altogether", len(r.held("alpha")), 49)
		if it := r.items("alpha")[0]; len(it.Aliases) == 0 {
			t.Errorf("%q has no alias", it.Title)
		}
		r.sound()
	}, "alpha")
}

// TestFloodIsSilent: a title that changed in a flood is kept and not announced; one that changes later is.
func TestFloodIsSilent(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		a := newAgency("alpha", 20)
		a.writeOver(20, 48*time.Hour)
		s.Set("/alpha", a.document())
		r.good()
		a.rename(true)
		for i := range a.archive {
			a.archive[i].Title = "Alpha: " + a.archive[i].Title
		}
		s.Set("/alpha", a.document())
		report := r.good()
		same(t, "new items", report.New, 0)
		same(t, "updated", report.Updated, 20)
		same(t, "positions of the log", r.head(), 20)
		a.archive[3].Title = "Corrected"
		s.Set("/alpha", a.document())
		report = r.good()
		same(t, "updated", report.Updated, 1)
		same(t, "positions of the log", r.head(), 21)
		e := r.entry(r.item("alpha", "Corrected").Key)
		same(t, "revision", e.Revision, 3)
		same(t, "state", e.State, news.Public)
		r.sound()
	}, "alpha")
}
