package search

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/aggregator/text"
	"dateline/store"
	"dateline/store/storetest"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// memory is a store and what was put there.
type memory struct {
	t     testing.TB
	s     *store.Store
	st    text.Stemmer
	items []news.Item // in order of arrival; a revision counts as one
	state map[news.Key]news.EntryState
}

func newMemory(t testing.TB) *memory {
	t.Helper()
	s, err := store.Open(filepath.Join(t.TempDir(), "wire.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return &memory{t: t, s: s, state: map[news.Key]news.EntryState{}}
}

// put stores an item, or a revision of one, as a visit at that time does.
func (s *memory) put(at time.Time, state news.EntryState, all ...news.Item) {
	s.t.Helper()
	w := storetest.Visit{Source: all[0].Source, Now: at}
	for _, it := range all {
		it.Key = news.ItemKey(it.Source, it.GUID)
		it.Entry, it.Revision = it.Key, it.Revision+1
		it.FirstSeen = at
		w.Items = append(w.Items, it)
		w.Stems = append(w.Stems, news.Fingerprint{Item: it.Key, At: at, Terms: Terms(&s.st, it)})
		w.Entries = append(w.Entries, news.Entry{Key: it.Key, Published: at, State: state})
		if state == news.Public {
			w.Log = append(w.Log, news.LogRecord{Entry: it.Key, Kind: news.RecordNew, Revision: it.Revision, At: at})
		}
		if i := slices.IndexFunc(s.items, func(o news.Item) bool { return o.Key == it.Key }); i >= 0 {
			s.items[i] = it // a revised item keeps its number, and its place among results
		} else {
			s.items = append(s.items, it)
		}
		s.state[it.Key] = state
	}
	if err := s.s.Update(w.Now, func(t *store.Tx) error { return w.Put(t) }); err != nil {
		s.t.Fatal(err)
	}
}

func (s *memory) find(f *Searcher, query string) (keys []news.Key) {
	s.t.Helper()
	err := s.s.View(func(v store.View) (err error) {
		keys, err = f.Find(v, query)
		return err
	})
	if err != nil {
		s.t.Fatalf("%q: %v", query, err)
	}
	return keys
}

// titles names what was found.
func (s *memory) titles(f *Searcher, query string) []string {
	s.t.Helper()
	out := []string{}
	for _, k := range s.find(f, query) {
		out = append(out, s.items[slices.IndexFunc(s.items, func(it news.Item) bool { return it.Key == k })].Title)
	}
	return out
}

func TestFind(t *testing.T) {
	s := newMemory(t)
	s.put(noon, news.Public,
		news.Item{Source: "belta", GUID: "1", Title: "Footbridge opens in Ozerny", Lead: "The minister spoke of a new era for the town.",
			Credits: news.Credits{Agency: &news.Credit{Name: "BelTA", Agency: "belta"}, Dateline: &news.Dateline{Place: "OZERNY"},
				Byline: []news.Credit{{Name: "Jane Roe"}}}},
		news.Item{Source: "belta", GUID: "2", Title: "Pumping station closes", Lead: "It was too old.",
			Authors: []news.Person{{Name: "Max Muster"}}, Credits: news.Credits{Cited: []news.Credit{{Name: "Waterworks of Karsk"}}}})
	s.put(noon.Add(time.Hour), news.Public,
		news.Item{Source: "tass-ru", GUID: "1", Title: "Ёлку установили на площади", Lead: "Министры открыли её вечером.",
			Credits: news.Credits{Agency: &news.Credit{Name: "Российский МИД", Agency: "mfa-russia"},
				Photos: []news.Photo{{Line: "Ivan Petrov/TASS"}}}})
	s.put(noon.Add(2*time.Hour), news.Held, news.Item{Source: "belta", GUID: "3", Title: "Ministers held back"})
	s.put(noon.Add(2*time.Hour), news.Withdrawn, news.Item{Source: "belta", GUID: "4", Title: "Ministers taken back", Withdrawn: true})
	s.put(noon.Add(2*time.Hour), news.Withdrawn, news.Item{Source: "belta", GUID: "5", Title: "Ministers of an entry taken back"})
	s.put(noon.Add(2*time.Hour), news.Public, news.Item{Source: "belta", GUID: "6", Title: "Ministers taken back by a carrier",
		Withdrawn: true})
	for query, want := range map[string][]string{
		"minister":                       {"Ministers held back", "Footbridge opens in Ozerny"},
		"министра":                       {"Ёлку установили на площади"},
		"ёлке":                           {"Ёлку установили на площади"},
		"ЁЛКА площадь":                   {"Ёлку установили на площади"},
		"footbridges opening":            {"Footbridge opens in Ozerny"},
		"the footbridge of the town":     {"Footbridge opens in Ozerny"},
		`"minister spoke of a"`:          {"Footbridge opens in Ozerny"},
		`"spoke minister"`:               {},
		`"opens in Ozerny the minister"`: {},
		"source:belta -minister":         {"Pumping station closes"},
		"source:tass":                    {},
		"agency:mfa-russia":              {"Ёлку установили на площади"},
		"agency:мид":                     {"Ёлку установили на площади"},
		"place:ozerny":                   {"Footbridge opens in Ozerny"},
		"place:minister":                 {},
		`by:"Jane Roe"`:                  {"Footbridge opens in Ozerny"},
		"roe":                            {"Footbridge opens in Ozerny"},
		"by:muster":                      {"Pumping station closes"},
		"karsk":                          {"Pumping station closes"},
		"petrov":                         {"Ёлку установили на площади"},
		"minister since:2026-11-25":      {},
		"minister since:2026-11-24":      {"Ministers held back", "Footbridge opens in Ozerny"},
	} {
		t.Run(query, func(t *testing.T) {
			if d := cmp.Diff(want, s.titles(&Searcher{}, query)); d != "" {
				t.Error(d)
			}
		})
	}
	t.Run("by title alone where a source grants no more", func(t *testing.T) {
		f := &Searcher{Sources: map[string]news.Source{"belta": {ID: "belta", Content: news.Headline}, "tass-ru": {ID: "tass-ru"}}}
		for query, want := range map[string]int{"minister": 1, "footbridge": 1, "footbridge -minister": 1, `"minister spoke"`: 0, "roe": 1,
			"министр": 1} {
			if got := s.find(f, query); len(got) != want {
				t.Errorf("%s: %d found, want %d", query, len(got), want)
			}
		}
	})
	t.Run("not by what it said before", func(t *testing.T) {
		s.put(noon.Add(3*time.Hour), news.Public, news.Item{Source: "belta", GUID: "2", Revision: 1, Title: "Waterworks close",
			Lead: "They were too old."})
		if d := cmp.Diff([]string{}, s.titles(&Searcher{}, "pumping")); d != "" {
			t.Error(d)
		}
		if d := cmp.Diff([]string{"Waterworks close"}, s.titles(&Searcher{}, "waterworks old")); d != "" {
			t.Error(d)
		}
	})
}

func TestResultsAreKeptUntilTheStoreMoves(t *testing.T) {
	s := newMemory(t)
	s.put(noon, news.Public, news.Item{Source: "belta", GUID: "1", Title: "Footbridge opens"})
	f := &Searcher{}
	if n := len(s.find(f, "footbridge")); n != 1 {
		t.Fatalf("%d found, want 1", n)
	}
	if err := s.s.View(func(v store.View) error {
		p := counted{View: v}
		_, err := f.Find(&p, " FOOTBRIDGE ")
		if p.asked > 0 {
			t.Errorf("the store was asked %d times for what is known", p.asked)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	s.put(noon, news.Public, news.Item{Source: "belta", GUID: "2", Title: "Footbridge closes"})
	if n := len(s.find(f, "footbridge")); n != 2 {
		t.Errorf("%d found, want 2", n)
	}
}

// counted counts the items that are read.
type counted struct {
	store.View
	asked int
}

func (c *counted) ItemByNumber(n uint64) (news.Item, bool, error) {
	c.asked++
	return c.View.ItemByNumber(n)
}

func TestFindIsBounded(t *testing.T) {
	s := newMemory(t)
	var all []news.Item
	for i := range 700 {
		all = append(all, news.Item{Source: "belta", GUID: fmt.Sprint(i), Title: "Footbridge number " + fmt.Sprint(i), Lead: "It opens today."})
	}
	s.put(noon, news.Public, all...)
	if n := len(s.find(&Searcher{}, "footbridge")); n != MaxResults {
		t.Errorf("%d found, want %d", n, MaxResults)
	}
	if err := s.s.View(func(v store.View) error {
		p := counted{View: v}
		keys, err := (&Searcher{}).Find(&p, `"opens footbridge"`)
		if len(keys) != 0 || p.asked > maxRead {
			t.Errorf("%d found, %d items read, at most %d may be", len(keys), p.asked, maxRead)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// TestFindAgainstScan compares searches with a plain scan of all items, in English and Russian, through revisions.
func TestFindAgainstScan(t *testing.T) {
	r := feedtest.Rand(t)
	words := strings.Fields("minister ministers talks talk Минск Минске министр министры переговоры переговоров договор the of в и ёлка " +
		"елки bridge bridges open opened 1,330 2:1")
	word := func() string { return words[r.IntN(len(words))] }
	row := func(n int) string {
		var all []string
		for range n {
			all = append(all, word())
		}
		return strings.Join(all, " ")
	}
	s := newMemory(t)
	at := noon
	for range 60 {
		at = at.Add(time.Duration(r.IntN(5)) * time.Hour)
		state := []news.EntryState{news.Public, news.Public, news.Public, news.Held, news.Withdrawn}[r.IntN(5)]
		source := []string{"belta", "tass"}[r.IntN(2)]
		var all []news.Item
		for i := range 1 + r.IntN(3) {
			it := news.Item{Source: source, GUID: fmt.Sprint(i, r.IntN(30)), Title: row(3), Lead: row(6), Withdrawn: state == news.Withdrawn}
			if old := slices.IndexFunc(s.items, func(o news.Item) bool { return o.Key == news.ItemKey(source, it.GUID) }); old >= 0 {
				it.Revision = s.items[old].Revision
			}
			all = append(all, it)
		}
		s.put(at, state, all...)
	}
	found := 0
	for range feedtest.Pick(300, 5000) {
		var q Query
		for range 1 + r.IntN(3) {
			term := Term{Not: r.IntN(4) == 0}
			for _, tok := range text.Tokens(row(1+r.IntN(2)), 9) {
				term.Words = append(term.Words, tok.Text)
			}
			q.Terms = append(q.Terms, term)
		}
		if r.IntN(4) == 0 {
			q.Terms = append(q.Terms, Term{Field: Source, Words: []string{"belta"}})
		}
		if _, err := Parse(q.String()); errors.Is(err, news.ErrQuery) {
			continue // nothing to look for
		}
		want := s.scan(q)
		if d := cmp.Diff(want, s.titles(&Searcher{}, q.String())); d != "" {
			t.Fatalf("%s: %s", q, d)
		}
		found += len(want)
	}
	if found < 100 {
		t.Errorf("%d found in all: nothing was tried", found)
	}
}

// scan looks at every item, the newest first.
func (s *memory) scan(q Query) []string {
	out := []string{}
	line := func(in string) string {
		var b strings.Builder
		for _, tok := range text.Tokens(in, 99) {
			b.WriteString(" " + s.st.Stem(tok.Text).Text)
		}
		return b.String() + " "
	}
	for _, it := range slices.Backward(s.items) {
		good := s.state[it.Key] != news.Withdrawn
		for _, term := range q.Terms {
			has := it.Source == term.Words[0]
			if term.Field != Source {
				row := line(strings.Join(term.Words, ";"))
				has = strings.Contains(line(it.Title), row) || strings.Contains(line(it.Lead), row)
				if len(term.Words) == 1 && text.StopWord(term.Words[0]) && !term.Not {
					has = true
				}
			}
			good = good && has != term.Not
		}
		if good && len(out) < MaxResults {
			out = append(out, it.Title)
		}
	}
	return out
}

// BenchmarkFind searches among n items that share their words as texts do.
func BenchmarkFind(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		r := rand.New(rand.NewPCG(1, 2))
		z := rand.NewZipf(r, 1.1, 12, 60_000)
		say := func(n int) string {
			var b strings.Builder
			for range n {
				fmt.Fprintf(&b, "w%dx ", z.Uint64())
			}
			return b.String()
		}
		s := newMemory(b)
		for i := 0; i < n; i += 500 {
			var all []news.Item
			for j := range 500 {
				all = append(all, news.Item{Source: fmt.Sprint("s", i/500%40), GUID: fmt.Sprint(i + j), Title: say(8), Lead: say(60)})
			}
			w := storetest.Visit{Source: all[0].Source, Now: noon.Add(time.Duration(i) * 24 * time.Hour / time.Duration(n))}
			for _, it := range all {
				it.Key, it.Revision, it.FirstSeen = news.ItemKey(it.Source, it.GUID), 1, w.Now
				it.Entry = it.Key
				w.Items, w.Entries = append(w.Items, it), append(w.Entries, news.Entry{Key: it.Key, Published: w.Now})
				w.Stems = append(w.Stems, news.Fingerprint{Item: it.Key, At: w.Now, Terms: Terms(&s.st, it)})
			}
			if err := s.s.Update(w.Now, func(t *store.Tx) error { return w.Put(t) }); err != nil {
				b.Fatal(err)
			}
		}
		for name, query := range map[string]string{"rare": "w900x w700x", "common": "w3x w5x", "row": `"w40x w41x"`,
			"nothing": "w59999x w59998x w2x"} {
			b.Run(fmt.Sprint(name, "/", n), func(b *testing.B) {
				found := 0
				if err := s.s.View(func(v store.View) error {
					var searcher Searcher
					for b.Loop() {
						searcher.results = nil
						keys, err := searcher.Find(v, query)
						if err != nil {
							return err
						}
						found = len(keys)
					}
					return nil
				}); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(found), "found")
			})
		}
	}
}
