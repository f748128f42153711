package publish

import (
	"cmp"
	"iter"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"dateline/aggregator/news"
	"dateline/store"
	"dateline/store/storetest"
)

// world is the real store in a temporary folder. It is a Reader that takes a snapshot for each call, and has the handler read
// one snapshot at a time, as the program does.
type world struct {
	tb    testing.TB
	store *store.Store
	err   error        // what every reading returns besides
	read  atomic.Int64 // items read
}

func newWorld(tb testing.TB) *world {
	tb.Helper()
	s, err := store.Open(filepath.Join(tb.TempDir(), "wire.db"), store.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return &world{tb: tb, store: s}
}

// in returns the wire for a part of the test.
func (w *world) in(tb testing.TB) *world { return &world{tb: tb, store: w.store} }

// reading is a snapshot that counts the items read and fails where its wire does.
type reading struct {
	store.View
	w *world
}

func (r reading) Records(from uint64) iter.Seq2[news.LogRecord, error] {
	return failing(r.View.Records(from), r.w)
}

func (r reading) Tagged(tag string, from uint64) iter.Seq2[news.LogRecord, error] {
	return failing(r.View.Tagged(tag, from), r.w)
}

func (r reading) TaggedFrom(from uint64, tags []string, do func(tag int, pos uint64)) error {
	return cmp.Or(r.w.err, r.View.TaggedFrom(from, tags, do))
}

func (r reading) HeldBy(source string) iter.Seq2[news.Entry, error] {
	return failing(r.View.HeldBy(source), r.w)
}

func (r reading) Entry(k news.Key) (news.Entry, bool, error) {
	e, found, err := r.View.Entry(k)
	return e, found, cmp.Or(err, r.w.err)
}

func (r reading) Item(k news.Key) (news.Item, bool, error) {
	r.w.read.Add(1)
	it, found, err := r.View.Item(k)
	return it, found, cmp.Or(err, r.w.err)
}

func (r reading) Revision(k news.Key, n int) (news.Item, bool, error) {
	it, found, err := r.View.Revision(k, n)
	return it, found, cmp.Or(err, r.w.err)
}

// failing yields what seq does, each with the error of its wire.
func failing[T any](seq iter.Seq2[T, error], w *world) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for v, err := range seq {
			if !yield(v, cmp.Or(err, w.err)) {
				return
			}
		}
	}
}

// view gives read a snapshot.
func (w *world) view(read func(Reader) error) error {
	return w.store.View(func(v store.View) error { return read(reading{v, w}) })
}

// snapshot is view for what cannot fail.
func (w *world) snapshot(read func(Reader)) {
	w.tb.Helper()
	if err := w.view(func(r Reader) error { read(r); return nil }); err != nil {
		w.tb.Fatal(err)
	}
}

// atom renders the merged feed from one snapshot.
func (w *world) atom(p *Publisher) (doc *Document) {
	w.tb.Helper()
	if err := w.view(func(r Reader) (err error) {
		doc, err = p.Atom(r)
		return err
	}); err != nil {
		w.tb.Fatal(err)
	}
	return doc
}

// appendLog returns the record at a position.
func (w *world) appendLog(pos uint64) (found news.LogRecord) {
	w.tb.Helper()
	w.snapshot(func(r Reader) {
		for rec, err := range r.Records(pos) {
			if err != nil {
				w.tb.Fatal(err)
			}
			found = rec
			break
		}
	})
	return found
}

func (w *world) ConfigRev() (rev uint64, err error) {
	w.snapshot(func(r Reader) { rev, err = r.ConfigRev() })
	return rev, err
}

func (w *world) Seq() (n uint64) {
	w.snapshot(func(r Reader) { n = r.Seq() })
	return n
}

func (w *world) ChangedSince(seq uint64) (keys []news.Key, known bool) {
	w.snapshot(func(r Reader) { keys, known = r.ChangedSince(seq) })
	return keys, known
}

func (w *world) Head() (n uint64) {
	w.snapshot(func(r Reader) { n = r.Head() })
	return n
}

func (w *world) Oldest() (n uint64) {
	w.snapshot(func(r Reader) { n = r.Oldest() })
	return n
}

func (w *world) FeedID() (id string) {
	w.snapshot(func(r Reader) { id = r.FeedID() })
	return id
}

func (w *world) Records(from uint64) iter.Seq2[news.LogRecord, error] {
	return collected(w, func(r Reader) iter.Seq2[news.LogRecord, error] { return r.Records(from) })
}

func (w *world) Tagged(tag string, from uint64) iter.Seq2[news.LogRecord, error] {
	return collected(w, func(r Reader) iter.Seq2[news.LogRecord, error] { return r.Tagged(tag, from) })
}

func (w *world) TaggedFrom(from uint64, tags []string, do func(tag int, pos uint64)) (err error) {
	w.snapshot(func(r Reader) { err = r.TaggedFrom(from, tags, do) })
	return err
}

func (w *world) HeldBy(source string) iter.Seq2[news.Entry, error] {
	return collected(w, func(r Reader) iter.Seq2[news.Entry, error] { return r.HeldBy(source) })
}

// collected yields what a snapshot does, after its end.
func collected[T any](w *world, of func(Reader) iter.Seq2[T, error]) iter.Seq2[T, error] {
	var all []T
	var errs []error
	w.snapshot(func(r Reader) {
		for v, err := range of(r) {
			all, errs = append(all, v), append(errs, err)
		}
	})
	return func(yield func(T, error) bool) {
		for i, v := range all {
			if !yield(v, errs[i]) {
				return
			}
		}
	}
}

func (w *world) Entry(k news.Key) (e news.Entry, found bool, err error) {
	w.snapshot(func(r Reader) { e, found, err = r.Entry(k) })
	return e, found, err
}

func (w *world) Item(k news.Key) (it news.Item, found bool, err error) {
	w.snapshot(func(r Reader) { it, found, err = r.Item(k) })
	return it, found, err
}

func (w *world) Revision(k news.Key, n int) (it news.Item, found bool, err error) {
	w.snapshot(func(r Reader) { it, found, err = r.Revision(k, n) })
	return it, found, err
}

// log returns the records from position 1 on.
func (w *world) log() (all []news.LogRecord) {
	w.tb.Helper()
	for rec, err := range w.Records(0) {
		if err != nil && w.err == nil {
			w.tb.Fatal(err)
		}
		all = append(all, rec)
	}
	slices.Reverse(all)
	return all
}

// entries returns all entries, in any state.
func (w *world) entries() map[news.Key]news.Entry {
	w.tb.Helper()
	all := map[news.Key]news.Entry{}
	if err := w.store.View(func(v store.View) error {
		for it, err := range v.Items() {
			if err != nil {
				return err
			}
			e, found, err := v.Entry(it.Entry)
			if err != nil {
				return err
			}
			if found {
				all[e.Key] = e
			}
		}
		return nil
	}); err != nil {
		w.tb.Fatal(err)
	}
	return all
}

func (w *world) entry(k news.Key) news.Entry {
	w.tb.Helper()
	e, found, err := w.Entry(k)
	if !found || err != nil {
		w.tb.Fatalf("entry %s: %t, %v", k, found, err)
	}
	return e
}

func (w *world) item(k news.Key) news.Item {
	w.tb.Helper()
	it, found, err := w.Item(k)
	if !found || err != nil {
		w.tb.Fatalf("item %s: %t, %v", k, found, err)
	}
	return it
}

// pending is what one transaction stores.
type pending struct{ storetest.Visit }

// add adds the items as one entry, the first of them representing it, held or with its record.
func (p *pending) add(state news.EntryState, items []news.Item) news.Key {
	var keys []news.Key
	for i, it := range items {
		items[i] = item(it)
		keys = append(keys, items[i].Key)
	}
	it := items[0]
	for i := range items {
		items[i].Entry, items[i].Held = it.Key, items[i].Held || state == news.Held
	}
	e := news.Entry{Key: it.Key, Items: keys, Published: cmp.Or(it.Published, it.FirstSeen), Revision: it.Revision, State: state}
	e.Updated = e.Published
	p.Source, p.Now = it.Source, it.FirstSeen
	p.Items, p.Entries = append(p.Items, items...), append(p.Entries, e)
	if state != news.Held {
		p.Log = append(p.Log, news.LogRecord{Entry: e.Key, Kind: news.RecordNew, Revision: it.Revision})
	}
	return e.Key
}

func (w *world) commit(p pending) {
	w.tb.Helper()
	if err := w.store.Update(p.Now, func(t *store.Tx) error { return p.Put(t) }); err != nil {
		w.tb.Fatal(err)
	}
}

// publish stores the items as one entry, the first of them representing it, and returns the entry.
func (w *world) publish(items ...news.Item) news.Entry {
	w.tb.Helper()
	var p pending
	k := p.add(news.Public, items)
	w.commit(p)
	return w.entry(k)
}

// publishEach stores each item as an entry of its own, all in one transaction.
func (w *world) publishEach(items ...news.Item) {
	w.tb.Helper()
	var p pending
	for _, it := range items {
		p.add(news.Public, []news.Item{it})
	}
	w.commit(p)
}

// putHeld stores the item as an entry that is held back.
func (w *world) putHeld(it news.Item) news.Entry {
	w.tb.Helper()
	var p pending
	k := p.add(news.Held, []news.Item{it})
	w.commit(p)
	return w.entry(k)
}

// put stores an item anew, with its entry: the next revision of it where the number says so.
func (w *world) put(it news.Item) {
	w.tb.Helper()
	w.commit(pending{storetest.Visit{Source: it.Source, Now: it.FirstSeen, Items: []news.Item{it}, Entries: []news.Entry{w.entry(it.Entry)}}})
}

// putEntry stores an entry anew, without a record.
func (w *world) putEntry(e news.Entry) {
	w.tb.Helper()
	w.commit(pending{storetest.Visit{Now: day, Entries: []news.Entry{e}}})
}

// touch has the entry count as changed.
func (w *world) touch(k news.Key) { w.putEntry(w.entry(k)) }

// change stores the entry anew and records why.
func (w *world) change(e news.Entry, kind news.Kind, at time.Time) {
	w.tb.Helper()
	e.Updated = at
	rec := news.LogRecord{Entry: e.Key, Kind: kind, Revision: w.item(e.Key).Revision}
	w.commit(pending{storetest.Visit{Now: at, Entries: []news.Entry{e}, Log: []news.LogRecord{rec}}})
}

// erase destroys the text of an item.
func (w *world) erase(k news.Key) {
	w.tb.Helper()
	w.commit(pending{storetest.Visit{Now: day, Erase: []news.Erasure{{Item: k}}}})
}

// expire has the items of the records leave their feed and pass retention.
func (w *world) expire(all []news.LogRecord) {
	w.tb.Helper()
	window := []news.Seen{}
	for _, rec := range all {
		window = append(window, news.Seen{Item: rec.Entry})
	}
	for _, now := range [][]news.Seen{window, {}} {
		w.commit(pending{storetest.Visit{Source: w.item(all[0].Entry).Source, Now: day, Window: now}})
	}
	none := func(news.Item) []news.IdentityKey { return nil }
	if _, err := w.store.Prune(day.Add(48*time.Hour), store.Retention{Text: 24 * time.Hour}, none, time.Minute); err != nil {
		w.tb.Fatal(err)
	}
}

// purge forgets all items of a source.
func (w *world) purge(source string) {
	w.tb.Helper()
	if _, err := w.store.Purge(day, source, func(news.Item) []news.IdentityKey { return nil }); err != nil {
		w.tb.Fatal(err)
	}
}
