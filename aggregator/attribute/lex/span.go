package lex

// Span is a piece of text; the zero span is none.
type Span struct{ Start, End int }

// Between returns the span from start to end.
func Between(start, end int) Span { return Span{start, end} }

// None reports whether p is the zero span.
func (p Span) None() bool { return p.End == 0 }

// Of returns the piece of s.
func (p Span) Of(s string) string { return s[p.Start:p.End] }

// Empty reports whether p holds no byte.
func (p Span) Empty() bool { return p.End <= p.Start }

// Contains reports whether o lies in p.
func (p Span) Contains(o Span) bool { return p.Start <= o.Start && o.End <= p.End }
