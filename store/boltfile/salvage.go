package boltfile

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"io"
	"slices"
)

// Salvage finds the rows of the buckets at the root of a damaged file, of which bbolt reads nothing. A row counts where Whole says so: so
// the pages that lead to it, their heads and the places of their elements are believed only as far as they lead to such rows. Buckets
// below those at the root are left out.
//
// Rows are looked for in three places: in the newest tree; what a damaged page of that would lead to, in the tree before, whose pages
// are kept until the next commit; and at last in every page that the list of free pages does not name, where the file has such a list.
// What the last two give may be older than what was stored last.
type Salvage struct {
	From    io.ReaderAt
	Size    int64
	Buckets []string // names, of which every one is looked for
	Others  []string // names of buckets at the root that are left out

	Whole func(bucket int, k, stored []byte) bool
	// Version orders the roots of a file without a whole meta page: that with the highest version of its rows is the newest. Rows with a
	// version other than 0 are taken from free pages too.
	Version func(bucket int, k, stored []byte) uint64
	// Found is given each whole row, which is valid until Found returns. It may be given one more than once.
	Found func(bucket int, k, stored []byte, from Origin)
	// Lost is given what is damaged of a bucket: the key of a row, as far as it can be read; nil: a page that leads to rows.
	Lost func(bucket int, k []byte)

	size  int // of a page, in bytes
	end   uint64
	level Origin
	seen  []map[uint64]bool // pages of the tree under way, by bucket
	lost  [][]keyRange      // by bucket: where the newest tree has damage
}

// Origin is where a row was found.
type Origin int

// The origins, the best first.
const (
	InTree     Origin = iota // as it was stored last
	InTreePrev               // in the tree of the transaction before
	InPage                   // in a page that nothing leads to: it may be of any age
)

// keyRange is the keys from low on and below high; nil: there is no bound.
type keyRange struct{ low, high []byte }

func (r keyRange) has(k []byte) bool {
	return bytes.Compare(k, r.low) >= 0 && (r.high == nil || bytes.Compare(k, r.high) < 0)
}

// maxValue is how large a row is at most that is looked at, in bytes.
const maxValue = 64 << 20

// Run finds the rows. It reports whether the newest tree is without damage.
func (s *Salvage) Run() (whole bool) {
	metas := s.metas()
	s.end = uint64(s.Size) / uint64(s.size)
	s.lost = make([][]keyRange, len(s.Buckets))
	var roots []uint64
	for _, m := range metas {
		roots = append(roots, m.root)
	}
	if len(roots) < 2 {
		roots = append(roots, s.guessRoots()...)
	}
	for i, root := range roots[:min(2, len(roots))] {
		if i == 0 || s.hasLoss() {
			s.level = Origin(i)
			s.tree(root)
		}
	}
	if len(roots) == 0 {
		for b := range s.Buckets {
			s.lose(b, keyRange{}, nil)
		}
	}
	if !s.hasLoss() {
		return len(metas) == 2
	}
	s.level = InPage
	s.everyPage(s.freePages(metas))
	return false
}

func (s *Salvage) hasLoss() bool {
	return slices.ContainsFunc(s.lost, func(all []keyRange) bool { return len(all) > 0 })
}

// metas returns the valid meta pages, the newest first, and sets the size of a page.
func (s *Salvage) metas() (all []Meta) {
	s.size = usualSize
	for _, at := range []int64{0, 512, 1 << 10, 2 << 10, 4 << 10, 8 << 10, 16 << 10, 32 << 10, 64 << 10} {
		page := make([]byte, metaLength)
		if _, err := s.From.ReadAt(page, at); err != nil {
			break
		}
		m := unpackMeta(page)
		if !m.valid || m.size < 512 || m.size > 1<<16 || at != 0 && at != int64(m.size) {
			continue
		}
		s.size, all = m.size, append(all, m)
	}
	slices.SortFunc(all, func(a, b Meta) int { return cmp.Compare(b.tx, a.tx) })
	return all
}

// freePages returns the pages that the newest meta page says are free; none where it has no list, or a damaged one.
func (s *Salvage) freePages(metas []Meta) map[uint64]bool {
	if len(metas) == 0 || !metas[0].hasFreeList() {
		return nil
	}
	damaged := false
	w := walker{from: s.From, meta: metas[0], used: make([]bool, metas[0].end), report: func(Fault) { damaged = true }}
	free := map[uint64]bool{}
	for _, id := range w.freeList() {
		free[id] = true
	}
	if damaged {
		return nil
	}
	return free
}

// guessRoots returns the pages that can be the root of a file without a whole meta page, the newest first.
func (s *Salvage) guessRoots() []uint64 {
	versions := map[uint64]uint64{}
	for id := uint64(2); id < s.end; id++ {
		p, ok := s.page(id)
		if !ok || !p.isLeaf() {
			continue
		}
		buckets, version := 0, uint64(0)
		for _, e := range p.leaf() {
			if b := s.bucketOf(e); b >= 0 {
				buckets++
				s.inline(b, e, func(k, stored []byte) { version = max(version, s.Version(b, k, stored)) })
			}
		}
		if buckets > len(s.Buckets)/2 {
			versions[id] = version
		}
	}
	roots := make([]uint64, 0, len(versions))
	for id := range versions {
		roots = append(roots, id)
	}
	slices.SortFunc(roots, func(a, b uint64) int { return cmp.Or(cmp.Compare(versions[b], versions[a]), cmp.Compare(a, b)) })
	return roots
}

// bucketOf returns which bucket an element of a root is; -1: none that is looked for.
func (s *Salvage) bucketOf(e looseItem) int {
	if !e.isBucket || len(e.value) < bucketHead {
		return -1
	}
	return slices.Index(s.Buckets, string(e.key))
}

// inline calls do with the whole rows of a bucket that is a part of the root's page; it reports whether it is, and all are.
func (s *Salvage) inline(b int, e looseItem, do func(k, stored []byte)) (is, whole bool) {
	if binary.NativeEndian.Uint64(e.value) != 0 {
		return false, false
	}
	if len(e.value) < bucketHead+pageHead {
		return true, false
	}
	p := loosePage{head: e.value[bucketHead:]}
	rows := p.leaf()
	whole = p.isWhole(rows)
	for _, row := range rows {
		if !row.isBucket && s.Whole(b, row.key, row.value) {
			do(row.key, row.value)
			continue
		}
		whole = false
		s.report(b, row.key)
	}
	return true, whole
}

// report reports damage of the newest tree.
func (s *Salvage) report(b int, k []byte) {
	if s.level == InTree && s.lost != nil && s.seen != nil {
		s.Lost(b, k)
	}
}

// lose notes a range of keys in which the newest tree has damage.
func (s *Salvage) lose(b int, r keyRange, k []byte) {
	if s.level == InTree {
		s.lost[b] = append(s.lost[b], keyRange{bytes.Clone(r.low), bytes.Clone(r.high)})
		s.Lost(b, k)
	}
}

// found passes a row on, of the older places only where the newest tree has damage.
func (s *Salvage) found(b int, k, stored []byte) {
	if s.level == InTree || slices.ContainsFunc(s.lost[b], func(r keyRange) bool { return r.has(k) }) {
		s.Found(b, k, stored, s.level)
	}
}

// tree goes through the pages from the root on.
func (s *Salvage) tree(root uint64) {
	s.seen = make([]map[uint64]bool, len(s.Buckets))
	p, whole := s.page(root)
	var all []looseItem
	if whole {
		all = p.leaf()
		whole = p.isWhole(all)
	}
	for _, e := range all {
		b := s.bucketOf(e)
		if b < 0 || s.seen[b] != nil {
			whole = whole && b < 0 && e.isBucket && slices.Contains(s.Others, string(e.key))
			continue
		}
		s.seen[b] = map[uint64]bool{}
		is, rowsWhole := s.inline(b, e, func(k, stored []byte) { s.found(b, k, stored) })
		switch {
		case !is:
			s.below(b, binary.NativeEndian.Uint64(e.value), keyRange{}, keyRange{})
		case !rowsWhole:
			s.lose(b, keyRange{}, nil)
		}
	}
	for b := range s.Buckets {
		if !whole && s.seen[b] == nil {
			s.lose(b, keyRange{}, nil)
		}
	}
}

// below goes through the pages of a bucket from one on, whose keys are in a range, as a page for the keys in parent says.
func (s *Salvage) below(b int, id uint64, r, parent keyRange) {
	p, ok := s.page(id)
	if !ok || s.seen[b][id] {
		s.lose(b, parent, nil)
		return
	}
	s.seen[b][id] = true
	if p.isBranch() && p.id() == id && s.branch(b, p, r) || s.rows(b, p, r, parent) || p.isLeaf() {
		return
	}
	if !s.branch(b, p, r) {
		s.lose(b, parent, nil)
	}
}

// branch goes through the pages that a page leads to, and reports whether it is a branch.
func (s *Salvage) branch(b int, p loosePage, r keyRange) bool {
	all := p.branch()
	if len(all) == 0 || r.low != nil && !bytes.Equal(all[0].key, r.low) {
		return false
	}
	if len(all) != p.count() {
		s.lose(b, r, nil)
	}
	for i, e := range all {
		next := r.high
		if i+1 < len(all) {
			next = all[i+1].key
		}
		s.below(b, e.page, keyRange{e.key, next}, r)
	}
	return true
}

// rows passes on the whole rows of a page of a bucket, and reports whether there are some. A page that begins with another key than the
// one that leads to it is another one, or that key is damaged.
func (s *Salvage) rows(b int, p loosePage, r, parent keyRange) (some bool) {
	all := p.leaf()
	if len(all) > 0 && r.low != nil && !bytes.Equal(all[0].key, r.low) {
		s.lose(b, parent, nil)
		return p.isLeaf()
	}
	damaged := !p.isWhole(all) || !p.isLeaf()
	var faulty [][]byte
	for _, e := range all {
		switch {
		case e.isBucket || !s.Whole(b, e.key, e.value):
			damaged = true
			faulty = append(faulty, e.key)
		case !r.has(e.key):
			s.lose(b, parent, nil)
		default:
			some = true
			s.found(b, e.key, e.value)
		}
	}
	if damaged && (some || p.isLeaf()) {
		for _, k := range faulty {
			s.report(b, k)
		}
		s.lose(b, r, nil)
	}
	return some
}

// everyPage looks for rows in all pages but the free ones.
func (s *Salvage) everyPage(free map[uint64]bool) {
	for id := uint64(2); id < s.end; id++ {
		p, ok := s.page(id)
		if !ok || !p.isLeaf() && p.id() != id {
			continue
		}
		for _, e := range p.leaf() {
			if b := s.bucketOf(e); b >= 0 {
				s.inline(b, e, func(k, stored []byte) {
					if !free[id] || s.Version(b, k, stored) > 0 {
						s.found(b, k, stored)
					}
				})
			}
			for b := range s.Buckets {
				if len(s.lost[b]) > 0 && !free[id] && !e.isBucket && s.Whole(b, e.key, e.value) {
					s.found(b, e.key, e.value)
				}
			}
		}
	}
}

// page reads a page; ok is false where it is outside the file.
func (s *Salvage) page(id uint64) (p loosePage, ok bool) {
	if id < 2 || id >= s.end {
		return p, false
	}
	at := int64(id) * int64(s.size)
	head := make([]byte, s.size)
	if _, err := s.From.ReadAt(head, at); err != nil {
		return p, false
	}
	rest := func(from, n uint64) []byte {
		if n > maxValue || at+int64(from+n) > s.Size {
			return nil
		}
		b := make([]byte, n)
		if _, err := s.From.ReadAt(b, at+int64(from)); err != nil {
			return nil
		}
		return b
	}
	return loosePage{head: head, rest: rest}, true
}
