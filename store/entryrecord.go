package store

import (
	"encoding/binary"
	"time"

	"dateline/aggregator/news"
)

// The entry and the log record are written by hand: there is one of each for every item, and a
// self-describing form would double them.

var (
	stateCodes = []news.EntryState{news.Public, news.Held, news.Withdrawn, news.Merged, news.Embargoed}
	kindCodes  = []news.Kind{"", news.RecordNew, news.RecordUpdated, news.RecordWithdrawn, news.RecordRestored, news.RecordMerged}
)

// packEntry writes e but for its Key, which the reader knows from the item of the same number.
func packEntry(e news.Entry) []byte {
	b := append(make([]byte, 0, 48+len(e.ID)+16*len(e.Items)), formPlain, codeOf(stateCodes, e.State))
	b = appendTime(b, e.Published)
	b = binary.AppendVarint(b, unixOf(e.Updated))
	b = binary.AppendUvarint(b, e.First)
	b = binary.AppendUvarint(b, e.Last)
	b = binary.AppendUvarint(b, uint64(e.Revision))
	b = binary.AppendUvarint(b, e.Changed)
	b = appendString(b, e.ID)
	b = binary.AppendUvarint(b, uint64(len(e.Items)))
	for _, k := range e.Items {
		b = append(b, k[:]...)
	}
	if !e.Into.IsZero() || len(e.Story) > 0 {
		b = append(b, e.Into[:]...)
	}
	for _, k := range e.Story {
		b = append(b, k[:]...)
	}
	return b
}

func unpackEntry(k news.Key, v []byte) (news.Entry, error) {
	r := reader{b: v}
	r.form(formPlain)
	e := news.Entry{Key: k}
	e.State = decoded(&r, stateCodes)
	e.Published = r.time()
	if n := r.varint(); n != 0 {
		e.Updated = time.Unix(n, 0).UTC()
	}
	e.First = r.uvarint()
	e.Last = r.uvarint()
	e.Revision = int(r.uvarint())
	e.Changed = r.uvarint()
	e.ID = r.string()
	for range min(r.uvarint(), 1<<16) {
		e.Items = append(e.Items, news.Key(r.next(16)))
	}
	if !r.done() {
		e.Into = news.Key(r.next(16))
	}
	for !r.done() {
		e.Story = append(e.Story, news.Key(r.next(16)))
	}
	return e, r.err
}

// packLog writes a record; its entry stands as the number of the representative.
func packLog(number uint64, rec news.LogRecord) []byte {
	b := append(make([]byte, 0, 24), formPlain, codeOf(kindCodes, rec.Kind))
	b = binary.AppendUvarint(b, number)
	b = binary.AppendUvarint(b, uint64(rec.Revision))
	b = binary.AppendVarint(b, unixOf(rec.At))
	return binary.AppendVarint(b, unixOf(rec.At)-unixOf(rec.Updated))
}

func unpackLog(pos uint64, v []byte) (number uint64, rec news.LogRecord, err error) {
	r := reader{b: v}
	r.form(formPlain)
	rec.Pos = pos
	rec.Kind = decoded(&r, kindCodes)
	number = r.uvarint()
	rec.Revision = int(r.uvarint())
	rec.At = time.Unix(r.varint(), 0).UTC()
	rec.Updated = time.Unix(rec.At.Unix()-r.varint(), 0).UTC()
	return number, rec, r.err
}

func codeOf[T comparable](codes []T, v T) byte {
	for i, c := range codes {
		if c == v {
			return byte(i)
		}
	}
	return 0
}

func decoded[T any](r *reader, codes []T) T {
	n := int(r.byte())
	if n >= len(codes) {
		r.err = errValue
		n = 0
	}
	return codes[n]
}

func unixOf(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func appendTime(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return binary.AppendVarint(b, 0)
	}
	return binary.AppendVarint(b, t.UnixNano())
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}
