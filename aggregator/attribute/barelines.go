package attribute

import (
	"strings"

	"dateline/aggregator/attribute/lex"
)

// Where in a paragraph a credit without a label may be.

// gluedBefore returns where a name that ends at end is glued to the word before it, with a capital behind four small letters, or i.
func (r *reader) gluedBefore(s string, i, end int) int {
	list := r.words(lex.Between(i, end))
	for n := len(list) - 1; n >= 0 && n >= len(list)-4; n-- {
		t := list[n]
		small := 0
		for k, c := range t.Of(s) {
			if small >= 4 && lex.IsUpper(c) {
				return t.Start + k
			}
			if small++; !isLower(c) && k > 0 {
				small = 0
			}
		}
		if t.Case == lex.Lower || n > 0 && s[list[n-1].End:t.Start] != " " {
			break
		}
	}
	return i
}

// bareLines returns where a credit without a label may be at the end of a paragraph: in the last bracket, behind the last bar,
// behind the last sentence, and from a name before a slash on.
func (r *reader) bareLines(s string, start int) []lex.Span {
	if stopped := strings.TrimRight(s, ". "); strings.HasSuffix(stopped, ")") || strings.HasSuffix(stopped, "]") { // (Ann Lee / AP).
		s = stopped
	}
	k := strings.LastIndexAny(s[start:], "([")
	if k > 0 && strings.HasSuffix(s, ")") && r.allFiller(lex.Between(start+k, len(s))) { // Getty Images/EyeEm (Symbolbild)
		s, k = s[:lex.SkipSpaceBack(s, start+k)], -1
	} else if strings.HasSuffix(s, ")") || strings.HasSuffix(s, "]") {
		if k < 0 {
			return nil
		}
		list := []lex.Span{lex.Between(start+k+1, len(s)-1)}
		name := lex.SkipSpaceBack(s, start+k)
		if i := r.lastSentence(s[:name], start); i > start && r.readPerson(s[:name], i, 2) == name { // Ann Lee (dpa/picture alliance)
			list = append([]lex.Span{lex.Between(i, len(s))}, list...)
		}
		return list
	}
	body := strings.TrimRight(s, ". ")
	if k := strings.LastIndexByte(body[start:], '|'); k >= 0 {
		return r.barLines(body, start, start+k)
	}
	i := r.lastSentence(body, start)
	list := []lex.Span{lex.Between(i, len(body))}
	switch slash := strings.IndexByte(body[i:], '/'); {
	case slash >= 0:
		list = append(list, r.slashLines(body, i, i+slash)...)
	case strings.Contains(body[i:], " via "), r.caption && i > start, r.gluedName(lex.Between(i, len(body))) > i:
	case i > start && (r.forLine(body, i) || r.sellerFrom(body, i) || r.photoOf(body, i)):
	case !r.commaLine(body, i):
		return nil
	}
	return list
}

// forLine reports whether s from i on is a person who worked for an agency: "Ann Lee for Reuters".
func (r *reader) forLine(s string, i int) bool {
	_, _, ok := r.agencyBehind(s, i, len(s), "for")
	return ok
}

// sellerFrom reports whether s from i on is the name of one that sells pictures.
func (r *reader) sellerFrom(s string, i int) bool {
	m, ok := r.wholeFrom(s, i)
	return ok && !m.Weak && r.sellsPictures(m.Key)
}

// photoOf reports whether s from i on is an agency, the word for a picture and a person: "BELGA PHOTO ANN LEE".
func (r *reader) photoOf(s string, i int) bool {
	m, ok := r.Match(s, i)
	if !ok {
		return false
	}
	w := r.word(s, r.nextWord(s, m.End))
	next := r.nextWord(s, w.End)
	return photoWords.is(w) && r.readPerson(s, next, 2) == len(s)
}

// barLines returns where a credit with a bar at k may be: from the first of several bars on, from the name before the bar on, behind
// the bar.
func (r *reader) barLines(s string, start, k int) []lex.Span {
	list := []lex.Span{lex.Between(lex.SkipSpace(s, k+1), len(s))}
	m, ok := r.wholeFrom(s, k+1)
	i := r.lastSentence(s[:k], start)
	if bar := lex.SkipSpaceBack(s, k); (r.caption || ok) && i > start && r.readPerson(s[:bar], i, 2) == bar { // ... Ann Lee | Muster list
		return []lex.Span{lex.Between(i, len(s))}
	}
	if !ok || !r.sellsPictures(m.Key) && !r.caption {
		return list
	}
	if strings.Contains(s[i:k], "|") || r.readPerson(s[:lex.SkipSpaceBack(s, k)], i, 2) == lex.SkipSpaceBack(s, k) {
		return append([]lex.Span{lex.Between(i, len(s))}, list...)
	}
	return list
}

// slashLines returns where a credit may be whose first slash is at k of a sentence that begins at i: from a known agency or a name on.
func (r *reader) slashLines(s string, i, k int) (list []lex.Span) {
	for j := i; j < len(s); j = r.nextWord(s, r.wordEnd(s, j)) {
		if j > i && lex.IsSpace(lex.Before(s, j)) {
			// Premier głosował PAP/EPA/NAME
			if m, ok := r.Match(s, j); ok && strings.HasPrefix(s[m.End:], "/") &&
				(lex.Case(s[j:m.End]) == lex.Capital || r.sellsPictures(m.Key) || r.caption || r.readPerson(s, m.End+1, 2) == len(s)) {
				list = append(list, lex.Between(j, len(s)))
				break
			}
		}
	}
	// ... to represent the country Ann Lee/AP
	end := lex.SkipSpaceBack(s, k)
	if name := r.nameBefore(s, i, end); name > i && name < end && !wroteBefore(s, name) {
		list = append(list, lex.Between(name, len(s)))
	}
	if j := r.gluedBefore(s, i, k); j > i { // ... en la playaAnn Lee/EFE
		list = append(list, lex.Between(j, len(s)))
	}
	if k := strings.LastIndex(s[i:], " / "); k > 0 {
		if j := strings.LastIndexByte(s[i:i+k], ' '); j > 0 && isLower(lex.RuneAt(s, i+j+1)) && r.sellerFrom(s, i+k+3) {
			// palinchak / DepositPhotos
			list = append(list, lex.Between(i+j+1, len(s)))
		}
		if m, ok := r.wholeFrom(s, i+k+3); ok && isLower(lex.RuneAt(s, strings.LastIndexByte(s[:i+k], ' ')+1)) { // el casco antiguo / EFE
			list = append(list, lex.Between(m.Start, len(s)))
		}
	}
	return list
}

// wroteBefore reports whether the label of one who wrote precedes i: "Text: Ann Lee/AP".
func wroteBefore(s string, i int) bool {
	label, ok := strings.CutSuffix(strings.TrimRight(s[:i], " "), ":")
	return ok && authorRoles.Has(label[strings.LastIndexAny(label, " (")+1:])
}

// commaLine reports whether s from i on is a person and, behind a comma, an agency: "Ann Lee, AP".
func (r *reader) commaLine(s string, i int) bool {
	k := strings.IndexByte(s[i:], ',')
	if k < 0 || r.readPerson(s[:i+k], i, 2) != i+k {
		return false
	}
	m, ok := r.wholeFrom(s, i+k+1)
	if !ok || r.places.Region(s[m.Start:m.End]) || r.places.City(s[i:i+k]) {
		return false
	}
	caps := func(w string) bool { return w == strings.ToUpper(w) }
	return !caps(r.Display(m.Key, "")) || caps(s[m.Start:m.End]) // "Best wishes, Sana" names no SANA
}

// lastSentence returns where the last sentence of s begins: behind a full stop or a mark, and the quotation mark or bracket behind that.
// The space may be missing: "kommen.Unsplash". It returns start where there is but one.
func (r *reader) lastSentence(s string, start int) int {
	for j := len(s) - 1; j > start; j-- {
		if c := s[j]; c != '.' && c != '!' && c != '?' || c == '.' && (initialBefore(s, j) || abbreviated(s, j)) {
			continue
		}
		k := lex.Run(s, j+1, func(c rune) bool { return lex.IsQuote(c) || lex.IsApostrophe(c) || c == ')' })
		i := lex.SkipSpace(s, k)
		quoted := k > j+1 && lex.IsUpper(lex.RuneAt(s, k)) && lex.RuneAt(s, j+1) != ')' // ... "The Claw."Eric Roe
		if i < len(s) && !lex.IsSpace(lex.Before(s, j)) && r.sentence(s, i) && (i > k || quoted || k == j+1 && r.glued(s, j)) {
			return i
		}
	}
	return start
}

// glued reports whether the mark at i ends a sentence although no space follows: a word of three letters or a year precedes it, a
// capital behind it.
func (r *reader) glued(s string, i int) bool {
	if i+1 >= len(s) || !lex.IsUpper(lex.RuneAt(s, i+1)) || i == 0 {
		return false
	}
	k := r.table.Index(i - 1)
	if k == len(r.table.Tokens) || r.table.Tokens[k].End != i {
		return lex.IsQuote(lex.Before(s, i)) || lex.Before(s, i) == ')'
	}
	w := r.table.Tokens[k]
	return len([]rune(w.Of(s))) > 2 && (w.Digit || w.Small || w.Case == lex.Title)
}

// nameBefore returns where the name of a person that ends at end begins: two words in title case, with an initial or a particle between
// them, behind a word of another case; or end.
func (r *reader) nameBefore(s string, start, end int) int {
	if end <= start {
		return end
	}
	k := r.table.Index(end-1) + 1
	if k > len(r.table.Tokens) || r.table.Tokens[k-1].End != end {
		return end
	}
	i, full := end, 0
	for k--; k >= 0 && r.table.Tokens[k].Start >= start; k-- {
		t := r.table.Tokens[k]
		gap := s[t.End:max(i, t.End)]
		initial := lex.IsUpper(lex.RuneAt(s, t.Start)) && t.End-t.Start <= 2 && gap == ". " && lex.Before(s, t.Start) != '.' // not D.C. Jane Roe
		if i < end && gap != " " && gap != "-" && !initial || t.Case != lex.Title && !initial && !(full > 0 && particles.is(t)) {
			break
		}
		if t.Case == lex.Title && !initial && gap != "-" {
			if full++; full > 2 && !(t.Is(weekdays.class) || r.places.City(t.Of(s))) {
				return end
			}
			if full > 2 {
				break
			}
		}
		i = t.Start
	}
	if i <= start || r.readPerson(s[:end], i, 2) != end || !lex.IsSpace(lex.Before(s, i)) {
		return end
	}
	return i
}
