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

// lookupKey names a look-up, where any is remembered. That of a count has no bounds.
func (r *Reader) lookupKey(index int, b Bounds, terms []uint64) string {
	if r.lookups == nil {
		return ""
	}
	key := binary.AppendUvarint(make([]byte, 0, 32+8*len(terms)), uint64(index))
	key = binary.AppendVarint(key, int64(b.Terms))
	key = binary.AppendVarint(key, int64(b.Each))
	key = binary.AppendVarint(key, b.Since)
	for _, t := range terms {
		key = binary.LittleEndian.AppendUint64(key, t)
	}
	return string(key)
}

// before returns what a look-up of that name found before, if what was added from then to a position is at the end of the memtable;
// else nil.
func (l *Lookups) before(key string, now position) *lookup {
	if l == nil {
		return nil
	}
	was := l.found[key]
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
func (r *Reader) remember(key string, found lookup) {
	l := r.lookups
	if l == nil || r.writable() {
		return
	}
	if l.found == nil {
		l.found = map[string]*lookup{}
	}
	if _, known := l.found[key]; known || len(l.found) < maxLookups {
		l.found[key] = &found
	}
}
