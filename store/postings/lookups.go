package postings

import "encoding/binary"

// Lookups remembers what was looked up, so that a reader of a later state looks only at what was added since (see [Reader.Remember]).
// The zero value is empty. It is used by one goroutine at a time.
type Lookups struct {
	found map[string]*lookup
}

// maxLookups bounds how many look-ups are remembered.
const maxLookups = 1 << 14

// lookup is what one look-up found, in one state of its index.
type lookup struct {
	at   position
	hits *finder // of FindAtLeast
	of   []int   // of Count
	docs int     // likewise
}

// position is a state of an index. What was added from one to a later one is the documents of the memtable from docs on, provided that
// the numbers are the same: nothing was sealed or removed.
type position struct {
	memtable, sealed uint64
	docs             int // in the memtable
}

func (r *Reader) position(index int) position {
	return position{r.state.memtable, r.state.sealed, r.state.sections[index].docs}
}

// Remember has look-ups take from l what was found before, with [Reader.FindAtLeast], [Reader.FindAny] and [Reader.Count], and put there
// what they find; in a transaction that writes, which may fail, they only take. The results are the same as without.
func (r *Reader) Remember(l *Lookups) { r.lookups = l }

// lookupKey names a look-up, where any is remembered, until the next call. That of a count has no bounds.
func (r *Reader) lookupKey(index int, b Bounds, terms []uint64) []byte {
	if r.lookups == nil {
		return nil
	}
	key := binary.AppendUvarint(r.key[:0], uint64(index))
	key = binary.AppendVarint(key, int64(b.Terms))
	key = binary.AppendVarint(key, int64(b.Each))
	key = binary.AppendVarint(key, b.Since)
	last := uint64(0)
	for _, t := range terms {
		key = binary.AppendUvarint(key, t-last) // small where they ascend, as most do
		last = t
	}
	r.key = key
	return key
}

// before returns what a look-up of that name found before, if what was added from then to now is at the end of the memtable; else nil.
func (r *Reader) before(key []byte, index int) *lookup {
	if r.lookups == nil {
		return nil
	}
	now, was := r.position(index), r.lookups.found[string(key)]
	if was == nil || was.at.memtable != now.memtable || was.at.sealed != now.sealed || was.at.docs > now.docs {
		return nil
	}
	return was
}

// end returns how many documents of the memtable were looked at.
func (l *lookup) end() int {
	if l == nil {
		return 0
	}
	return l.at.docs
}

// remember keeps what a look-up of that name found.
func (r *Reader) remember(key []byte, found lookup) {
	l := r.lookups
	if l == nil || r.writable() {
		return
	}
	if l.found == nil {
		l.found = map[string]*lookup{}
	}
	if _, known := l.found[string(key)]; known || len(l.found) < maxLookups {
		kept := found // so that it takes memory only where it is kept
		l.found[string(key)] = &kept
	}
}
