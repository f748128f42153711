package attribute

import (
	"strings"
	"time"
)

// date is a day as printed in a text.
type date struct {
	start, end       int
	day, month, year int // year 0: none printed
}

// monthNames are the months in the case that stands behind a day, January first.
var monthNames = []string{
	"january february march april may june july august september october november december",
	"января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
	"январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
	"студзеня лютага сакавіка красавіка мая чэрвеня ліпеня жніўня верасня кастрычніка лістапада снежня",
	"січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
	"enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
	"janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
	"januar februar märz april mai juni juli august september oktober november dezember",
	"gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
	"janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
	"stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
	"jänner fevrier maerz avr траўня junij julij aout setiembre oct nov decembre",
	"januara februara mrz aprila maja juna jula avgusta septembra oktobra novembra decembra",
	"януари февруари marta април май юни юли август септември октомври ноември декември",
}

// months maps every beginning of three letters or more of a month's name to its number: "Sept", "31 июл", "16 MAG".
// A beginning that two months share is left out.
var months = func() map[string]int {
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
	return m
}()

var weekdays = words(`Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun
понедельник вторник среда среду четверг пятница пятницу суббота субботу воскресенье
панядзелак аўторак серада сераду чацвер пятніца пятніцу субота суботу нядзеля нядзелю
lunes martes miércoles jueves viernes sábado domingo lundi mardi mercredi jeudi vendredi samedi dimanche
Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag lunedì martedì mercoledì giovedì venerdì sabato domenica
segunda terça quarta quinta sexta poniedziałek wtorek środa czwartek piątek sobota niedziela`, " ")

// readDate reads a date at i: "17 May", "17th May, 2023", "Sept. 19, 2025", "16 de mayo de 2023", "5. März",
// "31 июл", "8 июня 2023 года", "05.03.2024", each with or without the day of the week before it.
func readDate(s string, i int) (date, bool) {
	if j := wordEnd(s, i); j > i && !isDigit(rune(s[i])) && weekdays.has(s[i:j]) {
		i = skipSpace(s, run(s, j, func(r rune) bool { return r == ',' || r == '.' }))
	}
	if i >= len(s) {
		return date{}, false
	}
	d := date{start: i}
	var ok bool
	if isDigit(rune(s[i])) {
		if d, ok = numeric(s, i); ok {
			return d, true
		}
		if d.day, d.end, ok = readDay(s, i); !ok {
			return date{}, false
		}
		j := skipWord(s, skipSpace(s, d.end), "de")
		if d.month, d.end, ok = readMonth(s, j); !ok {
			return date{}, false
		}
	} else {
		if d.month, d.end, ok = readMonth(s, i); !ok {
			return date{}, false
		}
		if d.day, d.end, ok = readDay(s, skipSpace(s, d.end)); !ok {
			return date{}, false
		}
	}
	d.start = i
	d.year, d.end = readYear(s, d.end)
	return d, valid(d)
}

func valid(d date) bool {
	if d.month < 1 || d.month > 12 || d.day < 1 {
		return false
	}
	y := d.year
	if y == 0 {
		y = 2000 // a leap year
	}
	return time.Date(y, time.Month(d.month), d.day, 0, 0, 0, 0, time.UTC).Day() == d.day
}

// number reads at most max digits at i.
func number(s string, i, max int) (v, end int) {
	for end = i; end < len(s) && isDigit(rune(s[end])) && end-i < max; end++ {
		v = v*10 + int(s[end]-'0')
	}
	return v, end
}

// readDay reads a day of the month with its ordinal ending, if any.
func readDay(s string, i int) (day, end int, ok bool) {
	day, end = number(s, i, 3)
	if end == i || end-i > 2 || day == 0 || day > 31 {
		return 0, 0, false
	}
	for _, o := range []string{"st", "nd", "rd", "th", "er", "º", "°", ".º", "-го", "-га"} {
		if e := end + len(o); strings.HasPrefix(s[end:], o) && wordEnd(s, e) == e {
			return day, e, true
		}
	}
	if r, _ := rune1(s, end); r == '.' { // German: 5. März
		if j := skipSpace(s, end+1); j < len(s) {
			if _, _, ok := readMonth(s, j); ok {
				return day, end + 1, true
			}
		}
	}
	if r, _ := rune1(s, end); isWord(r) && !isLetter(r) || r == ':' || r == '%' {
		return 0, 0, false
	}
	return day, end, true
}

// readMonth reads the name of a month, or its beginning with or without a full stop.
func readMonth(s string, i int) (month, end int, ok bool) {
	end = run(s, i, isLetter)
	if end-i < 3 || end-i > 40 {
		return 0, 0, false
	}
	var buf [64]byte
	month = months[string(appendFold(buf[:0], s[i:end]))]
	if month == 0 {
		month = misspelt(string(appendFold(buf[:0], s[i:end])))
	}
	if month == 0 {
		return 0, 0, false
	}
	if end < len(s) && s[end] == '.' { // "Dec. 1", but not the full stop of "22 ноября. INTERFAX.RU"
		if r, _ := rune1(s, skipSpace(s, end+1)); isDigit(r) {
			end++
		}
	}
	return month, end, true
}

// misspelt reads an English month with one letter too many, one missing or two exchanged ("Apirl", "Febuary"), as
// they stand in old wire copy. A letter for another is no slip of that kind: "Match 5" is not 5 March.
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
	j := skipSpace(s, i)
	if j < len(s) && s[j] == ',' {
		j = skipSpace(s, j+1)
	}
	j = skipWord(s, j, "de")
	v, e := number(s, j, 5)
	if e-j != 4 || v < 1900 || v > 2100 || wordEnd(s, e) != e {
		return 0, i
	}
	for _, w := range []string{"года", "г.", "год", "р.", "r.", "godine"} {
		if k := skipSpace(s, e); strings.HasPrefix(s[k:], w) {
			return v, k + len(w)
		}
	}
	return v, e
}

// numeric reads 05.03.2024, 05.03.24 and 2024-03-05.
func numeric(s string, i int) (date, bool) {
	a, j := number(s, i, 4)
	if j >= len(s) || s[j] != '.' && s[j] != '-' {
		return date{}, false
	}
	b, k := number(s, j+1, 2)
	if k == j+1 || k >= len(s) || s[k] != s[j] {
		return date{}, false
	}
	c, end := number(s, k+1, 4)
	d := date{start: i, end: end}
	switch {
	case s[j] == '.' && j-i <= 2 && end-k-1 == 2 && j+3 == k: // 17.05.23
		d.day, d.month, d.year = a, b, 2000+c
	case s[j] == '.' && j-i <= 2 && end-k-1 == 4:
		d.day, d.month, d.year = a, b, c
	case s[j] == '-' && j-i == 4 && end-k-1 == 2:
		d.year, d.month, d.day = a, b, c
	default:
		return date{}, false
	}
	return d, d.year >= 1900 && d.year <= 2100 && valid(d) && wordEnd(s, end) == end
}

// skipWord skips the word w and the space behind it.
func skipWord(s string, i int, w string) int {
	if e := wordEnd(s, i); strings.EqualFold(s[i:e], w) {
		return skipSpace(s, e)
	}
	return i
}

// yearOf returns the year of a day of which only month and day are printed: the latest that puts it no more than
// three days after the item's own date. A dateline printed on 1 January may thus stand before an item dated
// 31 December (time zones), and one of 31 December behind the turn of the year.
func yearOf(month, day int, item time.Time) int {
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
