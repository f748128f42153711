package aggregator

import (
	"slices"
	"time"

	"dateline/aggregator/dedup"
	"dateline/aggregator/news"
	"dateline/aggregator/text"
	"dateline/store"
)

// entrySetup is what the configuration decides about items and entries.
type entrySetup struct {
	Sources        []news.Source            // the configured ones
	InitialSources []string                 // ids of those that the store begins with, for a store that has none yet
	FirstPoll      int                      // items that are published of the first document of any other source; the rest is held
	Thresholds     news.Thresholds          // when two texts are the same; what is zero has its default
	Stemmer        *text.Stemmer            // of the words that stories are found by
	Terms          func(news.Item) []uint32 // returns what an item is searched for by
}

// tx is what one transaction changes of items, entries, rules and the log so far. What is read from it is the store
// as it will be then.
type tx struct {
	store.View
	w     *store.Writes
	at    time.Time
	setup *entrySetup

	items   map[news.Key]int         // places in w.Items
	entries map[news.Key]int         // places in w.Entries
	rules   map[news.Key]int         // places in w.Rules
	terms   map[uint32][]int         // places in w.Prints of new items
	texts   map[news.Key]*dedup.Text // of items, as they were compared

	out outcome // so far
}

func newTx(s store.View, w *store.Writes, setup *entrySetup) *tx {
	return &tx{View: s, w: w, at: w.Now, setup: setup,
		items: map[news.Key]int{}, entries: map[news.Key]int{}, rules: map[news.Key]int{}, terms: map[uint32][]int{}, texts: map[news.Key]*dedup.Text{}}
}

// Item returns the item as the transaction has it, else as the store has it.
func (d *tx) Item(k news.Key) (news.Item, bool, error) {
	if i, ok := d.items[k]; ok {
		return d.w.Items[i], true, nil
	}
	return d.View.Item(k)
}

func (d *tx) putItem(it news.Item) { put(&d.w.Items, d.items, it.Key, it) }

// Entry returns the entry as the transaction has it, else as the store has it.
func (d *tx) Entry(k news.Key) (news.Entry, bool, error) {
	if slices.Contains(d.w.Dropped, k) {
		return news.Entry{}, false, nil
	}
	if i, ok := d.entries[k]; ok {
		return d.w.Entries[i], true, nil
	}
	return d.View.Entry(k)
}

// entry is Entry for one that is bound to be there.
func (d *tx) entry(k news.Key) (news.Entry, error) {
	e, found, err := d.Entry(k)
	if err == nil && !found {
		e = news.Entry{Key: k}
	}
	return e, err
}

func (d *tx) putEntry(e news.Entry) {
	if len(d.w.Dropped) > 0 {
		d.w.Dropped = without(d.w.Dropped, e.Key)
	}
	put(&d.w.Entries, d.entries, e.Key, e)
}

// dropEntry forgets an entry that was never published.
func (d *tx) dropEntry(k news.Key) {
	if i, ok := d.entries[k]; ok {
		d.w.Entries = slices.Delete(d.w.Entries, i, i+1)
		delete(d.entries, k)
		for other, at := range d.entries {
			if at > i {
				d.entries[other] = at - 1
			}
		}
	}
	d.w.Dropped = append(d.w.Dropped, k)
}

// Rule returns what an editor decided of the item named k.
func (d *tx) Rule(k news.Key) (news.Rule, error) {
	if i, ok := d.rules[k]; ok {
		return d.w.Rules[i], nil
	}
	return d.View.Rule(k)
}

func (d *tx) putRule(r news.Rule) {
	r.At = d.at
	put(&d.w.Rules, d.rules, r.Item, r)
}

// EntryByID returns the entry that bears the atom:id, or will.
func (d *tx) EntryByID(atomID string) (news.Entry, bool, error) {
	if i := slices.IndexFunc(d.w.Entries, func(e news.Entry) bool { return e.ID == atomID }); i >= 0 {
		return d.w.Entries[i], true, nil
	}
	return d.View.EntryByID(atomID)
}

// ItemsByKey returns the items that have the identity key, or will.
func (d *tx) ItemsByKey(c news.IdentityKey) ([]news.Item, error) {
	all, err := d.View.ItemsByKey(c)
	for i, it := range all {
		if at, changed := d.items[it.Key]; changed {
			all[i] = d.w.Items[at]
		}
	}
	for _, laid := range d.w.IdentityKeys {
		if at, written := d.items[laid.Item]; written && laid.Key == c && !slices.ContainsFunc(all, func(o news.Item) bool { return o.Key == laid.Item }) {
			all = append(all, d.w.Items[at])
		}
	}
	return all, err
}

// appendLog has the log tell of an entry. One that was never published has its first position from now on.
func (d *tx) appendLog(kind news.Kind, e news.Entry) error {
	it, _, err := d.Item(e.Key)
	if err != nil {
		return err
	}
	if e.First == 0 {
		e.First = d.Head() + 1 + uint64(len(d.w.Log))
	}
	d.putEntry(e)
	d.w.Log = append(d.w.Log, news.LogRecord{Entry: e.Key, Kind: kind, Revision: it.Revision})
	return nil
}

// put puts v into all, in the place of what is there under its key.
func put[T any](all *[]T, places map[news.Key]int, k news.Key, v T) {
	if i, ok := places[k]; ok {
		(*all)[i] = v
		return
	}
	places[k] = len(*all)
	*all = append(*all, v)
}

// addFingerprint keeps what an item is found by, and has new items be found by those that follow.
func (d *tx) addFingerprint(p news.Fingerprint, isNew bool) {
	if isNew {
		for _, m := range p.Terms {
			d.terms[m] = append(d.terms[m], len(d.w.Fingerprints))
		}
	}
	d.w.Fingerprints = append(d.w.Fingerprints, p)
}

// index keeps what an item is searched for by.
func (d *tx) index(it news.Item, stems []uint32) {
	d.w.Stems = append(d.w.Stems, news.Fingerprint{Item: it.Key, At: it.Date(), Terms: stems})
}

// unstored is added to the place of a fingerprint in Writes where a stored item has its number.
const unstored = 1 << 62

// FindAny returns the items with one of the terms: the store's, then the transaction's own new ones.
func (d *tx) FindAny(terms []uint32, most int) ([]news.Hit, error) {
	all, err := d.View.FindAny(terms, most)
	stored := len(all)
	for _, m := range terms {
		for _, at := range d.terms[m][:min(len(d.terms[m]), most+1)] {
			n := uint64(unstored + at)
			i := slices.IndexFunc(all[stored:], func(o news.Hit) bool { return o.Number == n })
			if i < 0 {
				i = len(all) - stored
				all = append(all, news.Hit{Number: n, Source: d.w.Source, At: d.w.Fingerprints[at].At})
			}
			all[stored+i].Terms = append(all[stored+i].Terms, m)
		}
	}
	return all, err
}

// ItemByNumber returns the item that a hit is of, as the transaction has it.
func (d *tx) ItemByNumber(n uint64) (news.Item, bool, error) {
	if n >= unstored {
		return d.Item(d.w.Fingerprints[n-unstored].Item)
	}
	it, found, err := d.View.ItemByNumber(n)
	if i, ok := d.items[it.Key]; ok && found {
		return d.w.Items[i], true, nil
	}
	return it, found, err
}
