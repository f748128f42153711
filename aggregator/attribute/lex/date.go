package lex

import (
	_ "embed" // the names of months and days
	"strings"
	"sync"
	"time"
)

// Date is a day as printed in a text.
type Date struct {
	Start, End       int // bytes of the text
	Day, Month, Year int // year 0: none printed
}

//go:embed dates.txt
var datesTable string

// datesSection returns the lines of a section of dates.txt, without their languages.
func datesSection(name string) (lines []string) {
	_, section, _ := strings.Cut(datesTable, "\n["+name+"]\n")
	section, _, _ = strings.Cut(section, "\n\n")
	for line := range strings.Lines(section) {
		lines = append(lines, CutLanguage(strings.TrimSuffix(line, "\n")))
	}
	return lines
}

// monthNames are the months, a language a line; ordinals the endings of a day's number; yearWords follow the number of a year.
var (
	monthNames = datesSection("months")
	ordinals   = strings.Fields(strings.Join(datesSection("ordinals"), " "))
	yearWords  = strings.Fields(strings.Join(datesSection("years"), " "))
)

// months maps every beginning of three letters or more of a month's name to its number: "Sept", "31 июл", "16 MAG".
// A beginning that two months share is left out. Of the whole months there are no beginnings.
var months = sync.OnceValue(func() map[string]int {
	m := map[string]int{}
	for _, line := range monthNames {
		for i, name := range strings.Fields(line) {
			r := []rune(name)
			for n := min(3, len(r)); n <= len(r); n++ {
				p := string(r[:n])
				if old, ok := m[p]; ok && old != i+1 {
					m[p] = 0
					continue
				}
				m[p] = i + 1
			}
		}
	}
	for _, line := range datesSection("whole months") {
		for i, name := range strings.Fields(line) {
			if _, ok := m[name]; !ok {
				m[name] = i + 1
			}
		}
	}
	return m
})

// Weekdays are the names of the days of the week, in every language of dates.txt.
var Weekdays = NewSet(func(yield func(string)) {
	for _, line := range datesSection("weekdays") {
		EachFold(line, " ", yield)
	}
})

// ReadDate reads a date at i: "17 May", "17th May, 2023", "Sept. 19, 2025", "16 de mayo de 2023", "5. März",
// "31 июл", "8 июня 2023 года", "05.03.2024", each with or without the day of the week before it.
func ReadDate(s string, i int) (Date, bool) {
	if j := WordEnd(s, i); j > i && !IsDigit(rune(s[i])) && Weekdays.Has(s[i:j]) {
		i = SkipSpace(s, Run(s, j, func(r rune) bool { return r == ',' || r == '.' }))
	}
	if i >= len(s) {
		return Date{}, false
	}
	d := Date{Start: i}
	var ok bool
	if IsDigit(rune(s[i])) {
		if d, ok = numeric(s, i); ok {
			return d, true
		}
		if d.Day, d.End, ok = readDay(s, i); !ok {
			return Date{}, false
		}
		j := SkipWord(s, SkipSpace(s, d.End), "de")
		if d.Month, d.End, ok = ReadMonth(s, j); !ok {
			return Date{}, false
		}
	} else {
		if d.Month, d.End, ok = ReadMonth(s, i); !ok {
			return Date{}, false
		}
		if d.Day, d.End, ok = readDay(s, SkipSpace(s, d.End)); !ok {
			return Date{}, false
		}
	}
	d.Start = i
	d.Year, d.End = readYear(s, d.End)
	return d, ValidDate(d)
}

// ValidDate reports whether d is a day of the calendar.
func ValidDate(d Date) bool {
	if d.Month < 1 || d.Month > 12 || d.Day < 1 {
		return false
	}
	y := d.Year
	if y == 0 {
		y = 2000 // a leap year
	}
	return time.Date(y, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC).Day() == d.Day
}

// Number reads at most max digits at i.
func Number(s string, i, max int) (v, end int) {
	for end = i; end < len(s) && IsDigit(rune(s[end])) && end-i < max; end++ {
		v = v*10 + int(s[end]-'0')
	}
	return v, end
}

// readDay reads a day of the month with its ordinal ending, if any.
func readDay(s string, i int) (day, end int, ok bool) {
	day, end = Number(s, i, 3)
	if end == i || end-i > 2 || day == 0 || day > 31 {
		return 0, 0, false
	}
	for _, o := range ordinals {
		if e := end + len(o); strings.HasPrefix(s[end:], o) && WordEnd(s, e) == e {
			return day, e, true
		}
	}
	if r, _ := At(s, end); r == '.' { // German: 5. März
		if j := SkipSpace(s, end+1); j < len(s) {
			if _, _, ok := ReadMonth(s, j); ok {
				return day, end + 1, true
			}
		}
	}
	if r, _ := At(s, end); IsWord(r) && !IsLetter(r) || r == ':' && IsDigit(RuneAt(s, end+1)) || r == '%' {
		return 0, 0, false
	}
	return day, end, true
}

// ReadMonth reads the name of a month, or its beginning with or without a full stop.
func ReadMonth(s string, i int) (month, end int, ok bool) {
	end = Run(s, i, IsLetter)
	if end-i < 3 || end-i > 40 {
		return 0, 0, false
	}
	var buf [64]byte
	month = months()[string(AppendFold(buf[:0], s[i:end]))]
	if month == 0 {
		month = misspelt(string(AppendFold(buf[:0], s[i:end])))
	}
	if month == 0 {
		return 0, 0, false
	}
	if next := SkipSpace(s, end); next > end { // 5 مارس آذار: in both of two calendars' names
		if e := Run(s, next, IsLetter); e-next < 40 && s[next:e] != s[i:end] && months()[string(AppendFold(buf[:0], s[next:e]))] == month {
			end = e
		}
	}
	if end < len(s) && s[end] == '.' { // "Dec. 1", but not the full stop of "22 ноября. INTERFAX.RU"
		if r, _ := At(s, SkipSpace(s, end+1)); IsDigit(r) {
			end++
		}
	}
	return month, end, true
}

// misspelt reads an English month with one letter too many, one missing or two exchanged ("Apirl", "Febuary"), as
// they are in old wire copy. A letter for another is no slip of that kind: "Match 5" is not 5 March.
func misspelt(w string) int {
	if len(w) < 5 || len(w) > 10 || w[0] >= 0x80 {
		return 0
	}
	for i, name := range english {
		if w[0] == name[0] && slip(w, name) {
			return i + 1
		}
	}
	return 0
}

var english = strings.Fields(monthNames[0])

// slip reports whether w is name with one letter more, one fewer, or two neighbours exchanged.
func slip(w, name string) bool {
	k := 0
	for k < len(w) && k < len(name) && w[k] == name[k] {
		k++
	}
	switch len(w) - len(name) {
	case 0:
		return k+1 < len(w) && w[k] == name[k+1] && w[k+1] == name[k] && w[k+2:] == name[k+2:]
	case 1:
		return w[k+1:] == name[k:]
	case -1:
		return w[k:] == name[k+1:]
	}
	return false
}

// readYear reads a year of four digits behind a day and a month.
func readYear(s string, i int) (year, end int) {
	j := SkipSpace(s, i)
	if j < len(s) && s[j] == ',' {
		j = SkipSpace(s, j+1)
	}
	j = SkipWord(s, j, "de")
	v, e := Number(s, j, 5)
	if e-j != 4 || v < 1900 || v > 2100 || WordEnd(s, e) != e {
		return 0, i
	}
	for _, w := range yearWords {
		if k := SkipSpace(s, e); strings.HasPrefix(s[k:], w) && !IsLetter(RuneAt(s, k+len(w))) {
			return v, k + len(w)
		}
	}
	return v, e
}

// numeric reads 05.03.2024, 05.03.24 and 2024-03-05.
func numeric(s string, i int) (Date, bool) {
	a, j := Number(s, i, 4)
	if j >= len(s) || s[j] != '.' && s[j] != '-' {
		return Date{}, false
	}
	b, k := Number(s, j+1, 2)
	if k == j+1 || k >= len(s) || s[k] != s[j] {
		return Date{}, false
	}
	c, end := Number(s, k+1, 4)
	d := Date{Start: i, End: end}
	switch {
	case s[j] == '.' && j-i <= 2 && end-k-1 == 2 && j+3 == k: // 17.05.23
		d.Day, d.Month, d.Year = a, b, 2000+c
	case s[j] == '.' && j-i <= 2 && end-k-1 == 4:
		d.Day, d.Month, d.Year = a, b, c
	case s[j] == '-' && j-i == 4 && end-k-1 == 2:
		d.Year, d.Month, d.Day = a, b, c
	default:
		return Date{}, false
	}
	return d, d.Year >= 1900 && d.Year <= 2100 && ValidDate(d) && WordEnd(s, end) == end
}

// SkipWord skips the word w and the space behind it.
func SkipWord(s string, i int, w string) int {
	if e := WordEnd(s, i); strings.EqualFold(s[i:e], w) {
		return SkipSpace(s, e)
	}
	return i
}

// YearOf returns the year of a day of which only month and day are printed: the latest that puts it no more than
// three days after the item's own date. A dateline printed on 1 January may thus precede an item dated
// 31 December (time zones), and one of 31 December behind the turn of the year.
func YearOf(month, day int, item time.Time) int {
	if item.IsZero() || month == 0 || day == 0 {
		return 0
	}
	limit := item.UTC().AddDate(0, 0, 3)
	for y := limit.Year(); y >= limit.Year()-8; y-- {
		t := time.Date(y, time.Month(month), day, 0, 0, 0, 0, time.UTC)
		if t.Day() == day && !t.After(limit) {
			return y
		}
	}
	return 0
}
