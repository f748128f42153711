package news

import (
	"math/bits"
	"slices"
)

// Style is the house style of a source's datelines: the forms that a lone text cannot prove, such as a bare place before a
// dash. It is learned from the source's items, one after the other. The zero Style has learned nothing.
type Style struct {
	Forms []Form `cbor:"1,keyasint,omitempty"` // by name; a form that none of the last items has is not kept
}

// Form is one way to print a dateline, and which of a source's last items have it.
type Form struct {
	Name    string `cbor:"1,keyasint,omitempty"` // such as "place-dash"
	Recent  uint64 `cbor:"2,keyasint,omitempty"` // bit n: the item n before the last has it, at a place that the gazetteer knows
	Learned bool   `cbor:"3,keyasint,omitempty"` // datelines of this form are read
}

const (
	styleItems  = 3  // of a form among the last learnFrom items: it is learned
	learnFrom   = 20 // items
	forgetAfter = 50 // items of which none has it
)

// Has reports whether the form is learned.
func (s Style) Has(form string) bool {
	return slices.ContainsFunc(s.Forms, func(f Form) bool { return f.Name == form && f.Learned })
}

// Learned returns the names of the learned forms, sorted.
func (s Style) Learned() []string {
	var names []string
	for _, f := range s.Forms {
		if f.Learned {
			names = append(names, f.Name)
		}
	}
	return names
}

// Next returns the style after one more item, which has the form, or none where form is empty. A form is learned when 3 of
// the last 20 items have it, and forgotten when none of the last 50 has. s is not changed.
func (s Style) Next(form string) Style {
	var next Style
	for _, f := range s.Forms {
		f.Recent = f.Recent << 1 & (1<<forgetAfter - 1)
		if f.Name == form {
			f.Recent |= 1
			form = ""
		}
		if bits.OnesCount64(f.Recent&(1<<learnFrom-1)) >= styleItems {
			f.Learned = true
		}
		if f.Recent != 0 {
			next.Forms = append(next.Forms, f)
		}
	}
	if form != "" {
		i, _ := slices.BinarySearchFunc(next.Forms, form, func(f Form, name string) int {
			if f.Name < name {
				return -1
			}
			return 1
		})
		next.Forms = slices.Insert(next.Forms, i, Form{Name: form, Recent: 1})
	}
	return next
}
