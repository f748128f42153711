package config

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
)

// syntaxWords says what the parser's message means for a config, at its place or at a better one. None of its own words are shown: what
// is not known here is said in general.
func (d *decoder) syntaxWords(p position, message string) (position, string) {
	rest := d.from(p)
	first, _ := utf8.DecodeRuneInString(rest)
	switch {
	case strings.HasPrefix(message, "mapping value is not allowed") && strings.Contains(rest, ": "):
		return p, `a second ": " on the line: put the value in quotes`
	case strings.HasPrefix(message, "mapping value is not allowed"):
		return p, "the next line is set in as if it went on with this value: keys of one map begin in one column"
	case strings.HasPrefix(message, "could not find end character of "):
		return d.quote(p)
	case strings.HasPrefix(message, "found unknown escape character"): // behind the backslash
		return position{p.line, max(p.column-1, 1)}, badEscape
	case strings.HasSuffix(message, "is a reserved character"):
		return p, fmt.Sprintf("no value begins with %c: put it in quotes", first)
	case strings.HasPrefix(message, "undefined a"): // alias or anchor
		return p, fmt.Sprintf("%c without a name: put the value in quotes", first)
	case strings.HasPrefix(message, "value is not allowed in this context. map key-value"):
		return p, "more after a value: put all of it in quotes"
	case strings.HasPrefix(message, "value is not allowed in this context") && d.besideList(p):
		return p, `a key beside the elements of a list: want "- " before it, or another column`
	case strings.HasPrefix(message, "value is not allowed in this context"):
		return p, "no key and no element of a list above begins in this column: those of one map or list begin in one"
	case strings.HasPrefix(message, "unexpected scalar value type"), strings.HasPrefix(message, "anchors cannot be used"):
		return p, "an anchor before another one, or before an alias"
	case strings.HasPrefix(message, "block sequence entries are not allowed"), strings.HasPrefix(message, "sequence entries are not allowed"):
		return p, "no list begins on the line of its key: begin it on the next one, or put the value in quotes"
	case strings.HasPrefix(message, "non-map value is specified") && strings.HasPrefix(rest+" ", "- "):
		return p, "an element of a list where a key belongs: look at the columns"
	case strings.HasPrefix(message, "non-map value is specified"), strings.HasPrefix(message, "unexpected key name"):
		return p, `no ": " behind a key: want "key: value"`
	case strings.HasPrefix(message, "value cannot be placed after document separator"):
		return p, "--- has a line of its own: begin on the next one"
	case strings.HasPrefix(message, "map key definition includes an implicit line break"):
		return p, "a key that goes over two lines"
	}
	return p, "this does not belong here: look at its column, or put the value in quotes"
}

// from returns the line at a place, from there on.
func (d *decoder) from(p position) string { return string([]rune(d.lines[p.line-1])[p.column-1:]) }

// besideList reports whether what begins at a place begins in the column of the list elements above it.
func (d *decoder) besideList(p position) bool {
	for i := p.line - 2; i >= 0; i-- {
		line := d.lines[i]
		switch {
		case strings.TrimSpace(line) == "" || isComment(line) || indentOf(line) >= p.column:
		default:
			return indentOf(line) == p.column-1 && strings.HasPrefix(line[p.column-1:]+" ", "- ") && !strings.HasPrefix(d.from(p)+" ", "- ")
		}
	}
	return false
}

// escape is one of YAML 1.2 section 5.7.
var escape = compiled(`^\\(?:[0abt\tnvfre "/\\N_LP]|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|$)`)

// badEscape is what is said of an escape that is none.
const badEscape = "no escape begins so: double the backslash, or put the value in single quotes"

// quote finds what is wrong with text in quotes that opens at p: an escape that is none, or that it is not closed.
func (d *decoder) quote(p position) (position, string) {
	line := d.lines[p.line-1]
	from := len(line) - len(d.from(p))
	if !strings.HasPrefix(line[from:], `"`) {
		return p, "the quote that opens here is not closed"
	}
	for i := from + 1; i < len(line) && line[i] != '"'; i++ {
		if line[i] != '\\' {
			continue
		}
		found := escape().FindString(line[i:])
		if found == "" {
			return position{p.line, utf8.RuneCountInString(line[:i]) + 1}, badEscape
		}
		i += len(found) - 1
	}
	return p, "the quote that opens here is not closed"
}

// gluedColon is a key that its value follows without a space.
var gluedColon = compiled(`^[\w-]+:[^\s/]`)

// glued says where a space is missing that would make n keys and values, or a list; empty: nowhere.
func (d *decoder) glued(n ast.Node) string {
	rest := d.from(d.begin(n))
	switch {
	case gluedColon().MatchString(rest):
		return ": write a space after the colon"
	case len(rest) > 1 && rest[0] == '-' && rest[1] != ' ' && rest[1] != '-':
		return ": write a space after the -"
	}
	return ""
}
