package dedup

import (
	"strings"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// names is what one item of a document can be recognised by.
type names struct {
	identity string    // its own; never empty
	others   []string  // identities it may have been given while its document looked otherwise
	address  string    // canonical; "" where it is no key
	link     string    // canonical, key or not
	title    string    // folded
	label    string    // the title, else the beginning of the text: what tells items without a guid and a link apart
	minute   time.Time // of publication; zero: unknown
}

// The claims besides that of the identity, which is the item's key.
func addressClaim(canonical string) news.Claim { return news.ClaimOf("address", canonical) }

func titleClaim(source, title string, minute time.Time) news.Claim {
	return news.ClaimOf("title", source, title, minute.UTC().Format("2006-01-02T15:04"))
}

// Claims returns what it is recognised by besides its key: its other guids, its address, and its title with
// its minute.
func Claims(it news.Item) []news.Claim {
	n := names{title: text.Fold(it.Title), address: Canonical(it.URL), minute: it.Published.Truncate(time.Minute)}
	out := n.claims(it.Source)
	for _, guid := range it.Aliases {
		out = append(out, news.ItemKey(it.Source, schemeless(guid)).Claim())
	}
	return out
}

func (n names) claims(source string) []news.Claim {
	var out []news.Claim
	if n.address != "" {
		out = append(out, addressClaim(n.address))
	}
	if n.title != "" && !n.minute.IsZero() {
		out = append(out, titleClaim(source, n.title, n.minute))
	}
	return out
}

// identify names the items of one document. Identity is the guid byte for byte (an http(s) guid without
// its scheme), else the canonical address, else title (or, without one, the beginning of the text) and raw
// date. A guid that stands twice in the
// document is no identity there: guid and address are, then address and title. An address that two items
// share is no key. The same identity twice is one item.
func identify(items []news.Item) []names {
	guids, links, both := map[string]int{}, map[string]int{}, map[string]int{}
	out := make([]names, len(items))
	for i, it := range items {
		n := &out[i]
		n.link = Canonical(it.URL)
		n.title = text.Fold(it.Title)
		n.label = label(n.title, it)
		n.minute = it.Published.Truncate(time.Minute)
		guids[schemeless(it.GUID)]++
		links[n.link]++
		both[schemeless(it.GUID)+"\n"+n.link]++
	}
	for i, it := range items {
		n := &out[i]
		guid := schemeless(it.GUID)
		withLink := guid + "\n" + n.link
		withTitle := n.link + "\n" + n.label
		switch {
		case guid != "" && guids[guid] == 1:
			n.identity, n.others = guid, []string{withLink, withTitle}
		case guid != "" && both[withLink] == 1:
			n.identity, n.others = withLink, []string{guid, withTitle}
		case guid != "":
			n.identity, n.others = withTitle, []string{guid, withLink}
		case n.link != "" && links[n.link] == 1:
			n.identity, n.others = n.link, []string{n.label + "\n" + it.PublishedRaw}
		default:
			n.identity, n.others = n.label+"\n"+it.PublishedRaw, []string{n.link}
		}
		if n.link != "" && links[n.link] == 1 {
			n.address = n.link
		}
	}
	return out
}

// labelBytes is how much of a text stands in for a missing title.
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
