package attribute

import (
	"strings"

	"dateline/aggregator/attribute/lex"
)

// The end of a picture's own description is a credit far more often than the end of a paragraph of the text is: names that the registry
// lacks are read there where something parts them from the caption and from each other.

// atCaptionEnd reports whether a chain without a label is the credit behind a picture's own description: names in title case that a
// slash, a bar, a bracket or a word such as "via" parts, one of them a person, known, or of an outlet's form: "... in the port. Jane
// Roe/Muster", "(Jane Roe | Muster list)", "(Jane Roe/Muster Herald/TNS)".
func (r *reader) atCaptionEnd(s string, start int, at lex.Span, c chain) bool {
	if !r.caption || len(c.links) == 0 || len(r.words(at)) > 12 {
		return false
	}
	before := lex.Before(s, lex.SkipSpaceBack(s, at.Start))
	if at.Start == start { // all of the description
		before = '.'
	}
	bracket := before == '(' || before == '['
	if !bracket && !strings.ContainsRune(".!?…|·•–—", before) && !lex.IsQuote(before) || isLower(lex.RuneAt(s, at.Start)) {
		return false
	}
	line := at.Of(s)
	slash := strings.ContainsAny(line, "/|")
	if len(c.links) == 1 { // Handout / Muster Police; ... the commander. NASA
		return slash && (r.anyFiller(at) || platforms.Has(c.links[0].at.Of(s))) && r.titled(s, c.links[0].at) ||
			at.Start > start && before == '.' && isAcronym(line) && len(line) > 2 && !r.places.Region(line)
	}
	if at.Start == start && (!slash || c.links[0].rank != rankPerson) {
		return false
	}
	if len(c.links) > 4 || !slash && !r.parted(s, c, bracket) {
		return false
	}
	named := false
	for _, l := range c.links {
		if !lex.IsLetter(lex.RuneAt(s, l.at.Start)) || l.key == "" && (r.places.City(l.at.Of(s)) || r.places.Region(l.at.Of(s))) {
			return false
		}
		named = named || l.rank == rankPerson || l.key != "" || isAcronym(l.at.Of(s)) || platforms.Has(l.at.Of(s)) ||
			r.isOutlet(s, l.at) || !cased(line)
	}
	last := c.links[len(c.links)-1].at
	return named && (r.titled(s, at) || len(c.links) == 2 && len(r.words(last)) < 5 && c.links[0].at.End < last.Start &&
		r.titled(s, c.links[0].at) && !isLower(lex.RuneAt(s, last.Start)))
}

// parted reports whether a word such as "via" or "for", a comma or a bracket parts a person from an outlet: "Jane Roe for Muster Magazine",
// "Jane Roe, Muster Herald".
func (r *reader) parted(s string, c chain, bracket bool) bool {
	person, of := c.links[0], c.links[1].at
	if len(c.links) != 2 || person.rank != rankPerson || of.Start < person.at.End {
		return false
	}
	between := strings.TrimSpace(s[person.at.End:of.Start])
	switch word := r.word(s, r.nextWord(s, person.at.End)); {
	case viaWords.is(word), forWords.is(word) && word.Case == lex.Lower:
		return true
	case between == ",", between == "(" && !bracket, between == "—", between == "–":
		return c.links[1].key != "" || r.isOutlet(s, of)
	}
	return false
}

// photoByEnd reads an owner, the word for a picture, "by" and a person at the end of a picture's own description, or "By" and a person:
// "(White House photo by Jane Roe)", "... in the port. By Jane Roe".
func (r *reader) photoByEnd(s string, start int) (photo, bool) {
	p := photo{rule: rulePhotoChain}
	if !r.caption {
		return p, false
	}
	body := strings.TrimRight(s, ". ")
	at := lex.Between(r.lastSentence(body, start), len(body))
	if k := strings.LastIndexAny(s[start:], "(["); k > 0 && strings.HasSuffix(body, ")") {
		at = lex.Between(start+k+1, len(body)-1)
	}
	list := r.words(at)
	if at.Start == start || len(list) < 3 || len(list) > 14 {
		return p, false
	}
	for n, w := range list[:len(list)-2] {
		if !strings.EqualFold(w.Of(s), "by") || n > 0 && !photoWords.is(list[n-1]) || n == 0 && w.Case == lex.Lower {
			continue
		}
		name := list[n+1].Start
		for k := len(list) - 2; r.readPerson(s[:at.End], name, 2) != at.End; k-- { // by Mass Communication Specialist 2nd Class Jane Roe
			if name = list[k].Start; k <= n+1 || k < len(list)-3 {
				return p, false
			}
		}
		p.line, p.links = at, []link{{lex.Between(name, at.End), "", rankPerson}}
		if n > 1 {
			owner := lex.Between(at.Start, list[n-2].End)
			if !r.titled(s, owner) || r.allFiller(owner) {
				return p, false
			}
			p.links = append(p.links, link{owner, "", rankOwner})
			if m, ok := r.Whole(owner.Of(s)); ok {
				p.links[1].key, p.links[1].rank = m.Key, r.rank(m.Key)
			}
		}
		p.frame(s, start, at.Start)
		return p, true
	}
	return p, false
}

// ofOutlet reports whether a chain without a label is a person and, behind a slash, an outlet that the registry lacks, in a bracket or
// as all of the paragraph: "(Jane Roe/Example Herald)".
func (r *reader) ofOutlet(s string, start int, at lex.Span, c chain) bool {
	if r.atCaptionEnd(s, start, at, c) {
		return true
	}
	if len(c.links) != 2 || c.links[0].rank != rankPerson || c.links[1].rank != rankOwner {
		return false
	}
	owner := c.links[1].at
	if r.caption && at.Start == start && owner.Start == start && r.titled(s, owner) && len(r.words(owner)) < 4 { // Muster Archiv/Ann Lee
		return strings.TrimSpace(s[owner.End:c.links[0].at.Start]) == "/" && c.links[0].at.End == at.End
	}
	before := lex.Before(s, lex.SkipSpaceBack(s, at.Start))
	known := c.links[1].key != "" || isAcronym(owner.Of(s)) || r.caption || r.isOutlet(s, owner)
	bracket := before == '(' || before == '['
	between := strings.TrimSpace(s[c.links[0].at.End:max(owner.Start, c.links[0].at.End)])
	opens := at.Start == start || bracket || (before == '.' || lex.IsDash(before)) && known
	return r.titled(s, owner) && opens && c.links[0].at.End < owner.Start &&
		(between == "/" || bracket && between == "|") &&
		(r.isOutlet(s, owner) || innerCapital(owner.Of(s)) || c.links[1].key != "" ||
			r.caption && (at.Start == start || before == '.') && r.titled(s, owner) && len(r.words(owner)) < 4)
}

// bracketLinks types the names in a bracket: a person, an owner, or a person who worked for one.
func (r *reader) bracketLinks(s string, at lex.Span) []link {
	links := r.chain(s, at.Start, at.End).links
	switch {
	case len(links) > 1, len(links) == 1 && links[0].key != "":
		return links
	case r.readPerson(s[:at.End], at.Start, 2) == at.End:
		return []link{{at, "", rankPerson}}
	}
	return []link{{at, "", rankOwner}}
}
