package dedup

import (
	"strings"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// names is what one item of a document can be recognised by.
type names struct {
	identities []string  // that it can have, the most general first; which one depends on its document
	at         int       // place of its identity in this document; the more general ones are shared there
	first      int       // place of the first item of the document with the same identity: its own, unless it is a repetition
	address    string    // canonical; "" where it is no key
	link       string    // canonical, key or not
	title      string    // folded
	label      string    // the title, else the beginning of the text: what distinguishes items without a guid and a link
	minute     time.Time // of publication; zero: unknown
}

// identity is the item's own in this document; never empty.
func (n names) identity() string { return n.identities[n.at] }

// The identity keys besides that of the identity, which is the item's key.
func addressKey(canonical string) news.IdentityKey { return news.NewIdentityKey("address", canonical) }

func titleKey(source, title string, minute time.Time) news.IdentityKey {
	return news.NewIdentityKey("title", source, title, minute.UTC().Format("2006-01-02T15:04"))
}

// IdentityKeys returns what it is recognised by besides its key: its other guids, its address, and its title with
// its minute.
func IdentityKeys(it news.Item) []news.IdentityKey {
	n := names{title: text.Fold(it.Title), address: Canonical(it.URL), minute: it.Published.Truncate(time.Minute)}
	out := n.identityKeys(it.Source)
	for _, guid := range it.Aliases {
		out = append(out, news.ItemKey(it.Source, schemeless(guid)).IdentityKey())
	}
	return out
}

func (n names) identityKeys(source string) []news.IdentityKey {
	var out []news.IdentityKey
	if n.address != "" {
		out = append(out, addressKey(n.address))
	}
	if n.title != "" && !n.minute.IsZero() {
		out = append(out, titleKey(source, n.title, n.minute))
	}
	return out
}

// identify names the items of one document. Identity is the guid byte for byte (an http(s) guid without
// its scheme), else the canonical address, else title (or, without one, the beginning of the text) and raw
// date. A guid that two items of the document share is no identity there: guid and address are, then address
// and title. An address that two items share is no key. Items with equal guid, address and title (without a
// guid: address, title and date) are one item, shown repeatedly.
func identify(items []news.Item) []names {
	seen := make(map[string]bool, len(items))
	share := make(map[string]int, 2*len(items)) // items by identity, repetitions not counted
	links := make(map[string]int, len(items))
	out := make([]names, len(items))
	for i, it := range items {
		n := newNames(it)
		out[i] = n
		all := strings.Join(n.identities, "\n")
		if seen[all] {
			continue
		}
		seen[all] = true
		links[n.link]++
		for _, identity := range n.identities {
			share[identity]++
		}
	}
	first := make(map[string]int, len(items))
	for i := range out {
		n := &out[i]
		for n.at < len(n.identities)-1 && share[n.identity()] > 1 {
			n.at++
		}
		if n.link != "" && links[n.link] == 1 {
			n.address = n.link
		}
		if _, repeated := first[n.identity()]; !repeated {
			first[n.identity()] = i
		}
		n.first = first[n.identity()]
	}
	return out
}

func newNames(it news.Item) names {
	n := names{link: Canonical(it.URL), title: text.Fold(it.Title), minute: it.Published.Truncate(time.Minute)}
	n.label = label(n.title, it)
	if guid := schemeless(it.GUID); guid != "" {
		n.identities = []string{guid, guid + "\n" + n.link, n.link + "\n" + n.label}
		return n
	}
	if n.link != "" {
		n.identities = []string{n.link}
	}
	n.identities = append(n.identities, n.label+"\n"+it.PublishedRaw)
	return n
}

// IsStored reports whether an item of the source is stored under an identity that a document may give it. Of the item GUID,
// URL, Title and PublishedRaw are enough.
func IsStored(ix Index, source string, it news.Item) (bool, error) {
	for _, identity := range newNames(it).identities {
		if _, found, err := ix.Item(news.ItemKey(source, identity)); found || err != nil {
			return found, err
		}
	}
	return false, nil
}

// labelBytes is how much of a text takes the place of a missing title.
const labelBytes = 200

func label(title string, it news.Item) string {
	if title != "" {
		return title
	}
	body := text.Fold(it.Summary + " " + it.Content)
	return strings.ToValidUTF8(body[:min(len(body), labelBytes)], "")
}

// schemeless drops the scheme of an http(s) guid: a site that moves to https keeps its items.
func schemeless(guid string) string {
	for _, p := range []string{"https:", "http:"} {
		if len(guid) > len(p) && strings.EqualFold(guid[:len(p)], p) && strings.HasPrefix(guid[len(p):], "//") {
			return guid[len(p):]
		}
	}
	return guid
}

// Identity returns the identity that a guid gives to an item: itself, an http(s) guid without its scheme.
func Identity(guid string) string { return schemeless(guid) }
