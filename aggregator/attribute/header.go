package attribute

import (
	"strings"

	"dateline/aggregator/attribute/lex"
)

// A page header is a line of its own: day and time ("17 May 2023, 15:44"), with or without the ministry's document
// number beside it. It is when the page was published; it counts as a dateline without place only where the text
// has no other. A line of a day alone is page furniture.

const (
	ruleHeader = "header-date-time"
	ruleNumber = "document-number"
)

// header is what was read from a line of a page's head.
type header struct {
	date   lex.Date // month 0: none
	number lex.Span // of the document
}

// readHeader reads the line between start and end as a page header.
func (r *reader) readHeader(s string, start, end int) (header, bool) {
	var h header
	if end-start > 120 || !strings.ContainsAny(s[start:end], "0123456789") {
		return h, false
	}
	s = s[:end]
	clock, zone := false, 0
	for i := start; i < end; {
		c, n := lex.At(s, i)
		if !lex.IsWord(c) {
			if c != ',' && c != '|' && c != '.' && c != ':' && c != '/' && c != '(' && c != ')' && c != '+' && !lex.IsSpace(c) &&
				!lex.IsDash(c) && c != '•' && c != '·' && c != '№' {
				return h, false
			}
			i += n
			continue
		}
		if e, ok := documentNumber(s, i); ok {
			h.number, i = lex.Between(i, e), e
			continue
		}
		if e, ok := clockTime(s, i); ok {
			clock, i = true, e
			continue
		}
		if d, ok := lex.ReadDate(s, i); ok && h.date.Month == 0 {
			h.date, i = d, d.End
			continue
		}
		w := r.word(s, i)
		e := r.wordEnd(s, i)
		if offset := lex.Before(s, i) == '+' && e-i == 4 && lex.IsDigit(c); !offset && !stamps.is(w) || zone > 3 {
			return h, false
		}
		zone++
		i = e
	}
	if !clock {
		h.date = lex.Date{}
	}
	return h, h.date.Month != 0 || !h.number.None()
}

// stamps are words that are beside a day and a time.
var stamps = wordClass("stamps")

// clockTime reads 15:44, 15:44:05 or 3.44pm.
func clockTime(s string, i int) (int, bool) {
	h, j := lex.Number(s, i, 2)
	if j == i || h > 24 || j >= len(s) || s[j] != ':' {
		return 0, false
	}
	m, k := lex.Number(s, j+1, 2)
	if k != j+3 || m > 59 {
		return 0, false
	}
	if k < len(s) && s[k] == ':' {
		if _, e := lex.Number(s, k+1, 2); e == k+3 {
			k = e
		}
	}
	return k, k >= len(s) || !lex.IsDigit(rune(s[k]))
}

// documentNumber reads a number of the Russian ministry's form: running number, day, month, year (950-17-05-2023).
// All language versions of a document share it.
func documentNumber(s string, i int) (int, bool) {
	widths := [4][2]int{{1, 5}, {2, 2}, {2, 2}, {4, 4}}
	var v [4]int
	end := i
	for k, w := range widths {
		if k > 0 {
			if end >= len(s) || s[end] != '-' {
				return 0, false
			}
			end++
		}
		n, e := lex.Number(s, end, w[1])
		if e-end < w[0] {
			return 0, false
		}
		v[k], end = n, e
	}
	d := lex.Date{Day: v[1], Month: v[2], Year: v[3]}
	if !lex.ValidDate(d) || d.Year < 1990 || d.Year > 2100 {
		return 0, false
	}
	return end, lex.WordEnd(s, end) == end && (end >= len(s) || s[end] != '-')
}
