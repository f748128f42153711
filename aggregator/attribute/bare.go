package attribute

import (
	"slices"
	"strings"

	"dateline/aggregator/attribute/agency"
	"dateline/aggregator/attribute/lex"
	"dateline/aggregator/news"
)

// bare reads a credit without a label at the end of s: all of the paragraph, its last sentence or its last bracket.
func (r *reader) bare(s string, start int) (photo, bool) {
	end := len(s)
	p := photo{rule: rulePhotoChain}
	if end-start > 1200 {
		return p, false
	}
	captioned := r.isCaption(s, start)
	if m, ok := r.wholeFrom(s, start); ok && (r.sellsPictures(m.Key) || r.caption) {
		p.line = lex.Between(start, end)
		p.links = []link{{p.line, m.Key, r.rank(m.Key)}}
		p.frame(s, start, start)
		return p, true
	}
	if r.caption {
		if m, ok := r.sellerLast(s, start); ok { // ... in the harbour Getty Images
			p.line = lex.Between(m.Start, m.End)
			p.links = []link{{p.line, m.Key, r.rank(m.Key)}}
			p.frame(s, start, m.Start)
			return p, true
		}
	}
	if at, ok := r.nameInBracket(s, start); ok {
		p.line, p.links = at, r.bracketLinks(s, at)
		p.frame(s, start, at.Start)
		return p, true
	}
	if of, ok := r.ofPhoto(s, start); ok {
		return of, true
	}
	if of, ok := r.photoByEnd(s, start); ok {
		return of, true
	}
	for _, at := range r.bareLines(s, start) {
		if at.Empty() || at.End-at.Start > maxCredit || signLen(s, at.Start) > 0 {
			continue
		}
		c := r.chain(s, at.Start, at.End)
		if slices.ContainsFunc(c.links, func(l link) bool { return len(r.words(l.at)) > 6 && !r.titled(s, l.at) }) { // a caption
			continue
		}
		if c.end < at.End || !(anyKey(c.links) && (r.bareChain(s, start, at, c) || captioned && r.inBracket(s, at, c))) &&
			!r.ofOutlet(s, start, at, c) {
			continue
		}
		p.line, p.links = at, c.links
		p.frame(s, start, at.Start)
		return p, true
	}
	return r.shaped(s, start)
}

// nameInBracket reads the person that is all of the bracket behind the last sentence of a picture's own description.
func (r *reader) nameInBracket(s string, start int) (lex.Span, bool) {
	k := strings.LastIndexByte(s[start:], '(')
	if !r.caption || k < 0 || !strings.HasSuffix(s, ")") || k > 0 && !endsSentence(strings.TrimRight(s[start:start+k], " ")) {
		return lex.Span{}, false
	}
	at := lex.Between(start+k+1, len(s)-1)
	return at, r.readPerson(s[:at.End], at.Start, 2) == at.End || len(r.words(at)) > 1 && len(r.words(at)) < 6 && r.titled(s, at) &&
		r.isOutlet(s, at) && !strings.ContainsAny(at.Of(s), "/|,:©")
}

// sellerLast reads the one that sells pictures with whose name a caption ends without a mark before it, behind a word in small letters.
func (r *reader) sellerLast(s string, start int) (agency.Name, bool) {
	list := r.words(lex.Between(start, len(s)))
	for k := len(list) - 1; k > 0 && k >= len(list)-3; k-- {
		m, ok := r.Match(s, list[k].Start)
		if ok && !m.Weak && r.sellsPictures(m.Key) && strings.Trim(s[m.End:], " .") == "" && list[k].Case != lex.Lower &&
			list[k-1].Small && strings.TrimPrefix(s[list[k-1].End:list[k].Start], ".") == " " &&
			!list[k-1].Is(prepositions.class|joiners.class|fillers.class) {
			return m, true
		}
	}
	return agency.Name{}, false
}

// bareChain reports whether a chain without a label is a credit: every part is known and there are two, or one behind a bar or in a
// bracket; or an owner in title case before an agency, in a bracket or with "handout".
func (r *reader) bareChain(s string, start int, at lex.Span, c chain) bool {
	before := lex.Before(s, lex.SkipSpaceBack(s, at.Start))
	bracket := before == '(' || before == '['
	switch {
	case c.typed && len(c.links) > 1:
		line := at.Of(s) // (BBC, ČTK) signs a text
		return strings.Contains(line, "/") || strings.Contains(line, " via ") || c.links[0].rank == rankPerson ||
			r.sellsPictures(c.links[len(c.links)-1].key)
	case c.typed && r.caption:
		return at.Start > start || r.sellsPictures(c.links[0].key)
	case c.typed && (before == '|' || before == '/' || before == '[' && !endsSentence(strings.TrimRight(s[start:at.Start], " [")) ||
		r.sellsPictures(c.links[0].key)):
		return at.Start > start
	case c.typed && strings.Contains(at.Of(s), "/") && lex.Case(s[at.Start:r.wordEnd(s, at.Start)]) == lex.Capital: // REUTERS/Stringer
		return true
	}
	line := at.Of(s)
	if strings.Count(line, "|") > 1 { // NAME | Moment | Getty Images
		return r.titled(s, at)
	}
	if !strings.Contains(line, "/") && !strings.Contains(line, " via ") || len(c.links) < 2 {
		return false
	}
	given := slices.ContainsFunc(r.words(at), func(w lex.Token) bool { return givenWords.Has(w.Of(s)) })
	opens := at.Start == start || strings.IndexByte(".!?", s[lex.SkipSpaceBack(s, at.Start)-1]) >= 0
	last := c.links[len(c.links)-1].key
	seller := (r.sellsPictures(last) || (r.caption || strings.Contains(line, " via ")) && r.Kind(last) == news.KindAgency) &&
		len(c.links) == 2 &&
		(opens && r.titled(s, at) && len(r.words(at)) < 9 || !strings.Contains(c.links[0].at.Of(s), " ") && lex.Case(line) == lex.Lower)
	return (bracket || given || lex.IsLetter(before) && at.Start > start && s[at.Start-1] != ' ') && r.titled(s, at) || seller
}

// givenWords are words of a line that says that another one gave the picture.
var givenWords = wordSet("given")

// ofPhoto reads the acronym of an owner and the word for a picture, in a bracket at the end of a caption or as all of the paragraph: "(HT
// Photo)", "BT FILE PHOTO".
func (r *reader) ofPhoto(s string, start int) (photo, bool) {
	p := photo{rule: rulePhotoChain, line: lex.Between(start, len(s))}
	if !r.table.Any(photoWords.class) {
		return p, false
	}
	if k := strings.LastIndexAny(s[start:], "(["); k >= 0 && (strings.HasSuffix(s, ")") || strings.HasSuffix(s, "]")) {
		p.line = lex.Between(start+k+1, len(s)-1)
	}
	list := r.words(p.line)
	if len(list) < 2 || len(list) > 4 || list[0].Start != p.line.Start || !isAcronym(list[0].Of(s)) || fillers.is(list[0]) ||
		!slices.ContainsFunc(list[1:], func(w lex.Token) bool { return photoWords.is(w) || pictureWords.Has(w.Of(s)) }) ||
		!r.allFiller(lex.Between(list[1].Start, p.line.End)) {
		return p, false
	}
	m, known := r.Match(s, list[0].Start)
	p.links = []link{{list[0].Span, "", rankOwner}}
	if known {
		p.links[0].key, p.links[0].rank = m.Key, r.rank(m.Key)
	}
	p.frame(s, start, p.line.Start)
	return p, true
}

// inBracket reports whether a chain is nothing but agencies in the bracket that ends a caption: "(AP)".
func (r *reader) inBracket(s string, at lex.Span, c chain) bool {
	before := lex.Before(s, at.Start)
	return c.typed && (before == '(' || before == '[')
}

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

// isCaption reports whether what begins at start is a caption: a picture's own description, or a paragraph with words that captions have
// and reports have not.
func (r *reader) isCaption(s string, start int) bool {
	if r.caption {
		return true
	}
	if !r.table.Any(captionWords.class) {
		return false
	}
	return slices.ContainsFunc(r.words(lex.Between(start, len(s))), captionWords.is)
}

// captionWords are words that captions have and reports have not.
var captionWords = wordClass("captionWords")

// titled reports whether the words of a line begin with capitals, but for connectors and fillers.
func (r *reader) titled(s string, line lex.Span) bool {
	return !slices.ContainsFunc(r.words(line), func(w lex.Token) bool {
		host := lex.Before(s, w.Start) == '.' || strings.HasPrefix(s[w.End:], ".") && lex.IsLetter(lex.RuneAt(s, w.End+1))
		return w.Small && !host && !w.Is(connectors.class|fillers.class|joiners.class) && !viaWords.is(w)
	})
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
		if j := strings.LastIndexByte(s[i:i+k], ' '); j > 0 && isLower(lex.RuneAt(s, i+j+1)) { // palinchak / DepositPhotos
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

// sellsPictures reports whether the name of an agency alone on a line is a photo credit.
func (r *reader) sellsPictures(key string) bool {
	k := r.Kind(key)
	return k == news.KindPhoto || k == news.KindDistributor
}
