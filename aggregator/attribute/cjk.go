package attribute

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline/aggregator/attribute/lex"
)

// Datelines of Chinese, Japanese and Korean have no spaces between their parts: "新华社北京3月3日电",
// "【ワシントン時事】", "(서울=연합뉴스)". Their agency must be in the registry.

const (
	ruleEastern   = "dateline-eastern"
	maxEastern    = 90 // bytes of such a dateline
	maxEasternKey = 6  // letters of the name of an agency
)

// telegrams end a Chinese dateline behind the number of the day.
var telegrams = [...]string{"日电", "日電", "日讯"}

// easternBrackets are brackets round such datelines, opening and closing.
var easternBrackets = [...][2]string{{"（", "）"}, {"(", ")"}, {"【", "】"}, {"[", "]"}, {"［", "］"}, {"〔", "〕"}}

// eastern reads such a dateline at i.
func (c *scan) eastern(i, end int) (lead int, found, ok bool) {
	s := c.s[:min(end, i+maxEastern)]
	from, closing := i, ""
	for _, b := range easternBrackets {
		if rest, is := strings.CutPrefix(s[i:], b[0]); is {
			from, closing = len(s)-len(rest), b[1]
		}
	}
	if r := lex.RuneAt(s, from); !unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana) {
		return i, false, false
	}
	l, ok := c.r.chineseLine(s, from)
	if !ok && closing != "" {
		if n := strings.Index(s[from:], closing); n > 0 {
			l, ok = c.r.bracketLine(s, from, from+n)
		}
	}
	if !ok {
		return i, false, false
	}
	k, names := l.end, ""
	for _, b := range easternBrackets { // （记者 王明）
		if rest, is := strings.CutPrefix(c.s[k:end], b[0]); is && strings.Contains(rest[:min(len(rest), maxEastern)], b[1]) {
			n := strings.Index(c.s[k:end], b[1])
			if list, is := strings.CutPrefix(c.s[k+len(b[0]):k+n], "记者"); is {
				names = list
			}
			k += n + len(b[1])
			break
		}
	}
	if rest, is := strings.CutPrefix(c.s[k:end], closing); is {
		k = end - len(rest)
	}
	if n := strings.Index(c.s[k:min(end, k+maxEastern)], "= "); n >= 0 && closing != "" { // 김철수 기자 =
		if list, is := strings.CutSuffix(strings.TrimSpace(c.s[k:k+n]), "기자"); is {
			names = list
		}
		k += n + 1
	}
	gap := readGap(c.s[:end], k)
	l.start, l.lead, l.rule = i, gap.end, ruleEastern
	c.dateline(&l)
	c.easternNames(i, l.lead, names)
	return l.lead, true, true
}

// easternNames credits the reporters whom a dateline names, where each name has two to four signs.
func (c *scan) easternNames(start, end int, names string) {
	for name := range strings.FieldsFuncSeq(names, func(r rune) bool { return lex.IsSpace(r) || r == '、' || r == '·' }) {
		at := start + strings.Index(c.s[start:end], name)
		isName := !strings.ContainsFunc(name, func(r rune) bool { return !unicode.In(r, unicode.Han, unicode.Hangul) })
		if n := utf8.RuneCountInString(name); isName && at >= start && 2 <= n && n <= 4 {
			c.person(lex.Between(at, at+len(name)), ruleEastern)
		}
	}
}

// chineseLine reads an agency, a place and a day before "日电".
func (r *reader) chineseLine(s string, from int) (line, bool) {
	k, size := -1, 0
	for _, t := range telegrams {
		if n := strings.Index(s[from:], t); n > 0 && (k < 0 || from+n < k) {
			k, size = from+n, len(t)
		}
	}
	if k < 0 {
		return line{}, false
	}
	l := line{end: k + size}
	var at string
	l.date.Day, at = numberBefore(s[from:k])
	if rest, ok := strings.CutSuffix(at, "月"); ok {
		l.date.Month, at = numberBefore(rest)
	}
	n, key := r.keyAtHead(at)
	if n == 0 || l.date.Day == 0 || strings.IndexFunc(at[n:], func(c rune) bool { return !lex.IsLetter(c) }) >= 0 ||
		utf8.RuneCountInString(at[n:]) > 8 || l.date.Month != 0 && !lex.ValidDate(l.date) {
		return line{}, false
	}
	if l.date.Month == 0 {
		l.date = lex.Date{}
	}
	l.tag = tag{name: lex.Between(from, from+n), key: key}
	if n < len(at) {
		l.place = place{start: from + n, end: from + len(at)}
	}
	return l, true
}

// numberBefore returns the number of one or two digits with which s ends, of either width, and what precedes it.
func numberBefore(s string) (v int, rest string) {
	rest = strings.TrimRightFunc(s, func(c rune) bool { return lex.IsDigit(c) || '０' <= c && c <= '９' })
	for _, c := range s[len(rest):] {
		if c >= '０' {
			c += '0' - '０'
		}
		v = min(10*v+int(c-'0'), 100)
	}
	return v, rest
}

// bracketLine reads a place and an agency that a bracket holds, with a sign or a day between them or nothing.
func (r *reader) bracketLine(s string, from, to int) (line, bool) {
	in := s[from:to]
	k := len(in)
	for n := 0; n < maxEasternKey && k > 0; n++ {
		_, size := lex.Last(in, k)
		k -= size
		key, ok := r.Lookup(in[k:])
		if !ok {
			continue
		}
		where := strings.TrimRightFunc(in[:k], func(c rune) bool { return c == '=' || lex.IsSpace(c) })
		if day, ok := strings.CutSuffix(where, "日"); ok {
			where = strings.TrimRightFunc(day, func(c rune) bool { return unicode.IsDigit(c) || lex.IsSpace(c) })
		}
		if where == "" || strings.ContainsAny(where, " ,.:") || utf8.RuneCountInString(where) > 8 {
			return line{}, false
		}
		return line{end: to, place: place{start: from, end: from + len(where)}, tag: tag{name: lex.Between(from+k, to), key: key}}, true
	}
	return line{}, false
}

// keyAtHead returns the longest spelling of an agency with which s begins.
func (r *reader) keyAtHead(s string) (n int, key string) {
	for k, at := 0, 0; k < maxEasternKey && at < len(s); k++ {
		_, size := lex.At(s, at)
		at += size
		if found, ok := r.Lookup(s[:at]); ok {
			n, key = at, found
		}
	}
	return n, key
}
