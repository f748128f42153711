package config

import (
	"strings"

	"github.com/goccy/go-yaml/token"
)

// brackets looks at brackets, commas and colons, of which the parser says too little, or nothing: of `{title: a language: ru}` it makes one
// value.
type brackets struct {
	d    *decoder
	open []*token.Token // brackets that are not closed, the outermost first
	last *token.Token   // the one before; nil: there is none
	kind tokenKind      // of last
	line int            // on which the token that is looked at begins
	name bool           // the next token is the name of an anchor or an alias
}

// tokenKind is what a token is between brackets.
type tokenKind int

const (
	kindBlock tokenKind = iota // in a block
	kindOpen
	kindComma
	kindColon
	kindValue
	kindClosed // a value too, in brackets of its own
)

// sound reports whether brackets are closed, and values in them parted by commas. Else it has reported the first slip.
func (d *decoder) sound(tokens token.Tokens) bool {
	f := &brackets{d: d}
	for _, t := range tokens {
		switch {
		case t.Type == token.CommentType:
			continue
		case t.Type == token.InvalidType:
			return f.invalid(t)
		case f.name:
			f.name = false
			f.last = t
			continue
		}
		if at, e := f.step(t); e != nil {
			d.add(at, e)
			return false
		}
		f.last = t
	}
	if n := len(f.open); n > 0 {
		d.add(d.place(f.open[n-1]), wrong("not YAML: the %s that opens here is not closed", f.open[n-1].Value))
		return false
	}
	return true
}

// invalid reports a token that the lexer could not read, where it is about the head of a block of text; the parser finds the others.
func (f *brackets) invalid(t *token.Token) bool {
	head := t
	if last := f.last; last != nil && (last.Type == token.LiteralType || last.Type == token.FoldedType) {
		head = last
	} else if !strings.ContainsAny(firstRune(strings.TrimSpace(t.Value)), "|>") {
		return true
	}
	f.d.add(f.d.place(head), wrong("not YAML: after | or > come at most a digit and a sign, and the text on the lines below: "+
		"put a value in quotes"))
	return false
}

// step returns what is wrong with a token, given those before it; nil: nothing.
func (f *brackets) step(t *token.Token) (position, *Error) {
	at := f.d.place(t)
	f.line = at.line
	switch t.Type {
	case token.MappingStartType, token.SequenceStartType:
		return at, f.begin(t)
	case token.MappingEndType, token.SequenceEndType:
		return at, f.end(t)
	case token.CollectEntryType:
		if len(f.open) == 0 {
			return at, f.value()
		}
		if f.kind == kindOpen || f.kind == kindComma {
			return at, wrong("not YAML: a comma with nothing before it")
		}
		f.kind = kindComma
	case token.MappingValueType:
		return at, f.colon(t)
	case token.AnchorType, token.AliasType:
		f.name = true
		if t.Type == token.AliasType {
			return at, f.value()
		}
	case token.TagType, token.MappingKeyType, token.SequenceEntryType, token.DirectiveType, token.DocumentHeaderType, token.DocumentEndType:
		if len(f.open) == 0 {
			f.kind = kindBlock
		}
	default:
		return f.scalar(t)
	}
	return at, nil
}

// inside returns the innermost bracket that is open.
func (f *brackets) inside() *token.Token { return f.open[len(f.open)-1] }

func (f *brackets) begin(t *token.Token) *Error {
	if e := f.value(); e != nil {
		return e
	}
	f.open, f.kind = append(f.open, t), kindOpen
	return nil
}

// closers are the brackets that close the others.
var closers = map[string]string{"{": "}", "[": "]"}

func (f *brackets) end(t *token.Token) *Error {
	switch {
	case len(f.open) == 0:
		return unopened(t.Value)
	case closers[f.inside().Value] != t.Value:
		return f.mismatched(t.Value)
	}
	f.open, f.kind = f.open[:len(f.open)-1], kindClosed
	return nil
}

func unopened(closer string) *Error {
	return wrong("not YAML: a %s that closes nothing: take it away, or put the value in quotes", closer)
}

// mismatched is a bracket that closes another one than was opened.
func (f *brackets) mismatched(closer string) *Error {
	p := f.d.place(f.inside())
	return wrong("not YAML: a %s where the %s of line %d, column %d is open: want %s, or the value in quotes", closer, f.inside().Value,
		p.line, p.column, closers[f.inside().Value])
}

// value notes that a value begins, and returns what is wrong with that.
func (f *brackets) value() *Error {
	after := f.kind
	if len(f.open) == 0 {
		f.kind = kindBlock
		if after == kindClosed && f.d.place(f.last).line == f.line {
			return wrong("not YAML: more behind the %s: take it away, or put the whole value in quotes", f.last.Value)
		}
		return nil
	}
	f.kind = kindValue
	if after == kindValue || after == kindClosed {
		p := f.d.place(f.inside())
		return wrong("not YAML: a comma is missing before this, or the %s for the %s of line %d, column %d", closers[f.inside().Value],
			f.inside().Value, p.line, p.column)
	}
	return nil
}

// colon looks at a colon behind a key.
func (f *brackets) colon(t *token.Token) *Error {
	switch f.kind {
	case kindOpen, kindComma, kindColon:
		return wrong("not YAML: a colon without a key before it: put the value in quotes")
	case kindClosed:
		return wrong("not YAML: a list or a map where a key belongs: put it in quotes")
	}
	if len(f.open) > 0 {
		f.kind = kindColon
		return nil
	}
	p := f.d.place(t)
	before := string([]rune(f.d.lines[p.line-1])[:p.column-1])
	if strings.Trim(before, " -") == "" && (f.last == nil || f.last.Type != token.MappingKeyType && !f.keyed()) {
		return wrong("not YAML: a colon without a key before it")
	}
	return nil
}

// keyed reports whether the token before is a key after a question mark, which has been reported.
func (f *brackets) keyed() bool {
	return strings.HasPrefix(strings.TrimSpace(f.d.lines[f.d.place(f.last).line-1]), "?")
}

// scalar looks at one value or key.
func (f *brackets) scalar(t *token.Token) (position, *Error) {
	at, first := f.d.place(t), firstRune(t.Value)
	if t.Type == token.StringType && len(f.open) == 0 && (first == "}" || first == "]") {
		return at, unopened(first)
	}
	if e := f.value(); e != nil || t.Type != token.StringType {
		return at, e
	}
	switch {
	case first == "," || first == "%":
		return at, wrong("not YAML: no value begins with %s: put it in quotes", first)
	case len(f.open) == 0:
		return at, nil
	case strings.Contains(t.Value, ": ") || strings.HasSuffix(t.Value, ":"):
		return at, wrong(`not YAML: a second ":" in one value: a comma is missing before a key, or put the value in quotes`)
	}
	depth := map[rune]int{}
	for i, r := range []rune(t.Value) {
		switch r {
		case '{', '[':
			depth[r+2]++ // the one that closes it
		case '}', ']':
			if depth[r]--; depth[r] < 0 && f.onOneLine(t) {
				return position{at.line, at.column + i}, f.mismatched(string(r))
			}
		}
	}
	return at, nil
}

// onOneLine reports whether a value is written as it is read, on one line.
func (f *brackets) onOneLine(t *token.Token) bool {
	p := f.d.place(t)
	return strings.HasPrefix(string([]rune(f.d.lines[p.line-1])[p.column-1:]), t.Value)
}

func firstRune(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}
