package aggregator

import (
	"slices"

	"dateline/aggregator/news"
)

// An item that leaves a feed has been pushed out by newer ones, as a rule. Where older items stand in the document still,
// and did so behind it, something else took it away. A source may be known to withdraw its texts so: then an item counts
// as withdrawn after some good, whole documents in a row without it (`withdraw_missing`). What a part of a document,
// a failure or a 304 lacks tells nothing.

// maxBehind is how many older items are remembered that stood behind one that is missing.
const maxBehind = 5

// absences counts the good, whole documents that lack an item they should hold, and takes back what was lacking for long
// enough. It returns what is to be remembered.
func (c *composer) absences() (left []news.Missing, err error) {
	v := c.v
	missing := v.state.Missing
	switch {
	case v.src.WithdrawMissing <= 0:
		return nil, nil
	case v.pushed || v.err != nil || v.result == news.NotModified:
		return missing, nil
	case v.doc != nil: // else its bytes are those of the one before
		if missing, err = c.lacking(); err != nil {
			return nil, err
		}
	}
	for _, m := range missing {
		if m.Visits++; m.Visits < v.src.WithdrawMissing {
			left = append(left, m)
			continue
		}
		it, found, err := c.Item(m.Item)
		if err != nil {
			return nil, err
		}
		if found {
			if err := c.retract(it, byAbsence, ""); err != nil {
				return nil, err
			}
		}
	}
	return left, nil
}

// lacking returns what the document should hold and does not: what was missing before, and what stood in the one before.
func (c *composer) lacking() ([]news.Missing, error) {
	all := slices.Clone(c.v.state.Missing)
	for i, s := range c.v.window {
		if c.v.moved || c.stands[s.Item] || slices.ContainsFunc(all, func(m news.Missing) bool { return m.Item == s.Item }) {
			continue
		}
		behind, err := c.behind(i)
		if err != nil {
			return nil, err
		}
		all = append(all, news.Missing{Item: s.Item, Behind: behind})
	}
	var out []news.Missing
	for _, m := range all {
		m.Behind = slices.DeleteFunc(slices.Clone(m.Behind), func(k news.Key) bool { return !c.stands[k] })
		if !c.stands[m.Item] && len(m.Behind) > 0 {
			out = append(out, m)
		}
	}
	return out, nil
}

// behind returns items that stood behind the one at place i of the window, are not newer, and stand still.
func (c *composer) behind(i int) (out []news.Key, err error) {
	gone, found, err := c.Item(c.v.window[i].Item)
	if err != nil || !found {
		return nil, err
	}
	at := orElse(gone.Published, gone.FirstSeen)
	for _, s := range c.v.window[i+1:] {
		if !c.stands[s.Item] {
			continue
		}
		it, found, err := c.Item(s.Item)
		if err != nil {
			return nil, err
		}
		if found && !orElse(it.Published, it.FirstSeen).After(at) {
			out = append(out, s.Item)
		}
		if len(out) == maxBehind {
			break
		}
	}
	return out, nil
}
