package news

// Cut is a piece of an item's summary or content that is page furniture: it is stored and not republished.
type Cut struct {
	Content bool   `cbor:"1,keyasint,omitempty"` // of Content; else of Summary
	Start   int    `cbor:"2,keyasint,omitempty"` // bytes of the HTML
	End     int    `cbor:"3,keyasint,omitempty"` // behind the last byte
	Rule    string `cbor:"4,keyasint,omitempty"` // furniture, title-repeated, header-date-time, above-dateline, repeated
}

// Edges identifies what is at the head and at the foot of a text, piece by piece from the outside in. The zero Edges are those
// of an item without text.
type Edges struct {
	Head []uint32 `cbor:"1,keyasint,omitempty"` // hashes of the pieces before the text
	Foot []uint32 `cbor:"2,keyasint,omitempty"` // hashes of the pieces after it
}

// WithoutFurniture returns the item's summary and content without what Furniture names, as HTML in which every element is closed.
func (it Item) WithoutFurniture() (summary, content string) {
	return it.without(it.Summary, false), it.without(it.Content, true)
}

func (it Item) without(s string, content bool) string {
	var out []byte
	done := 0
	for _, c := range it.Furniture {
		if c.Content != content || c.Start < done || c.End <= c.Start || c.End > len(s) {
			continue
		}
		out, done = append(out, s[done:c.Start]...), c.End
	}
	if done == 0 {
		return s
	}
	return string(append(out, s[done:]...))
}
