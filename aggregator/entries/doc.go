// Package entries decides what becomes of the items of a document and of the entries that they make: what is new, revised,
// joined, merged, withdrawn or held. It works on one transaction of the store, without network and clock: the same document
// on the same store gives the same result.
//
// A document comes as values ([Incoming]). [Document.Decide] says what its items are and changes nothing; [Apply] decides again inside
// the transaction, where the answer counts, and stores the result (aggregator/notes/why-decide-twice.md). For a new item Apply
//
//	looks up      whether another entry has its text or address     match.go, merge.go
//	publishes it  as an entry of its own or as part of that one     publish.go
//	or holds it   that of a first document, a flood, an embargo     held.go, embargo.go
//	adds terms    so that the items after it find it                tx.go
//
// in this order: an item must not find itself. A known item is revised (apply.go), withdrawn or published again (withdraw.go), and
// takes the credits that the page of its article states ([PutPage]). The decisions of an editor ([Split], [Join], [Withdraw], [Restore])
// and of the operator ([Release], [Drop]), and the end of an embargo ([EndEmbargoes]), run in the same kind of transaction. Each function
// changes nothing outside its transaction.
//
// # Errors
//
// The errors are those of the store, if a function names no others. After an error the caller must give the transaction up.
package entries
