package dedup

import (
	"fmt"
	"slices"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// Action says what becomes of an item.
type Action string

// The actions, as `fetch` prints them.
const (
	New      Action = "new"
	Same     Action = "same"
	Revision Action = "revision"
	Alias    Action = "alias"    // known under another id; with other content it is a revision besides
	Twin     Action = "twin"     // the second of two items of a document that nothing distinguishes
	Excluded Action = "excluded" // new, and kept out by the source's lists: set by the caller, which knows them
)

// Decision is what was found of one item of a document.
type Decision struct {
	Action       Action
	Key          news.Key           // the item's own, under any name that it has this time
	Was          *news.Item         // as stored; nil: it is new
	Changed      bool               // its content differs from what is stored
	IdentityKeys []news.IdentityKey // to be stored for the item, those of aliases among them
	Join         *news.Join         // it is in another item's entry; nil: in its own
	Entry        news.Key           // of the entry that it belongs to

	Supersedes *news.Join // the earlier report that it takes the place of; nil: none
	Held       bool       // it is new, and to be stored without being published
	NoUpdate   bool       // it was recognised in a flood: what changed is no news
}

// Add takes over what was found of the text of an item that nothing else recognised.
func (d *Decision) Add(m Match) {
	if m.Join != nil {
		d.Join, d.Entry = m.Join, m.Entry
	}
	d.Supersedes = m.Supersedes
}

// Hold has a new item be stored, by itself, and not published.
func (d *Decision) Hold() { d.Held, d.Join, d.Entry, d.Supersedes = true, nil, d.Key, nil }

// Name returns the decision in the words of `fetch`: new, same, revision, alias, twin, excluded, join:LEVEL,
// supersedes or held.
func (d Decision) Name() string {
	switch {
	case d.Held:
		return "held"
	case d.Action == New && d.Join != nil:
		return "join:" + d.Join.Level
	case d.Action == New && d.Supersedes != nil:
		return "supersedes"
	}
	return string(d.Action)
}

// Document is the items of one document, with what each can be recognised by. It can be decided on again and
// again, as the store changes.
type Document struct {
	src   string
	items []news.Item
	names []names
}

// Read returns a document of the source src with these items.
func Read(src string, items []news.Item) *Document {
	return &Document{src: src, items: items, names: identify(items)}
}

// Decide finds out what the items of the document are, in their order. standing holds the keys of items of the
// same document that were recognised by their bytes; they are not among its items. first says that nothing of
// the source has ever been stored.
func (doc *Document) Decide(ix Index, standing []news.Key, first bool) ([]Decision, error) {
	d := doc.decider(ix, make([]Decision, len(doc.items)))
	for _, k := range standing {
		d.taken[k] = true
	}
	if first {
		return d.out, d.rest()
	}
	// First all by their own names, then the rest by what else is known of them: an item that is in
	// the document under its own name is never taken for another one's former self.
	for _, find := range []func(int) (*news.Item, error){d.byIdentity, d.byFormer, d.byAddress, d.byTitle} {
		for i := range d.items {
			if d.out[i].Action != "" || d.names[i].first != i {
				continue
			}
			was, err := find(i)
			if err != nil {
				return nil, fmt.Errorf("dedup: %w", err)
			}
			if was != nil {
				d.recognise(i, was)
			}
		}
	}
	return d.out, d.rest()
}

type decider struct {
	*Document
	names []names // those of Document, with what the store adds to them
	ix    Index
	out   []Decision
	taken map[news.Key]bool
}

func (doc *Document) decider(ix Index, out []Decision) *decider {
	return &decider{Document: doc, names: slices.Clone(doc.names), ix: ix, out: out, taken: make(map[news.Key]bool, len(doc.items))}
}

// byIdentity tries the most specific identity first: of two items that shared a guid, one may be known by the guid
// alone. Where another item of the document, one that was recognised by its bytes perhaps, is known by an identity
// of this one, they share it, and this one is called by the next.
func (d *decider) byIdentity(i int) (*news.Item, error) {
	n := &d.names[i]
	last := len(n.identities) - 1
	for at := last; at >= n.at; at-- {
		it, found, err := d.named(n.identities[at])
		switch {
		case err != nil:
			return nil, err
		case !found:
		case !d.taken[it.Key]:
			return pointer(it), nil
		case at == last || n.link == Canonical(it.URL) && n.label == label(text.Fold(it.Title), it):
			d.out[i] = Decision{Action: Twin, Key: it.Key, Was: pointer(it), Entry: it.Entry}
			return nil, nil
		default:
			if n.at = at + 1; n.link == Canonical(it.URL) {
				n.at = last
			}
			return nil, nil
		}
	}
	return nil, nil
}

// named returns the source's item of that identity.
func (d *decider) named(identity string) (news.Item, bool, error) {
	return d.ix.Item(news.ItemKey(d.src, identity))
}

// byFormer looks under the identities that the item may have had while its guid or its link stood twice in the
// document, or did not yet.
func (d *decider) byFormer(i int) (*news.Item, error) {
	n := d.names[i]
	for at, identity := range n.identities {
		if at == n.at || identity == "\n" {
			continue
		}
		it, found, err := d.named(identity)
		if err != nil {
			return nil, err
		}
		if found && !d.taken[it.Key] && d.alike(i, it) {
			return pointer(it), nil
		}
	}
	return nil, nil
}

// alike guards a former identity that may have been shared: the address must agree where it is one item's
// own, or else the title.
func (d *decider) alike(i int, it news.Item) bool {
	n := d.names[i]
	return n.address != "" && n.address == Canonical(it.URL) || n.label != "" && n.label == label(text.Fold(it.Title), it)
}

// byAddress is L2 by address, and leaves other sources' items for L3.
func (d *decider) byAddress(i int) (*news.Item, error) {
	if d.names[i].address == "" {
		return nil, nil
	}
	all, err := d.ix.ItemsByKey(addressKey(d.names[i].address))
	if err != nil {
		return nil, err
	}
	mine := slices.DeleteFunc(all, func(it news.Item) bool { return it.Source != d.src })
	if len(mine) != 1 || d.taken[mine[0].Key] {
		return nil, nil // an address that several items have had is no key
	}
	return &mine[0], nil
}

// byTitle is L2 by title and minute.
func (d *decider) byTitle(i int) (*news.Item, error) {
	n := d.names[i]
	if n.title == "" || n.minute.IsZero() {
		return nil, nil
	}
	all, err := d.ix.ItemsByKey(titleKey(d.src, n.title, n.minute))
	if err != nil {
		return nil, err
	}
	for _, it := range all {
		if it.Source == d.src && !d.taken[it.Key] {
			return pointer(it), nil
		}
	}
	return nil, nil
}

// pointer returns a pointer to a copy of an item. That of a variable would put every item there in memory of its own, those too that are
// not found: most are new.
func pointer(it news.Item) *news.Item { return &it }

func (d *decider) recognise(i int, was *news.Item) {
	d.taken[was.Key] = true
	it, n := d.items[i], d.names[i]
	dec := Decision{Action: Same, Key: was.Key, Was: was, Entry: was.Entry, Join: was.Join}
	dec.Changed = it.Hash != was.Hash && !was.Erased // what is erased is remembered so that it does not come back
	if dec.Changed {
		dec.Action = Revision
	}
	if name := news.ItemKey(d.src, n.identity()); name != was.Key && !d.bears(name) {
		dec.Action = Alias
		dec.IdentityKeys = append(dec.IdentityKeys, name.IdentityKey())
	}
	if dec.Action != Same {
		dec.IdentityKeys = append(dec.IdentityKeys, n.identityKeys(d.src)...)
	}
	d.out[i] = dec
}

// bears reports whether an item is known under name.
func (d *decider) bears(name news.Key) bool {
	_, found, err := d.ix.Item(name)
	return err == nil && found
}

// rest makes new items of what nothing recognised; L3 finds the entry of another source's copy.
func (d *decider) rest() error {
	for i := range d.items {
		if d.out[i].Action != "" {
			continue
		}
		n := d.names[i]
		if n.first != i {
			first := d.out[n.first]
			d.out[i] = Decision{Action: Twin, Key: first.Key, Was: first.Was, Entry: first.Entry}
			continue
		}
		k := news.ItemKey(d.src, n.identity())
		if d.taken[k] {
			d.out[i] = Decision{Action: Twin, Key: k, Entry: k}
			continue
		}
		d.taken[k] = true
		dec := Decision{Action: New, Key: k, Entry: k, Changed: true, IdentityKeys: n.identityKeys(d.src)}
		if err := d.join(n, &dec); err != nil {
			return fmt.Errorf("dedup: %w", err)
		}
		d.out[i] = dec
	}
	return nil
}

// join is L3.
func (d *decider) join(n names, dec *Decision) error {
	if n.address == "" {
		return nil
	}
	all, err := d.ix.ItemsByKey(addressKey(n.address))
	if err != nil {
		return err
	}
	// Where the source has an item under the address already, this is its second, and the address is no key.
	if !slices.ContainsFunc(all, func(it news.Item) bool { return it.Source == d.src }) {
		dec.Add(byAddress(all, d.src))
	}
	return nil
}

// Address finds the entry of another source whose item has the address of an item that is stored already (L3).
func Address(ix Index, it news.Item) (Match, error) {
	address := Canonical(it.URL)
	if address == "" {
		return Match{}, nil
	}
	all, err := ix.ItemsByKey(addressKey(address))
	if err != nil || !slices.ContainsFunc(all, func(o news.Item) bool { return o.Key == it.Key }) {
		return Match{}, err
	}
	return byAddress(all, it.Source), nil
}

// sameAddress reports whether a and b are two sources' items under one address that is a key.
func sameAddress(ix Index, a, b news.Item) (bool, error) {
	if Canonical(a.URL) == "" || Canonical(a.URL) != Canonical(b.URL) || a.Source == b.Source {
		return false, nil
	}
	for _, it := range []news.Item{a, b} {
		if found, err := Address(ix, it); err != nil || found.Join == nil {
			return false, err
		}
	}
	return true, nil
}

// byAddress finds the other source's item among those that have had one address. An address under which one source
// has had two items is a page that shows the news of the day, and joins nothing.
func byAddress(all []news.Item, src string) Match {
	seen := map[string]bool{}
	for _, it := range all {
		if seen[it.Source] {
			return Match{}
		}
		seen[it.Source] = true
	}
	for _, it := range all {
		if it.Source != src && !it.Withdrawn && !it.Erased && !it.Held {
			return Match{Entry: it.Entry, Join: &news.Join{Level: "L3", Rule: "address", Score: 1, With: it.Key}}
		}
	}
	return Match{}
}

// Significant reports whether a revision changes what a reader would be shown again: the title or the lead,
// apart from case, punctuation and spacing.
func Significant(was, is news.Item) bool {
	return !sameWords(was.Title, is.Title) || !sameWords(was.Lead, is.Lead)
}

func sameWords(a, b string) bool { return a == b || slices.Equal(text.Words(a), text.Words(b)) }
