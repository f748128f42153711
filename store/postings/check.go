package postings

import (
	"fmt"

	"go.etcd.io/bbolt"
)

// Fault is something in the indexes that should not be.
type Fault struct {
	Where string // buckets and key
	What  string // is wrong, for people
}

func (f Fault) Error() string { return f.Where + ": " + f.What }

// Check reads everything, verifies every sum and every count, and reports what should not be. known says whether there is what a
// document of an index is of; one without is a fault. It returns an error where known does.
func (r *Reader) Check(known func(index int, id uint64) (bool, error), report func(Fault)) error {
	c := checker{Reader: r, known: known, report: report}
	for i := range r.set.indexes {
		t, end, err := r.memtable(i)
		if err != nil {
			c.failed(err)
			continue
		}
		for _, d := range t.docs[:end] {
			c.doc(i, r.set.indexes[i]+" memtable", d)
		}
	}
	c.keys(r.root, r.set.name, func(k []byte) bool {
		return string(k) == string(kState) || string(k) == string(kMemtable) || string(k) == string(kSegment)
	})
	if _, err := r.sealed(); err != nil {
		c.failed(err)
		return c.err
	}
	for i := range r.set.indexes {
		all, err := r.segments(i)
		if err != nil {
			c.failed(err)
		}
		var group *segment
		for _, s := range all {
			if s.group.n > 0 {
				group = s
			} else if group != nil && s.first < group.oldest {
				group = nil
			}
			c.segment(s, group)
		}
	}
	return c.err
}

type checker struct {
	*Reader
	known  func(index int, id uint64) (bool, error)
	report func(Fault)
	err    error // of known
}

func (c *checker) fault(where, format string, args ...any) {
	c.report(Fault{where, fmt.Sprintf(format, args...)})
}

// failed reports an error of reading.
func (c *checker) failed(err error) {
	if damage, ok := err.(*DamageError); ok {
		c.report(Fault{damage.Where, damage.Reason})
		return
	}
	c.report(Fault{c.set.name, err.Error()})
}

// keys reports what is in a bucket besides what belongs there.
func (c *checker) keys(b *bbolt.Bucket, where string, belongs func(k []byte) bool) {
	if b == nil {
		return
	}
	cur := b.Cursor()
	for k, _ := cur.First(); k != nil; k, _ = cur.Next() {
		if !belongs(k) {
			c.fault(where+" "+hex(k), "does not belong there")
		}
	}
}

func (c *checker) doc(index int, where string, d Doc) {
	there, err := c.known(index, d.ID)
	if err != nil {
		c.err = err
	} else if !there {
		c.fault(where, "there is no %d", d.ID)
	}
}

// segment checks one that is in a group, whose filter the other one has; nil: it is in none.
func (c *checker) segment(s, group *segment) {
	where := s.where(c.set, "")
	arrays := map[byte]*lines{kDocs: &s.rows, kFilter: &s.filter.lines, kGroup: &s.group.lines,
		kDirectory: &s.directory, kBlocks: &s.blocks}
	c.keys(s.rows.bucket, where, func(k []byte) bool {
		if string(k) == string(kHead) {
			return true
		}
		a := arrays[k[0]]
		return a != nil && len(k) == 2 && int(k[1])*valueBytes < a.n*a.size
	})
	for key, a := range arrays {
		c.array(a, fmt.Sprintf("%s%c", where, key))
	}
	c.docs(s, where)
	if err := c.postings(s, group, where); err != nil {
		c.failed(err)
	}
}

// array verifies every line, and that nothing follows the last one.
func (c *checker) array(a *lines, where string) {
	for n := range a.n {
		if _, ok := a.line(n); !ok {
			c.fault(where, "line %d %s", n, wrongSum)
		}
	}
	if last := len(a.values) - 1; last >= 0 && len(a.values[last]) > a.n*a.size-last*valueBytes {
		c.fault(where, "more follows its last line")
	}
}

func (c *checker) docs(s *segment, where string) {
	lowest, highest, newest := uint64(0), uint64(0), int64(0)
	for place := range s.docs {
		d, err := s.doc(place)
		if err != nil {
			c.failed(err)
			return
		}
		c.doc(s.index, where, d)
		if place == 0 {
			lowest, highest, newest = d.ID, d.ID, d.At
		}
		lowest, highest, newest = min(lowest, d.ID), max(highest, d.ID), max(newest, d.At)
	}
	if lowest != s.lowest || highest != s.highest || newest != s.newest {
		c.fault(where, "its head says %d to %d until %d, its documents %d to %d until %d", s.lowest, s.highest, s.newest, lowest, highest, newest)
	}
}

func (c *checker) postings(s, group *segment, where string) error {
	terms, postings, last := 0, 0, uint64(0)
	r := scanner{s: s}
	for {
		more, err := r.next()
		if err != nil {
			return err
		}
		if !more {
			break
		}
		if terms++; terms > 1 && r.b.term <= last {
			c.fault(where, "term %x follows %x", r.b.term, last)
		}
		last = r.b.term
		postings += len(r.places)
		if int(r.places[len(r.places)-1]) >= s.docs {
			c.fault(where, "term %x leads to a document that is not there", last)
		}
		h := hashOf(last)
		if may, err := s.may(&h); err != nil {
			return err
		} else if !may {
			c.fault(where, "term %x is not in its filter", last)
		}
		if group == nil {
			continue
		}
		if may, ok := group.group.may(&h); ok && !may {
			c.fault(where, "term %x is not in the filter of its group", last)
		}
	}
	if terms != s.terms || postings != s.postings {
		c.fault(where, "it has %d terms and %d postings, its head says %d and %d", terms, postings, s.terms, s.postings)
	}
	return nil
}
