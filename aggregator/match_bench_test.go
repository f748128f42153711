package aggregator_test

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/dedup"
	"dateline/aggregator/news"
	"dateline/aggregator/search"
	"dateline/aggregator/text"
	"dateline/store"
	"dateline/store/storetest"
)

// vocabulary is words of chance, of which texts are made that have little in common.
func vocabulary(r *rand.Rand) []string {
	words := make([]string, 20_000)
	for i := range words {
		var b strings.Builder
		for range 1 + r.IntN(3) {
			b.WriteByte("bcdfghklmnprstvz"[r.IntN(16)])
			b.WriteByte("aeiou"[r.IntN(5)])
			b.WriteByte("lnrst"[r.IntN(5)])
		}
		words[i] = b.String()
	}
	return words
}

func said(r *rand.Rand, words []string, n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(words[int(float64(len(words))*r.Float64()*r.Float64())])
		b.WriteByte(' ')
	}
	return b.String()
}

func report(source string, n int, title, lead string, at time.Time) news.Item {
	it := news.Item{Source: source, GUID: fmt.Sprint(n), Title: title, Lead: lead, Published: at, FirstSeen: at, Revision: 1}
	it.Key = news.ItemKey(source, it.GUID)
	it.Entry = it.Key
	return it
}

// midnight is when the wires of the benchmarks begin.
var midnight = time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)

// filled returns a store of n items and a thousand of them: the store that is kept in $DATELINE_BENCH, or else a new one, which is kept
// there if that is set.
func filled(b *testing.B, words []string, n int) (*store.Store, []news.Item) {
	b.Helper()
	path := filepath.Join(b.TempDir(), "wire.db")
	if dir := os.Getenv("DATELINE_BENCH"); dir != "" {
		kept := filepath.Join(dir, fmt.Sprintf("wire-%d-%d.db", store.Schema, n))
		if _, err := os.Stat(kept); err != nil {
			fill(b, kept+".new", words, n)
			if err := os.Rename(kept+".new", kept); err != nil {
				b.Fatal(err)
			}
		}
		if err := copyFile(path, kept); err != nil {
			b.Fatal(err)
		}
	} else {
		fill(b, path, words, n)
	}
	s, err := store.Open(path, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	var some []news.Item
	if err := s.View(func(v store.View) error {
		for number := 1; number <= n; number += n / 1000 {
			it, _, err := v.ItemByNumber(uint64(number))
			if err != nil {
				return err
			}
			some = append(some, it)
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	return s, some
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// fill makes a store of n items, which came within a day.
func fill(b *testing.B, path string, words []string, n int) {
	b.Helper()
	s, err := store.Open(path, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, uint64(n)))
	var st text.Stemmer
	for i := 0; i < n; i += 500 {
		at := midnight.Add(time.Duration(i) * 24 * time.Hour / time.Duration(n))
		w := storetest.Visit{Source: fmt.Sprint("s", i/500%40), Now: at}
		for j := range 500 {
			it := report(w.Source, i+j, said(r, words, 8), said(r, words, 80), at)
			w.Items, w.Fingerprints = append(w.Items, it), append(w.Fingerprints, dedup.NewText(it).Fingerprint())
			w.Stems = append(w.Stems, news.Fingerprint{Item: it.Key, At: at, Terms: search.Terms(&st, it)})
			w.Entries = append(w.Entries, news.Entry{Key: it.Key, Published: at})
			for _, c := range dedup.IdentityKeys(it) {
				w.Keys = append(w.Keys, storetest.KeyedItem{Key: c, Item: it.Key})
			}
		}
		if err := s.Update(at, func(t *store.Tx) error { return w.Put(t) }); err != nil {
			b.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkDecide decides on a new item with n items in the window: one that no other source has, and one that is a copy.
func BenchmarkDecide(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, uint64(n)))
			words := vocabulary(r)
			s, some := filled(b, words, n)
			b.Run("unlike", func(b *testing.B) {
				decide(b, s, false, func() news.Item {
					return report("wire", r.Int(), said(r, words, 8), said(r, words, 80), midnight.Add(24*time.Hour))
				})
			})
			b.Run("copy", func(b *testing.B) {
				decide(b, s, true, func() news.Item {
					it := some[r.IntN(len(some))]
					return report("wire", r.Int(), it.Title, it.Lead+" "+said(r, words, 10), it.Published)
				})
			})
		})
	}
}

// decide decides on new items, its identity first; joins says whether they must join.
func decide(b *testing.B, s *store.Store, joins bool, item func() news.Item) {
	fresh := make([]news.Item, 2000)
	for i := range fresh {
		fresh[i] = item()
	}
	if err := s.Update(midnight, func(v *store.Tx) error {
		i := 0
		one := func() {
			it := fresh[i%len(fresh)]
			i++
			decided, err := dedup.Read("wire", []news.Item{it}).Decide(v, nil, false)
			if err != nil || decided[0].Action != dedup.New {
				b.Fatal(decided, err)
			}
			m, err := dedup.NewText(it).Find(v, news.Thresholds{})
			if err != nil || (m.Join != nil) != joins {
				b.Fatalf("%+v, %v; want a join: %v", m, err, joins)
			}
		}
		for range 20_000 { // the index pays for what only a long life brings in
			one()
		}
		for b.Loop() {
			one()
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkStory looks for other tellings of a new item among n items in the window: of one whose event no other item is about,
// and of one that shares its rare words with another.
func BenchmarkStory(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		r := rand.New(rand.NewPCG(1, uint64(n)))
		words := vocabulary(r)
		s, some := filled(b, words, n)
		var st text.Stemmer
		story := func(name string, links bool, item func() news.Item) {
			b.Run(fmt.Sprint(name, "/", n), func(b *testing.B) {
				fresh := make([]news.Item, 500)
				for i := range fresh {
					fresh[i] = item()
				}
				if err := s.Update(midnight, func(v *store.Tx) error {
					i := 0
					for b.Loop() {
						found, err := dedup.NewText(fresh[i%len(fresh)]).Story(v, &st, news.Thresholds{})
						if err != nil || links && len(found) == 0 {
							b.Fatalf("%+v, %v; want a link: %v", found, err, links)
						}
						i++
					}
					return nil
				}); err != nil {
					b.Fatal(err)
				}
			})
		}
		story("unlike", false, func() news.Item {
			return report("wire", r.Int(), said(r, words, 8), said(r, words, 80), midnight.Add(24*time.Hour))
		})
		story("told", true, func() news.Item {
			it := some[r.IntN(len(some))]
			all := strings.Fields(it.Lead)
			r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			return report("wire", r.Int(), it.Title, strings.Join(all, " "), it.Published)
		})
	}
}
