package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Error is one thing that is wrong, or doubtful, in a config. Line and Column count from 1, Column in
// characters. Where both are 0 it is about no place in a file.
type Error struct {
	File       string `json:"file"`
	Line       int    `json:"line"`
	Column     int    `json:"column"`
	Message    string `json:"message"`
	Suggestion string `json:"suggestion"` // what was probably meant; empty: nothing near
}

// Error returns `file:line:column: message (did you mean "suggestion"?)`.
func (e *Error) Error() string {
	s := e.Message
	if e.Line > 0 {
		s = fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, s)
	}
	if e.Suggestion != "" {
		s += fmt.Sprintf(" (did you mean %q?)", e.Suggestion)
	}
	return s
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

// sorted orders the errors by position and names the file in each.
func (es Errors) sorted(file string) Errors {
	slices.SortStableFunc(es, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	for _, e := range es {
		e.File = file
	}
	return es
}

// wrong is an error that is not yet placed.
func wrong(format string, args ...any) *Error { return &Error{Message: fmt.Sprintf(format, args...)} }

// meant is a wrong with what was probably meant.
func (e *Error) meant(suggestion string) *Error {
	e.Suggestion = suggestion
	return e
}
