package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"io"
	"slices"
)

// The pages of a file, as bbolt lays them out, are walked here without bbolt, which believes what it reads: it may end the process on
// a damaged page. A page begins with its number (8 bytes), its kind (2), how many elements it has (2) and how many pages follow it
// as a part of it (4). An element of a leaf is flags, place of its key, length of the key, length of the value (4 each); that of a
// branch is place and length of its key (4 each), and a page (8). Places are counted from the element. Content follows the
// elements without gaps, and zeros behind it. The value of a bucket is its root page (8) and its sequence (8); where the root is 0 a
// leaf follows. All in the byte order of the machine.

const (
	pageHead    = 16
	pageElement = 16
	bucketHead  = 16

	branchPage   = 0x01
	leafPage     = 0x02
	freeListPage = 0x10

	bucketElement = 0x01
)

// metaPage is what a file says of itself, at its beginning, in two pages that are written in turn.
type metaPage struct {
	size     int    // of a page, in bytes
	root     uint64 // page of the bucket of buckets
	freeList uint64 // page; noFreeList: there is none
	end      uint64 // first page that was never used
	tx       uint64 // transaction that wrote it
	ours     bool   // its magic number is bbolt's
	valid    bool   // so are its version and its sum
}

const noFreeList = ^uint64(0)

// unpackMeta reads a meta page: a page's head, then magic number, version, page size, flags (4 bytes each), root (16), free list,
// end, transaction and sum (8 each).
func unpackMeta(page []byte) (m metaPage) {
	if len(page) < metaLength {
		return m
	}
	const magic, version = 0xED0CDAED, 2
	b, order := page[pageHead:metaLength], binary.NativeEndian
	m.ours = order.Uint32(b) == magic
	m.size = int(order.Uint32(b[8:]))
	m.root, m.freeList, m.end, m.tx = order.Uint64(b[16:]), order.Uint64(b[32:]), order.Uint64(b[40:]), order.Uint64(b[48:])
	sum := fnv.New64a()
	sum.Write(b[:56])
	m.valid = m.ours && order.Uint32(b[4:]) == version && order.Uint64(b[56:]) == sum.Sum64()
	return m
}

const metaLength = pageHead + 64

// walker goes through the pages of a file.
type walker struct {
	from   io.ReaderAt
	meta   metaPage
	ours   bool     // one of the meta pages is bbolt's
	used   []bool   // by page
	spare  [][]byte // buffers of pages that were walked
	report func(Fault)
}

// walkPages reports what is wrong with the pages of a file to which nothing is written meanwhile, and returns how many are free. Of a
// file that it reports nothing of, bbolt can read all.
func walkPages(from io.ReaderAt, size int64, report func(Fault)) (free int) {
	w := walker{from: from, report: report}
	if !w.readMeta() || !w.fits(size) {
		return 0
	}
	w.used = make([]bool, w.meta.end)
	w.used[0], w.used[1] = true, true
	w.tree(w.meta.root, nil, nil)
	return w.free()
}

// firstFault returns the first fault that look reports as an error; nil: it reports none.
func firstFault(look func(report func(Fault))) (err error) {
	look(func(f Fault) {
		if err == nil {
			err = fmt.Errorf("%w: %s", ErrCorrupt, f)
		}
	})
	return err
}

func (w *walker) fault(page uint64, format string, args ...any) {
	w.report(Fault{fmt.Sprint("page ", page), fmt.Sprintf(format, args...)})
}

// readMeta finds the newer of the meta pages, and reports whether one is valid.
func (w *walker) readMeta() bool {
	at := int64(0)
	for i := range uint64(2) {
		page := make([]byte, metaLength)
		_, err := w.from.ReadAt(page, at)
		m := unpackMeta(page)
		w.ours = w.ours || m.ours
		switch {
		case err != nil:
			w.fault(i, "%v", err)
		case !m.valid:
			w.fault(i, "a damaged meta page; what was stored last may be missing")
		case w.meta.size == 0 || m.tx > w.meta.tx:
			w.meta = m
		}
		if at = int64(m.size); !m.valid {
			at = pageSize
		}
	}
	if m := w.meta; m.size < 512 || m.size > 1<<16 || m.end < 2 {
		w.fault(0, "the meta pages cannot be right")
		return false
	}
	return true
}

// fits reports whether a file of that size has room for the pages that were used.
func (w *walker) fits(size int64) bool {
	pages := uint64(size) / uint64(w.meta.size)
	if w.meta.end > pages {
		w.fault(0, "the file has room for %d pages, not for %d", pages, w.meta.end)
	}
	return w.meta.end <= pages
}

// read returns a page, with those that follow it as a part of it; nil: it was reported.
func (w *walker) read(id uint64) []byte {
	page, more := w.head(id)
	if page == nil {
		return nil
	}
	for i := range more + 1 {
		if w.used[id+i] {
			w.fault(id+i, "is used twice")
			return nil
		}
		w.used[id+i] = true
	}
	return w.rest(id, page, more)
}

// head returns a page without those that follow it as a part of it, and how many do; nil: it was reported.
func (w *walker) head(id uint64) (page []byte, more uint64) {
	if id < 2 || id >= w.meta.end {
		w.fault(id, "is outside the file")
		return nil, 0
	}
	page = w.buffer()
	if _, err := w.from.ReadAt(page, int64(id)*int64(w.meta.size)); err != nil {
		w.fault(id, "%v", err)
		return nil, 0
	}
	order := binary.NativeEndian
	if is := order.Uint64(page); is != id {
		w.fault(id, "says that it is page %d", is)
		return nil, 0
	}
	if more = uint64(order.Uint32(page[12:])); more >= w.meta.end-id {
		w.fault(id, "goes on beyond the end of the file")
		return nil, 0
	}
	return page, more
}

// rest returns a page with those that follow it; nil: it was reported.
func (w *walker) rest(id uint64, page []byte, more uint64) []byte {
	size := w.meta.size
	page = slices.Grow(page, int(more)*size)[:(int(more)+1)*size]
	if _, err := w.from.ReadAt(page[size:], int64(id+1)*int64(size)); err != nil && more > 0 {
		w.fault(id, "%v", err)
		return nil
	}
	return page
}

// buffer returns one for a page.
func (w *walker) buffer() []byte {
	n := len(w.spare)
	if n == 0 {
		return make([]byte, w.meta.size)
	}
	b := w.spare[n-1]
	w.spare = w.spare[:n-1]
	return b[:w.meta.size]
}

// tree walks the pages from one on, whose keys are from low on and below high; nil: there is no bound.
func (w *walker) tree(id uint64, low, high []byte) {
	page := w.read(id)
	if page == nil {
		return
	}
	defer func() { w.spare = append(w.spare, page) }()
	all, ok := w.elements(id, page)
	for i, e := range all {
		if i > 0 && bytes.Compare(all[i-1].key, e.key) >= 0 || bytes.Compare(e.key, low) < 0 || high != nil && bytes.Compare(e.key, high) >= 0 {
			w.fault(id, "key %x is not in its place", e.key)
			ok = false
		}
	}
	if !ok {
		return
	}
	for i, e := range all {
		switch {
		case e.branch:
			next := high
			if i+1 < len(all) {
				next = all[i+1].key
			}
			w.tree(e.page, e.key, next)
		case e.bucket != nil:
			w.bucket(id, e.bucket)
		}
	}
}

// bucket walks what the value of a bucket leads to.
func (w *walker) bucket(id uint64, value []byte) {
	if len(value) < bucketHead {
		w.fault(id, "a bucket of %d bytes", len(value))
		return
	}
	if root := binary.NativeEndian.Uint64(value); root != 0 {
		w.tree(root, nil, nil)
		return
	}
	all, ok := w.elements(id, value[bucketHead:])
	for i, e := range all {
		if !ok || e.branch || e.bucket != nil || i > 0 && bytes.Compare(all[i-1].key, e.key) >= 0 {
			w.fault(id, "a damaged bucket in it")
			return
		}
	}
}

// pageItem is an element of a page.
type pageItem struct {
	key    []byte
	branch bool
	page   uint64 // of a branch
	bucket []byte // of a leaf: value of a bucket; nil: it is none
}

// elements returns those of a page, and whether the page can be right.
func (w *walker) elements(id uint64, page []byte) ([]pageItem, bool) {
	order := binary.NativeEndian
	if len(page) < pageHead {
		w.fault(id, "is too short")
		return nil, false
	}
	kind, n := order.Uint16(page[8:]), int(order.Uint16(page[10:]))
	at := uint64(pageHead + n*pageElement) // where the next content is
	if kind != branchPage && kind != leafPage || at > uint64(len(page)) || kind == branchPage && n == 0 {
		w.fault(id, "is of kind %d, with %d elements", kind, n)
		return nil, false
	}
	all := make([]pageItem, n)
	for i := range all {
		from := uint64(pageHead + i*pageElement)
		e := page[from:]
		is := pageItem{branch: kind == branchPage}
		var flags uint32
		var place, key, value uint64
		if is.branch {
			place, key, is.page = uint64(order.Uint32(e)), uint64(order.Uint32(e[4:])), order.Uint64(e[8:])
		} else {
			flags, place, key, value = order.Uint32(e), uint64(order.Uint32(e[4:])), uint64(order.Uint32(e[8:])), uint64(order.Uint32(e[12:]))
		}
		if from+place != at || at+key+value > uint64(len(page)) || flags > bucketElement {
			w.fault(id, "element %d is not in its place", i)
			return nil, false
		}
		is.key = page[at : at+key]
		if flags == bucketElement {
			is.bucket = page[at+key : at+key+value]
		}
		at += key + value
		all[i] = is
	}
	if slices.ContainsFunc(page[at:], func(b byte) bool { return b != 0 }) {
		w.fault(id, "more follows its last element")
		return nil, false
	}
	return all, true
}

// free reads the list of free pages, compares it with those that are used, and returns how many are free.
func (w *walker) free() (n int) {
	isFree := make([]bool, len(w.used))
	hasList := w.meta.freeList != noFreeList
	if hasList {
		for _, id := range w.freeList() {
			if id < 2 || id >= w.meta.end || w.used[id] || isFree[id] {
				w.fault(id, "is free, and used or free elsewhere")
				continue
			}
			isFree[id] = true
		}
	}
	for id, used := range w.used {
		if used {
			continue
		}
		if n++; hasList && !isFree[id] {
			w.fault(uint64(id), "is neither used nor free")
		}
	}
	return n
}

// freeList returns the pages that the list of free pages names.
func (w *walker) freeList() (ids []uint64) {
	page := w.read(w.meta.freeList)
	if page == nil {
		return nil
	}
	order := binary.NativeEndian
	n, list := uint64(order.Uint16(page[10:])), page[pageHead:]
	const many = 1<<16 - 1 // the number is the first of the list
	if n == many {
		n, list = order.Uint64(list), list[8:]
	}
	if order.Uint16(page[8:]) != freeListPage || n > uint64(len(list)/8) {
		w.fault(w.meta.freeList, "is no list of free pages")
		return nil
	}
	for i := range n {
		ids = append(ids, order.Uint64(list[8*i:]))
	}
	return ids
}
