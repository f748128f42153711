// Package opml reads and writes lists of feeds (OPML 2.0, http://opml.org/spec2.opml). Folders are topics: a feed of
// several topics is in each of their folders, and its category attribute has them in order. What OPML has no word
// for is in attributes of a namespace of our own, which other programs ignore.
package opml

// Namespace is that of the attributes that OPML does not have.
const Namespace = "urn:dateline:opml"

// The bounds of a document that is read.
const (
	MaxSize     = 10 << 20 // bytes
	MaxDepth    = 32       // folders inside each other that are topics of what is in them
	MaxOutlines = 50_000

	maxTitle  = 10_000 // bytes, about
	maxTopics = 64     // of one feed
	maxOwn    = 64     // attributes of our namespace of one outline
)

// Document is a list of feeds.
type Document struct {
	Title  string  // empty: none
	Topics []Topic // names of topics; a topic without one is called by its id
	Feeds  []Feed  // in document order

	LeftOut  []LeftOut // what [Read] could not read, by line; it is not written
	Repeated int       // outlines of feeds that [Read] had read already: they only brought topics; it is not written
}

// LeftOut is a part of a document that brought no feed, and why.
type LeftOut struct {
	Line int    // from 1
	URL  string // as found; may be empty
	Why  string
}

// Topic is a folder.
type Topic struct {
	ID   string
	Name string
}

// Feed is an outline of type rss.
type Feed struct {
	Title    string   // as its text attribute has it
	URL      string   // xmlUrl
	Site     string   // htmlUrl; may be empty
	Language string   // may be empty
	Topics   []string // nil: none
	Own      []Attr   // attributes of our namespace, in order
	Line     int      // where it was read; 0: it was not
}

// Attr is an attribute of our namespace.
type Attr struct{ Name, Value string }

// Get returns the value of the attribute name of our namespace, empty where there is none.
func (f *Feed) Get(name string) string {
	for _, a := range f.Own {
		if a.Name == name {
			return a.Value
		}
	}
	return ""
}
