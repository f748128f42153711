// Package postings maps terms to documents: a term is a hash of 32 or 64 bits, a document is the number of an item or a
// position of the log. A [Set] holds several indexes of this kind (fingerprints, stems, identity keys, tags) in one bucket.
//
// New documents go to the memtable: rows that are only appended to one bucket, and tables in memory that are built from these rows
// when an index is first used. When an index has [SealDocs] documents in the memtable, the memtable is sealed: each index gets a
// segment, which is never written again, and the rows go. When an index has [Fanout] sealed segments that were not merged, they
// are merged into one. Both depend on counts alone: the same documents added in the same order give the same segments, regardless of
// the transactions they were added in.
//
//	state                      -> numbers of the memtable and of the set of segments, rows of the memtable, and for each
//	                              index its documents and segments
//	tail/<row 8>               -> documents and their terms, a section for each index
//	segment/<index 1><first 8>/  the segment that begins with that document of the index, counted from 0
//	    h                      -> what the segment holds: counts, sources
//	    d<n 1>                 -> its documents: number, source, minute
//	    f<n 1>                 -> a Bloom filter of its terms
//	    g<n 1>                 -> a Bloom filter of the terms of a group: of this segment and the merged ones before it, see group.go
//	    i<n 1>                 -> a directory: where the blocks for the leading bits of a term are
//	    p<n 1>                 -> the postings, in blocks of 256 bytes: terms, and the places of their documents
//
// Integers in keys are big-endian. The place of a document is its number in its segment, from 0. Every value ends with the CRC-32C
// (RFC 3720 appendix B.4) of the names of its buckets, its key and its content. The arrays of a segment are read in places: they are
// stored in values of a megabyte, and each of their lines (64 bytes, 256 of the postings) has a sum instead. What does not fit its
// sum or its counts is a [*DamageError].
//
// There are no deletions: [Writer.Remove] rewrites what holds a document, a merge leaves out what [Writer.Expired] reports, and
// [Writer.Prune] drops segments of which nothing else is left.
//
// # Errors
//
// What does not fit its sum or its counts is a [*DamageError]; the other errors are those of bbolt. A term that no document has is no
// error.
//
// The package is a part of package store and, with it, the only importer of bbolt. It knows nothing of items: the store gives
// it numbers, and names what was found. A [Set] belongs to one open file and serves many readers beside one writer. After a
// transaction that failed, [Set.Reset] must be called before the next one begins.
package postings
