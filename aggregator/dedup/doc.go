// Package dedup decides what an item is: new, known, revised, known under another id, or the same text
// that another source carries. It is pure: it reads an [Index] and says what it found, and why.
//
// The levels, each tried only where the one before found nothing:
//
//	L0  same source and identity, same content       nothing
//	L1  same source and identity, other content      a revision
//	L2  same source, another identity, same address  the identity becomes an alias
//	    or same title and minute
//	L3  same address, another source                 the same entry
package dedup

import "dateline/aggregator/news"

// Index is what dedup reads; the store's view satisfies it.
type Index interface {
	// Claimed returns the items that lay the claim, the earliest first.
	Claimed(news.Claim) ([]news.Item, error)
	// Item returns the current revision of the item named k, whichever of its identities the name was made from.
	Item(k news.Key) (news.Item, bool, error)
}
