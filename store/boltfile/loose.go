package boltfile

import (
	"encoding/binary"
	"slices"
)

// loosePage is a page of which nothing is believed: neither its head, nor that its elements are in order. Each element is taken by itself,
// if it lies in the file.
type loosePage struct {
	head []byte                      // the page without those that follow it as a part of it
	rest func(from, n uint64) []byte // reads what lies behind head, by its place in the page; nil: nothing does
}

// looseItem is an element of a page. It may be anything.
type looseItem struct {
	key, value []byte
	isBucket   bool
	page       uint64 // of a branch
}

func (p loosePage) id() uint64 { return binary.NativeEndian.Uint64(p.head) }

func (p loosePage) isLeaf() bool { return binary.NativeEndian.Uint16(p.head[8:]) == leafPage }

func (p loosePage) isBranch() bool { return binary.NativeEndian.Uint16(p.head[8:]) == branchPage }

// count returns how many elements the page says that it has.
func (p loosePage) count() int { return int(binary.NativeEndian.Uint16(p.head[10:])) }

// elements returns how many there can be: as many as the page says, if as many lie before the content of the first, whose place is at a
// byte of the element; else as many as have room.
func (p loosePage) elements(place int) int {
	if len(p.head) < pageHead+pageElement {
		return 0
	}
	n, most := p.count(), (len(p.head)-pageHead)/pageElement
	if first := int(binary.NativeEndian.Uint32(p.head[pageHead+place:])); first != n*pageElement && !p.isEmpty() {
		n = most
	}
	return min(n, most)
}

// isEmpty reports whether the page has no element, and looks so.
func (p loosePage) isEmpty() bool {
	return p.isLeaf() && p.count() == 0 && !slices.ContainsFunc(p.head[pageHead:], func(b byte) bool { return b != 0 })
}

// isWhole reports whether all are as many elements as the page has, and it looks like one with so many.
func (p loosePage) isWhole(all []looseItem) bool {
	return len(all) == p.count() && (len(all) > 0 || p.isEmpty())
}

// bytes returns n bytes of the page; nil: they are not in the file.
func (p loosePage) bytes(from, n uint64) []byte {
	if from+n <= uint64(len(p.head)) {
		return p.head[from : from+n : from+n]
	}
	if p.rest == nil {
		return nil
	}
	return p.rest(from, n)
}

// leaf returns the elements as those of a leaf, without those that are not in the file.
func (p loosePage) leaf() (all []looseItem) {
	if len(p.head) < pageHead {
		return nil
	}
	order := binary.NativeEndian
	for i := range p.elements(4) {
		at := uint64(pageHead + i*pageElement)
		e := p.head[at:]
		place, key, value := uint64(order.Uint32(e[4:])), uint64(order.Uint32(e[8:])), uint64(order.Uint32(e[12:]))
		content := p.bytes(at+place, key+value)
		if content == nil || key == 0 {
			continue
		}
		all = append(all, looseItem{key: content[:key:key], value: content[key:], isBucket: order.Uint32(e) == bucketElement})
	}
	return all
}

// branch returns the elements as those of a branch, without those that are not in the file.
func (p loosePage) branch() (all []looseItem) {
	order := binary.NativeEndian
	for i := range p.elements(0) {
		at := uint64(pageHead + i*pageElement)
		e := p.head[at:]
		place, key := uint64(order.Uint32(e)), uint64(order.Uint32(e[4:]))
		content := p.bytes(at+place, key)
		if content == nil || key == 0 {
			continue
		}
		all = append(all, looseItem{key: content, page: order.Uint64(e[8:])})
	}
	return all
}
