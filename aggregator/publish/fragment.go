package publish

import (
	"bytes"
	"encoding/xml"
	"hash/maphash"
	"html/template"
	"math"
	"reflect"
	"sync"
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
	row  func() (template.HTML, error) // rendered when a page first asks for it
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
	var d digest
	d.add(reflect.ValueOf(&e).Elem())
	d.add(reflect.ValueOf(items))
	sum := uint64(d)
	p.mu.Lock()
	f := p.kept[e.Key]
	p.mu.Unlock()
	if f != nil && f.sum == sum {
		return f, nil
	}
	c := p.piece(e, items)
	a := p.entry(c)
	var b bytes.Buffer
	b.WriteByte('\n')
	enc := xml.NewEncoder(&b)
	enc.Indent("  ", "  ")
	if err := enc.Encode(a); err != nil {
		return nil, err
	}
	return &fragment{
		sum: sum, c: c, atom: b.Bytes(), uses: a.uses(),
		row: sync.OnceValues(func() (template.HTML, error) { return p.rowHTML(c) }),
	}, nil
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

// digest sums up values.
type digest uint64

var timeType = reflect.TypeFor[time.Time]()

// add takes in every field of v, those that the nouns are given later included. It knows the kinds that
// nouns consist of; there are no maps, channels and functions among them.
func (d *digest) add(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		d.mix(maphash.String(seed, v.String()))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		d.mix(uint64(v.Int()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		d.mix(v.Uint())
	case reflect.Float32, reflect.Float64:
		d.mix(math.Float64bits(v.Float()))
	case reflect.Bool:
		if v.Bool() {
			d.mix(1)
		} else {
			d.mix(0)
		}
	case reflect.Pointer:
		if v.IsNil() {
			d.mix(0)
			return
		}
		d.mix(1)
		d.add(v.Elem())
	case reflect.Array: // a key
		d.mix(maphash.Bytes(seed, v.Bytes()))
	case reflect.Slice:
		d.mix(uint64(v.Len()))
		for i := range v.Len() {
			d.add(v.Index(i))
		}
	case reflect.Struct:
		fields := v.NumField()
		if v.Type() == timeType {
			fields-- // the last one points to the zone: all times here are UTC
		}
		for i := range fields {
			d.add(v.Field(i))
		}
	}
}

// mix is one round of a multiplicative hash.
func (d *digest) mix(n uint64) {
	s := (uint64(*d) ^ n) * 0x9e3779b97f4a7c15
	*d = digest(s ^ s>>29)
}
