// Package publish turns the store into what the public reads: feeds in Atom, RSS and JSON, their archives, pages in
// HTML, a list of the sources, and the HTTP handler that serves them.
//
// It selects entries, keeps what was rendered and answers requests. What may be shown of an entry is decided in package view, once;
// packages feed and page write views.
//
// The rules are:
//   - The same store and the same options give the same bytes: nothing here knows a clock, a random
//     number, the order of a map or the locale. Times are printed absolute. Only the page of sources shows the
//     present, as the caller says.
//   - Elements that Atom demands (id, title, updated, author) are never absent.
//
// An entry is written once in each format and kept as a fragment; a document is the join of its fragments. What is
// served where is in one table, [routes].
package publish

import (
	"cmp"
	"errors"
	"iter"
	"net/http"
	"sync"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/page"
	"dateline/aggregator/publish/view"
)

// Errors of rendering.
var (
	ErrRead    = errors.New("publish: store cannot be read") // wraps what a [Reader] returned
	ErrListing = errors.New("publish: no such listing")      // such as a source that is not configured
	ErrFormat  = errors.New("publish: no such format")       // or none of what is listed
)

// Reader is a consistent snapshot of the store.
type Reader interface {
	// Seq returns how many updates have changed what documents are made of, or more; no document changes without one.
	Seq() uint64
	// ChangedSince returns the entries that were changed after the update seq, perhaps more; false: that is not known, or one was forgotten.
	ChangedSince(seq uint64) ([]news.Key, bool)
	// Head returns the newest position of the log; 0: nothing was published yet.
	Head() uint64
	// Records yields the log from position `from` downwards, newest first; 0: from the head.
	Records(from uint64) iter.Seq2[news.LogRecord, error]
	// Oldest returns the oldest position that the log still has; 0: none.
	Oldest() uint64
	// Tagged yields the records with a tag likewise: `source:ID` for each source that carries the record's entry,
	// `language:xx` for the language of its representative. The newest record of an entry has all its tags.
	Tagged(tag string, from uint64) iter.Seq2[news.LogRecord, error]
	// TaggedFrom calls do with each position from `from` on and each of tags, by its index, that the record there has, in no order.
	TaggedFrom(from uint64, tags []string, do func(tag int, pos uint64)) error
	// HeldBy yields the entries that are held back of a source, in the order of their arrival.
	HeldBy(source string) iter.Seq2[news.Entry, error]
	// Entry returns the entry with key k, and whether there is one.
	Entry(k news.Key) (news.Entry, bool, error)
	// Item returns the current revision of the item with key k, Feed filled, and whether there is one.
	Item(k news.Key) (news.Item, bool, error)
	// Revision returns revision n, from 1, of the item with key k, and whether it is still there.
	Revision(k news.Key, n int) (news.Item, bool, error)
	// ConfigRev returns the revision of the config that nodes have in common; 0: none was pushed.
	ConfigRev() (uint64, error)
	// FeedID returns the atom:id minted with the store.
	FeedID() string
}

// Options say what is published and how.
type Options struct {
	// ConfigRev is the revision of the config that these are of, as of [Reader]; 0: of none that nodes have in common.
	ConfigRev uint64

	Title    string         // of the feed
	Zone     *time.Location // of times on pages; nil: UTC
	ID       string         // atom:id of the feed; empty: the one minted with the store
	BaseURL  string         // public address of `/`
	Language string         // BCP 47, of the feed's own words; may be empty
	Entries  int            // log records in the subscription document; 0: 100
	// AtLeast is how many entries of every configured source are in the merged feed, but for that no more than Entries are added; 0: as
	// many as fall to it.
	AtLeast    int
	Summary    int           // characters of plain text that a source which grants summaries lets out; 0: 500
	CreditLine bool          // a visible credit line at the end of each content
	IPTC       bool          // elements of IPTC's nar: vocabulary besides
	Icon       []byte        // SVG, or a PNG that can be read; nil: our own mark
	AgencyIn   AgencyIn      // where readers see the agency of an entry; empty: nowhere but in the text
	Contact    string        // address or URL that pages name for questions; may be empty
	Sources    []news.Source // the configured sources, and those that were removed and have items still
	Listed     time.Time     // when the list of sources was last changed; zero: not known
	// Topics holds the names of topics for readers; one without is called by its id.
	Topics map[string]string
	// Queries holds the queries of topics whose entries are what Options.Find finds, and not those of sources. Topics names them too.
	Queries map[string]string
	// Find returns the newest entries that match a query, held ones too; it wraps [news.ErrQuery] where the query
	// cannot be read. r is what the view gave, with its other methods. nil: there is no search.
	Find func(r Reader, query string) ([]news.Key, error)
	// Explain says of a query that finds nothing what its parts find; r as of Find. nil: pages do not.
	Explain func(r Reader, query string) ([]page.QueryPart, error)
	Hub     string // address of the WebSub hub that documents name; empty: none
	// Places knows the spellings of places; nil: each spelling is a place.
	Places Places
	// Agency looks up the registry of agencies; nil: an empty registry.
	Agency  func(key string) (news.Agency, bool)
	Version string // of the generator; may be empty
	// States returns the present states of the sources, in the order to show them; nil: there is no page of sources.
	States func() ([]page.SourceState, error)
}

// Places brings the spellings of a place together.
type Places interface {
	// Key returns the key of a place as printed: that of the gazetteer, else its folded spelling.
	Key(printed string) string
	// Spellings returns the spellings of a key, at least the key itself.
	Spellings(key string) []string
}

// AgencyIn says where feeds name the originator for readers that list entries, beside the text.
type AgencyIn string

// The places: the title (but in documents of one source), the author, both, or none of them.
const (
	AgencyInTitle  AgencyIn = "title"
	AgencyInAuthor AgencyIn = "author"
	AgencyInBoth   AgencyIn = "both"
	AgencyInNone   AgencyIn = "none"
)

func (a AgencyIn) title() bool  { return a == AgencyInTitle || a == AgencyInBoth }
func (a AgencyIn) author() bool { return a == AgencyInAuthor || a == AgencyInBoth }

// Publisher renders documents. It is safe for concurrent use.
type Publisher struct {
	o     Options
	at    view.Addresses
	views *view.Maker
	site  *page.Site
	find  func(r Reader, query string) ([]news.Key, error) // Options.Find, also where no page searches

	mu   sync.Mutex
	kept *lru[news.Key, *fragment]
	// notes are kept by position of the log.
	notes *lru[uint64, *note]
	last  lastDay

	places    map[string]int // of the sources in Options.Sources
	positions newestPositions
}

// New returns a publisher for o, which it does not change.
func New(o Options) *Publisher {
	if o.Entries <= 0 {
		o.Entries = 100
	}
	p := &Publisher{
		o: o, find: o.Find,
		at: view.NewAddresses(o.BaseURL),
		views: &view.Maker{Sources: make(map[string]*news.Source, len(o.Sources)), Agency: o.Agency, Topics: o.Topics, Summary: o.Summary,
			CreditLine: o.CreditLine},
		kept:  newLRU[news.Key, *fragment](2*o.Entries + archivePage + besides),
		notes: newLRU[uint64, *note](o.Entries + besides), places: make(map[string]int, len(o.Sources)),
	}
	p.site = &page.Site{
		Title: cmp.Or(view.OneLine(o.Title), "Agency wire"), Language: o.Language, Contact: o.Contact, Addresses: p.at, Sources: o.Sources,
		Topics: o.Topics, Views: p.views, States: o.States != nil, Zone: o.Zone,
	}
	if o.Places != nil {
		p.site.Places = o.Places
	}
	if o.Find != nil {
		p.site.MaxQuery = maxQuery
	}
	for i := range o.Sources {
		src := &o.Sources[i]
		p.views.Sources[src.ID], p.places[src.ID] = src, i
	}
	return p
}

// CreditLine returns the credit line of the entry e as text, in the words of lang: whose report it is, from
// where and when, by whom, whose photo, who carried it. items are the entry's, the representative first;
// without items the line is empty. lang is BCP 47; empty: that of the representative.
func (p *Publisher) CreditLine(e news.Entry, items []news.Item, lang string) string {
	if len(items) == 0 {
		return ""
	}
	return p.views.Entry(e, items).CreditLine(lang)
}

// Document is one rendered document.
type Document struct {
	Bytes     []byte    // as sent, not compressed
	MediaType string    // such as `application/atom+xml`; the charset is UTF-8
	Position  uint64    // newest log position that it shows; 0: the log is empty
	Updated   time.Time // its atom:updated; zero: it has no date
	Entries   int       // in it
	Gone      bool      // it is a notice in place of what was withdrawn: answered with 410

	archive bool // it is a page of the archives
	topic   bool // it is a feed that the hub announces
}

// ContentType is that of an answer with the document.
func (d *Document) ContentType() string {
	if d.MediaType == typeICO {
		return d.MediaType
	}
	return d.MediaType + "; charset=utf-8"
}

// status is that of an answer with the document.
func (d *Document) status() int {
	if d.Gone {
		return http.StatusGone
	}
	return http.StatusOK
}
