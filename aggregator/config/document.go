package config

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Bounds of what is given to the parser, which recurses, and takes time by the square of the keys in
// one map, half a minute for those that fit in a file, and of the keys and elements without a value: ten minutes.
const (
	maxDepth   = 16   // of flow lists and maps, or of dashes on one line; the config needs 4
	maxKeys    = 1000 // of one map
	maxRefused = 100  // tags and the like
	maxEmpty   = 50_000
)

// document returns the body of the one document in b, nil where there is none or it cannot be read.
func (d *decoder) document(b []byte) ast.Node {
	if len(b) > MaxSize {
		d.add(start, wrong("larger than %d KiB", MaxSize>>10))
		return nil
	}
	text := plain(b)
	if p, e := badCharacter(text); e != nil {
		d.add(p, e)
		return nil
	}
	d.lines = strings.Split(text, "\n")
	d.widths = make([]int, len(d.lines))
	for i, line := range d.lines {
		d.widths[i] = utf8.RuneCountInString(line)
	}
	tokens := lexer.Tokenize(text)
	d.own = len(tokens)
	if !d.plainTokens(tokens) || !d.sound(tokens) {
		return nil
	}
	// A second key of the same name is an error of ours: the parser's would be the last one reported.
	f, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		p, e := d.syntaxError(err)
		if opened, found := d.unclosed(tokens, p.line); found {
			p, e = opened, wrong("not YAML: the quote that opens here is not closed on its line")
		}
		if len(d.errs) == 0 || p != (position{d.errs[0].Line, d.errs[0].Column}) {
			d.add(p, e)
		}
		return nil
	}
	var body ast.Node
	for _, doc := range f.Docs {
		if _, ok := doc.Body.(*ast.DirectiveNode); ok {
			continue // reported as a token
		}
		if body != nil && doc.Body != nil {
			d.add(d.begin(doc.Body), wrong("a second document begins here: a config is one document"))
			break
		}
		if body == nil {
			body = doc.Body
		}
	}
	return body
}

// lineOfKey is the line of a key, which text in quotes over several lines hardly holds.
var lineOfKey = compiled(`\n\s*(?:- )?[\w-]+:(?:\s|$)`)

// unclosed returns where text in quotes opens that holds lines of keys and ends on a line: its own closing quote is missing.
func (d *decoder) unclosed(tokens token.Tokens, line int) (position, bool) {
	for _, t := range tokens {
		p := d.place(t)
		isQuote := t.Type == token.SingleQuoteType || t.Type == token.DoubleQuoteType
		if isQuote && p.line < line && p.line+strings.Count(strings.TrimRight(t.Origin, "\n"), "\n") >= line &&
			lineOfKey().MatchString(t.Origin) {
			return p, true
		}
	}
	return start, false
}

// plain returns b without a byte order mark and with line feeds only: the lexer miscounts lines that
// follow a comment ended by CR LF. Lines and columns stay as they are.
func plain(b []byte) string {
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(b))
}

// badCharacter finds the first byte that is no UTF-8 and the first character outside YAML's
// printable set (YAML 1.2 section 5.1).
func badCharacter(text string) (position, *Error) {
	p := start
	for i, r := range text {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], "\ufffd"):
			return p, wrong("not UTF-8: byte %#02x", text[i])
		case r < ' ' && r != '\n' && r != '\t', r == 0x7f, r == '\ufeff', r == '\ufffe', r == '\uffff':
			return p, wrong("character %U is not allowed in a config", r)
		case r == '\n':
			p = position{p.line + 1, 0}
		}
		p.column++
	}
	return start, nil
}

// plainTokens reports what YAML has and a config has not. It returns false where the tokens are beyond
// the bounds of the parser.
func (d *decoder) plainTokens(tokens token.Tokens) bool {
	depth, dashes, line, empty := 0, 0, 0, 0
	var maps openMaps
	for i, t := range tokens {
		if t.Position.Line != line {
			line, dashes = t.Position.Line, 0
		}
		if e := refused[t.Type]; e != "" {
			d.add(d.place(t), wrong("%s", e))
		}
		switch t.Type {
		case token.SequenceEntryType, token.MappingKeyType:
			dashes++
		case token.MappingStartType, token.SequenceStartType:
			depth++
		case token.MappingEndType, token.SequenceEndType:
			depth--
		}
		if lacksValue(tokens, i) {
			empty++
		}
		switch {
		case empty > maxEmpty:
			d.add(d.place(t), wrong("more than %d keys and elements without a value", maxEmpty))
			return false
		case depth > maxDepth || dashes > maxDepth:
			d.add(d.place(t), wrong("nested more than %d deep", maxDepth))
			return false
		case maps.keys(tokens, i) > maxKeys:
			d.add(d.place(t), wrong("more than %d keys in one map", maxKeys))
			return false
		case len(d.errs) > maxRefused:
			return false
		}
	}
	return true
}

// openMaps are the maps around a token: by the column of their keys, those in brackets, and lists in brackets, with column 0.
type openMaps []struct{ column, keys int }

// keys takes the next token, and returns how many keys the innermost map has by then.
func (m *openMaps) keys(tokens token.Tokens, i int) int {
	t := tokens[i]
	inBrackets := len(*m) > 0 && (*m)[len(*m)-1].column == 0
	column := t.Position.Column
	switch t.Type {
	case token.MappingStartType, token.SequenceStartType:
		*m = append(*m, struct{ column, keys int }{})
	case token.MappingEndType, token.SequenceEndType:
		for len(*m) > 0 && (*m)[len(*m)-1].column > 0 {
			*m = (*m)[:len(*m)-1]
		}
		*m = (*m)[:max(0, len(*m)-1)]
	case token.SequenceEntryType, token.MappingValueType:
		isKey := t.Type == token.MappingValueType
		if isKey && i > 0 {
			column = tokens[i-1].Position.Column
		}
		for !inBrackets && len(*m) > 0 && (*m)[len(*m)-1].column > column {
			*m = (*m)[:len(*m)-1]
		}
		if isKey && !inBrackets && (len(*m) == 0 || (*m)[len(*m)-1].column < column) {
			*m = append(*m, struct{ column, keys int }{column: column})
		}
		if isKey {
			(*m)[len(*m)-1].keys++
		}
	}
	if len(*m) == 0 {
		return 0
	}
	return (*m)[len(*m)-1].keys
}

// lacksValue reports whether a token is the dash of an element, or the colon of a key, after which there is no value.
func lacksValue(tokens token.Tokens, i int) bool {
	at, isKey := tokens[i].Position, tokens[i].Type == token.MappingValueType
	if isKey && i > 0 {
		at = tokens[i-1].Position
	} else if tokens[i].Type != token.SequenceEntryType {
		return false
	}
	next := i + 1
	for next < len(tokens) && tokens[next].Type == token.CommentType {
		next++
	}
	if next == len(tokens) {
		return true
	}
	t := tokens[next]
	isElement := t.Type == token.SequenceEntryType && isKey // of a list that is not set in
	return t.Position.Line > at.Line && (t.Position.Column < at.Column || t.Position.Column == at.Column && !isElement)
}

// refused says what is wrong with the tokens that are no part of a config.
var refused = map[token.Type]string{
	token.TagType:        "tags are not read: write the value alone",
	token.DirectiveType:  "directives are not read: remove the line",
	token.MappingKeyType: `keys after "?" are not read: write "key: value"`,
}

// syntaxError returns the place and the words of the parser's error. It knows only the first.
func (d *decoder) syntaxError(err error) (position, *Error) {
	var y yaml.Error
	if !errors.As(err, &y) || y.GetToken() == nil || y.GetToken().Position == nil {
		return start, wrong("not YAML: it cannot be read, and no place is known")
	}
	p := d.place(y.GetToken())
	line := d.lines[p.line-1]
	indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	if tab := strings.IndexByte(indent, '\t'); tab >= 0 {
		return position{p.line, tab + 1}, wrong("a tab in the indentation: use spaces")
	}
	p, words := d.syntaxWords(p, y.GetMessage())
	return p, wrong("not YAML: %s", words)
}
