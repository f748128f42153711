package dedup

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
	"dateline/store"
	"dateline/store/storetest"
)

// eight is when the items of these tests are published, unless they say otherwise.
var eight = time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)

// stored is the real store in a temporary folder. It keeps what is decided, as the engine does.
type stored struct {
	t     testing.TB
	store *store.Store
	st    *text.Stemmer
}

func newStored(t testing.TB) *stored {
	t.Helper()
	s, err := store.Open(filepath.Join(t.TempDir(), "wire.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return &stored{t, s, &text.Stemmer{}}
}

// in returns the store for a part of the test.
func (s *stored) in(t testing.TB) *stored { return &stored{t, s.store, s.st} }

func (s *stored) view(read func(store.View) error) {
	s.t.Helper()
	if err := s.store.View(read); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stored) commit(w storetest.Visit) {
	s.t.Helper()
	if err := s.store.Update(w.Now, func(t *store.Tx) error { return w.Put(t) }); err != nil {
		s.t.Fatal(err)
	}
}

// take decides on a document of src by its identities and stores the result. It returns the decisions by name.
func (s *stored) take(src string, items ...news.Item) (names []string) {
	s.t.Helper()
	for i := range items {
		h := fnv.New64a()
		fmt.Fprint(h, items[i].Title, items[i].Summary)
		items[i].Hash = h.Sum64()
	}
	w := storetest.Visit{Source: src, Now: eight}
	s.view(func(v store.View) error {
		all, err := Read(src, items).Decide(v, nil, false)
		for i, d := range all {
			names = append(names, d.Name())
			if d.Action == Twin || d.Action == Same {
				continue
			}
			it := items[i]
			it.Key, it.Source, it.Entry, it.Revision = d.Key, src, d.Entry, 1
			if d.Was != nil {
				it.GUID, it.Revision = d.Was.GUID, d.Was.Revision+1
			}
			w.Items = append(w.Items, it)
			for _, c := range d.IdentityKeys {
				w.Keys = append(w.Keys, storetest.KeyedItem{Key: c, Item: d.Key})
			}
		}
		return err
	})
	s.commit(w)
	return names
}

// find looks for the text of an item.
func (s *stored) find(it news.Item, th news.Thresholds) (m Match) {
	s.t.Helper()
	s.view(func(v store.View) (err error) {
		m, err = NewText(it).Find(v, th)
		return err
	})
	return m
}

// add decides on a new item by its text alone and stores it.
func (s *stored) add(it news.Item) Match {
	s.t.Helper()
	m := s.find(it, news.Thresholds{})
	it.Join, it.Supersedes = m.Join, m.Supersedes
	if m.Join != nil {
		it.Entry = m.Entry
	}
	s.put(it)
	return m
}

// put stores new items, each in its entry, or in one of its own: of each source in one transaction.
func (s *stored) put(all ...news.Item) {
	s.t.Helper()
	of := map[string][]news.Item{}
	for _, it := range all {
		of[it.Source] = append(of[it.Source], it)
	}
	for _, source := range slices.Sorted(maps.Keys(of)) {
		s.commit(s.writes(source, of[source]))
	}
}

func (s *stored) writes(source string, all []news.Item) storetest.Visit {
	w := storetest.Visit{Source: source, Now: all[0].Date()}
	for _, it := range all {
		it.Revision = 1
		e := news.Entry{Key: it.Key}
		if it.Join != nil {
			e = s.entry(it.Entry)
		}
		it.Entry, e.Items = e.Key, append(e.Items, it.Key)
		tx := NewText(it)
		w.Items, w.Entries, w.Fingerprints = append(w.Items, it), append(w.Entries, e), append(w.Fingerprints, tx.Fingerprint())
		stems := tx.storyTerms(s.st, maxWords).all
		w.Stems = append(w.Stems, news.Fingerprint{Item: it.Key, At: it.Date(), Terms: stems})
	}
	return w
}

// compare measures two items against each other.
func (s *stored) compare(a, b news.Item) (j *news.Join) {
	s.t.Helper()
	s.view(func(v store.View) (err error) {
		j, err = Compare(v, a, b, news.Thresholds{})
		return err
	})
	return j
}

// story looks for the event of an item in other words.
func (s *stored) story(it news.Item) (found []news.Join) {
	s.t.Helper()
	s.view(func(v store.View) (err error) {
		found, err = NewText(it).Story(v, s.st, news.Thresholds{})
		return err
	})
	return found
}

func (s *stored) entry(k news.Key) (e news.Entry) {
	s.t.Helper()
	s.view(func(v store.View) (err error) {
		e, _, err = v.Entry(k)
		return err
	})
	return e
}

func (s *stored) item(k news.Key) (it news.Item) {
	s.t.Helper()
	s.view(func(v store.View) (err error) {
		it, _, err = v.Item(k)
		return err
	})
	return it
}

// items returns all that is stored, the earliest first.
func (s *stored) items() (all []news.Item) {
	s.t.Helper()
	s.view(func(v store.View) error {
		for it, err := range v.Items() {
			if err != nil {
				return err
			}
			all = append(all, it)
		}
		return nil
	})
	return all
}

// groups names the entries by what is in them, whichever represents them.
func (s *stored) groups() []string {
	s.t.Helper()
	in := map[news.Key]string{}
	all := s.items()
	slices.SortFunc(all, func(a, b news.Item) int {
		return cmp.Or(strings.Compare(a.Source, b.Source), strings.Compare(a.Title, b.Title))
	})
	for _, it := range all {
		in[it.Entry] += " + " + it.Source + " " + it.Title
	}
	return slices.Sorted(maps.Values(in))
}

// textItem returns an item as the text stages see it.
func textItem(source string, n int, title, lead string, at time.Time) news.Item {
	return news.Item{Key: news.ItemKey(source, fmt.Sprint(n)), Source: source, Title: title, Lead: lead, Published: at}
}
