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
		if w.End-w.Start == 1 && lex.IsApostrophe(lex.Before(s, w.Start)) { // the Sheriff's Office
			return false
		}
		host := lex.Before(s, w.Start) == '.' || strings.HasPrefix(s[w.End:], ".") && lex.IsLetter(lex.RuneAt(s, w.End+1))
		return w.Small && !host && !w.Is(connectors.class|fillers.class|joiners.class) && !viaWords.is(w)
	})
}

// sellsPictures reports whether the name of an agency alone on a line is a photo credit.
func (r *reader) sellsPictures(key string) bool {
	k := r.Kind(key)
	return k == news.KindPhoto || k == news.KindDistributor
}
