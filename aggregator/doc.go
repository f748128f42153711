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
// entries). What a hub delivers (push) goes the same way from parse on. What only looks (look.go, probe.go,
// discover.go) stops before the transaction. Package status says how a source is.
//
// # Laws
//
//  1. Every visit is recorded in exactly one transaction, good or bad. Validators are never saved without
//     the items they vouch for.
//  2. Keys outlive items: retention removes text, not memory.
//  3. An id once published never changes while the store lives, and is never reused.
//  4. No credit is lost, shortened or invented. What we do not know stays empty.
//  5. A missing date stays missing. Feed dates never decide what is new nor when to poll.
//  6. Errors are status, never news. Absence withdraws nothing.
//  7. Same store and config, same bytes.
//  8. Deny by default: private addresses, foreign schemes, active markup, unbounded input.
//  9. No neighbour annoyed: conditional requests, one at a time to a host, and what the server asks for is
//     obeyed, across restarts and processes.
//
// # Glossary
//
//	source    a feed the operator configured
//	item      what one source published under one identity; has revisions
//	entry     what we publish: one item, or several that carry the same text
//	story     entries about the same event in other words: linked, never merged
//	visit     one reading of a source
//	window    the items of a source's last good document
//	identity key     what an item can be recognised by
//	carrier   a source whose item is in an entry that another item represents
//	rule      what an editor decided about an item; it outlives every later visit
//	held      stored, and not published until released
//	fingerprint      what the text of an item is found by
//	log       dense positions from 1; every published change takes the next one
//
// The stages import news and text, never each other; imports_test.go checks that. Why-notes are in notes/,
// operators' texts in docs/.
package aggregator
