package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Error is one thing that is wrong, or doubtful, in a config. Line and Column count from 1, Column in
// characters. Where both are 0 it is about no place in a file.
type Error struct {
	File       string `json:"file"`
	Line       int    `json:"line"`
	Column     int    `json:"column"`
	Message    string `json:"message"`
	Suggestion string `json:"suggestion"` // what was probably meant; empty: nothing near
	// Excerpt is the line of the file and, below it, a caret under the place. What may be a secret in it is stars.
	Excerpt string `json:"excerpt"`
}

// Error returns `file:line:column: message (did you mean "suggestion"?)`.
func (e *Error) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Text())
	}
	return e.Text()
}

// Text returns `message (did you mean "suggestion"?)`.
func (e *Error) Text() string {
	if e.Suggestion != "" {
		return fmt.Sprintf("%s (did you mean %q?)", e.Message, e.Suggestion)
	}
	return e.Message
}

// Errors is everything that is wrong in a config, in the order of the file. It is never empty.
type Errors []*Error

// Error returns one line for each.
func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives each error to errors.As.
func (es Errors) Unwrap() []error {
	all := make([]error, len(es))
	for i, e := range es {
		all[i] = e
	}
	return all
}

// placed orders the errors by position, names the file in each and shows its line.
func (es Errors) placed(file string, lines []string) Errors {
	slices.SortStableFunc(es, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	said := map[Error]bool{}
	es = slices.DeleteFunc(es, func(e *Error) bool { // a second time of a value with aliases
		key := Error{Line: e.Line, Column: e.Column, Message: e.Message}
		again := said[key]
		said[key] = true
		return again
	})
	if len(es) == 0 {
		return es
	}
	m := newMasker(lines)
	line, space, shown := 0, "", []rune(nil) // the line of the error before, since a long one may have thousands
	for _, e := range es {
		e.File, e.Message, e.Suggestion = file, m.text(e.Message, e.Line), m.text(e.Suggestion, 0)
		if e.Line > len(lines) {
			continue
		}
		if e.Line != line {
			line, space, shown = e.Line, strangeSpace(lines[e.Line-1]), []rune(m.shown[e.Line-1])
		}
		e.Message += space
		e.Excerpt = excerpt(shown, e.Column)
	}
	return es
}

// strangeSpace says where a line that something is said of has white space that YAML takes for a letter; empty: nowhere.
func strangeSpace(line string) string {
	for i, r := range line {
		if r > unicode.MaxASCII && unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' {
			return fmt.Sprintf(" (column %d has the space U+%04X, which is a letter to YAML: write a plain one)",
				utf8.RuneCountInString(line[:i])+1, r)
		}
	}
	return ""
}

// excerptWidth is how many characters of a line are shown on each side of the place.
const excerptWidth = 80

// excerpt returns the text around a column of a line, and a caret under it.
func excerpt(r []rune, column int) string {
	at := min(column-1, len(r))
	from, to := max(0, at-excerptWidth), min(len(r), at+excerptWidth)
	below := strings.Map(func(c rune) rune {
		if c == '\t' {
			return c
		}
		return ' '
	}, string(r[from:at]))
	return string(r[from:to]) + "\n" + below + "^"
}

// wrong is an error that is not yet placed.
func wrong(format string, args ...any) *Error { return &Error{Message: fmt.Sprintf(format, args...)} }

// meant is a wrong with what was probably meant.
func (e *Error) meant(suggestion string) *Error {
	e.Suggestion = suggestion
	return e
}
