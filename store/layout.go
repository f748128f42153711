package store

import "encoding/binary"

// The bucket tree. Integers in keys are big-endian, so that byte order is numeric order. Every value
// begins with a schema byte, but for days and what is in meta, and ends with the sum of its row; see row.go. An item's
// number is given once, in order of arrival, and never reused.
//
//	source    <source id>                      -> State (CBOR), as of the last fold
//	          <source id> 0x00                 -> window: the items of its last good document, in order
//	          0x00 <hash of feed 8>            -> a feed's description and how many items refer to it
//	visit     <n 8>                            -> what a visit changed of its source's State; n counts from 1 since the last fold
//	item      0x00 <number of the first 8>     -> a block of items as first seen (CBOR, zstd)
//	          0x01 <number 8><revision 2>      -> a later revision of one item (CBOR, zstd)
//	firstseen <day 4>                        -> the lowest number of an item that was first seen that day, 8
//	entry     <number of representative 8>     -> Entry
//	expiry    <what 1><day 4><update 8>        -> the numbers of items that left their feeds that day, as the update noted them; what is
//	                                              0 while their texts are kept, 1 when only what they are recognised by is
//	returned  <number 8>                       -> the day on which the item left its feed last, 4; 0: it is there. Of an item that
//	                                              left it once, or never, there is no row
//	log       <position 8>                     -> Record
//	postings  state, tail/, segment/           -> which items have which fingerprints, stems and keys, and which
//	                                              records of the log have which tags; see package postings
//	rule      <number 8>                       -> Rule of an item (CBOR)
//	push      <token>                          -> Subscription (CBOR)
//	hub       <topic> 0x00 <callback>          -> Subscriber (CBOR)
//	event     <n 8>                            -> Event (CBOR): the newest ones; n counts from 1 over the life of the store
//	held      <source id> 0x00 <number 8>      -> a schema byte: the item is held back; under embargo its moment too, 0: unknown
//	embargo   <moment 8><number 8>             -> nothing: the item is held until then; unix seconds
//	founder   <source id>                      -> nothing: the config held it when the store recorded its first visit
//	meta      schema, horizon, totals, config, log -> see below
//
// founder is made by the first visit; every other bucket is there from the start.
var buckets = [][]byte{bSource, bVisit, bItem, bFirstSeen, bEntry, bExpiry, bReturned, bLog, bPostings, bRule, bPush, bHub, bEvent, bHeld,
	bEmbargo, bMeta}

var (
	bSource        = []byte("source")
	bVisit         = []byte("visit")
	bItem          = []byte("item")
	bFirstSeen     = []byte("firstseen")
	bEntry         = []byte("entry")
	bExpiry        = []byte("expiry")
	bReturned      = []byte("returned")
	bLog           = []byte("log")
	bPostings      = []byte("postings")
	bMeta          = []byte("meta")
	bPush          = []byte("push")
	bRule          = []byte("rule")
	bHub           = []byte("hub")
	bEvent         = []byte("event")
	bInitialSource = []byte("founder")
	bHeld          = []byte("held")
	bEmbargo       = []byte("embargo")

	kSchema    = []byte("schema")  // the version of this layout, one integer of 8 bytes
	kTotals    = []byte("totals")  // the feed's id, and how much the file holds; see totals
	kHorizon   = []byte("horizon") // the second before which fingerprints have expired, 8; absent: none have
	kConfig    = []byte("config")  // that nodes of one log have in common (CBOR); absent: none was put
	kConfigRev = []byte("confrev") // its revision, 8
	kLog       = []byte("log")     // id of the log that the file follows; absent: it is used alone
)

// Schema is the version of the layout. A store of a higher one is refused ([ErrNewer]). One of a lower one, from [OldestSchema] on, is
// brought to this when it is opened for writing; for reading only it is refused ([ErrOlder]).
const Schema = 21

// pageSize is that of a new store, in bytes. At 100,000 items a visit writes between a third and two fifths of what it writes with
// pages of 16 KiB, in less time; the file takes 3 % more, since a block of items rarely fills its last page.
const pageSize = 4 << 10

// The schema bytes of values.
const (
	formPlain = 1 // as is
	formZstd  = 2 // zstd
	formBlock = 4 // a block of items
)

const (
	expireText = 0 // the text is still there
	expireKeys = 1 // only what the item is recognised by is
)

func key8(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

func num8(b []byte) uint64 { return binary.BigEndian.Uint64(b) }

func blockKey(first uint64) []byte { return binary.BigEndian.AppendUint64([]byte{0}, first) }

func revisionKey(number uint64, revision int) []byte {
	return binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint64([]byte{1}, number), uint16(revision))
}

// isBlock reports whether a row is a block of items.
func isBlock(k, value []byte) bool { return len(k) == 9 && k[0] == 0 && len(value) > 1 }

func windowKey(source string) []byte { return append([]byte(source), 0) }

func feedKey(hash uint64) []byte { return binary.BigEndian.AppendUint64([]byte{0}, hash) }

func dayAlone(day uint32) []byte { return binary.BigEndian.AppendUint32(nil, day) }

func expiryKey(what byte, day uint32, update uint64) []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32([]byte{what}, day), update)
}
