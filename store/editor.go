package store

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"dateline/aggregator/news"
)

// Rule returns what an editor decided of the item named k; the zero Rule where nothing was.
func (v View) Rule(k news.Key) (news.Rule, error) {
	r := news.Rule{Item: k}
	number, found, err := v.numberOf(k)
	if err != nil || !found {
		return r, err
	}
	value, err := v.table(bRule).get(key8(number))
	if value == nil {
		return r, err
	}
	if err := v.s.codec.unpack(value, &r); err != nil {
		return r, fmt.Errorf("rule of %s: %w", k, err)
	}
	return r, nil
}

// Decisions returns what editors decided of the items that are there, the newest first.
func (v View) Decisions() ([]news.Decision, error) {
	var all []news.Decision
	said := map[news.Decision]bool{} // of several items each
	err := v.table(bRule).each(func(_, value []byte) error {
		var r news.Rule
		if err := v.s.codec.unpack(value, &r); err != nil {
			return fmt.Errorf("rule: %w", err)
		}
		for _, d := range r.Decisions {
			if d.At = d.At.UTC(); !said[d] {
				said[d] = true
				all = append(all, d)
			}
		}
		return nil
	})
	slices.SortStableFunc(all, func(a, b news.Decision) int {
		return cmp.Or(b.At.Compare(a.At), bytes.Compare(a.Entry[:], b.Entry[:]), bytes.Compare(a.Other[:], b.Other[:]))
	})
	return all, err
}

// PutRule remembers what an editor decided of an item, or forgets it where r says nothing.
func (t *Tx) PutRule(r news.Rule) error { return t.change(&putRule{Item: r.Item, Rule: r}) }

type putRule struct {
	_    struct{} `cbor:",toarray"`
	Item news.Key
	Rule news.Rule
}

func (o *putRule) do(t *Tx) error {
	number, err := t.mustNumber(o.Item)
	if err != nil {
		return fmt.Errorf("rule: %w", err)
	}
	if o.Rule.IsZero() {
		return t.table(bRule).delete(key8(number))
	}
	return t.putValue(bRule, key8(number), o.Rule)
}
