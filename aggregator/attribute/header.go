package attribute

import "strings"

// A page header is a line of its own: day and time ("17 May 2023, 15:44"), with or without the ministry's document
// number beside it. It is when the page was published; it counts as a dateline without place only where the text
// has no other. A line of a day alone is page furniture.

const (
	ruleHeader = "header-date-time"
	ruleNumber = "document-number"
)

// header is what a line of a page's head tells.
type header struct {
	date   date // month 0: none
	number span // of the document
}

// readHeader reads the line between start and end as a page header.
func (r *Registry) readHeader(s string, start, end int) (header, bool) {
	var h header
	if end-start > 120 || !strings.ContainsAny(s[start:end], "0123456789") {
		return h, false
	}
	s = s[:end]
	clock, zone := false, 0
	for i := start; i < end; {
		c, n := rune1(s, i)
		if !isWord(c) {
			if c != ',' && c != '|' && c != '.' && c != ':' && c != '/' && c != '(' && c != ')' && c != '+' && !isSpace(c) && !isDash(c) && c != '•' && c != '·' && c != '№' {
				return h, false
			}
			i += n
			continue
		}
		if e, ok := documentNumber(s, i); ok {
			h.number, i = span{i, e}, e
			continue
		}
		if e, ok := clockTime(s, i); ok {
			clock, i = true, e
			continue
		}
		if d, ok := readDate(s, i); ok && h.date.month == 0 {
			h.date, i = d, d.end
			continue
		}
		e := wordEnd(s, i)
		if offset := before(s, i) == '+' && e-i == 4 && isDigit(c); !offset && !stamps.has(s[i:e]) || zone > 3 {
			return h, false
		}
		zone++
		i = e
	}
	if !clock {
		h.date = date{}
	}
	return h, h.date.month != 0 || !h.number.none()
}

// stamps are words that stand beside a day and a time.
var stamps = words(`published updated posted created on at am pm a m p gmt utc msk est edt cet bst ist local time last modified press release
опубликовано обновлено создано в мск время по московскому времени минск абноўлена апублікавана o clock uhr h пресс релиз`, " ")

// clockTime reads 15:44, 15:44:05 or 3.44pm.
func clockTime(s string, i int) (int, bool) {
	h, j := number(s, i, 2)
	if j == i || h > 24 || j >= len(s) || s[j] != ':' {
		return 0, false
	}
	m, k := number(s, j+1, 2)
	if k != j+3 || m > 59 {
		return 0, false
	}
	if k < len(s) && s[k] == ':' {
		if _, e := number(s, k+1, 2); e == k+3 {
			k = e
		}
	}
	return k, k >= len(s) || !isDigit(rune(s[k]))
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
		n, e := number(s, end, w[1])
		if e-end < w[0] {
			return 0, false
		}
		v[k], end = n, e
	}
	d := date{day: v[1], month: v[2], year: v[3]}
	if !valid(d) || d.year < 1990 || d.year > 2100 {
		return 0, false
	}
	return end, wordEnd(s, end) == end && (end >= len(s) || s[end] != '-')
}
