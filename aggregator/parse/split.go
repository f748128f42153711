package parse

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"slices"

	"dateline/aggregator/news"
)

// A setting is all that the reading of an item depends on besides its own bytes.
type setting struct {
	hash   hash.Hash
	around []byte
	sumBuf [sha256.Size]byte
}

// newSetting returns the setting of items in a document in which parts are around them.
func (r *reader) newSetting(parts ...[]byte) *setting {
	h := sha256.New()
	zone := ""
	if r.o.Zone != nil {
		zone = r.o.Zone.String()
	}
	fmt.Fprintf(h, "%d %q %q %q %q", Version, r.d.Format, r.o.Document, zone, r.d.Guessed)
	for _, p := range parts {
		fmt.Fprintf(h, " %d ", len(p))
		h.Write(p)
	}
	return &setting{hash: h, around: h.Sum(nil)}
}

// sum returns the sum of an item with these bytes in the setting. It is never 0.
func (s *setting) sum(item []byte) uint64 {
	s.hash.Reset()
	s.hash.Write(s.around)
	s.hash.Write(item)
	return max(binary.BigEndian.Uint64(s.hash.Sum(s.sumBuf[:0])), 1)
}

// split makes the items of the document with their sums, and returns the indexes of those that are not
// known, in the order in which gofeed will give them.
func (r *reader) split() []int {
	t := r.t
	s := r.newSetting(t.around()...)
	r.take(choose(len(t.items), func(i int) bool {
		e := t.items[i]
		return r.isStored(s.sum(t.outer(e)), func() news.Item { return r.outline(e) })
	}))
	r.d.Items = make([]news.Item, len(t.items))
	var unknown []int
	for i, e := range t.items {
		r.d.Items[i].Sum = s.sum(t.outer(e))
		if r.o.Known == nil || !r.o.Known(r.d.Items[i].Sum) {
			unknown = append(unknown, i)
		}
	}
	t.sortAsRead(unknown)
	return unknown
}

// around returns what is around the items and bears on their reading: the tags that they are in,
// for languages, namespaces and bases, and the feed's links and authors, which they inherit.
func (t *tree) around() [][]byte {
	parts := [][]byte{t.tag(0)}
	for _, c := range t.channels {
		parts = append(parts, t.tag(c))
		t.children(c, func(i int) {
			switch t.elems[i].key {
			case "link", "atom:link", "author", "dc:creator", "language", "dc:language":
				parts = append(parts, t.outer(i))
			}
		})
	}
	return parts
}

// sortAsRead puts the items inside the channel of an RSS document before those beside it, as gofeed does.
func (t *tree) sortAsRead(items []int) {
	full := t.fullChannels()
	if t.format == "atom" || len(full) == 0 {
		return
	}
	start, end := t.elems[full[0]].start, t.elems[full[len(full)-1]].after
	beside := func(i int) int {
		if at := t.elems[t.items[i]].start; at < start || at >= end {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(items, func(a, b int) int { return beside(a) - beside(b) })
}

// gofeedElements are the elements of an item that gofeed reads; the others it need not see.
var gofeedElements = map[string]bool{
	"title": true, "link": true, "guid": true, "pubdate": true, "category": true, "enclosure": true, "source": true,
	"published": true, "issued": true, "updated": true, "modified": true,
}

// subset returns the document with those items alone and what gofeed reads of them, and with one channel where it has
// several: gofeed reads the last one only.
func (t *tree) subset(items []int) []byte {
	cuts := make([]span, 0, len(t.left))
	for _, e := range t.left {
		cuts = append(cuts, span{t.elems[e].start, t.elems[e].after})
	}
	wanted := make([]bool, len(t.items))
	for _, i := range items {
		wanted[i] = true
	}
	for i, e := range t.items {
		if !wanted[i] {
			cuts = append(cuts, span{t.elems[e].start, t.elems[e].after})
			continue
		}
		t.children(e, func(c int) {
			if !gofeedElements[t.elems[c].key] {
				cuts = append(cuts, span{t.elems[c].start, t.elems[c].after})
			}
		})
	}
	if t.format != "atom" {
		cuts = append(cuts, t.channelTags()...)
	}
	if n := t.elems[0].inner; n > maxRoot {
		cuts = append(cuts, t.rootAttributes()...)
	}
	if len(cuts) == 0 {
		return t.text
	}
	slices.SortStableFunc(cuts, func(a, b span) int { return cmp.Compare(a.start, b.start) })
	out := make([]byte, 0, len(t.text))
	done := 0
	for _, c := range cuts {
		out = append(out, t.text[done:c.start]...)
		done = c.end
	}
	return append(out, t.text[done:]...)
}

type span struct{ start, end int }

// maxRoot is the length of a start tag that gofeed detects a root element by.
const maxRoot = 4_000

// rootAttributes returns the attributes of the root to cut out where there are too many for gofeed: all but
// those that declare namespaces.
func (t *tree) rootAttributes() []span {
	tag := t.tag(0)
	attrs, _, _ := attributes(nil, tag, 1+nameLength(tag[1:]))
	var cuts []span
	for _, a := range attrs {
		if !bytes.HasPrefix(tag[a.name:], []byte("xmlns")) {
			cuts = append(cuts, span{a.name, a.end + 1})
		}
	}
	return cuts
}

// channelTags returns the tags to cut out so that several channels become one: the end tags of all but the last,
// the start tags of all but the first. Empty ones go whole.
func (t *tree) channelTags() []span {
	if len(t.channels) < 2 {
		return nil
	}
	var cuts []span
	before := elem{}
	for _, c := range t.channels {
		e := t.elems[c]
		switch {
		case e.after == e.end:
			cuts = append(cuts, span{e.start, e.after})
			continue
		case before.after > 0:
			cuts = append(cuts, span{before.end, before.after}, span{e.start, e.inner})
		}
		before = e
	}
	return cuts
}

// fullChannels returns the channels that have an end tag; the others have nothing in them.
func (t *tree) fullChannels() []int {
	var full []int
	for _, c := range t.channels {
		if t.elems[c].after > t.elems[c].end {
			full = append(full, c)
		}
	}
	return full
}
