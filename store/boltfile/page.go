// Package boltfile does to the file of a bbolt database what bbolt does not: it walks the pages without trusting them ([Walk]), looks at
// those that a transaction is to free ([Changes]), and copies the content to another file on full pages ([Copy]). It knows buckets and
// keys, and nothing of what they mean.
//
// bbolt believes what it reads, and may end the process on a damaged page. A page begins with its number (8 bytes), its kind (2), how many
// elements it has (2) and how many pages follow it as a part of it (4). An element of a leaf is flags, place of its key, length of the
// key, length of the value (4 each); that of a branch is place and length of its key (4 each), and a page (8). Places are counted from the
// element. Content follows the elements without gaps, and zeros follow it. The value of a bucket is its root page (8) and its
// sequence (8); where the root is 0 a leaf follows. All in the byte order of the machine.
//
// # Errors
//
// What is wrong with a page is a [Fault]; the other errors are those of bbolt and of the system.
package boltfile

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"io"
	"slices"
)

const (
	pageHead    = 16
	pageElement = 16
	bucketHead  = 16

	branchPage   = 0x01
	leafPage     = 0x02
	freeListPage = 0x10

	bucketElement = 0x01
)

// Meta is what a file says of itself, at its beginning, in two pages that are written in turn: the newer one of them.
type Meta struct {
	size     int    // of a page, in bytes
	root     uint64 // page of the bucket of buckets
	freeList uint64 // page; noFreeList: there is none
	end      uint64 // first page that was never used
	tx       uint64 // transaction that wrote it
	Ours     bool   // the magic number of one of the pages is bbolt's
	valid    bool   // so are its version and its sum
}

const noFreeList = ^uint64(0)

// hasFreeList reports whether the file has a list of its free pages: else bbolt finds them when it opens the file.
func (m Meta) hasFreeList() bool { return m.freeList != noFreeList }

// Fault is something in a page that should not be.
type Fault struct {
	Page uint64
	What string
}

func (f Fault) Error() string { return fmt.Sprintf("page %d: %s", f.Page, f.What) }

// first returns the first fault that look reports; nil: it reports none.
func first(look func(report func(Fault))) (err error) {
	look(func(f Fault) {
		if err == nil {
			err = f
		}
	})
	return err
}

// unpackMeta reads a meta page: a page's head, then magic number, version, page size, flags (4 bytes each), root (16), free list,
// end, transaction and sum (8 each).
func unpackMeta(page []byte) (m Meta) {
	if len(page) < metaLength {
		return m
	}
	const magic, version = 0xED0CDAED, 2
	b, order := page[pageHead:metaLength], binary.NativeEndian
	m.Ours = order.Uint32(b) == magic
	m.size = int(order.Uint32(b[8:]))
	m.root, m.freeList, m.end, m.tx = order.Uint64(b[16:]), order.Uint64(b[32:]), order.Uint64(b[40:]), order.Uint64(b[48:])
	sum := fnv.New64a()
	sum.Write(b[:56])
	m.valid = m.Ours && order.Uint32(b[4:]) == version && order.Uint64(b[56:]) == sum.Sum64()
	return m
}

const metaLength = pageHead + 64

// walker goes through the pages of a file.
type walker struct {
	from   io.ReaderAt
	meta   Meta
	used   []bool   // by page; nil: it does not matter
	spare  [][]byte // buffers of pages that were walked
	report func(Fault)
}

func (w *walker) fault(page uint64, format string, args ...any) {
	w.report(Fault{page, fmt.Sprintf(format, args...)})
}

// ReadMeta finds the newer of the meta pages, and reports whether it is valid. A damaged one is reported in either case.
func ReadMeta(from io.ReaderAt, report func(Fault)) (m Meta, usable bool) {
	at, ours := int64(0), false
	for i := range uint64(2) {
		page := make([]byte, metaLength)
		_, err := from.ReadAt(page, at)
		is := unpackMeta(page)
		ours = ours || is.Ours
		switch {
		case err != nil:
			report(Fault{i, err.Error()})
		case !is.valid:
			report(Fault{i, "a damaged meta page; what was stored last may be missing"})
		case m.size == 0 || is.tx > m.tx:
			m = is
		}
		if at = int64(is.size); !is.valid {
			at = usualSize
		}
	}
	if m.Ours = ours; m.size < 512 || m.size > 1<<16 || m.end < 2 {
		report(Fault{0, "the meta pages cannot be right"})
		return m, false
	}
	return m, true
}

// usualSize is that of a page where the first one does not say it, in bytes.
const usualSize = 4 << 10

// Fits returns a [Fault] where a file of that size has no room for the pages that were used.
func (m Meta) Fits(size int64) error {
	if pages := uint64(size) / uint64(m.size); m.end > pages {
		return Fault{0, fmt.Sprintf("the file has room for %d pages, not for %d", pages, m.end)}
	}
	return nil
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
