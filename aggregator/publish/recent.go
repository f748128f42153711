package publish

import (
	"fmt"
	"iter"
	"strings"
	"sync"

	"dateline/aggregator/news"
)

// What a recent keeps.
const (
	recentEntries = 4000 // entries
	recentLog     = 1000 // records of the log
	recentTagged  = 8    // records of a source
	recentItems   = 100  // items
	recentChanges = 1000 // after more changes it begins anew
)

// recent keeps what documents read of the store most, so that after a change only what changed is read again: entries, and the newest
// records of the log and of each source. What it has is as of an update of the store. The zero recent has nothing. It is safe for
// concurrent use.
type recent struct {
	mu      sync.Mutex
	seq     uint64                     // of the store
	oldest  uint64                     // position of the log
	entries *lru[news.Key, news.Entry] // nil: nothing is kept
	items   map[news.Key]news.Item     // of entries that the last update changed
	records map[string]logHead         // by tag; the whole log: ""
}

// logHead is the newest records of the log, or of those with a tag.
type logHead struct {
	all []news.LogRecord // newest first, none is left out in between; an element is never changed
	end bool             // there are no older ones
}

// over returns a reader of the same snapshot that takes from k what it has, and has k keep what it reads.
func (k *recent) over(r Reader) Reader {
	k.mu.Lock()
	defer k.mu.Unlock()
	seq := r.Seq()
	if seq < k.seq {
		return r // an older snapshot than the last one
	}
	changed, known := r.ChangedSince(k.seq)
	if k.entries == nil || !known || len(changed) > recentChanges || r.Oldest() != k.oldest || k.advance(r, changed) != nil {
		k.entries, k.items, k.records = newLRU[news.Key, news.Entry](recentEntries), nil, map[string]logHead{}
	}
	k.seq, k.oldest = seq, r.Oldest()
	return recentReader{Reader: r, of: k, seq: seq}
}

// advance reads the entries that were changed and the new records of the log, and drops the records of the sources that carry those
// entries. After an error, which is that of r, k begins anew.
func (k *recent) advance(r Reader, changed []news.Key) error {
	if len(changed) > 0 {
		k.items = map[news.Key]news.Item{}
	}
	if err := eachCarrier(noting{r, k}, changed, func(source string) { delete(k.records, tagSource+source) }); err != nil {
		return err
	}
	log := k.records[""]
	if len(log.all) == 0 {
		delete(k.records, "")
		return nil
	}
	if r.Head() == log.all[0].Pos {
		return nil
	}
	var added []news.LogRecord
	for rec, err := range r.Records(0) {
		if err != nil {
			return err
		}
		if rec.Pos <= log.all[0].Pos {
			break
		}
		if added = append(added, rec); len(added) == recentLog {
			break
		}
	}
	whole := len(added) + len(log.all)
	log.all = append(added, log.all...)[:min(whole, recentLog)]
	log.end = log.end && len(log.all) == whole
	k.records[""] = log
	return nil
}

// tagSource begins the tag of a source.
const tagSource = "source:"

// eachCarrier calls do with each source that carries one of the entries.
func eachCarrier(r Reader, entries []news.Key, do func(source string)) error {
	for _, k := range entries {
		e, found, err := r.Entry(k)
		if err != nil {
			return fmt.Errorf("%w: entry %s: %w", ErrRead, k, err)
		}
		if !found {
			continue
		}
		for _, item := range e.Members() {
			it, found, err := r.Item(item)
			if err != nil {
				return fmt.Errorf("%w: item %s: %w", ErrRead, item, err)
			}
			if found {
				do(it.Source)
			}
		}
	}
	return nil
}

// noting has a recent keep what is read of the entries that changed. It is used while the recent is locked.
type noting struct {
	Reader
	of *recent
}

func (r noting) Entry(k news.Key) (news.Entry, bool, error) {
	e, found, err := r.Reader.Entry(k)
	if found && err == nil {
		r.of.entries.put(k, e, 1)
	}
	return e, found, err
}

func (r noting) Item(k news.Key) (news.Item, bool, error) {
	it, found, err := r.Reader.Item(k)
	if found && err == nil && len(r.of.items) < recentItems {
		r.of.items[k] = it
	}
	return it, found, err
}

// recentReader is a reader that takes from a recent what that has as of seq.
type recentReader struct {
	Reader
	of  *recent
	seq uint64
}

// snapshot returns the reader that the store gave, which has methods of its own besides: r's, where it keeps nothing.
func snapshot(r Reader) Reader {
	if keeping, is := r.(recentReader); is {
		return keeping.Reader
	}
	return r
}

// kept calls do unless the recent is as of another update by now.
func (r recentReader) kept(do func(k *recent)) {
	r.of.mu.Lock()
	defer r.of.mu.Unlock()
	if r.of.seq == r.seq {
		do(r.of)
	}
}

func (r recentReader) Entry(key news.Key) (e news.Entry, found bool, err error) {
	r.kept(func(k *recent) { e, found = k.entries.find(key) })
	if found {
		return e, true, nil
	}
	e, found, err = r.Reader.Entry(key)
	if found && err == nil {
		r.kept(func(k *recent) { k.entries.put(key, e, 1) })
	}
	return e, found, err
}

func (r recentReader) Item(key news.Key) (it news.Item, found bool, err error) {
	r.kept(func(k *recent) { it, found = k.items[key] })
	if found {
		return it, true, nil
	}
	return r.Reader.Item(key)
}

func (r recentReader) Records(from uint64) iter.Seq2[news.LogRecord, error] {
	return r.newest("", from, recentLog, r.Reader.Records)
}

func (r recentReader) Tagged(tag string, from uint64) iter.Seq2[news.LogRecord, error] {
	read := func(from uint64) iter.Seq2[news.LogRecord, error] { return r.Reader.Tagged(tag, from) }
	if !strings.HasPrefix(tag, tagSource) {
		return read(from)
	}
	return r.newest(tag, from, recentTagged, read)
}

// newest yields the records with a tag from a position downwards: those that are kept, then those that are read. Of these the first
// ones are kept, up to so many.
func (r recentReader) newest(tag string, from uint64, most int, read func(from uint64) iter.Seq2[news.LogRecord, error]) iter.Seq2[
	news.LogRecord, error] {
	return func(yield func(news.LogRecord, error) bool) {
		var have logHead
		r.kept(func(k *recent) { have = k.records[tag] })
		for _, rec := range have.all {
			if (from == 0 || rec.Pos <= from) && !yield(rec, nil) {
				return
			}
		}
		n := len(have.all)
		if have.end || n > 0 && have.all[n-1].Pos == 1 {
			return
		}
		next := n > 0 && (from == 0 || from+1 >= have.all[n-1].Pos) || n == 0 && from == 0 // what is read follows what is kept
		if next && n > 0 {
			from = have.all[n-1].Pos - 1
		}
		for rec, err := range read(from) {
			if err == nil && next && n < most {
				r.keepNext(tag, n, rec)
				n++
			}
			if !yield(rec, err) || err != nil {
				return
			}
		}
		if next && n < most {
			r.kept(func(k *recent) {
				if at := k.records[tag]; len(at.all) == n {
					k.records[tag] = logHead{at.all, true}
				}
			})
		}
	}
}

// keepNext has the recent keep a record with a tag, of which n newer ones are kept.
func (r recentReader) keepNext(tag string, n int, rec news.LogRecord) {
	r.kept(func(k *recent) {
		if at := k.records[tag]; len(at.all) == n {
			k.records[tag] = logHead{append(at.all, rec), false} // what others have of it ends before
		}
	})
}
