package attribute

import (
	"slices"
	"strings"

	"dateline/aggregator/attribute/lex"
)

// A credit at the end of a paragraph of the text, or as all of it, may have neither a label nor a name that the registry knows: "Jane
// Roe/Running Tide". Its form shows it: names that a slash, a bar or a word such as "via" parts, one of them a person by its given name and
// one not, or an account beside its platform. A label in a language that the tables lack is seen the same way: by the colon, where the
// credit stands, and the person and the agency behind it.

const maxShaped = 100 // bytes of such a line

// shaped reads such a credit at the end of s.
func (r *reader) shaped(s string, start int) (photo, bool) {
	p := photo{rule: rulePhotoChain}
	for _, at := range r.shapedLines(s, start) {
		if at.Empty() || at.End-at.Start > maxShaped || strings.ContainsAny(at.Of(s), "@?!\"=…") {
			continue
		}
		name, label := r.unknownLabel(s, at)
		c := r.chain(s, name, at.End)
		if c.end < at.End || len(c.links) < 2 || len(c.links) > 4 || !r.areNames(s, c.links) {
			continue
		}
		if label && !r.labelShaped(s, c.links) || !label && !r.chainShaped(s, start, at, c.links) || !r.closes(s, start, at) {
			continue
		}
		p.line, p.links = lex.Between(name, at.End), r.owners(s, c.links)
		p.frame(s, start, at.Start)
		return p, true
	}
	return p, false
}

// shapedLines returns where such a credit may be: the last bracket, the last sentence, or what is behind its last dash or bar.
func (r *reader) shapedLines(s string, start int) (list []lex.Span) {
	body := strings.TrimRight(s, ". ")
	if strings.HasSuffix(body, ")") || strings.HasSuffix(body, "]") {
		if k := strings.LastIndexAny(s[start:], "(["); k >= 0 {
			list = append(list, lex.Between(start+k+1, len(body)-1))
		}
		return list
	}
	i := r.lastSentence(body, start)
	list = append(list, lex.Between(i, len(body)))
	if k := strings.LastIndexByte(body[i:], '/'); k > 0 && platforms.Has(body[i+k+1:]) { // ... at home. anna_lee/Instagram
		if j := strings.LastIndexByte(body[:i+k], ' '); j > i && endsSentence(strings.TrimRight(body[:j], " ")) {
			list = append(list, lex.Between(j+1, len(body)))
		}
	}
	for _, mark := range []string{" — ", " – ", " | ", " • ", " · "} {
		if k := strings.LastIndex(body[i:], mark); k > 0 {
			list = append(list, lex.Between(i+k+len(mark), len(body)))
		}
	}
	return list
}

// unknownLabel returns where the names behind a label of one to three words and a colon begin, none of them a word that says who wrote or
// edited; without one, where the line begins.
func (r *reader) unknownLabel(s string, at lex.Span) (name int, ok bool) {
	k := strings.IndexByte(at.Of(s), ':')
	if k <= 0 || k > 40 {
		return at.Start, false
	}
	list := r.words(lex.Between(at.Start, at.Start+k))
	if len(list) == 0 || len(list) > 3 || list[0].Case == lex.Lower && at.Start > 0 && lex.Before(s, at.Start) == ' ' {
		return at.Start, false
	}
	for _, w := range list {
		if word := w.Of(s); authorRoles.Has(word) || otherRoles.Has(word) || bylineLabels.Has(word) || sourceLabels.Has(word) ||
			jobs.is(w) || captionLabels.Has(word) {
			return at.Start, false
		}
	}
	return lex.SkipSpace(s, at.Start+k+1), true
}

// areNames reports whether every part of a chain has the form of a name: at most five words with capitals, no place, no number.
func (r *reader) areNames(s string, links []link) bool {
	platform := slices.ContainsFunc(links, func(l link) bool { return platforms.Has(l.at.Of(s)) })
	return !slices.ContainsFunc(links, func(l link) bool {
		name := l.at.Of(s)
		if platform && len(r.words(l.at)) == 1 {
			return false
		}
		return l.key == "" && (r.places.City(name) || r.places.Region(name) ||
			lex.IsDigit(lex.RuneAt(name, 0)) || len(r.words(l.at)) > 5 ||
			!r.titled(s, l.at) && !isAddress(name) && !r.slavicOutlet(s, l.at) || lex.Case(name) == lex.Lower && len(r.words(l.at)) > 1)
	})
}

// slavicOutlet reports whether a name is a word with a capital and one in small letters: "Mustrovský deník".
func (r *reader) slavicOutlet(s string, at lex.Span) bool {
	list := r.words(at)
	return len(list) == 2 && list[0].Case == lex.Title && list[1].Small && !prepositions.is(list[1])
}

// labelShaped reports whether the names behind a label that the tables lack credit a picture: a person and an agency.
func (r *reader) labelShaped(s string, links []link) bool {
	person := slices.ContainsFunc(links, func(l link) bool {
		return l.rank == rankPerson && r.readPerson(s[:l.at.End], l.at.Start, 2) == l.at.End
	})
	return person && r.anyAgency(links)
}

// chainShaped reports whether names without a label credit a picture by their form.
func (r *reader) chainShaped(s string, start int, at lex.Span, links []link) bool {
	line := at.Of(s)
	if strings.ContainsAny(strings.Replace(line, ", via ", " via ", 1), ",;:") ||
		!strings.ContainsAny(line, "/|") && !strings.Contains(line, " via ") {
		return false
	}
	persons, platform, body := 0, false, false
	for _, l := range links {
		switch {
		case l.key == "" && r.isOffice(l.at) && strings.Count(line, "/") == 1:
			body = true
		case l.key == "" && r.namesPerson(s, l.at):
			persons++
		case platforms.Has(l.at.Of(s)):
			platform = true
		}
	}
	if platform && len(links) == 2 {
		return len(r.words(at)) < 6
	}
	if body && len(links) == 2 && r.anyAgency(links) {
		return true
	}
	if at.Start <= start+1 && slices.ContainsFunc(links, func(l link) bool { // Jan Roe / Ona Lee
		return l.key == "" && len(r.words(l.at)) == 2 && !r.namesPerson(s, l.at) && r.readPerson(s[:l.at.End], l.at.Start, 2) == l.at.End
	}) {
		return false
	}
	return persons > 0 && persons < len(links) && len(r.words(at)) < 10
}

// isOffice reports whether a name of two words or more ends with one that is no person's: "Muster County Sheriff's Office".
func (r *reader) isOffice(at lex.Span) bool {
	list := r.words(at)
	return len(list) > 1 && notNames.is(list[len(list)-1])
}

// closes reports whether a credit at the end of a paragraph is all of it, or follows a caption: four words or more, one in small letters.
func (r *reader) closes(s string, start int, at lex.Span) bool {
	before := r.words(lex.Between(start, at.Start))
	return len(before) == 0 && at.Start <= start+1 ||
		len(before) > 3 && slices.ContainsFunc(before, func(w lex.Token) bool { return w.Small })
}

// owners returns the parts of a chain with those that have a person's form and no given name as owners, where another one is a person by
// its given name.
func (r *reader) owners(s string, links []link) []link {
	if !slices.ContainsFunc(links, func(l link) bool { return l.key == "" && r.namesPerson(s, l.at) }) {
		return links
	}
	for k := range links {
		if l := &links[k]; l.rank == rankPerson && !r.namesPerson(s, l.at) && !platforms.Has(l.at.Of(s)) {
			l.rank = rankOwner
		}
	}
	slices.SortStableFunc(links, func(a, b link) int { return a.rank - b.rank })
	return links
}
