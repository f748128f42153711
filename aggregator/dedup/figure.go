package dedup

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"dateline/aggregator/text"
)

// figure returns what a token counts or dates, in one spelling, and whether it does: a figure, a number written
// out, a month or a day of the week. Texts that differ in one of these are two reports.
func figure(t text.Token) (string, bool) {
	if t.Figure {
		return t.Text, true
	}
	if (t.Text == "may" || t.Text == "march") && !t.Upper {
		return "", false // the verbs
	}
	if v, ok := counting[t.Text]; ok {
		return v, true
	}
	if t.Text[0] < 0x80 {
		return "", false
	}
	for _, p := range stems {
		if rest, ok := strings.CutPrefix(t.Text, p.stem); ok && (p.ends == "" || strings.Contains(p.ends, " "+rest+" ")) {
			return p.value, true
		}
	}
	return "", false
}

// dateParts returns day, month and year of a whole date.
func dateParts(date string) []string {
	p := strings.FieldsFunc(date, func(r rune) bool { return r == '.' || r == '-' || r == '/' })
	if isYear(p[0]) {
		slices.Reverse(p)
	}
	day, month := strings.TrimLeft(p[0], "0"), strings.TrimLeft(p[1], "0")
	if n, err := strconv.Atoi(month); err == nil && n <= 12 && n > 0 {
		month = strings.ToLower(time.Month(n).String())
	}
	return []string{day, month, p[2]}
}

// ordinal lists the case endings of Russian ordinals.
const ordinal = " ый ий ой ая ья ое ье ого ьего ому ьему ую ью ым ьим ом ьем ей ьей ые ьи ых ьих ыми ьими "

// stems are the Russian words, which come in cases.
var stems = []struct{ stem, ends, value string }{
	{"январ", "", "january"}, {"феврал", "", "february"}, {"март", "  а у е ом ", "march"}, {"апрел", "", "april"},
	{"июн", " ь я ю е ем ", "june"},
	{"июл", " ь я ю е ем ", "july"}, {"август", "  а у е ом ", "august"}, {"сентябр", "", "september"}, {"октябр", " ь я ю е ем ", "october"},
	{"ноябр", "", "november"}, {"декабр", "", "december"},
	{"понедельник", "", "monday"}, {"вторник", "", "tuesday"}, {"четверг", "", "thursday"}, {"пятниц", "", "friday"},
	{"суббот", "", "saturday"}, {"воскресень", "", "sunday"},
	{"перв", ordinal, "1"}, {"втор", ordinal, "2"}, {"трет", ordinal, "3"}, {"четверт", ordinal, "4"}, {"пят", ordinal, "5"},
	{"шест", ordinal, "6"}, {"седьм", ordinal, "7"}, {"восьм", ordinal, "8"}, {"девят", ordinal, "9"}, {"десят", ordinal, "10"},
	{"одиннадцат", "", "11"}, {"двенадцат", "", "12"}, {"тринадцат", "", "13"}, {"четырнадцат", "", "14"}, {"пятнадцат", "", "15"},
	{"шестнадцат", "", "16"}, {"семнадцат", "", "17"}, {"восемнадцат", "", "18"}, {"девятнадцат", "", "19"}, {"двадцат", "", "20"},
	{"тридцат", "", "30"}, {"пятьдесят", "", "50"}, {"пятидесят", "", "50"}, {"шестьдесят", "", "60"}, {"семьдесят", "", "70"},
	{"восемьдесят", "", "80"},
	{"тысяч", "", "thousand"}, {"миллион", "", "million"}, {"миллиард", "", "billion"}, {"триллион", "", "trillion"},
}

// counting are the other words, each in the spelling that it is compared in. "One" is left out: it is a pronoun
// as often.
var counting = spellings(map[string]string{
	"2": "two second два две двух двум двумя двое двоих", "3": "three third три трех трем тремя трое троих",
	"4": "four fourth четыре четырех четырем четырьмя четверо четверых", "5": "five fifth пять пяти пятью пятеро пятерых",
	"6": "six sixth шесть шести шестью шестеро шестерых", "7": "seven seventh семь семи семью семеро семерых",
	"8": "eight eighth восемь восьми восемью", "9": "nine ninth девять девяти девятью", "10": "ten tenth десять десяти десятью",
	"1": "first", "1.5": "полтора полторы полутора", "11": "eleven", "12": "twelve",
	"13": "thirteen", "14": "fourteen", "15": "fifteen", "16": "sixteen", "17": "seventeen",
	"18": "eighteen", "19": "nineteen", "20": "twenty", "30": "thirty", "40": "forty сорок сорока", "50": "fifty", "60": "sixty",
	"70": "seventy",
	"80": "eighty", "90": "ninety девяносто", "100": "hundred hundreds сто ста", "200": "двести двухсот", "300": "триста трехсот",
	"thousand": "thousand thousands тыс", "million": "million millions mln млн", "billion": "billion billions bln млрд",
	"trillion": "trillion trillions трлн",
	"january":  "january jan", "february": "february feb", "march": "march", "april": "april apr", "may": "may май мая мае маем",
	"june": "june", "july": "july", "august": "august aug", "september": "september sept", "october": "october oct",
	"november": "november nov",
	"december": "december dec", "monday": "monday", "tuesday": "tuesday", "wednesday": "wednesday среду", "thursday": "thursday",
	"friday":   "friday",
	"saturday": "saturday", "sunday": "sunday",
})

// spellings turns a list of values with their spellings about.
func spellings(values map[string]string) map[string]string {
	out := map[string]string{}
	for value, words := range values {
		for _, w := range strings.Fields(words) {
			out[w] = value
		}
	}
	return out
}
