package parse

import (
	_ "embed" // datewords.txt
	"strconv"
	"strings"
	"time"
)

// word takes a word of a date.
func (d *dateReader) word(w string) bool {
	lower := strings.ToLower(w)
	if _, ok := zones[strings.ToUpper(w)]; ok && d.timed {
		return d.zone(w) // AT and PT are also words of other languages
	}
	switch {
	case months[lower] > 0 && (d.month == 0 || weekdays[d.monthWord]):
		d.month, d.monthWord = months[lower], lower
		return true
	case lower == "am" || lower == "a" && d.timed || lower == "오전" || lower == "πμ":
		d.noon = "am"
		return true
	case lower == "pm" || lower == "p" && d.timed || lower == "오후" || lower == "μμ":
		d.noon = "pm"
		return true
	case lower == "m" && d.noon != "":
		return true
	case lower == "t" || weekdays[lower] || fillers[lower]:
		return true
	}
	return d.zone(w)
}

// zone takes the name of a zone. It can only follow a time of day.
func (d *dateReader) zone(w string) bool {
	upper := strings.ToUpper(w)
	if hours, ok := zones[upper]; ok {
		switch {
		case d.zoned: // by the offset before it: +0300 (MSK)
		case hours == 0:
			d.place = time.UTC // an offset may follow: GMT+3
		default:
			d.zoned, d.offset = true, int(hours*3600)
		}
		return true
	}
	if !d.timed {
		return false
	}
	if strings.Contains(w, "/") {
		if loc, err := time.LoadLocation(w); err == nil {
			d.place = loc
			return true
		}
	}
	if d.zoned || d.place != nil || d.strange {
		return false
	}
	d.strange = true
	return len(w) <= 12
}

// stamp makes a date of what was read.
func (d *dateReader) stamp(zone *time.Location) stamp {
	if !d.order() || !d.inRange() {
		return stamp{}
	}
	loc := d.place
	switch {
	case d.zoned:
		loc = time.FixedZone("", d.offset)
	case loc == nil && zone == nil:
		return stamp{}
	case loc == nil:
		loc = zone
		d.guesses = append(d.guesses, "zone")
	}
	t := time.Date(d.year, time.Month(d.month), d.day, d.hour, d.minute, d.second, d.nano, loc)
	return stamp{at: t.UTC(), guesses: d.guesses}
}

// order finds out which number is the year, the month and the day.
func (d *dateReader) order() bool {
	n := d.numbers
	switch {
	case d.yearDay > 0 && len(n) == 0:
		d.month, d.day = 1, d.yearDay
		return d.yearDay <= 366
	case d.year > 0:
		return len(n) == 0
	case d.month > 0 && len(n) == 2: // 23 Nov 2026, Nov 23 2026, 2026 Nov 23
		d.day, d.year = n[0].value, n[1].value
		if n[0].digits == 4 {
			d.day, d.year = n[1].value, n[0].value
		} else if n[1].digits == 2 {
			d.year = century(d.year)
		}
		return n[0].digits == 4 || n[1].digits == 4 || n[1].digits == 2
	case d.month > 0 && len(n) == 1 && n[0].digits == 4: // November 2026
		d.day, d.year = 1, n[0].value
		return !d.timed
	case d.month > 0 || len(n) < 2:
		return false
	case len(n) == 2: // 2003-12
		d.year, d.month, d.day = n[0].value, n[1].value, 1
		return n[0].digits == 4 && n[1].digits == 2 && n[1].before == '-' && !d.timed
	case n[0].digits == 4: // 2026-11-23
		d.year, d.month, d.day = n[0].value, n[1].value, n[2].value
	case n[1].before == '-' && n[0].digits == 2 && n[2].digits == 2: // 03-12-31
		d.year, d.month, d.day = century(n[0].value), n[1].value, n[2].value
		d.guesses = append(d.guesses, "date")
	default: // 23.11.2026, 23/11/2026, 11/23/2026
		d.day, d.month, d.year = n[0].value, n[1].value, n[2].value
		if n[2].digits == 2 {
			d.year = century(d.year)
		}
		d.turn(n[1].before)
		return n[2].digits == 4 || n[2].digits == 2
	}
	return n[1].digits <= 3 && n[2].digits <= 2
}

// turn puts month before day where the sign between them allows it and the numbers or the clock say so.
func (d *dateReader) turn(sign byte) {
	if sign == '.' || d.month == d.day {
		return
	}
	american := d.noon != ""
	if d.month > 12 || american && d.day <= 12 {
		d.day, d.month = d.month, d.day
	}
	if d.day <= 12 {
		d.guesses = append(d.guesses, "date")
	}
}

// inRange checks every part, and takes 24:00 as the end of the day and a leap second as the next one.
func (d *dateReader) inRange() bool {
	switch {
	case d.noon == "pm" && d.hour < 12:
		d.hour += 12
	case d.noon == "am" && d.hour == 12:
		d.hour = 0
	}
	midnight := d.hour == 24 && d.minute == 0 && d.second == 0 && d.nano == 0
	if d.hour > 23 && !midnight || d.minute > 59 || d.second > 60 || d.second == 60 && d.minute != 59 {
		return false
	}
	if d.yearDay > 0 {
		return d.year > 0
	}
	return d.year > 0 && d.month >= 1 && d.month <= 12 && d.day >= 1 &&
		d.day <= time.Date(d.year, time.Month(d.month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// zones are the names of zones that news is dated in, in hours east of Greenwich. A name that means
// different zones has the one that feeds mean by it; IST, AMT and the like stay unknown.
var zones = map[string]float64{
	"UT": 0, "GMT": 0, "UTC": 0, "Z": 0, "WET": 0, "WEST": 1, "BST": 1, "WAT": 1,
	"CET": 1, "MET": 1, "MEZ": 1, "CEST": 2, "MEST": 2, "MESZ": 2, "CAT": 2, "SAST": 2,
	"EET": 2, "EEST": 3, "EAT": 3, "FET": 3, "TRT": 3, "MSK": 3, "МСК": 3, "MSD": 4, "SAMT": 4, "GET": 4, "AZT": 4,
	"YEKT": 5, "PKT": 5, "UZT": 5, "TJT": 5, "TMT": 5, "OMST": 6, "KGT": 6, "KRAT": 7, "NOVT": 7, "WIB": 7, "ICT": 7,
	"IRKT": 8, "HKT": 8, "SGT": 8, "AWST": 8, "YAKT": 9, "JST": 9, "KST": 9, "ACST": 9.5, "VLAT": 10, "AEST": 10,
	"ACDT": 10.5, "MAGT": 11, "AEDT": 11, "SAKT": 11, "PETT": 12, "NZST": 12, "NZDT": 13,
	"AT": -4, "ET": -5, "CT": -6, "MT": -7, "PT": -8,
	"ADT": -3, "BRT": -3, "ART": -3, "NDT": -2.5, "NST": -3.5, "EDT": -4, "EST": -5, "CDT": -5, "CST": -6,
	"MDT": -6, "MST": -7, "PDT": -7, "PST": -8, "AKDT": -8, "AKST": -9, "HST": -10,
}

//go:embed datewords.txt
var dateWordsText string

// dateWords holds the words of dates by what their lines begin with: "1" to "12", "weekday" and "between".
var dateWords = readDateWords(dateWordsText)

var (
	months   = monthsOf(dateWords)
	weekdays = names(strings.Join(dateWords["weekday"], " ")) // they say nothing that the date does not
	fillers  = names(strings.Join(dateWords["between"], " ")) // the words that are between the parts of a date
)

func readDateWords(table string) map[string][]string {
	all := map[string][]string{}
	for line := range strings.Lines(table) {
		if words := strings.Fields(line); len(words) > 0 && words[0] != "#" {
			all[words[0]] = append(all[words[0]], words[1:]...)
		}
	}
	return all
}

func monthsOf(words map[string][]string) map[string]int {
	m := map[string]int{}
	for month := 1; month <= 12; month++ {
		for _, name := range words[strconv.Itoa(month)] {
			m[name] = month
		}
	}
	return m
}
