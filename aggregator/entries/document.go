package entries

import (
	"slices"
	"time"

	"dateline/aggregator/dedup"
	"dateline/aggregator/news"
	"dateline/store"
)

// Incoming is a document of a source.
type Incoming struct {
	Source  news.Source              // that the document is of
	At      time.Time                // when it was asked for, to the second
	Items   []news.Item              // as they were read, in document order; those in Known have their Sum alone
	Total   int                      // items in the document, with those that were left out
	Known   map[uint64]news.Key      // the items of the source's last document, by the sum of their bytes
	Deleted []string                 // guids of items that the document calls deleted (RFC 6721)
	Partial bool                     // the document was cut off in the middle
	Pushed  bool                     // a hub delivered the document
	Prepare func(place int) Prepared // returns the item at a place of Items, made ready, the same at each call; the transaction waits for it
}

// Prepared is an item that is ready to be stored.
type Prepared struct {
	Item  news.Item   // cleaned and credited
	Text  *dedup.Text // its text, with its fingerprints
	Terms []uint32    // what it is searched for by
}

// Document is an [Incoming] document that can be decided on repeatedly, as the store changes. It is not safe for concurrent use.
type Document struct {
	Incoming
	items  *dedup.Document // those of Items that are not in Known
	places []int           // their places in Items
	stays  []news.Key      // the items that are in Known

	lookups store.Lookups // that were made for the document
}

// Decision is what becomes of the item at a place of the document.
type Decision struct {
	dedup.Decision
	Place int // of the item in the document
}

// NewDocument returns the document of in, ready to be decided upon. The items that are known by their bytes stay as they are.
func NewDocument(in Incoming) *Document {
	doc := &Document{Incoming: in}
	items := make([]news.Item, 0, len(in.Items))
	for i, it := range in.Items {
		if k, known := in.Known[it.Sum]; known {
			doc.stays = append(doc.stays, k)
			continue
		}
		items, doc.places = append(items, it), append(doc.places, i)
	}
	doc.items = dedup.Read(in.Source.ID, items)
	return doc
}

// Decide returns what the items are that are not known by their bytes, in document order, and which of the new ones are excluded or
// held. It changes nothing. st is what is remembered of the source. It returns the errors of the store. What was looked up for the
// document before is not looked up again (notes/why-decide-twice.md).
func (doc *Document) Decide(s store.View, st news.State, setup *Setup) ([]Decision, error) {
	s.Remember(&doc.lookups)
	all, err := doc.items.Decide(s, doc.stays, st.Items == 0)
	if err != nil {
		return nil, err
	}
	if err := doc.renamed(s, all); err != nil {
		return nil, err
	}
	doc.applyFilters(all)
	if doc.isFirstOfLateSource(s, st, setup) {
		doc.holdOld(all, setup.FirstPoll)
	} else if err := doc.holdFlood(s, st, setup, all); err != nil {
		return nil, err
	}
	out := make([]Decision, len(all))
	for i, d := range all {
		out[i] = Decision{Decision: d, Place: doc.places[i]}
	}
	return out, nil
}

// renamed recognises new items that are known under another name and left the document in this very poll.
func (doc *Document) renamed(s store.View, decided []dedup.Decision) error {
	isNew := func(d dedup.Decision) bool { return d.Action == dedup.New }
	if doc.Partial || doc.Pushed || len(doc.Items) != doc.Total || !slices.ContainsFunc(decided, isNew) {
		return nil
	}
	window, err := s.Window(doc.Source.ID)
	if err != nil {
		return err
	}
	here := make(map[news.Key]bool, len(doc.stays)+len(decided))
	for _, k := range doc.stays {
		here[k] = true
	}
	for _, d := range decided {
		here[d.Key] = true
	}
	gone := dedup.Gone{Text: func(i int) *dedup.Text { return doc.Prepare(doc.places[i]).Text }}
	for _, w := range window {
		if here[w.Item] {
			continue
		}
		it, found, err := s.Item(w.Item)
		if err != nil {
			return err
		}
		if found {
			gone.Items = append(gone.Items, it)
		}
	}
	return doc.items.Renamed(s, decided, gone)
}

// LookUp looks up the texts of the new items among those decided upon, so that the transaction of [Apply] asks only for what was stored
// since. It makes these items ready. It returns the errors of the store.
func (doc *Document) LookUp(s store.View, decided []Decision, setup *Setup) error {
	s.Remember(&doc.lookups)
	for _, d := range decided {
		if d.Action != dedup.New || d.Join != nil || d.Held {
			continue
		}
		ready := doc.Prepare(d.Place)
		it := ready.Item
		it.Key, it.Entry, it.FirstSeen = d.Key, d.Entry, doc.At
		it.ClampDates(doc.At)
		if err := ready.Text.Of(it).LookUp(s, setup.Stemmer, setup.Thresholds); err != nil {
			return err
		}
	}
	return nil
}

// Outcome is what a transaction changed.
type Outcome struct {
	New, Updated, Joined, Held int               // items
	Withdrawn                  []news.Retraction // items that the source took back
	Dropped                    int               // held items that will never be published
	Excluded                   int               // items that the source's lists keep out
	Kin                        bool              // the document has an item of the last one, or there was no last one
	Gap                        bool              // it has none, and items between the two may have been missed; never so of a delivery
	Items                      []news.Item       // new and revised ones of the document, as they are now
}

// documentTx is the transaction that stores a document.
type documentTx struct {
	*tx
	doc     *Document
	gone    map[news.Key]bool // items that the document says are deleted
	written []news.Key        // new and revised items
}

// Apply stores a document: its new and revised items, the entries that they make, join, merge or take back, and the window. st is
// what is remembered of the source, without this visit. The caller stores what follows from the outcome, in the same transaction.
// It returns the errors of the store; then nothing of the transaction may be kept.
func Apply(t *store.Tx, setup *Setup, doc *Document, st news.State) (Outcome, error) {
	return update(t, setup, func(d *tx) error { return d.apply(doc, st) })
}

func (d *tx) apply(doc *Document, st news.State) error {
	c := &documentTx{tx: d, doc: doc, gone: map[news.Key]bool{}}
	decided, err := doc.Decide(c.View, st, c.setup)
	if err != nil {
		return err
	}
	keys := make(map[int]news.Key, len(decided))
	// A document begins with its newest item, which takes the last position. Notices come last, wherever the document has what they
	// take back.
	var notices []Decision
	for _, dec := range slices.Backward(decided) {
		if dec.Action == dedup.Excluded {
			c.out.Excluded++
			continue
		}
		keys[dec.Place] = dec.Key
		if dec.Action == dedup.New && doc.Prepare(dec.Place).Item.Credits.Kill != nil {
			notices = append(notices, dec)
			continue
		}
		if err := c.item(dec); err != nil {
			return err
		}
	}
	for _, dec := range notices {
		if err := c.item(dec); err != nil {
			return err
		}
	}
	if err := c.deleted(keys); err != nil {
		return err
	}
	if err := c.window(keys); err != nil {
		return err
	}
	if len(c.written) > 0 {
		c.out.Items, err = news.Entry{Items: c.written}.Load(c.Item)
	}
	return err
}

// maxWindow bounds a window that grows with each delivery of a hub, or by documents that are too long.
const maxWindow = 20_000

// window lists the document's items in order, each once. A document that was cut off or that a hub delivered does not show
// what is missing, so the items of the last one stay.
func (c *documentTx) window(keys map[int]news.Key) error {
	last, err := c.Window(c.doc.Source.ID)
	if err != nil {
		return err
	}
	have := map[news.Key]bool{}
	w := make([]news.Seen, 0, len(c.doc.Items))
	add := func(k news.Key, sum uint64) {
		if !k.IsZero() && !have[k] {
			have[k] = true
			w = append(w, news.Seen{Item: k, Sum: sum})
		}
	}
	for i, it := range c.doc.Items {
		k, read := keys[i]
		if !read {
			k = c.doc.Known[it.Sum]
		}
		add(k, it.Sum)
	}
	whole := len(c.doc.Items) == c.doc.Total // else the items of the last document may be among those left out
	c.out.Kin = len(last) == 0 || !whole || slices.ContainsFunc(last, func(s news.Seen) bool { return have[s.Item] })
	c.out.Gap = !c.out.Kin && len(w) > 0 && !c.doc.Pushed
	if c.doc.Partial || c.doc.Pushed || !whole {
		for _, s := range last {
			if !c.gone[s.Item] {
				add(s.Item, s.Sum)
			}
		}
	}
	return c.PutWindow(c.doc.Source.ID, w[:min(len(w), maxWindow)])
}
