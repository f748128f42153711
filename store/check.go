package store

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"dateline/aggregator/news"
	"dateline/store/boltfile"
	"dateline/store/postings"
)

// Fault is something in the file that should not be: where, by bucket and what in it, and what is wrong, for people.
type Fault = postings.Fault

// Check looks at the whole file and reports every fault that it finds: first in the pages, while commits wait; then in what
// they hold, while they do not, unless the pages are damaged, which bbolt may not survive:
//
//   - every row has its sum, and every bucket as many rows as were written;
//   - every log record names an item that has an entry, positions are dense, and an entry's are within the log;
//   - every entry's items are there and say that they are in it, and its atom:id leads to it;
//   - every item is found by its key, and by the day on which it was first seen;
//   - what left its feed are items, and one that has left it again is noted for the last day;
//   - every window names items, and every feed description is counted as often as it is used;
//   - what is held back and what an editor decided is listed as the items and entries have it;
//   - every posting can be read and is that of an item, a tag that of a record of the log;
//   - the newest record of each entry has the tags of its sources.
//
// It returns an error where it could not look; [ErrCorrupt] where the file could not be walked to its end.
func (s *Store) Check(report func(Fault)) error {
	damaged := false
	err := s.exclusive("check", func() error {
		boltfile.Walk(s.file, s.length(), func(f boltfile.Fault) {
			damaged = true
			report(Fault{Where: fmt.Sprint("page ", f.Page), What: f.What})
		})
		return nil
	})
	if err != nil || damaged {
		return err
	}
	return s.View(func(v View) error {
		c := checker{View: v, report: report, used: map[uint64]int{}, firsts: map[uint32]uint64{}}
		for _, part := range []func(){c.meta, c.items, c.firstSeen, c.departures, c.entries, c.log, c.sources, c.states, c.postings,
			c.tags,
			c.held, c.embargoes, c.rules, c.subscriptions, c.subscribers, c.events, c.initialSources} {
			part()
		}
		return nil
	})
}

// checker goes through the buckets one after the other. What cannot be read is a fault, and the rest is looked at all
// the same.
type checker struct {
	View
	report func(Fault)
	used   map[uint64]int    // how often a feed's description is referred to, by its hash
	firsts map[uint32]uint64 // the first item of each day, by number
	end    uint64            // number behind the items of the block that was checked last
}

func (c *checker) fault(where, format string, args ...any) {
	c.report(Fault{Where: where, What: fmt.Sprintf(format, args...)})
}

// each goes through a bucket, verifies the sums of its rows, and compares their number with the totals. One that is not there is empty.
func (c *checker) each(name []byte, do func(k, v []byte)) {
	t, rows := c.table(name), uint64(0)
	if t.bucket != nil {
		cur := t.bucket.Cursor()
		for k, stored := cur.First(); k != nil; k, stored = cur.Next() {
			rows++
			if value, err := t.open(k, stored); err != nil {
				c.fault(fmt.Sprintf("%s %x", name, k), "its sum is wrong")
			} else {
				do(k, value)
			}
		}
	}
	if t.rows != nil && rows != *t.rows {
		c.fault(string(name), "it has %d rows, not %d", rows, *t.rows)
	}
}

// has reports whether a bucket has a row, damaged or not.
func (c *checker) has(name, k []byte) bool {
	there, err := c.table(name).has(k)
	return there || err != nil
}

// meta checks the rows that are about the file.
func (c *checker) meta() {
	c.each(bMeta, func(k, _ []byte) {
		switch string(k) {
		case string(kSchema), string(kHorizon), string(kTotals), string(kConfigRev), string(kConfig), string(kLog):
		default:
			c.fault(fmt.Sprintf("meta %x", k), "does not belong there")
		}
	})
	if _, err := c.Config(); err != nil {
		c.fault("meta", "%v", err)
	}
}

// there returns the key of the item with that number, and says so where it cannot be read.
func (c *checker) there(where string, number uint64) (news.Key, bool) {
	k, found, err := c.keyOf(number)
	if err != nil {
		c.fault(where, "item %d: %v", number, err)
	}
	return k, found
}

func (c *checker) log() {
	before := c.Oldest() - 1
	c.each(bLog, func(k, value []byte) {
		pos := num8(k)
		where := fmt.Sprintf("log %d", pos)
		if pos != before+1 {
			c.fault(where, "follows %d", before)
		}
		before = pos
		number, _, err := unpackLog(pos, value)
		if err != nil {
			c.fault(where, "%v", err)
			return
		}
		if item, found := c.there(where, number); found && !c.has(bEntry, key8(number)) {
			c.fault(where, "item %s has no entry", item)
		}
	})
	if head := c.Head(); head > 0 && before != head {
		c.fault("log", "it ends at %d, not at %d", before, head)
	}
}

func (c *checker) entries() {
	head := c.Head()
	c.each(bEntry, func(k, value []byte) {
		number := num8(k)
		where := fmt.Sprintf("entry %d", number)
		item, found := c.there(where, number)
		if !found {
			c.fault(where, "its item is not there")
			return
		}
		where = "entry " + item.String()
		e, err := unpackEntry(item, value)
		if err != nil {
			c.fault(where, "%v", err)
			return
		}
		if e.First > e.Last || e.Last > head {
			c.fault(where, "is at %d and %d of a log that ends at %d", e.First, e.Last, head)
		}
		if e.ID != "" {
			if of, found, err := c.withID(e.ID); err != nil || !found || of.Key != item {
				c.fault(where, "its atom:id %s does not lead to it", e.ID)
			}
		}
		c.members(where, e)
	})
}

// members checks that the items of an entry are in it. One that was forgotten may be named still, and an entry that
// was merged names what it once had.
func (c *checker) members(where string, e news.Entry) {
	for _, k := range e.Members() {
		it, found, err := c.Item(k)
		switch {
		case err != nil:
			c.fault(where, "item %s: %v", k, err)
		case found && it.Entry != e.Key && e.State != news.Merged:
			c.fault(where, "item %s says that it is in %s", k, it.Entry)
		}
	}
}

func (c *checker) sources() {
	c.each(bSource, func(k, value []byte) {
		id, isWindow := bytes.CutSuffix(k, []byte{0})
		switch {
		case k[0] == 0:
			hash := num8(k[1:])
			if fr, err := c.feed(hash); err != nil || fr.Uses != c.used[hash] {
				c.fault(fmt.Sprintf("source: feed %x", hash), "it is used %d times, not %d (%v)", c.used[hash], fr.Uses, err)
			}
		case isWindow:
			where := fmt.Sprintf("source %s: window", id)
			w, err := unpackWindow(value)
			if err != nil {
				c.fault(where, "%v", err)
			}
			for _, s := range w {
				if _, found := c.there(where, s.number); !found {
					c.fault(where, "there is no item %d", s.number)
				}
			}
		}
	})
}

// states checks that what is remembered of every source can be read, rows of visits included.
func (c *checker) states() {
	all, err := c.readStates() // not those in memory
	if err != nil {
		c.fault("source", "%v", err)
		return
	}
	for _, part := range all.parts {
		for _, source := range slices.Sorted(maps.Keys(part)) {
			if _, err := c.unpackState(source, part[source]); err != nil {
				c.fault("source "+source, "%v", err)
			}
		}
	}
}

func (c *checker) initialSources() { c.each(bInitialSource, func(_, _ []byte) {}) }

func (c *checker) subscriptions() {
	ownKeys(c, bPush, func(sub news.Subscription) []byte { return []byte(sub.Token) })
}

func (c *checker) subscribers() { ownKeys(c, bHub, hubKey) }

// ownKeys checks that the values of a bucket can be read, and that each has the key of its row.
func ownKeys[T any](c *checker, name []byte, keyOf func(T) []byte) {
	c.each(name, func(k, value []byte) {
		shown, _, _ := bytes.Cut(k, []byte{0}) // a callback is not
		where := fmt.Sprintf("%s %s", name, shown)
		var is T
		if err := c.s.codec.unpack(value, &is); err != nil {
			c.fault(where, "%v", err)
		} else if !bytes.Equal(k, keyOf(is)) {
			c.fault(where, "it is under another's key")
		}
	})
}
