package aggregator

import (
	"slices"

	"dateline/aggregator/attribute"
	"dateline/aggregator/dedup"
	"dateline/aggregator/entries"
	"dateline/aggregator/news"
	"dateline/aggregator/parse"
	"dateline/aggregator/publish/view"
	"dateline/store"
)

// prepare does outside the transaction what takes time: it finds out which items are new or changed, as the store is now, and
// makes those ready (notes/why-decide-twice.md). Without a document it returns nil.
func (v *visit) prepare(k known, ans answer, r reading) (*batch, error) {
	if r.doc == nil {
		return nil, nil
	}
	b := v.open(k, ans, r)
	var decided []entries.Decision
	err := v.a.store.View(func(s store.View) (err error) {
		decided, err = b.Decide(s, k.state, &v.setup.entries)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, d := range slices.Backward(decided) { // the oldest first: a dateline style holds from the next item on
		if d.Changed {
			b.item(d.Place)
		}
		if d.Action == dedup.New {
			found := b.prepared[d.Place].credited
			b.style, b.edges = b.style.Next(found.found.Form), nextEdges(b.edges, found.edges())
		}
	}
	b.leaveOutRepeats()
	err = v.a.store.View(func(s store.View) error { return b.LookUp(s, decided, &v.setup.entries) })
	if err != nil {
		return nil, err
	}
	return b, nil
}

// batch is a document, and those of its items that are ready to be stored so far.
type batch struct {
	*entries.Document
	setup    *Setup
	url      string // of the document
	doc      *parse.Document
	style    news.Style   // of the source's datelines, as learned from its items so far
	before   []news.Edges // of the source's newest items, as the visit found them
	edges    []news.Edges // likewise, with those of its items so far
	repeats  repeats      // what repeats round the texts of the source; zero: not counted yet
	prepared map[int]preparedItem
}

// preparedItem is an item made ready, with what was found in its text.
type preparedItem struct {
	entries.Prepared
	credited
}

// open returns the batch of a document, with no item ready.
func (v *visit) open(k known, ans answer, r reading) *batch {
	b := &batch{setup: &v.setup, url: ans.response.URL, doc: r.doc, style: k.state.Style, before: k.state.Edges, edges: k.state.Edges,
		prepared: map[int]preparedItem{}}
	b.Document = entries.Read(entries.Incoming{
		Source: v.src, At: ans.at, Items: r.doc.Items, Total: r.doc.Total, Known: k.items, Deleted: r.doc.Deleted,
		Partial: r.partial != nil, Pushed: v.pushed, Prepare: b.item,
	})
	return b
}

// item returns the item at a place of the document, made ready by the first call for it.
func (b *batch) item(place int) entries.Prepared {
	p, ready := b.prepared[place]
	if !ready {
		p.Item, p.credited = b.refine(b.doc.Items[place])
		b.repeats.leaveOut(&p.Item, p.credited)
		p.Text, p.Terms = dedup.NewText(p.Item), b.setup.entries.Terms(p.Item)
		b.prepared[place] = p
	}
	return p.Prepared
}

// leaveOutRepeats leaves out what repeats in the items that are ready and in those that the source brought last.
func (b *batch) leaveOutRepeats() {
	all := slices.Clone(b.before)
	for _, p := range b.prepared {
		all = append(all, p.credited.edges())
	}
	b.repeats = newRepeats(all)
	for place, p := range b.prepared {
		lead := p.Item.Lead
		b.repeats.leaveOut(&p.Item, p.credited)
		if p.Item.Lead != lead {
			p.Text, p.Terms = dedup.NewText(p.Item), b.setup.entries.Terms(p.Item)
		}
		b.prepared[place] = p
	}
}

// refine returns an item with its link without tracking, its markup safe, its credits found; and what was found in its text.
func (b *batch) refine(it news.Item) (news.Item, credited) {
	it.Source = b.Source.ID
	it.Feed = b.doc.Feed
	it.OwnID = b.doc.Format == "atom" && view.UsableID(it.GUID)
	base := it.URL
	if base == "" {
		base = b.url
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
	found := b.setup.Registry.Credit(attribute.Input{Item: &it, Text: text, Source: b.Source, Style: b.style, Seen: b.At})
	it.Credits, it.Lead = found.Credits, found.Lead
	if it.Embargo == nil {
		it.Embargo = found.Embargo
	}
	c := credited{summary: summary, content: content, text: text, found: found}
	c.head, c.foot = found.Edges(text)
	return it, c
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
