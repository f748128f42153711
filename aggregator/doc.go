// Package aggregator is the engine: the only package that knows the order of the pipeline. Read visit.go
// first: it is one reading of one source, top to bottom.
//
//	config.yaml                                                      readers, subscribers
//	    |                                                                       ^
//	    v                                                                       |
//	schedule -> fetch -> parse -> dedup -> attribute -> entries -> store -> publish, search
//	 who is      one      the     is it     whose       whose      one      Atom, RSS, JSON,
//	  due?     polite   document  new?      report,     text is   trans-    pages, hub
//	            GET     to items            whose       it too?   action
//	                                        photo?
//
// A visit asks the store what it knows of a source, asks the source once and conditionally, reads what it
// answers, cleans and credits the items that are new or changed, and records everything in one
// transaction: items, keys, joins, validators, failures, next due time. The decision what is new is made
// twice: before the transaction, to know which items need work, and inside it, where it counts (package
// entries). What a hub delivers, and a document that is handed over, goes the same way from parse on. What
// only looks (look.go, discover.go) stops before the transaction. Package status says how a source is.
//
//	visit.go       one visit: recall, ask, read, prepare, commit
//	prepare.go     items made ready: cleaned, credited, fingerprinted, without what is page furniture
//	outcome.go     what is remembered, reported and logged of a visit
//	               (package page/queue asks for the pages of new articles once their feed was recorded)
//	run.go         the daemon: visits when they are due; ingest.go: a pass; deliver.go: a hub's document
//	look.go        what a visit would find, and store nothing; discover.go: the feeds of a site
//	changes.go     changes that no visit makes: an editor's, releases, embargoes that end, what is removed with time
//	memory.go      what a visit takes while it reads, and gives back: memory, places among those that ask and parse
//	aggregator.go  the engine, its setup, the sources and the pauses of their hosts
//
// # Laws
//
//  1. Every visit is recorded in exactly one transaction, good or bad. Validators are never saved without
//     the items they vouch for.
//  2. Keys outlive items: retention removes text, and what was published stays known by its key.
//  3. The key of an entry, once published as its id, never changes while the store lives, and is never reused.
//  4. No credit is lost, shortened or invented. What we do not know stays empty.
//  5. A missing date stays missing. Feed dates never decide what is new nor when to poll.
//  6. Errors are status, never news. Absence withdraws nothing.
//  7. The same store and config give the same bytes of every document that is published.
//  8. Deny by default: private addresses, foreign schemes, active markup, unbounded input.
//  9. No neighbour annoyed: conditional requests, one at a time to a host, and what the server asks for is
//     obeyed, across restarts and processes.
//
// # Glossary
//
//	source       a feed the operator configured
//	agency       an organisation that can be credited; the registry maps its spellings to one key
//	item         what one source published under one identity; has revisions
//	key          the UUID that names an item or an entry for ever; an entry is published under it as its id
//	number       place of an item in the order of arrival, used within the store
//	entry        what we publish: one item, or several that carry the same text
//	story        entries about the same event in other words: linked, never merged
//	originator   whose report an item is
//	carrier      a source whose item is in an entry that another item represents
//	credit       who made what, as printed, with its evidence
//	visit        one reading of a source
//	window       the items of a source's last good document
//	match window how far apart the dates of two items may be that are joined (news.Thresholds.Window)
//	validators   ETag and Last-Modified, as received
//	identity key what an item can be recognised by when its source shows it again: a hash of its guid, its address or its title
//	fingerprint  what the text of an item is found by
//	guard        a check whether two texts that are alike are the same: it is passed or fails (news.Guard). The guard of fetch is
//	             another: it refuses addresses that no request goes to
//	furniture    page furniture: lines of an item that are no part of its text, such as menus, the weather, calls to subscribe
//	rule         what an editor decided about an item; it outlives every later visit. The Rule of a news.Join or a news.Evidence is
//	             another: the name of the code that found it
//	held         stored, and not published until released: by a first document, a flood, an embargo
//	log          dense positions from 1; every published change takes the next one
//	pass         one visit to every source that is due, by a process that then ends (ingest)
//	owner        the process that has the store open, daemon or pass
//
// The stages import news and text, never each other; imports_test.go checks that. Why-notes are in notes/,
// operators' texts in docs/, and docs/contributing.md has the files of the most frequent changes in order.
package aggregator
