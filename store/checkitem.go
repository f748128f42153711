package store

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// items checks the blocks and the later revisions, and counts the uses of feeds' descriptions.
func (c *checker) items() {
	last := c.memo.totals.number
	c.each(bItem, func(k, value []byte) {
		switch {
		case len(k) == 9 && k[0] == 0:
			c.blockOf(num8(k[1:]), value, last)
		case len(k) == 11 && k[0] == 1:
			c.revisionOf(num8(k[1:]), int(binary.BigEndian.Uint16(k[9:])), value)
		default:
			c.fault(fmt.Sprintf("item %x", k), "unreadable key")
		}
	})
}

func (c *checker) blockOf(first uint64, value []byte, last uint64) {
	where := fmt.Sprintf("item %d", first)
	var b block
	if err := b.unpack(c.s.codec, value); err != nil {
		c.fault(where, "%v", err)
		return
	}
	if first < c.end {
		c.fault(where, "it is in the block before too")
	}
	if c.end = first + uint64(len(b.headers)); c.end-1 > last {
		c.fault(where, "numbers up to %d are in use, %d were given", c.end-1, last)
	}
	for i, stored := range b.items {
		number := first + uint64(i)
		if b.headers[i].key.IsZero() {
			continue // forgotten
		}
		key := b.headers[i].key
		where := "item " + key.String()
		if n, found, err := c.numberOf(key); err != nil || !found || n != number {
			c.fault(where, "its key does not lead to it (%v)", err)
		}
		if len(stored) > 0 {
			c.storedItem(where, stored)
			c.stands(where, number, b.headers[i].erased)
		}
	}
}

// stands checks that an item has an entry.
func (c *checker) stands(where string, number uint64, erased bool) {
	it, found, err := c.ItemByNumber(number)
	if err != nil || !found {
		c.fault(where, "unreadable (%v)", err)
		return
	}
	if it.Erased != erased {
		c.fault(where, "its block says otherwise of whether its text is gone")
	}
	c.listed(where, number, it)
	if day := dayOf(it.FirstSeen); c.firsts[day] == 0 {
		c.firsts[day] = number
	}
	if _, found, err := c.Entry(it.Entry); err != nil || !found {
		c.fault(where, "its entry %s is not there (%v)", it.Entry, err)
	}
}

func (c *checker) revisionOf(number uint64, revision int, value []byte) {
	where := fmt.Sprintf("item %d revision %d", number, revision)
	it, found, err := c.single(number, value)
	switch h, failed := c.header(number); {
	case err != nil:
		c.fault(where, "%v", err)
	case !found:
		c.fault(where, "its item is not there")
	case it.Revision != revision:
		c.fault(where, "it says that it is revision %d", it.Revision)
	case failed != nil || int(h.latest) < revision:
		c.fault(where, "the item says that it has no such revision")
	default:
		if plain, err := c.s.codec.unzipRevision(value); err == nil {
			c.storedItem(where, plain)
		}
	}
}

// storedItem checks that an item can be read, and counts the description that it refers to.
func (c *checker) storedItem(where string, plain []byte) {
	var r storedItem
	if err := c.s.codec.unmarshal(plain, &r); err != nil {
		c.fault(where, "%v", err)
		return
	}
	if r.FeedHash == 0 {
		return
	}
	if c.used[r.FeedHash]++; !c.has(bSource, feedKey(r.FeedHash)) {
		c.fault(where, "its feed's description is not there")
	}
}

// firstSeen checks that the first item of every day is noted.
func (c *checker) firstSeen() {
	c.each(bFirstSeen, func(k, value []byte) {
		where := fmt.Sprintf("firstseen %x", k)
		if len(k) != 4 || len(value) != 8 {
			c.fault(where, "unreadable")
			return
		}
		day := binary.BigEndian.Uint32(k)
		if first, noted := c.firsts[day], num8(value); first > 0 && first < noted {
			c.fault(where, "item %d was before item %d", first, noted)
		}
		delete(c.firsts, day)
	})
	for _, day := range slices.Sorted(maps.Keys(c.firsts)) {
		c.fault(fmt.Sprintf("firstseen %x", dayAlone(day)), "it is missing")
	}
}

// departures checks that what left its feed are items, and that what left it again is noted for the day on which it did last.
func (c *checker) departures() {
	last := map[uint64]uint32{} // by item
	c.each(bReturned, func(k, value []byte) {
		if len(k) != 8 || len(value) != 4 {
			c.fault(fmt.Sprintf("returned %x", k), "unreadable")
		} else if day := binary.BigEndian.Uint32(value); day != 0 {
			last[num8(k)] = day
		}
	})
	c.each(bExpiry, func(k, value []byte) {
		day, numbers, err := readExpiring(k, value)
		if err != nil {
			c.fault(fmt.Sprintf("expiry %x", k), "unreadable")
		}
		for _, number := range numbers {
			if number == 0 || number > c.memo.totals.number {
				c.fault(fmt.Sprintf("expiry %x", k), "there is no item %d", number)
			}
			if last[number] == day {
				delete(last, number)
			}
		}
	})
	for _, number := range slices.Sorted(maps.Keys(last)) {
		c.fault(fmt.Sprintf("returned %x", key8(number)), "no day is noted when it goes")
	}
}

// postings checks that what items and records are found by can be read to the end, and is that of items that are there and of
// positions that were given.
func (c *checker) postings() {
	p, err := c.View.postings()
	if err != nil {
		c.fault(string(bPostings), "%v", err)
		return
	}
	head := c.Head()
	known := func(index int, id uint64) (bool, error) {
		if index == iTag {
			return id > 0 && id <= head, nil
		}
		_, found, err := c.keyOf(id)
		return found && err == nil, nil // what cannot be read is reported with the items
	}
	if err := p.Check(known, c.report); err != nil {
		c.fault(string(bPostings), "%v", err)
	}
}

// tags checks that the newest record of each entry has the tags of its sources. That every tag is one of a record is checked with
// the other postings.
func (c *checker) tags() {
	g := c.tagger()
	has := map[string]map[uint64]bool{} // by tag: the positions that have it
	for rec, err := range c.Records(0) {
		if err != nil {
			return // reported with the log
		}
		e, found, err := c.Entry(rec.Entry)
		if err != nil || !found || e.Last != rec.Pos {
			continue // reported with the entries
		}
		tags, err := g.of(e)
		if err != nil {
			c.fault("entry "+e.Key.String(), "%v", err)
		}
		for _, tag := range tags {
			if !strings.HasPrefix(tag, tagSource) {
				continue // what follows from the config of a source, or from a later revision, need not be there
			}
			if has[tag] == nil {
				has[tag] = c.positions(tag)
			}
			if !has[tag][rec.Pos] {
				c.fault("entry "+e.Key.String(), "is not found by its tag %s", tag)
			}
		}
	}
}

// positions returns those that have a tag, as far as they can be read; damage is reported with the postings.
func (c *checker) positions(tag string) map[uint64]bool {
	all := map[uint64]bool{}
	for pos, err := range c.newest(iTag, []uint64{tagTerm(tag)}, 0, math.MaxInt) {
		if err != nil {
			break
		}
		all[pos] = true
	}
	return all
}
