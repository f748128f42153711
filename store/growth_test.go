package store

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/news"
	"dateline/store/postings"
	"dateline/store/storetest"
)

// The most that the file may have of an item whose text is gone, in bytes: 80 for each of three identity keys, and of these in its block.
// A small store has more, since its memtable was not sealed yet.
const (
	keyBytes    = 3 * 80
	erasedBytes = 140
)

// traffic brings items of eight sources, whose feeds have thirty.
type traffic struct {
	r      *rand.Rand
	n      int // items so far
	visits int
	keys   map[news.Key][]news.IdentityKey
	feed   [8][]news.Seen
}

// visit returns what a visit brings at a time: up to eight items of 1,400 bytes, with three identity keys each, and in the whole form
// what they are recognised by and searched for by.
func (w *traffic) visit(at time.Time) visited {
	w.visits++
	n := w.visits % len(w.feed)
	source := fmt.Sprint("source", n)
	out := visited{Source: source, Now: at, State: &news.State{LastSuccess: at}}
	for range 1 + w.r.IntN(8) {
		w.n++
		guid := fmt.Sprintf("https://%s.example/%d", source, w.n)
		k := news.ItemKey(source, guid)
		out.Items = append(out.Items, news.Item{Key: k, Entry: k, Source: source, GUID: guid, URL: guid, Title: guid, Revision: 1,
			Summary: w.words(200), FirstSeen: at, Published: at, Hash: w.r.Uint64()})
		out.Entries = append(out.Entries, news.Entry{Key: k, Published: at, Updated: at})
		out.Log = append(out.Log, news.LogRecord{Entry: k, Kind: news.RecordNew, Revision: 1})
		for i := range 3 {
			key := news.NewIdentityKey(fmt.Sprint(i), guid)
			w.keys[k] = append(w.keys[k], key)
			out.Keys = append(out.Keys, storetest.KeyedItem{Key: key, Item: k})
		}
		if pick(0, 1) == 1 {
			out.Fingerprints = append(out.Fingerprints, news.Fingerprint{Item: k, At: at, Terms: w.terms(30, 1<<32-1)})
			out.Stems = append(out.Stems, news.Fingerprint{Item: k, At: at, Terms: w.terms(84, 1<<16)})
		}
		w.feed[n] = append(w.feed[n], news.Seen{Item: k, Sum: w.r.Uint64()})
	}
	w.feed[n] = w.feed[n][max(0, len(w.feed[n])-30):]
	out.Window = w.feed[n]
	return out
}

func (w *traffic) words(n int) string {
	var b strings.Builder
	for range n {
		fmt.Fprintf(&b, "%x ", int(w.r.ExpFloat64()*9999)*31)
	}
	return b.String()
}

func (w *traffic) terms(n int, below uint32) []uint32 {
	all := make([]uint32, n)
	for i := range all {
		all[i] = w.r.Uint32N(below)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// TestFileIsFlatButForKeys plays days of a wire, in the whole form a year of ninety items a day, and then waits until the last text is
// gone. What the file has then is what items are recognised by. The whole form ends behind the fourth seal of the memtable, which may have
// two megabytes before.
func TestFileIsFlatButForKeys(t *testing.T) {
	t.Parallel()
	items, daily, kept := pick(600, 4*postings.SealDocs), pick(40, 90), time.Duration(pick(3, 30))*day
	s, w := temp(t, Options{}), &traffic{r: seeded(t), keys: map[news.Key][]news.IdentityKey{}}
	erased := 0
	prune := func(at time.Time) {
		done, err := s.Prune(at, Retention{Text: kept, Keys: 730 * day, Fingerprints: 3 * day}, func(it news.Item) []news.IdentityKey {
			return w.keys[it.Key]
		}, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		erased += done.Texts
	}
	at := noon
	for w.n < items {
		for until := w.n + daily; w.n < until; {
			commit(t, s, w.visit(at.Add(time.Duration(w.n)*time.Second)))
		}
		at = at.Add(day)
		prune(at)
	}
	prune(at.Add(2 * kept))
	st, err := s.Stats()
	if err != nil {
		t.Fatal(err)
	}
	all, blocks := 0.0, 0.0
	for _, b := range st.Buckets {
		t.Logf("%.1f bytes for each item in bucket %s", float64(b.Bytes)/float64(w.n), b.Name)
		if all += float64(b.Bytes) / float64(w.n); b.Name == string(bItem) {
			blocks = float64(b.Bytes) / float64(w.n)
		}
	}
	if erased != w.n || blocks > erasedBytes || all > float64(pick(2*keyBytes, keyBytes)) {
		t.Errorf("%.0f bytes for each of %d items, of which %d are erased; %.0f in blocks", all, w.n, erased, blocks)
	}
	view(t, s, func(v View) {
		for k, keys := range w.keys {
			if it, found, err := v.Item(k); err != nil || !found || !it.Erased || !slices.Equal(it.IdentityKeys, keys) {
				t.Fatalf("item %s: %t, %v, recognised by %v", k, found, err, it.IdentityKeys)
			}
		}
	})
	if faults := check(t, s); len(faults) > 0 {
		t.Error(faults)
	}
}
