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

// maxDepth is how deep flow lists and maps, or the dashes of one line, may be nested. The parser
// recurses; the config needs four levels.
const maxDepth = 16

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
	tokens := lexer.Tokenize(text)
	if !d.plainTokens(tokens) {
		return nil
	}
	// A second key of the same name is an error of ours: the parser's would be the last one reported.
	f, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		d.add(d.syntaxError(err))
		return nil
	}
	var body ast.Node
	for i, doc := range f.Docs {
		if _, ok := doc.Body.(*ast.DirectiveNode); ok {
			continue // reported as a token
		}
		if i > 0 && body != nil && doc.Body != nil {
			d.add(d.begin(doc.Body), wrong("a second document begins here: a config is one document"))
			break
		}
		if body == nil {
			body = doc.Body
		}
	}
	return body
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
			return p, wrong("character %U cannot stand in a config", r)
		case r == '\n':
			p = position{p.line + 1, 0}
		}
		p.column++
	}
	return start, nil
}

// plainTokens reports what YAML has and a config has not. It returns false where parsing would be
// futile or deep.
func (d *decoder) plainTokens(tokens token.Tokens) bool {
	flow, dashes, line := 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			line, dashes = t.Position.Line, 0
		}
		switch t.Type {
		case token.AnchorType, token.AliasType, token.MergeKeyType:
			d.add(d.place(t), wrong("anchors, aliases and merge keys are not read: write the values out"))
		case token.TagType:
			d.add(d.place(t), wrong("tags are not read: write the value alone"))
		case token.DirectiveType:
			d.add(d.place(t), wrong("directives are not read: remove the line"))
		case token.MappingKeyType:
			d.add(d.place(t), wrong(`keys written with "?" are not read: write "key: value"`))
			dashes++
		case token.SequenceEntryType:
			dashes++
		case token.MappingStartType, token.SequenceStartType:
			flow++
		case token.MappingEndType, token.SequenceEndType:
			flow--
		}
		if flow > maxDepth || dashes > maxDepth {
			d.add(d.place(t), wrong("nested more than %d deep", maxDepth))
			return false
		}
	}
	return true
}

// syntaxError returns the place and the words of the parser's error. It knows only the first.
func (d *decoder) syntaxError(err error) (position, *Error) {
	var y yaml.Error
	if !errors.As(err, &y) || y.GetToken() == nil || y.GetToken().Position == nil {
		return start, wrong("not YAML: %v", err)
	}
	p := d.place(y.GetToken())
	line := d.lines[p.line-1]
	indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	if tab := strings.IndexByte(indent, '\t'); tab >= 0 {
		return position{p.line, tab + 1}, wrong("a tab in the indentation: use spaces")
	}
	return p, wrong("not YAML: %s", y.GetMessage())
}
