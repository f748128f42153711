package store

import (
	"bytes"
	"fmt"

	"dateline/aggregator/news"
)

// held checks the list of what is held back; items say themselves whether they are, see [checker.stands].
func (c *checker) held() {
	c.each(bHeld, func(k, _ []byte) {
		where := fmt.Sprintf("held %q", k)
		at := len(k) - 8
		if at < 2 || k[at-1] != 0 {
			c.fault(where, "unreadable key")
			return
		}
		it, found, err := c.ItemByNumber(num8(k[at:]))
		if err != nil || !found || !it.Held || it.Source != string(k[:at-1]) {
			c.fault(where, "no item of that source is held back under that number (%v)", err)
		}
	})
}

// embargoes checks the list of what is under embargo by its moment.
func (c *checker) embargoes() {
	c.each(bEmbargo, func(k, _ []byte) {
		where := fmt.Sprintf("embargo %x", k)
		if len(k) != 16 {
			c.fault(where, "unreadable key")
			return
		}
		it, found, err := c.ItemByNumber(num8(k[8:]))
		if err != nil || !found || embargoMoment(heldRow(it)) != num8(k) {
			c.fault(where, "no item is under embargo until then under that number (%v)", err)
		}
	})
}

// listed checks that an item that is held back is on the list.
func (c *checker) listed(where string, number uint64, it news.Item) {
	if !it.Held || it.Erased {
		return
	}
	if row, err := c.table(bHeld).get(heldKey(it.Source, number)); err == nil && !bytes.Equal(row, heldRow(it)) {
		c.fault(where, "it is held back, and on no list as it is")
	}
	if m := embargoMoment(heldRow(it)); m > 0 && !c.has(bEmbargo, embargoKey(m, number)) {
		c.fault(where, "it is under embargo, and on no list of those")
	}
}

// rules checks that what an editor decided can be read, and is about an item.
func (c *checker) rules() {
	c.each(bRule, func(k, value []byte) {
		where := fmt.Sprintf("rule %x", k)
		var r news.Rule
		if err := c.s.codec.unpack(value, &r); err != nil || len(k) != 8 {
			c.fault(where, "unreadable (%v)", err)
		} else if _, found := c.there(where, num8(k)); !found {
			c.fault(where, "its item is not there")
		}
	})
}

// events checks that what the operator was notified of can be read, and that nothing between is missing.
func (c *checker) events() {
	before := uint64(0)
	c.each(bEvent, func(k, value []byte) {
		where := fmt.Sprintf("event %x", k)
		if _, err := c.s.codec.event(k, value); err != nil {
			c.fault(where, "%v", err)
			return
		}
		if n := num8(k); before > 0 && n != before+1 {
			c.fault(where, "follows %d", before)
		}
		before = num8(k)
	})
}
