package aggregator

import (
	"slices"
	"time"

	"dateline/aggregator/attribute"
	"dateline/aggregator/dedup"
	"dateline/aggregator/entries"
	"dateline/aggregator/news"
	"dateline/aggregator/parse"
	"dateline/aggregator/publish/view"
	"dateline/aggregator/search"
	"dateline/store"
)

// batch is a document, and those of its items that are ready to be stored so far.
type batch struct {
	*entries.Document
	registry *attribute.Registry
	setup    *entries.Setup
	state    news.State // of the source, as the visit found it
	doc      document
	style    news.Style        // of the source's datelines, as learned from its items so far
	edges    []news.Edges      // of the source's newest items, with those of its items so far
	repeats  attribute.Repeats // what repeats round the texts of the source; zero: not counted yet
	prepared map[int]preparedItem
}

// document is what was read at an address.
type document struct {
	*parse.Document
	url string
}

// preparedItem is an item made ready, with what was found in its text.
type preparedItem struct {
	entries.Prepared
	credited
}

// credited is the text of an item and what was found in it.
type credited struct {
	summary, content string // the text of each
	text             string // the one of the two that was credited
	found            attribute.Result
	edges            attribute.Edges
}

// newBatch returns the batch of a document, with no item ready. st is what is remembered of its source.
func newBatch(v *visit, st news.State, doc document, in entries.Incoming) *batch {
	b := &batch{registry: v.setup.Registry, setup: &v.setup.entries, state: st, doc: doc, style: st.Style, edges: st.Edges,
		prepared: map[int]preparedItem{}}
	in.Prepare = func(place int) entries.Prepared { return b.itemInTransaction(v.a, place) }
	b.Document = entries.NewDocument(in)
	return b
}

// makeReady does outside the transaction what takes time: it finds out which items are new or changed, as the store is now, and makes
// those ready (notes/why-decide-twice.md). It returns the errors of the store, and errUnready where that takes longer than until a time.
func (b *batch) makeReady(st *store.Store, until time.Time) error {
	var decided []entries.Decision
	err := st.View(func(s store.View) (err error) {
		decided, err = b.Decide(s, b.state, b.setup)
		return err
	})
	if err != nil {
		return err
	}
	for _, d := range slices.Backward(decided) { // the oldest first: a dateline style holds from the next item on
		if time.Now().After(until) {
			return errUnready
		}
		if d.Changed {
			b.item(d.Place)
		}
		if d.Action == dedup.New {
			c := b.prepared[d.Place].credited
			b.style, b.edges = b.style.Next(c.found.Form), attribute.NextEdges(b.edges, c.edges.Sums())
		}
	}
	if err := b.leaveOutRepeats(until); err != nil {
		return err
	}
	return st.View(func(s store.View) error {
		if slow, err := b.looksUpSlowly(s, decided); !slow || err != nil {
			return err
		}
		return b.LookUp(s, decided, b.setup)
	})
}

// What is looked up before the transaction is looked up twice, so that others wait less: see notes/why-decide-twice.md. It pays only
// where the transaction would take long: of more new items than fewNew, beside more texts than fewTexts.
const (
	fewNew   = 10
	fewTexts = 1 << 16
)

// looksUpSlowly reports whether the look-ups of the document would make the transaction long.
func (b *batch) looksUpSlowly(s store.View, decided []entries.Decision) (bool, error) {
	fresh := 0
	for _, d := range decided {
		if d.Action == dedup.New {
			fresh++
		}
	}
	if fresh <= fewNew {
		return false, nil
	}
	_, texts, err := s.Frequency(nil)
	return texts > fewTexts, err
}

// item returns the item at a place of the document, made ready by the first call for it.
func (b *batch) item(place int) entries.Prepared {
	p, ready := b.prepared[place]
	if !ready {
		p.Item, p.credited = b.refine(b.doc.Items[place])
		b.leaveOut(&p.Item, p.credited)
	}
	if p.Text == nil {
		lead := search.LeadTokens(p.Item)
		p.Terms = b.setup.Terms(p.Item, lead)
		p.Text = dedup.NewTextOf(p.Item, lead)
		b.prepared[place] = p
	}
	return p.Prepared
}

// leaveOutRepeats leaves out what repeats in the items that are ready and in those that the source brought last. It returns errUnready
// where that takes longer than until a time.
func (b *batch) leaveOutRepeats(until time.Time) error {
	all := slices.Clone(b.state.Edges)
	for _, p := range b.prepared {
		all = append(all, p.edges.Sums())
	}
	b.repeats = attribute.NewRepeats(all)
	for place, p := range b.prepared {
		if time.Now().After(until) {
			return errUnready
		}
		lead := p.Item.Lead
		b.leaveOut(&p.Item, p.credited)
		if p.Item.Lead != lead {
			p.Text = nil
		}
		p.credited = credited{} // it has been of use
		b.prepared[place] = p
		b.item(place)
	}
	return nil
}

// leaveOut notes what is furniture of an item, and takes what repeats out of its lead.
func (b *batch) leaveOut(it *news.Item, c credited) {
	furniture, lead := b.repeats.Furniture(c.text, c.found, c.edges)
	cuts := make([]parse.Span, len(furniture))
	for i, f := range furniture {
		cuts[i] = parse.Span(f)
	}
	it.Lead = lead
	it.Furniture = slices.Concat(parse.Cuts(it.Summary, c.summary, c.text, cuts, false), parse.Cuts(it.Content, c.content, c.text, cuts, true))
}

// refine returns an item with its link without tracking, its markup safe, its credits found; and what was found in its text.
func (b *batch) refine(it news.Item) (news.Item, credited) {
	it.Source = b.Source.ID
	it.Feed = b.doc.Feed
	it.OwnID = b.doc.Format == "atom" && view.UsableID(it.GUID)
	base := it.URL
	if base == "" {
		base = b.doc.url
	}
	if clean := dedup.Untracked(it.URL); clean != it.URL {
		it.URL, it.URLRaw = clean, it.URL
	}
	var summary, content string
	it.Summary, summary = parse.Sanitize(it.Summary, base)
	it.Content, content = parse.Sanitize(it.Content, base)
	text := summary // credits and lead are taken from the longer one
	if len(content) > len(summary) {
		text = content
	}
	found := b.registry.Credit(attribute.Input{Item: &it, Text: text, Source: b.Source, Style: b.style, Seen: b.At})
	it.Credits, it.Lead = found.Credits, found.Lead
	if it.Embargo == nil {
		it.Embargo = found.Embargo
	}
	return it, credited{summary: summary, content: content, text: text, found: found, edges: found.Edges(text)}
}

// guessed counts the items made ready whose reading needed a guess.
func (b *batch) guessed() (n uint64) {
	for _, p := range b.prepared {
		if len(p.Item.Guessed) > 0 || len(b.doc.Guessed) > 0 {
			n++
		}
	}
	return n
}

// window returns the items of the last document by the sum of their bytes, and how many it had. The error is a [*CommitError].
func (v *visit) window() (items map[uint64]news.Key, size int, err error) {
	var all []news.Seen
	err = v.a.store.View(func(s store.View) (err error) {
		all, err = s.Window(v.src.ID)
		return err
	})
	if err != nil {
		return nil, 0, &CommitError{Source: v.src.ID, Err: err}
	}
	items = make(map[uint64]news.Key, len(all))
	for _, w := range all {
		if w.Sum != 0 {
			items[w.Sum] = w.Item
		}
	}
	return items, len(all), nil
}
