package boltfile

import (
	"bytes"
	"encoding/binary"
	"io"
)

// Walk reports what is wrong with the pages of a file to which nothing is written meanwhile, and returns which are in use and how many
// are free. Of a file that it reports nothing of, bbolt can read all.
func Walk(from io.ReaderAt, size int64, report func(Fault)) (used []bool, free int) {
	w := walker{from: from, report: report}
	usable := false
	if w.meta, usable = ReadMeta(from, report); !usable {
		return nil, 0
	}
	if err := w.meta.Fits(size); err != nil {
		report(err.(Fault))
		return nil, 0
	}
	w.used = make([]bool, w.meta.end)
	w.used[0], w.used[1] = true, true
	w.tree(w.meta.root, nil, nil)
	return w.used, w.free()
}

// Whole returns the first fault that [Walk] reports; nil: there is none.
func Whole(from io.ReaderAt, size int64) error {
	return first(func(report func(Fault)) { Walk(from, size, report) })
}

// Openable returns the first fault in what bbolt trusts when it opens the file: the head of the list of free pages or, where there is no
// list, every page.
func Openable(from io.ReaderAt, size int64) error {
	meta, usable := ReadMeta(from, func(Fault) {})
	if !usable || !meta.hasFreeList() {
		return Whole(from, size)
	}
	return first(func(report func(Fault)) {
		w := walker{from: from, meta: meta, report: report}
		w.head(meta.freeList)
	})
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

// free reads the list of free pages, compares it with those that are used, and returns how many are free.
func (w *walker) free() (n int) {
	isFree := make([]bool, len(w.used))
	hasList := w.meta.hasFreeList()
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
