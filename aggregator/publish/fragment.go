package publish

import (
	"encoding/xml"
	"hash/maphash"
	"reflect"
	"time"

	"dateline/aggregator/news"
)

// fragment is one entry, rendered. It depends on the entry, its items and the publisher's options alone,
// and is kept under a hash of the former two; other options mean another publisher.
type fragment struct {
	sum  uint64
	c    *piece
	atom []byte // an indented atom:entry, with the line break before it
	uses prefixes
}

// prefixes are the vocabularies that a fragment uses.
type prefixes struct{ media, dc, dcterms, nar bool }

func (u prefixes) or(v prefixes) prefixes {
	return prefixes{u.media || v.media, u.dc || v.dc, u.dcterms || v.dcterms, u.nar || v.nar}
}

func (a *atomEntry) uses() prefixes {
	return prefixes{
		media:   len(a.Pictures)+len(a.Credits) > 0,
		dc:      a.Publisher != "",
		dcterms: a.Citation != "" || a.Provenance != "",
		nar:     a.Dateline != "" || a.InfoSource != "" || len(a.Creditlines)+len(a.By) > 0,
	}
}

// seed makes hashes differ from process to process; nothing that is published depends on it.
var seed = maphash.MakeSeed()

// fragment returns the entry e with its items as it stands in documents, rendered now or kept.
func (p *Publisher) fragment(e news.Entry, items []news.Item) (*fragment, error) {
	var h maphash.Hash
	h.SetSeed(seed)
	digest(&h, reflect.ValueOf(e))
	digest(&h, reflect.ValueOf(items))
	sum := h.Sum64()
	p.mu.Lock()
	f := p.kept[e.Key]
	p.mu.Unlock()
	if f != nil && f.sum == sum {
		return f, nil
	}
	c := p.piece(e, items)
	a := p.entry(c)
	b, err := xml.MarshalIndent(a, "  ", "  ")
	if err != nil {
		return nil, err
	}
	return &fragment{sum: sum, c: c, atom: append([]byte("\n"), b...), uses: a.uses()}, nil
}

// keep remembers the fragments of a rendering in place of those of the one before.
func (p *Publisher) keep(all []*fragment) {
	kept := make(map[news.Key]*fragment, len(all))
	for _, f := range all {
		kept[f.c.e.Key] = f
	}
	p.mu.Lock()
	p.kept = kept
	p.mu.Unlock()
}

var timeType = reflect.TypeFor[time.Time]()

// digest writes every field of v into h, those added later included. Maps, channels and functions do not
// occur in what it is given.
func digest(h *maphash.Hash, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		writeUint(h, uint64(v.Len()))
		h.WriteString(v.String())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		writeUint(h, uint64(v.Int()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		writeUint(h, v.Uint())
	case reflect.Bool:
		if v.Bool() {
			h.WriteByte(1)
		} else {
			h.WriteByte(0)
		}
	case reflect.Float64:
		maphash.WriteComparable(h, v.Float())
	case reflect.Pointer:
		if v.IsNil() {
			h.WriteByte(0)
			return
		}
		h.WriteByte(1)
		digest(h, v.Elem())
	case reflect.Slice, reflect.Array:
		writeUint(h, uint64(v.Len()))
		for i := range v.Len() {
			digest(h, v.Index(i))
		}
	case reflect.Struct:
		fields := v.NumField()
		if v.Type() == timeType {
			fields-- // the last one points to the zone: all times here are UTC
		}
		for i := range fields {
			digest(h, v.Field(i))
		}
	}
}

func writeUint(h *maphash.Hash, n uint64) {
	var b [8]byte
	for i := range b {
		b[i] = byte(n >> (8 * i))
	}
	h.Write(b[:])
}
