package attribute

import (
	_ "embed"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"dateline/aggregator/attribute/lex"
)

// A moment is read as times and days in any order, with words between them that say nothing, up to the end of the line or the first
// other word.

// The figures of a moment, which are compiled when the first one is read.
var (
	isoMoment  = compiled(`^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)`)
	clockColon = compiled(`(?i)^(\d{1,2})[:.](\d\d)(?:[:.]\d\d)?\s*([ap]\.?m\b\.?)?`)
	clockWord  = compiled(`(?i)^(\d{1,2})\s*([ap]\.?m\b\.?)`)
	clockFour  = compiled(`^(\d\d)(\d\d)(?:\D|$)`)
	slashDate  = compiled(`^(\d{1,2})/(\d{1,2})/(\d{4}|\d\d)(?:\D|$)`)
	offsetSign = compiled(`^\s*([+−-])(\d{1,2})(?::?(\d\d))?(?:\D|$)`)
)

// compiled returns a regular expression that is compiled when it is first used: most texts need none of them.
func compiled(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

//go:embed tables/moment.txt
var momentTable string

// momentRules are made of tables/moment.txt when the first moment is read.
var momentRules = sync.OnceValue(func() *momentWords {
	t := readKeyed(momentTable)
	number := func(key string) int { n, _ := strconv.Atoi(key); return n }
	return &momentWords{
		words: byWord(t["words"], func(string) bool { return true }),
		hours: regexp.MustCompile(`(?i)^(\d{1,2})\s*` + anyOf(t["hours"]) + `(?:\PL|$)`),
		noon:  regexp.MustCompile(`(?i)^12\s+` + anyOf(t["clock"]) + `(?:\PL|$)`),
		clock: byWord(t["clock"], number), later: byWord(t["later"], number),
		ahead: byWord(t["ahead"], number), weekdays: byWord(t["weekdays"], number),
		offsets: byWord(t["offsets"], func(key string) float64 { h, _ := strconv.ParseFloat(key, 64); return h }),
		zones:   byWord(t["zones"], func(key string) string { return key }),
	}
})

// momentWords are the sections of tables/moment.txt.
type momentWords struct {
	words                         map[string]bool
	hours, noon                   *regexp.Regexp
	clock, later, ahead, weekdays map[string]int
	offsets                       map[string]float64
	zones                         map[string]string
}

// moment is what was read of one.
type moment struct {
	hour, minute     int
	timed            bool
	day, month, year int
	weekday          int // -1: none
	ahead            int // days after the item's own; -1: none
	zone             *time.Location
}

// readMoment reads the moment that begins at i of s, at or after base, and returns where it ends. It is not ok where nothing else of
// the line says what it says, or no zone is known.
func readMoment(s string, i int, base time.Time, zone *time.Location) (at time.Time, end int, ok bool) {
	m := moment{weekday: -1, ahead: -1}
	end = i
	for i < len(s) {
		if t, n := isoTime(s[i:]); n > 0 {
			return t, i + n, true
		}
		n, known := m.next(s, i)
		if !known {
			break
		}
		if i += n; n > 0 && strings.TrimSpace(s[end:i]) != "" {
			end = i
		}
	}
	if !m.timed && (m.month == 0 && m.weekday < 0 && m.ahead < 0 || !endsMoment(s, i)) {
		return time.Time{}, end, false
	}
	if m.zone != nil {
		zone = m.zone
	}
	if zone == nil {
		return time.Time{}, end, false
	}
	at, ok = m.resolve(base, zone)
	return at, end, ok
}

func isoTime(s string) (time.Time, int) {
	f := isoMoment().FindString(s)
	if f == "" {
		return time.Time{}, 0
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z0700"} {
		if t, err := time.Parse(layout, strings.Replace(f, " ", "T", 1)); err == nil {
			return t.UTC(), len(f)
		}
	}
	return time.Time{}, 0
}

// endsMoment reports whether a sentence, a bracket or the line ends at i, or a dash follows.
func endsMoment(s string, i int) bool {
	rest := strings.TrimLeft(s[i:], " \u00a0*_")
	return rest == "" || strings.ContainsAny(rest[:1], ".:;!])|\"»") || strings.HasPrefix(rest, "–") ||
		strings.HasPrefix(rest, "—") || strings.HasPrefix(rest, "- ")
}

// next reads what is at i and returns its length; it is not known where it is no part of a moment.
func (m *moment) next(s string, i int) (n int, known bool) {
	r, size := lex.At(s, i)
	switch {
	case lex.IsSpace(r), r == ',', r == '/' && m.any(), r == '(':
		return size, true
	case r == ')' && strings.Contains(s[:i], "("):
		return size, m.timed
	case r == '+' || (r == '-' || r == '−') && m.timed && !lex.IsSpace(lex.RuneAt(s, i+size)):
		return m.offset(s[i:])
	case r == '.' && i > 0 && lex.IsLetter(lex.Before(s, i)): // a.m., мск., г.
		return size, lex.NextWord(s, i) < len(s) && m.continues(s, i+size)
	case lex.IsDigit(r):
		return m.number(s, i)
	case !lex.IsLetter(r):
		return 0, false
	}
	return m.word(s, i)
}

func (m *moment) any() bool { return m.timed || m.month > 0 || m.weekday >= 0 || m.ahead >= 0 }

// continues reports whether a part of a moment follows a full stop.
func (m *moment) continues(s string, i int) bool {
	probe := *m
	j := lex.SkipSpace(s, i)
	if j >= len(s) || lex.IsUpper(lex.RuneAt(s, j)) && !lex.IsUpper(lex.Before(s, i-1)) {
		return false
	}
	_, known := probe.next(s, j)
	return known
}

// number reads a date or a time of day.
func (m *moment) number(s string, i int) (int, bool) {
	if f := clockColon().FindStringSubmatch(s[i:]); f != nil && !m.timed {
		if d, ok := lex.ReadDate(s, i); !ok || d.End <= i+len(f[0]) && d.Year == 0 {
			return len(f[0]), m.clock(f[1], f[2], f[3])
		}
	}
	if momentRules().noon.MatchString(s[i:]) && !m.timed {
		return lex.SkipSpace(s, i+len("12")) - i, true // the word says which
	}
	if f := clockWord().FindStringSubmatch(s[i:]); f != nil && !m.timed {
		return len(f[0]), m.clock(f[1], "0", f[2])
	}
	if f := momentRules().hours.FindStringSubmatch(s[i:]); f != nil && !m.timed {
		return len(f[1]), m.clock(f[1], "0", "") // the word says nothing more
	}
	if f := clockFour().FindStringSubmatch(s[i:]); f != nil && !m.timed && !standsForYear(s, i) {
		return 4, m.clock(f[1], f[2], "")
	}
	if f := slashDate().FindStringSubmatch(s[i:]); f != nil && m.month == 0 {
		m.day, _ = strconv.Atoi(f[1])
		m.month, _ = strconv.Atoi(f[2])
		m.year, _ = strconv.Atoi(f[3])
		if m.month > 12 && m.day <= 12 {
			m.day, m.month = m.month, m.day
		}
		if m.year < 100 {
			m.year += 2000
		}
		return len(f[1]) + len(f[2]) + len(f[3]) + 2, m.month >= 1 && m.month <= 12 && m.day >= 1 && m.day <= 31
	}
	return m.date(s, i)
}

func (m *moment) date(s string, i int) (int, bool) {
	d, ok := lex.ReadDate(s, i)
	if !ok || m.month > 0 || d.Start < i {
		return 0, false
	}
	m.day, m.month, m.year = d.Day, d.Month, d.Year
	return d.End - i, true
}

// standsForYear reports whether four digits at i are a year rather than a time of day.
func standsForYear(s string, i int) bool {
	v, end := lex.Number(s, i, 4)
	rest := lex.Fold(s[end:lex.WordEnd(s, lex.NextWord(s, end))])
	_, zoned := momentRules().offsets[strings.TrimSpace(rest)]
	return v >= 1990 && v <= 2100 && !zoned && !strings.HasPrefix(rest, "h")
}

// clock takes a time of day.
func (m *moment) clock(hour, minute, noon string) bool {
	m.hour, _ = strconv.Atoi(hour)
	m.minute, _ = strconv.Atoi(minute)
	switch {
	case strings.HasPrefix(strings.ToLower(noon), "p") && m.hour < 12:
		m.hour += 12
	case strings.HasPrefix(strings.ToLower(noon), "a") && m.hour == 12:
		m.hour = 0
	}
	m.timed = true
	return m.hour < 24 && m.minute < 60 || m.hour == 24 && m.minute == 0
}

// offset reads +3, +03:00 or -0500, behind a time of day or the name of Greenwich.
func (m *moment) offset(s string) (int, bool) {
	f := offsetSign().FindStringSubmatch(s)
	if f == nil || !m.timed {
		return 0, false
	}
	hours, _ := strconv.Atoi(f[2])
	minutes, _ := strconv.Atoi(f[3])
	seconds := hours*3600 + minutes*60
	if f[1] != "+" {
		seconds = -seconds
	}
	if hours > 14 || minutes > 59 {
		return 0, false
	}
	m.zone = time.FixedZone("", seconds)
	n := strings.Index(s, f[2]) + len(f[2])
	if f[3] != "" {
		n = strings.LastIndex(s[:len(f[0])], f[3]) + 2
	}
	return n, true
}

// word reads a month, a day of the week, a zone or a word that says nothing.
func (m *moment) word(s string, i int) (int, bool) {
	end := lex.WordEnd(s, i)
	w, r := lex.Fold(s[i:end]), momentRules()
	if day, ok := r.weekdays[w]; ok && m.weekday < 0 {
		m.weekday = day
		return end - i, true
	}
	if n, ok := r.ahead[w]; ok {
		m.ahead = n
		return end - i, true
	}
	if hour, ok := r.clock[w]; ok {
		return end - i, !m.timed && m.clock(strconv.Itoa(hour), "0", "")
	}
	if hours, ok := r.later[w]; ok {
		if m.timed && m.hour < 12 {
			m.hour += hours
		}
		return end - i, m.timed
	}
	if hours, ok := r.offsets[w]; ok && m.timed {
		m.zone = time.FixedZone("", int(hours*3600))
		return end - i, true
	}
	if name, ok := r.zones[w]; ok && m.timed {
		zone, err := time.LoadLocation(name)
		m.zone = zone
		return end - i, err == nil
	}
	if n, ok := m.date(s, i); ok {
		return n, true
	}
	return end - i, r.words[w]
}

// justPassed is how long after its time of day an embargo without a day is taken to be over rather than a day away.
const justPassed = 3 * time.Hour

// resolve returns the moment at or after base, in UTC; it is not ok where base is missing and needed.
func (m *moment) resolve(base time.Time, zone *time.Location) (time.Time, bool) {
	if base.IsZero() && (m.year == 0 || m.month == 0) {
		return time.Time{}, false
	}
	day := base.In(zone)
	at := func(year int, month time.Month, day int) time.Time {
		return time.Date(year, month, day, m.hour, m.minute, 0, 0, zone)
	}
	var t time.Time
	switch {
	case m.month > 0 && m.year > 0:
		t = at(m.year, time.Month(m.month), m.day)
	case m.month > 0: // of the year that brings it nearest
		for _, year := range []int{day.Year() - 1, day.Year(), day.Year() + 1} {
			if c := at(year, time.Month(m.month), m.day); t.IsZero() || c.Sub(base).Abs() < t.Sub(base).Abs() {
				t = c
			}
		}
	case m.ahead >= 0:
		t = at(day.Year(), day.Month(), day.Day()+m.ahead)
	case m.weekday >= 0:
		t = at(day.Year(), day.Month(), day.Day()+(m.weekday-int(day.Weekday())+7)%7)
	default:
		t = at(day.Year(), day.Month(), day.Day())
		if base.Sub(t) > justPassed {
			t = at(day.Year(), day.Month(), day.Day()+1)
		}
	}
	return t.UTC(), true
}
