package aggregator

import (
	"slices"
	"time"

	"dateline/aggregator/attribute"
	"dateline/aggregator/dedup"
	"dateline/aggregator/news"
	"dateline/aggregator/parse"
	"dateline/store"
)

// outcome is what a visit did, and what is remembered of its source since.
type outcome struct {
	new, updated, joined int
	held                 int
	kin                  bool // the document has an item of the one before, or there was none before
	gap                  bool // it has none: items in between may have been missed
	state                news.State
}

// apply says what the visit changes. It is run inside the transaction, perhaps more than once.
func (v *visit) apply(s store.View) (store.Writes, error) {
	w := store.Writes{Source: v.src.ID, Now: v.at, InitialSources: v.a.initialSources}
	if err := v.catchUp(s); err != nil {
		return w, err
	}
	c := newVisitTx(v, s, &w)
	if v.doc != nil {
		if err := c.items(); err != nil {
			return w, err
		}
	}
	st := v.next(c.out)
	if v.doc != nil {
		st.Style = v.style
	}
	written := slices.DeleteFunc(slices.Clone(w.Items), func(it news.Item) bool { return it.Source != v.src.ID })
	tally(&st.Tally, written, v.at)
	for _, it := range written {
		st.Newest = news.Latest(st.Newest, it.Published)
	}
	c.out.state = st
	w.State = &st
	v.outcome = c.out
	return w, nil
}

type visitTx struct {
	*tx
	v    *visit
	gone map[news.Key]bool // items that the document says are deleted
	out  outcome
}

func newVisitTx(v *visit, s store.View, w *store.Writes) *visitTx {
	return &visitTx{tx: newTx(s, w, &v.setup.entries), v: v, gone: map[news.Key]bool{}}
}

func (c *visitTx) items() error {
	decided, err := c.v.decide(c.View)
	if err != nil {
		return err
	}
	keys := make(map[int]news.Key, len(decided))
	// A document begins with its newest item: that one takes the last of the positions.
	for i, d := range slices.Backward(decided) {
		if d.Action == dedup.Excluded {
			continue
		}
		keys[c.v.places[i]] = d.Key
		if err := c.item(c.v.places[i], d); err != nil {
			return err
		}
	}
	if err := c.deleted(keys); err != nil {
		return err
	}
	c.window(keys)
	return nil
}

// maxWindow bounds a window that grows by what hubs deliver, or holds the items of a document with too many.
const maxWindow = 10 * parse.MaxItems

// window lists the document's items in order, each once. A document cut off in the middle says nothing of
// what is missing, nor does one that a hub delivered, so what stood in the last one stays.
func (c *visitTx) window(keys map[int]news.Key) {
	have := map[news.Key]bool{}
	w := make([]news.Seen, 0, len(c.v.doc.Items))
	add := func(k news.Key, sum uint64) {
		if !k.IsZero() && !have[k] {
			have[k] = true
			w = append(w, news.Seen{Item: k, Sum: sum})
		}
	}
	for i, it := range c.v.doc.Items {
		k, read := keys[i]
		if !read {
			k = c.v.standing[it.Sum]
		}
		add(k, it.Sum)
	}
	whole := len(c.v.doc.Items) == c.v.doc.Total // else the items of the last document may be among those left out
	c.out.kin = len(c.v.window) == 0 || !whole || slices.ContainsFunc(c.v.window, func(s news.Seen) bool { return have[s.Item] })
	c.out.gap = !c.out.kin && len(w) > 0 && !c.v.pushed
	if c.v.result == news.Partial || c.v.pushed || !whole {
		for _, s := range c.v.window {
			if !c.gone[s.Item] {
				add(s.Item, s.Sum)
			}
		}
	}
	c.w.Window = w[:min(len(w), maxWindow)]
}

// item writes what one decision asks for.
func (c *visitTx) item(place int, d dedup.Decision) error {
	if d.Action == dedup.Twin {
		return nil
	}
	if err := c.refresh(&d); err != nil {
		return err
	}
	if d.Action == dedup.Same {
		return c.reinstateUnchanged(*d.Was)
	}
	if d.Action == dedup.Alias && len(d.Was.Aliases)+len(d.Was.IdentityKeys) >= maxNames {
		d.IdentityKeys = nil
		if !d.Changed {
			return c.reinstateUnchanged(*d.Was)
		}
	}
	for _, key := range d.IdentityKeys {
		c.w.IdentityKeys = append(c.w.IdentityKeys, store.KeyedItem{Key: key, Item: d.Key})
	}
	if !d.Changed { // an alias alone: the content is what it was
		return c.rename(place, d)
	}
	it, text := c.v.refined(place)
	stems := c.v.stems[place]
	it.Key, it.Entry, it.Join, it.Revised = d.Key, d.Entry, d.Join, c.at
	c.texts[it.Key] = text
	if d.Was != nil {
		return c.revise(it, d, text, stems)
	}
	it.FirstSeen, it.Revision = c.at, 1
	it.ClampDates(c.at)
	c.index(it, stems)
	if d.Held {
		return c.hold(it, text.Of(it))
	}
	return c.publishItem(it, text.Of(it))
}

// refresh takes in what the visit has done to a known item already.
func (c *visitTx) refresh(d *dedup.Decision) error {
	if d.Was == nil {
		return nil
	}
	it, found, err := c.Item(d.Key)
	if err == nil && found {
		d.Was, d.Entry, d.Join = &it, it.Entry, it.Join
	}
	return err
}

// reinstateUnchanged has an item stand again that the source took back and publishes as it was; not one that says itself that it is
// taken back.
func (c *visitTx) reinstateUnchanged(it news.Item) error {
	if !it.Withdrawn || it.Credits.Kill != nil {
		return nil
	}
	return c.reinstate(it, dedup.NewText(it))
}

// rename remembers that an item has been published under one more guid.
func (c *visitTx) rename(place int, d dedup.Decision) error {
	it := *d.Was
	if it.Erased {
		it.IdentityKeys = append(it.IdentityKeys[:len(it.IdentityKeys):len(it.IdentityKeys)], d.IdentityKeys...) // to be forgotten with it
	} else {
		it.Aliases = also(it.Aliases, it.GUID, c.v.doc.Items[place].GUID)
	}
	c.putItem(it)
	return c.reinstateUnchanged(it)
}

// publishItem writes a new item, and its entry: its own, or the one that it joins.
func (c *visitTx) publishItem(it news.Item, text *dedup.Text) error {
	others, err := c.findDuplicate(&it, text)
	if err != nil {
		return err
	}
	c.addFingerprint(text.Fingerprint(), true)
	if err := c.applyKill(&it); err != nil {
		return err
	}
	if it.Join != nil {
		return c.carry(it, others)
	}
	c.putItem(it)
	c.out.new++
	return c.publishEntry(news.Entry{Key: it.Key})
}

// carry puts an item into the entry that it joins; others have its text too.
func (c *visitTx) carry(it news.Item, others []news.Key) error {
	c.putItem(it)
	c.out.joined++
	e, err := c.entry(it.Entry)
	if err != nil {
		return err
	}
	e.Items = append(slices.Clone(e.Members()), it.Key)
	c.putEntry(e)
	return c.merge(it.Key, others)
}

// revise writes a new revision of a known item. The entry that it represents moves in the log only if
// a reader would be told something else than before.
func (c *visitTx) revise(it news.Item, d dedup.Decision, text *dedup.Text, stems []uint32) error {
	was := d.Was
	it.Supersedes, it.Story, it.OwnID = was.Supersedes, was.Story, was.OwnID
	it.GUID, it.Aliases = was.GUID, also(was.Aliases, was.GUID, it.GUID)
	it.FirstSeen, it.Revision = was.FirstSeen, was.Revision+1
	it.Held, it.Withdrawn, it.Withdrawal = was.Held, was.Withdrawn, was.Withdrawal
	corrected := attribute.Corrects(was.Credits.Marker, it.Credits.Marker)
	switch {
	case corrected:
		it.Corrected = c.at
	case it.Credits.Marker == was.Credits.Marker:
		it.Corrected = was.Corrected
	}
	it.ClampDates(it.FirstSeen)
	if it.Published.IsZero() {
		it.Published, it.PublishedRaw = was.Published, was.PublishedRaw
	}
	c.putItem(it)
	c.out.updated++
	if !slices.Equal(stems, c.setup.Terms(*was)) {
		c.index(it, stems)
	}
	e, err := c.entry(it.Entry)
	if err != nil {
		return err
	}
	c.putEntry(e) // whatever changed, its documents are to be rendered again
	significant := dedup.Significant(*was, it)
	if significant {
		c.addFingerprint(text.Of(it).Fingerprint(), false)
	}
	switch {
	case it.Credits.Kill != nil:
		return c.withdrawItem(it, byMarker, it.Credits.Kill.Words)
	case it.Withdrawn:
		return c.reinstate(it, text.Of(it))
	}
	if it.Entry == it.Key && e.State == news.Public && (significant || corrected) && !d.NoUpdate {
		e.Updated = news.Latest(after(e.Updated, e.Updated), c.revised(*was, it))
		if err := c.appendLog(news.RecordUpdated, e); err != nil {
			return err
		}
	}
	if !significant && it.URL == was.URL || e.State != news.Public {
		return nil
	}
	return c.remerge(it, text.Of(it))
}

// revised returns when a significant change was made: the source's own word where it fits the visit that
// brought it, else the visit.
func (c *visitTx) revised(was, is news.Item) time.Time {
	at := c.at.Truncate(time.Second)
	if u := is.Updated; u.After(was.Updated) && u.After(was.Revised) && !u.After(at) {
		return u.Truncate(time.Second)
	}
	return at
}

// maxNames bounds the names that an item is remembered by: some feeds give every item another guid at every request.
const maxNames = 32

// also adds guid to the aliases of an item that is called first, once.
func also(aliases []string, first, guid string) []string {
	if guid == "" || guid == first || len(aliases) >= maxNames || slices.Contains(aliases, guid) {
		return aliases
	}
	return append(slices.Clone(aliases), guid)
}
