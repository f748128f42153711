package dedup

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// A flood is a document in which too much is new to be news: a site was rebuilt and gives its items other guids and
// links, or an archive was brought in again. The rules are:
//
//   - There is a flood where more than ten items and more than half of the document are known under another id, or are
//     new and dated before what the source had last, or was in its last document with the same title or text. It is
//     one, too, where more than ten items and more than half of that last document come back, however long the new
//     one is.
//   - Then every new item is looked for among the source's own, by title and text. What is found is the known item
//     under another id. That it was written otherwise is no news either: a whole archive is not edited by hand.
//   - What is not found and is dated before what the source had last is held. The rest is news.
//
// A day with much news is no flood, nor is the first document after an outage: its items are dated later, and no
// item before had their titles and texts.

// floodItems is how many items make no flood.
const floodItems = 10

// Flood is what is asked where too much of a document is new.
type Flood struct {
	Size       int                         // items of the document, those known by their bytes too
	Standing   []news.Key                  // of items of the document that were known by their bytes
	Before     time.Time                   // what is dated earlier is no news; zero: not known
	Thresholds news.Thresholds             // when two texts are the same
	Text       func(i int) *Text           // of an item of the Document
	Last       func() ([]news.Item, error) // the items of the source's last document
	Known      func() ([]news.Item, error) // all that can be found of the source's items, those of Last too
}

// Flood looks again at the items that were decided to be new: it recognises those that are known under another name, and holds the old
// ones among the rest. Where there is no flood it changes nothing.
func (doc *Document) Flood(ix Index, decided []Decision, f Flood) error {
	d := doc.decider(ix, decided)
	var added, aliases []int
	for i, dec := range decided {
		switch dec.Action {
		case New:
			added = append(added, i)
		case Alias:
			aliases = append(aliases, i)
		}
		if dec.Was != nil {
			d.taken[dec.Was.Key] = true
		}
	}
	for _, k := range f.Standing {
		d.taken[k] = true
	}
	if !most(len(added)+len(aliases), f.Size) {
		return nil
	}
	is, err := d.isFlood(added, len(aliases), f)
	if err != nil || !is {
		return err
	}
	for _, i := range aliases {
		d.out[i].NoUpdate = true
	}
	if len(added) == 0 {
		return nil
	}
	known, err := f.Known()
	if err != nil {
		return fmt.Errorf("dedup: %w", err)
	}
	found := d.renamed(added, known, f)
	for _, i := range added {
		if was := found[i]; was != nil {
			d.recognise(i, was)
			d.out[i].NoUpdate = true
		} else if f.old(d.items[i]) {
			d.out[i].Hold()
		}
	}
	return nil
}

func most(n, of int) bool { return n > floodItems && 2*n > of }

func (f Flood) old(it news.Item) bool { return !it.Published.IsZero() && it.Published.Before(f.Before) }

// isFlood reports whether what is new, and what is known under another id, is too much to be news.
func (d *decider) isFlood(added []int, aliases int, f Flood) (bool, error) {
	suspect := map[int]bool{}
	for _, i := range added {
		if f.old(d.items[i]) {
			suspect[i] = true
		}
	}
	if most(aliases+len(suspect), f.Size) {
		return true, nil
	}
	last, err := f.Last()
	if err != nil {
		return false, fmt.Errorf("dedup: %w", err)
	}
	renamed := d.renamed(added, last, f)
	for i := range renamed {
		suspect[i] = true
	}
	return most(aliases+len(suspect), f.Size) || most(aliases+len(renamed), len(last)), nil
}

// renamed finds which of the known items the new ones are under other names. No known item is found twice.
func (d *decider) renamed(added []int, known []news.Item, f Flood) map[int]*news.Item {
	a := newArchive(known, d.taken, limits(f.Thresholds))
	if len(a.texts) == 0 {
		return nil // as of a first document: no text need be made ready
	}
	titles := map[string]int{}
	for _, i := range added {
		titles[d.names[i].title]++
	}
	found := map[int]*news.Item{}
	take := func(i, n int, ok bool) {
		if ok {
			a.gone[n] = true
			found[i] = &a.texts[n].item
		}
	}
	for _, i := range added {
		title := d.names[i].title
		n, ok := a.byTitle(f.Text(i), title, titles[title] == 1)
		take(i, n, ok)
	}
	for _, i := range added { // of what has its title none is left to be taken for another
		if found[i] == nil {
			n, ok := a.byText(f.Text(i))
			take(i, n, ok)
		}
	}
	return found
}

// archive is known items of one source, to be found by title and text.
type archive struct {
	m           news.Thresholds
	texts       []*Text
	gone        []bool // found already
	titles      map[string][]int
	terms       map[uint32][]int
	boilerplate map[uint32]bool // terms that say nothing
}

func newArchive(known []news.Item, taken map[news.Key]bool, m news.Thresholds) *archive {
	a := &archive{m: m, titles: map[string][]int{}, terms: map[uint32][]int{}, boilerplate: map[uint32]bool{}}
	for _, it := range known {
		if it.Erased || taken[it.Key] {
			continue
		}
		n, t := len(a.texts), NewText(it)
		a.texts = append(a.texts, t)
		title := text.Fold(it.Title)
		a.titles[title] = append(a.titles[title], n)
		for _, term := range t.terms {
			a.terms[term] = append(a.terms[term], n)
		}
	}
	for term, owners := range a.terms {
		if len(owners) >= boilerplate {
			a.boilerplate[term] = true
		}
	}
	a.gone = make([]bool, len(a.texts))
	return a
}

// byTitle returns the place of the item that has the title and the text of t. alone says that no other new item has
// the title.
func (a *archive) byTitle(t *Text, title string, alone bool) (int, bool) {
	named := a.titles[title]
	if title == "" {
		named = nil
	}
	for _, n := range named {
		if !a.gone[n] && a.same(t, a.texts[n]) {
			return n, true
		}
	}
	if alone && len(named) == 1 && !a.gone[named[0]] && len(t.title) >= titleAlone && a.mute(t, a.texts[named[0]]) {
		return named[0], true
	}
	return 0, false
}

// byText returns the place of the item that has the text of t under another title.
func (a *archive) byText(t *Text) (int, bool) {
	for _, n := range a.best(t) {
		if a.same(t, a.texts[n]) {
			return n, true
		}
	}
	return 0, false
}

// titleAlone is how many words a title has by which alone an item is found.
const titleAlone = 3

// mute reports whether one of the two has no text to speak of.
func (a *archive) mute(t, other *Text) bool { return min(len(t.tokens), len(other.tokens)) < MinWords }

// same reports whether two items say the same, though perhaps edited.
func (a *archive) same(t, other *Text) bool {
	if len(t.tokens) > 0 && sameTokens(t.tokens, other.tokens) && (len(t.tokens) >= MinWords || sameTokens(t.title, other.title)) {
		return true
	}
	if a.mute(t, other) {
		return false
	}
	c := compare(t, other, a.boilerplate, "", a.m)
	return c.containment >= a.m.Duplicate && c.shared >= MinShared && c.passes(guardWindow, guardSource)
}

// best returns the places of the items that share most fingerprints with the text.
func (a *archive) best(t *Text) []int {
	shares := map[int]int{}
	for _, term := range t.terms {
		if a.boilerplate[term] {
			continue
		}
		for _, n := range a.terms[term] {
			if !a.gone[n] {
				shares[n]++
			}
		}
	}
	var out []int
	for n, shared := range shares {
		if shared >= MinShared {
			out = append(out, n)
		}
	}
	slices.SortFunc(out, func(x, y int) int { return cmp.Or(cmp.Compare(shares[y], shares[x]), cmp.Compare(x, y)) })
	return out[:min(len(out), maxCompared)]
}
