package aggregator_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/store"
)

// embargoed composes an item under an embargo that its text asks for in these words.
func embargoed(words string) feedtest.Item {
	it := feedItems("alpha", 50, 1)[0]
	it.Title = "Central bank keeps its key rate"
	it.Description = words + "<br>MINSK, 24 November (alpha) – The central bank keeps its key rate at nine percent, its chairman will say."
	return it
}

// public names the documents that hold a word of the item under embargo.
func (r *harness) public() (names []string) {
	r.t.Helper()
	for name, b := range r.everyDocument() {
		if strings.Contains(string(b), "key rate") {
			names = append(names, name)
		}
	}
	return names
}

// daemon runs the engine until the test ends it.
func (r *harness) daemon(t *testing.T) (end func()) {
	t.Helper()
	ended := make(chan error)
	ctx, stop := context.WithCancel(t.Context())
	go func() { ended <- r.engine.Run(ctx) }()
	return func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// TestEmbargoEndsAtItsMoment: an item under embargo is stored and in no document; the daemon publishes it at that minute, in a
// record of its own.
func TestEmbargoEndsAtItsMoment(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		s.Set("/alpha", page("Alpha", append([]feedtest.Item{embargoed("EMBARGOED UNTIL 11:00 GMT")}, feedItems("alpha", 1, 3)...)...))
		end := r.daemon(t)
		defer func() { end() }()
		time.Sleep(5 * time.Minute)
		if names, st := r.public(), r.state("alpha"); len(names) > 0 || st.Held != 1 || st.Embargoed != 1 ||
			st.EmbargoEnds.Hour() != 11 || r.head() != 3 {
			t.Errorf("in %v; %d held, %d under embargo until %v; log at %d", names, st.Held, st.Embargoed, st.EmbargoEnds, r.head())
		}
		time.Sleep(time.Hour)
		end() // a restart forgets nothing
		r.close()
		r.open()
		end = r.daemon(t)
		time.Sleep(time.Until(time.Date(2026, 11, 24, 10, 59, 59, 0, time.UTC)))
		if names := r.public(); len(names) > 0 {
			t.Errorf("a second before: %v", names)
		}
		time.Sleep(2 * time.Second)
		it := r.item("alpha", "Central bank keeps its key rate")
		e := r.entry(it.Entry)
		if names := r.public(); len(names) < 5 || r.head() != 4 || it.Held || e.First != 4 || it.Embargo.Ended.IsZero() ||
			r.state("alpha").Held != 0 {
			t.Errorf("a second after: in %v; log at %d, entry at %d", names, r.head(), e.First)
		}
		r.view(func(v store.View) error {
			for rec, err := range v.Records(0) { // the newest first
				if err != nil || rec.Kind != news.RecordNew || !rec.At.Equal(time.Date(2026, 11, 24, 11, 0, 0, 0, time.UTC)) {
					t.Errorf("record %+v, %v", rec, err)
				}
				break
			}
			return nil
		})
		r.sound()
	}, "alpha")
}

// TestEmbargoInPasses: without a daemon the first pass behind the moment publishes, whether the source is due or not.
func TestEmbargoInPasses(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		s.Set("/alpha", page("Alpha", embargoed("Не публиковать до 12:30 мск 24 ноября")))
		r.good("alpha")
		time.Sleep(20 * time.Minute)
		r.pass()
		if names := r.public(); len(names) > 0 || r.head() != 0 {
			t.Errorf("in %v, log at %d", names, r.head())
		}
		time.Sleep(10 * time.Minute)
		r.pass()
		if len(r.public()) == 0 || r.head() != 1 {
			t.Errorf("not public, log at %d", r.head())
		}
		r.sound()
	}, "alpha")
}

// TestEmbargoWithoutATime waits for the operator.
func TestEmbargoWithoutATime(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		s.Set("/alpha", page("Alpha", embargoed("EMBARGOED UNTIL DELIVERY")))
		r.good("alpha")
		time.Sleep(30 * 24 * time.Hour)
		r.pass()
		if st := r.state("alpha"); len(r.public()) > 0 || st.Embargoed != 1 || !st.EmbargoEnds.IsZero() {
			t.Errorf("public, or %d under embargo until %v", st.Embargoed, st.EmbargoEnds)
		}
		if done, err := r.engine.Release("alpha"); err != nil || done.Published != 1 || len(r.public()) == 0 {
			t.Errorf("released %+v, %v", done, err)
		}
		s.Set("/alpha", page("Alpha", embargoed("EMBARGOED UNTIL DELIVERY OF IT"))) // what the operator released stays public
		time.Sleep(time.Hour)
		r.good("alpha")
		if len(r.public()) == 0 || r.state("alpha").Held != 0 {
			t.Error("an update took back what was released")
		}
		r.sound()
	}, "alpha")
}

// TestEmbargoIsRevised: an update keeps the embargo, moves its moment, or lifts it; a withdrawal leaves nothing to publish.
func TestEmbargoIsRevised(t *testing.T) {
	t.Parallel()
	for fact, tt := range map[string]struct {
		words, title string
		at, until    time.Duration // from 11:00 on: not public at the one, public at the other; 0: never
	}{
		"same":      {"EMBARGOED UNTIL 11:00 GMT.", "", -time.Second, time.Second},
		"later":     {"EMBARGOED UNTIL 13:00 GMT", "", 119 * time.Minute, 121 * time.Minute},
		"earlier":   {"EMBARGOED UNTIL 10:30 GMT", "", -31 * time.Minute, -29 * time.Minute},
		"lifted":    {"EMBARGO LIFTED", "", 0, -59 * time.Minute},
		"unspoken":  {"", "", 0, -59 * time.Minute},
		"timeless":  {"EMBARGOED UNTIL DELIVERY", "", 24 * time.Hour, 0},
		"withdrawn": {"EMBARGOED UNTIL 11:00 GMT", "KILL: Central bank keeps its key rate", 24 * time.Hour, 0},
	} {
		t.Run(fact, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
				s.Set("/alpha", page("Alpha", embargoed("EMBARGOED UNTIL 11:00 GMT")))
				defer r.daemon(t)()
				time.Sleep(time.Minute)
				it := embargoed(tt.words)
				if tt.title != "" {
					it.Title = tt.title
				}
				s.Set("/alpha", page("Alpha", it))
				eleven := time.Date(2026, 11, 24, 11, 0, 0, 0, time.UTC)
				if tt.at != 0 {
					time.Sleep(time.Until(eleven.Add(tt.at)))
					if names := r.public(); len(names) > 0 {
						t.Errorf("public: %v", names)
					}
				}
				if tt.until != 0 {
					time.Sleep(time.Until(eleven.Add(tt.until)))
					if len(r.public()) == 0 {
						t.Error("not public")
					}
				}
				r.sound()
			}, "alpha")
		})
	}
}

// TestEmbargoOfWhatIsHeldBesides: what a source that is added later had before is held on behind its embargo.
func TestEmbargoOfWhatIsHeldBesides(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		s.Set("/alpha", page("Alpha", feedItems("alpha", 1, 1)...))
		r.good("alpha")
		all := feedItems("bravo", 10, 25)
		old := embargoed("EMBARGOED UNTIL 11:00 GMT")
		old.PubDate, old.GUID, old.Link = "Tue, 24 Nov 2026 03:00:00 +0300", "old", "https://bravo.example/old"
		s.Set("/bravo", page("Bravo", append(all, old)...))
		r.add(s.Source("bravo"))
		r.good("bravo")
		if st := r.state("bravo"); st.Held != 6 || st.Embargoed != 1 || len(r.public()) > 0 {
			t.Errorf("%d held, %d under embargo, in %v", st.Held, st.Embargoed, r.public())
		}
		time.Sleep(3 * time.Hour)
		r.pass()
		if st := r.state("bravo"); st.Held != 6 || st.Embargoed != 0 {
			t.Errorf("behind its moment %d held, %d under embargo", st.Held, st.Embargoed)
		}
		for _, name := range r.public() {
			if !strings.HasPrefix(name, "sources/bravo/") {
				t.Errorf("in %s", name)
			}
		}
		r.sound()
	}, "alpha")
}

// TestEmbargoedTextJoins: at its moment an item joins the entry of another source that published the same text meanwhile.
func TestEmbargoedTextJoins(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		it := embargoed("EMBARGOED UNTIL 11:00 GMT")
		it.Description += strings.Repeat(" He named prices of bread and milk and fuel, and the harvest of the eastern districts.", 2)
		s.Set("/alpha", page("Alpha", it))
		r.good("alpha")
		same := it
		same.GUID, same.Link = "b", "https://bravo.example/b"
		_, same.Description, _ = strings.Cut(it.Description, "<br>")
		s.Set("/bravo", page("Bravo", same))
		r.good("bravo")
		time.Sleep(3 * time.Hour)
		r.pass()
		if e := r.entry(r.items("alpha")[0].Entry); len(e.Items) != 2 || r.head() != 1 {
			t.Errorf("%d items in the entry, log at %d", len(e.Items), r.head())
		}
		r.sound()
	}, "alpha", "bravo")
}
