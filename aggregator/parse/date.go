package parse

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A stamp is a date as read.
type stamp struct {
	at      time.Time // UTC; zero: cannot be read
	guesses []string  // "zone": the source's own was taken; "date": the parts of the day might change places
}

// date reads a date as feeds write it: RFC 822 and 3339, what is common besides, and much abuse of all of
// them. The rules are:
//   - it is read as numbers, words and signs; order matters less than what can be what
//   - a month is a word (datewords.txt) or a number; 2026-11-23 and 23.11.2026 are plain, and
//     11/23/2026 is clear by the 23. 11/12/2026 is read by day first unless it is written with AM or PM: a guess
//   - without an offset, or with an unknown zone name, it is in zone: a guess; without zone it is missing
//   - a word that means nothing, a number too many, a thirteenth month: it is missing. Never now, never UTC
//   - a date before 1990 is missing: no report has it, but zero has it in every spelling (1970, 1900, the year 1 or -1)
func date(s string, zone *time.Location) stamp {
	d := anyDate(s, zone)
	if d.at.Year() < firstYear {
		return stamp{}
	}
	return d
}

// firstYear is the year, in UTC, before which no report is dated.
const firstYear = 1990

// anyDate reads a date of any year.
func anyDate(s string, zone *time.Location) stamp {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 100 {
		return stamp{}
	}
	if t, err := time.Parse(time.RFC1123Z, s); err == nil && validOffset(t) {
		return stamp{at: t.UTC()}
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil && validOffset(t) {
		return stamp{at: t.UTC()}
	}
	var d dateReader
	if t, ok := epoch(s); ok {
		return stamp{at: t}
	}
	if !d.compact(s) && !d.read(s) {
		return stamp{}
	}
	return d.stamp(zone)
}

// validOffset reports whether the offset of t is one that the earth has.
func validOffset(t time.Time) bool {
	_, off := t.Zone()
	return off >= -14*3600 && off <= 14*3600
}

// epoch reads seconds or milliseconds since 1970, of years from 2001 on.
func epoch(s string) (time.Time, bool) {
	whole, _, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || whole[0] == '+' || strings.Trim(s, "0123456789.") != "" {
		return time.Time{}, false
	}
	switch len(whole) {
	case 10:
		return time.Unix(n, 0).UTC(), true
	case 13:
		return time.UnixMilli(n).UTC(), true
	}
	return time.Time{}, false
}

// A dateReader holds what was read of a date. -1, and 0 for day and month: not yet.
type dateReader struct {
	numbers                   []number // that have no meaning yet
	year, month, day, yearDay int
	hour, minute, second      int
	nano                      int
	timed                     bool
	noon                      string // am, pm
	zoned                     bool
	offset                    int // seconds
	place                     *time.Location
	strange                   bool // an unknown zone name
	monthWord                 string
	guesses                   []string
}

// A number of a date: its digits, the sign behind it and the one before it.
type number struct {
	value, digits int
	before, after byte
}

// compact reads the forms of ISO 8601 that are one run of digits, some of them with a leading hyphen for
// the century: 20031231T101455, 20031231, 031231, -0312. Five digits are year and day of the year as
// written until 2009; later they are anything.
func (d *dateReader) compact(s string) bool {
	day, clock, timed := strings.Cut(strings.ToUpper(s), "T")
	digits := strings.TrimPrefix(day, "-")
	short := digits != day
	if strings.Trim(digits, "0123456789") != "" {
		if len(day) == 6 && short && day[3] == '-' { // -03-12
			digits = day[1:3] + day[4:]
		} else {
			return false
		}
	}
	n := func(from, to int) int { v, _ := strconv.Atoi(digits[from:to]); return v }
	switch {
	case len(digits) == 8:
		d.year, d.month, d.day = n(0, 4), n(4, 6), n(6, 8)
	case len(digits) == 6:
		d.year, d.month, d.day = century(n(0, 2)), n(2, 4), n(4, 6)
	case len(digits) == 4 && short:
		d.year, d.month, d.day = century(n(0, 2)), n(2, 4), 1
	case len(digits) == 4:
		d.year, d.month, d.day = n(0, 4), 1, 1
	case len(digits) == 5 && digits[0] == '0':
		d.year, d.yearDay = century(n(0, 2)), n(2, 5)
	default:
		return false
	}
	if !timed {
		return true
	}
	hms, _ := cutAt(clock, "Z+-")
	if len(hms) == 6 || len(hms) == 4 {
		if _, err := strconv.Atoi(hms); err == nil {
			clock = hms[:2] + ":" + hms[2:4] + strings.TrimSuffix(":"+hms[4:], ":") + clock[len(hms):]
		}
	}
	return d.read(clock)
}

// century completes a year of two digits as RFC 2822 section 4.3 says.
func century(y int) int {
	switch {
	case y < 50:
		return 2000 + y
	case y < 100:
		return 1900 + y
	}
	return y
}

// read takes s apart.
func (d *dateReader) read(s string) bool {
	s = withoutComment(s)
	for s != "" {
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case r >= '0' && r <= '9':
			n, ok := d.number(s)
			if !ok {
				return false
			}
			s = s[n:]
		case (r == '+' || r == '-' || r == '−') && d.timed && !d.zoned && len(s) > size && isDigit(s[size], 10):
			n, ok := d.numericZone(s[size:], r != '+')
			if !ok {
				return false
			}
			s = s[size+n:]
		case unicode.IsLetter(r):
			w := wordLength(s)
			if !d.word(s[:w]) {
				return false
			}
			s = s[w:]
		case unicode.IsSpace(r), strings.ContainsRune(",.;-–—/|()[]:", r):
			s = s[size:]
		default:
			return false
		}
	}
	return true
}

// withoutComment takes off a comment at the end (RFC 822 section 3.1.4) unless it names a zone.
func withoutComment(s string) string {
	i := strings.LastIndexByte(s, '(')
	if i < 0 || s[len(s)-1] != ')' {
		return s
	}
	if _, ok := zones[strings.ToUpper(s[i+1:len(s)-1])]; ok {
		return s
	}
	return s[:i]
}

// wordLength returns the length of the word that s begins with; a zone's name may have signs and digits in it.
func wordLength(s string) int {
	for i, r := range s {
		if !unicode.IsLetter(r) && r != '_' && r != '\'' && (r != '/' || i+1 == len(s) || !unicode.IsLetter(rune(s[i+1]))) {
			return i
		}
	}
	return len(s)
}

// number reads the digits that s begins with: a time of day where a colon follows, else a part of the day.
func (d *dateReader) number(s string) (int, bool) {
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	if i < len(s)-1 && s[i] == ':' && i <= 2 && isDigit(s[i+1], 10) {
		return d.clock(s)
	}
	n, err := strconv.Atoi(s[:i])
	if err != nil || i > 4 || len(d.numbers) == 3 {
		return 0, false
	}
	num := number{value: n, digits: i}
	if i < len(s) {
		num.after = s[i]
	}
	if len(d.numbers) > 0 {
		num.before = d.numbers[len(d.numbers)-1].after
	}
	d.numbers = append(d.numbers, num)
	return i, true
}

// clock reads the time of day that s begins with: 15:04, 15:04:05, 15:04:05.999.
func (d *dateReader) clock(s string) (int, bool) {
	if d.timed {
		return 0, false
	}
	i := 0
	parts := [3]int{}
	for p := range parts {
		start := i
		for i < len(s) && isDigit(s[i], 10) {
			i++
		}
		n, err := strconv.Atoi(s[start:i])
		if err != nil || i-start > 2 {
			return 0, false
		}
		parts[p] = n
		if p == 2 || i+1 >= len(s) || s[i] != ':' || !isDigit(s[i+1], 10) {
			break
		}
		i++
	}
	if i < len(s) && s[i] == ':' {
		return 0, false // a fourth part, or none where one belongs
	}
	if i+1 < len(s) && (s[i] == '.' || s[i] == ',') && isDigit(s[i+1], 10) {
		start := i + 1
		for i = start; i < len(s) && isDigit(s[i], 10); i++ {
		}
		d.nano, _ = strconv.Atoi((s[start:min(i, start+9)] + "000000000")[:9])
	}
	d.hour, d.minute, d.second, d.timed = parts[0], parts[1], parts[2], true
	return i, true
}

// numericZone reads an offset without its sign: 0300, 03:00, 3, 03.
func (d *dateReader) numericZone(s string, west bool) (int, bool) {
	i := 0
	for i < len(s) && isDigit(s[i], 10) {
		i++
	}
	n, err := strconv.Atoi(s[:i])
	if err != nil || i > 4 {
		return 0, false
	}
	hours, minutes := n, 0
	switch {
	case i > 2:
		hours, minutes = n/100, n%100
	case i < len(s) && s[i] == ':':
		if len(s) < i+3 || !isDigit(s[i+1], 10) || !isDigit(s[i+2], 10) {
			return 0, false
		}
		minutes, _ = strconv.Atoi(s[i+1 : i+3])
		i += 3
	}
	if hours > 14 || minutes > 59 {
		return 0, false
	}
	d.zoned, d.place = true, nil
	d.offset = hours*3600 + minutes*60
	if west {
		d.offset = -d.offset
	}
	return i, true
}
