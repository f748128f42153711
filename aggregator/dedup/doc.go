// Package dedup decides what an item is: new, known, revised, known under another id, or the same text
// that another source carries. It is pure: it reads an [Index] and says what it found, and why.
//
// The levels, each tried only where the one before found nothing:
//
//	L0  same source and identity, same content       nothing
//	L1  same source and identity, other content      a revision
//	L2  same source, another identity, same address  the identity becomes an alias
//	    or same title and minute, or one that left
//	    the document as the other came, and says the same
//	L3  same address, another source                 the same entry
//	L4  same text, another source                    the same entry
//	L5  same text, edited, another source            the same entry
//	L6  same text, same source, an update term or    both stay; the later one says what it replaces
//	    another title
//	L7  same event, other words, another source      both stay, and name each other
//
// Texts are found by fingerprints and then compared word by word ([Text], [Compare]): how much of the shorter one
// is in the other, and whether every guard is passed. A guard looks at what the one text has where the other
// has something else: two figures, a denial or an opposite, two names or subjects in one form. See notes/why-containment.md.
//
// # Errors
//
// All errors are those of the [Index].
package dedup

import "dateline/aggregator/news"

// Index is what dedup reads; the store's view satisfies it.
type Index interface {
	// ItemsByKey returns the items that have the identity key, the earliest first.
	ItemsByKey(news.IdentityKey) ([]news.Item, error)
	// Item returns the current revision of the item named k, from any of its identities.
	Item(k news.Key) (news.Item, bool, error)
}
