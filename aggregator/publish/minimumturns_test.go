package publish

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// manySources returns options with n configured sources, a document of 10 entries and 3 of every source.
func manySources(n int) Options {
	o := options()
	o.Entries, o.AtLeast, o.Sources = 10, 3, nil
	for i := range n {
		o.Sources = append(o.Sources, news.Source{ID: fmt.Sprintf("s%02d", i), Name: fmt.Sprintf("Agency %d", i), Enabled: true})
	}
	return o
}

func ofSource(source, guid string, at time.Time) news.Item {
	return item(news.Item{Source: source, GUID: guid, Title: source + " " + guid, Published: at, FirstSeen: at})
}

// No more entries are added than the document has for itself. The sources come in turn: those first that have an entry in it, then those
// that published last; a second entry of each comes after the first of all.
func TestPerSourceMinimumInTurn(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		sources int
		want    map[string]int
	}{
		{"all get their three", 4, map[string]int{"s00": 10, "s01": 3, "s02": 3, "s03": 3}},
		{"one turn and a part of the second", 8, map[string]int{"s00": 10, "s07": 2, "s06": 2, "s05": 2, "s04": 1, "s03": 1, "s02": 1,
			"s01": 1}},
		{"a part of the first turn", 30, map[string]int{"s00": 10, "s29": 1, "s28": 1, "s27": 1, "s26": 1, "s25": 1, "s24": 1, "s23": 1,
			"s22": 1, "s21": 1, "s20": 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			var all []news.Item
			for i := 1; i < tt.sources; i++ {
				for n := range 4 {
					all = append(all, ofSource(fmt.Sprintf("s%02d", i), fmt.Sprint(n), day))
				}
			}
			for len(all)%archivePage != 0 { // so that the document is no larger than it must be
				all = append(all, ofSource("s00", fmt.Sprint("old ", len(all)), day))
			}
			for n := range 10 {
				all = append(all, ofSource("s00", fmt.Sprint(n), day.Add(time.Hour)))
			}
			w.publishEach(all...)
			got := map[string]int{}
			for _, title := range titles(t, manySources(tt.sources), w) {
				got[title[:3]]++
			}
			feedtest.Same(t, "entries of each source", got, tt.want)
		})
	}
}

// A publisher that has rendered before renders what a new one does, whatever was published, joined, withdrawn or forgotten meanwhile.
func TestPerSourceMinimumIsThatOfANewPublisher(t *testing.T) {
	t.Parallel()
	r := feedtest.Rand(t)
	o := manySources(250)
	o.Entries, o.AtLeast = 5, 1
	w := newWorld(t)
	p := New(o)
	var log []news.Key
	for step := range feedtest.Pick(50, 600) {
		log = w.change60(r, step, log)
		if got, want := string(w.atom(p).Bytes), string(w.atom(New(o)).Bytes); got != want {
			t.Fatalf("step %d: %d bytes, a new publisher renders %d", step, len(got), len(want))
		}
	}
	w.purge("s07")
	if got, want := string(w.atom(p).Bytes), string(w.atom(New(o)).Bytes); got != want {
		t.Errorf("without s07: %d bytes, a new publisher renders %d", len(got), len(want))
	}
}

// change60 publishes, changes or withdraws something of 60 sources, by chance. log are the entries published so far; it returns them with
// the new ones.
func (w *world) change60(r *rand.Rand, step int, log []news.Key) []news.Key {
	w.tb.Helper()
	at := day.Add(time.Duration(step) * time.Hour)
	of := func() news.Item {
		return ofSource(fmt.Sprintf("s%02d", r.IntN(60)), fmt.Sprint(step, "-", r.IntN(1000)), at)
	}
	for range r.IntN(8) { // most is of one source, so that the others fall out of the document
		w.publish(ofSource("s00", fmt.Sprint(step, "-", r.IntN(1_000_000)), at))
	}
	switch n := r.IntN(10); {
	case n < 5 || len(log) < 20:
		return append(log, w.publish(of()).Key)
	case n < 7:
		a, b := of(), of()
		if a.Source != b.Source {
			return append(log, w.publish(a, b).Key)
		}
	case n < 8:
		w.withdraw(log[r.IntN(len(log))], at)
	case n < 9: // a carrier leaves, without a position
		if e := w.entry(log[r.IntN(len(log))]); len(e.Items) > 1 {
			e.Items = e.Items[:1]
			w.putEntry(e)
		}
	default:
		w.touch(log[r.IntN(len(log))])
	}
	return log
}
