package store

import (
	"errors"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
	"dateline/store/postings"
)

// positions are those with the tag, newest first.
func positions(t *testing.T, v View, tag string, from uint64) []uint64 {
	t.Helper()
	all := []uint64{}
	for rec, err := range v.Tagged(tag, from) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, rec.Pos)
	}
	return all
}

// everyTag is each tag that the wires of these tests can have.
var everyTag = []string{"source:a", "source:b", "source:c", "language:en", "language:ru", "language:be", "source:", "source:aa",
	"language:"}

// checkTags compares the index with what the log and the entries say: the newest record of each entry has every tag.
func checkTags(t *testing.T, s *Store) {
	t.Helper()
	view(t, s, func(v View) {
		newest := func(records iter.Seq2[news.LogRecord, error]) map[news.Key]uint64 {
			all := map[news.Key]uint64{}
			last := v.Head() + 1
			for rec, err := range records {
				if err != nil || rec.Pos >= last {
					t.Fatalf("position %d after %d, %v", rec.Pos, last, err)
				}
				last = rec.Pos
				if all[rec.Entry] == 0 {
					all[rec.Entry] = rec.Pos
				}
			}
			return all
		}
		for _, tag := range everyTag {
			if diff := cmp.Diff(newest(scanned(v, tag)), newest(v.Tagged(tag, 0))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tag, diff)
			}
		}
	})
}

// scanned yields the records of the whole log whose entries have the tag now.
func scanned(v View, tag string) iter.Seq2[news.LogRecord, error] {
	return func(yield func(news.LogRecord, error) bool) {
		g := v.tagger()
		for rec, err := range v.Records(0) {
			var tags []string
			if err == nil {
				var e news.Entry
				if e, _, err = v.Entry(rec.Entry); err == nil {
					tags, err = g.of(e)
				}
			}
			if (err != nil || slices.Contains(tags, tag)) && !yield(rec, err) {
				return
			}
		}
	}
}

func TestTags(t *testing.T) {
	s := temp(t, Options{})
	item := func(source, guid, lang, of string) visited {
		w := wrote(source, guid)
		w.Items[0].Language = lang
		w.State.Language = of
		return w
	}
	commit(t, s, item("a", "1", "", "en"))         // 1: the source's language
	commit(t, s, item("b", "2", "ru_RU", "en"))    // 2: the item's own
	commit(t, s, item("a", "3", "", "en"))         // 3
	commit(t, s, item("c", "4", "", ""))           // 4: unknown
	feed := item("b", "5", "", "")                 // 5: the feed's
	feed.Items[0].Feed = news.Feed{Language: "be"} //
	commit(t, s, feed)
	carrier := item("c", "6", "ru", "") // joins 1, and takes no position
	carrier.Entries[0] = news.Entry{Key: news.ItemKey("a", "1"), Items: []news.Key{news.ItemKey("a", "1"), news.ItemKey("c", "6")}, First: 1,
		Last: 1}
	carrier.Items[0].Entry, carrier.Log = carrier.Entries[0].Key, nil
	commit(t, s, carrier)
	update := visited{Source: "a", Now: noon, Entries: carrier.Entries,
		Log: []news.LogRecord{{Entry: carrier.Entries[0].Key, Kind: news.RecordUpdated, Revision: 1}}}
	commit(t, s, update) // 6: of both sources
	want := map[string][]uint64{
		"source:a": {6, 3, 1}, "source:b": {5, 2}, "source:c": {6, 4, 1}, "language:en": {6, 3, 1}, "language:ru": {2}, "language:be": {5},
		"source:": {}, "source:aa": {}, "language:": {},
	}
	for range 2 {
		s = reopened(t, s)
		view(t, s, func(v View) {
			got := map[string][]uint64{}
			for _, tag := range everyTag {
				got[tag] = positions(t, v, tag, 0)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got := positions(t, v, "source:a", 5); !slices.Equal(got, []uint64{3, 1}) {
				t.Errorf("from 5: %v", got)
			}
		})
	}
}

// TestEveryKindOfTag: what a record is listed by, of its own item and of items that join it later.
func TestEveryKindOfTag(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	of := func(source, guid, agency string, topics ...string) visited {
		w := wrote(source, guid)
		w.State.Agency, w.State.Topics = agency, topics
		return w
	}
	seed := of("belta", "1", "belta", "belarus", "politics") // 1
	seed.Items[0].Credits = news.Credits{
		Agency: &news.Credit{Agency: "belta"}, Joint: []news.Credit{{Agency: "xinhua"}, {Name: "Somebody"}},
		Cited:    []news.Credit{{Agency: "tass"}, {Name: "Interfax Photo"}, {Agency: "mfa-russia"}},
		Dateline: &news.Dateline{Place: "MOSCOW "},
	}
	commit(t, s, seed)
	passed := of("tass", "2", "tass", "politics") // 2: another's report, filed in another spelling
	passed.Items[0].Credits = news.Credits{Agency: &news.Credit{Agency: "mfa-russia"}, Dateline: &news.Dateline{Place: "Moscow"}}
	commit(t, s, passed)
	commit(t, s, of("blog", "3", "")) // 3: of no agency
	quoted := of("blog", "4", "")     // 4: taken from a source that no registry knows
	quoted.Items[0].Origin = &news.Feed{Title: "Elsewhere"}
	commit(t, s, quoted)
	for guid, source := range map[string]string{"5": "tass", "6": "xinhua"} { // both publish 1 too
		w := of(source, guid, source, "world")
		w.Entries[0] = news.Entry{}
		view(t, s, func(v View) { w.Entries[0], _, _ = v.Entry(seed.Items[0].Key) })
		w.Entries[0].Items = append(slices.Clone(w.Entries[0].Members()), w.Items[0].Key)
		w.Items[0].Entry, w.Log = seed.Items[0].Key, nil
		commit(t, s, w)
	}
	want := map[string][]uint64{
		"source:belta": {1}, "source:tass": {2, 1}, "source:xinhua": {1}, "source:blog": {4, 3},
		"topic:belarus": {1}, "topic:politics": {2, 1}, "topic:world": {1}, "topic:": {},
		"originator:belta": {1}, "originator:xinhua": {1}, "originator:mfa-russia": {2}, "originator:blog": {3}, "originator:tass": {},
		"carrier:tass": {2, 1}, "carrier:blog": {4}, "carrier:xinhua": {}, "carrier:belta": {},
		"cited:tass": {1}, "cited:mfa-russia": {1}, "cited:": {}, "originator:": {},
		"place:moscow": {2, 1}, "place:": {},
	}
	for range 2 {
		view(t, s, func(v View) {
			got := map[string][]uint64{}
			for tag := range want {
				got[tag] = positions(t, v, tag, 0)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
		seal(t, s, iTag, postings.SealDocs)
	}
}

// TestTagsAgainstLog writes at random, and compares the index with a reading of the whole log.
func TestTagsAgainstLog(t *testing.T) {
	const seed = 5
	random := rand.New(rand.NewPCG(seed, 0))
	s := temp(t, Options{})
	var entries []news.Key
	for i := range 450 {
		w := wrote(string("abc"[random.IntN(3)]), fmt.Sprint(i))
		w.Items[0].Language = []string{"", "en", "ru", "be-tarask"}[random.IntN(4)]
		switch {
		case len(entries) > 0 && random.IntN(4) == 0: // a carrier
			k := entries[random.IntN(len(entries))]
			view(t, s, func(v View) { w.Entries[0], _, _ = v.Entry(k) })
			w.Entries[0].Items = append(slices.Clone(w.Entries[0].Members()), w.Items[0].Key)
			w.Items[0].Entry, w.Log = k, nil
			if random.IntN(3) == 0 {
				w.Log = []news.LogRecord{{Entry: k, Kind: news.RecordUpdated, Revision: 1}}
			}
		default:
			entries = append(entries, w.Items[0].Key)
		}
		commit(t, s, w)
	}
	checkTags(t, s)
	if err := s.Check(func(f Fault) { t.Error(f) }); err != nil {
		t.Error(err)
	}
	if t.Failed() {
		t.Logf("seed %d", seed)
	}
}

func TestCheckOfTags(t *testing.T) {
	s := temp(t, Options{})
	commit(t, s, wrote("a", "1"))
	err := s.Update(noon, func(v *Tx) error {
		p, err := v.postings()
		if err != nil {
			return err
		}
		_, err = p.Remove(iTag, 1)
		return errors.Join(err, p.Add(tagPosting(6, []string{"source:b"})))
	})
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	if err := s.Check(func(f Fault) { found = append(found, f.What) }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"there is no 6", "is not found by its tag source:a"}, found); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestTagsGoWithTheirPage: out of the memtable at once; in a segment that others are still in, they are not found any more.
func TestTagsGoWithTheirPage(t *testing.T) {
	t.Parallel()
	for name, left := range map[string]int{"memtable": 50, "segment": postings.SealDocs} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := temp(t, Options{})
			published(t, s, 250) // the last one is in the feed still
			if name == "segment" {
				seal(t, s, iTag, postings.SealDocs-250)
			}
			commit(t, s, visited{Source: "belta", State: &news.State{LastSuccess: noon.Add(91 * day)}})
			if u := keep(t, s, noon.Add(91*day)); u.Records != 200 {
				t.Fatalf("%+v, want 200 records gone", u)
			}
			view(t, s, func(v View) {
				if got := positions(t, v, "source:belta", 0); len(got) != 50 || got[49] != 201 {
					t.Errorf("%d records, want 50", len(got))
				}
				p, err := v.postings()
				if err != nil {
					t.Fatal(err)
				}
				if n, err := p.Docs(iTag); n != left || err != nil {
					t.Errorf("%d records have tags (%v), want %d", n, err, left)
				}
			})
			// Who joins an entry whose page is gone is tagged nowhere.
			w := wrote("tass", "late")
			k := news.ItemKey("belta", "5")
			w.Entries[0] = news.Entry{Key: k, Items: []news.Key{k, w.Items[0].Key}, First: 6, Last: 6}
			w.Items[0].Entry, w.Log = k, nil
			commit(t, s, w)
			view(t, s, func(v View) {
				for pos, err := range v.newest(iTag, []uint64{tagTerm("source:tass")}, 0, math.MaxInt) {
					t.Errorf("tagged at %d, %v", pos, err)
				}
			})
		})
	}
}

// TestTagOfChanges: what readers are to be notified of has a tag, for the whole wire and for each source that carries it.
func TestTagOfChanges(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	commit(t, s, wrote("a", "1")) // 1: new
	later := wrote("a", "2")      // 2: takes the place of the first
	later.Items[0].Supersedes = &news.Join{Level: "L6", With: news.ItemKey("a", "1")}
	commit(t, s, later)
	e := news.Entry{Key: news.ItemKey("a", "1"), Items: []news.Key{news.ItemKey("a", "1"), news.ItemKey("c", "3")}, First: 1, Last: 1}
	carrier := wrote("c", "3")
	carrier.Items[0].Entry, carrier.Entries, carrier.Log = e.Key, []news.Entry{e}, nil
	commit(t, s, carrier)
	for _, kind := range []news.Kind{news.RecordUpdated, news.RecordWithdrawn, news.RecordRestored, news.RecordMerged} { // 3, 4, 5, 6
		commit(t, s, visited{Source: "a", Now: noon, Entries: []news.Entry{e}, Log: []news.LogRecord{{Entry: e.Key, Kind: kind}}})
	}
	view(t, s, func(v View) {
		for tag, want := range map[string][]uint64{"changed:": {5, 4, 3, 2}, "changed:a": {5, 4, 3, 2}, "changed:c": {5, 4, 3}, "changed:b": {}} {
			if diff := cmp.Diff(want, positions(t, v, tag, 0)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tag, diff)
			}
		}
	})
}
