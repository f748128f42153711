package attribute

import (
	"slices"
	"strings"

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
	if m, ok := r.wholeFrom(s, start); ok && r.sellsPictures(m.Key) {
		p.line = lex.Between(start, end)
		p.links = []link{{p.line, m.Key, r.rank(m.Key)}}
		p.frame(s, start, start)
		return p, true
	}
	for _, at := range r.bareLines(s, start) {
		if at.Empty() || at.End-at.Start > maxCredit {
			continue
		}
		c := r.chain(s, at.Start, at.End)
		if c.end < at.End || !(anyKey(c.links) && r.bareChain(s, start, at, c)) && !r.ofOutlet(s, start, at, c) {
			continue
		}
		p.line, p.links = at, c.links
		p.frame(s, start, at.Start)
		return p, true
	}
	return p, false
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
	case c.typed && (before == '|' || bracket && r.sellsPictures(c.links[0].key)):
		return at.Start > start
	}
	line := at.Of(s)
	if !strings.Contains(line, "/") && !strings.Contains(line, " via ") || len(c.links) < 2 {
		return false
	}
	given := strings.Contains(strings.ToLower(line), "handout") || strings.Contains(strings.ToLower(line), "courtesy")
	seller := len(c.links) == 2 && r.sellsPictures(c.links[1].key) && !strings.Contains(c.links[0].at.Of(s), " ")
	return (bracket || given) && r.titled(s, at) || seller
}

// ofOutlet reports whether a chain without a label is a person and, behind a slash, an outlet that the registry lacks, in a bracket or
// as all of the paragraph: "(Jane Roe/Example Herald)".
func (r *reader) ofOutlet(s string, start int, at lex.Span, c chain) bool {
	if len(c.links) != 2 || c.links[0].rank != rankPerson || c.links[1].rank != rankOwner {
		return false
	}
	owner := c.links[1].at
	before := lex.Before(s, lex.SkipSpaceBack(s, at.Start))
	return (at.Start == start || before == '(' || before == '[') && c.links[0].at.End < owner.Start &&
		strings.TrimSpace(s[c.links[0].at.End:owner.Start]) == "/" && (r.isOutlet(s, owner) || innerCapital(owner.Of(s)))
}

// titled reports whether the words of a line begin with capitals, but for connectors and fillers.
func (r *reader) titled(s string, line lex.Span) bool {
	return !slices.ContainsFunc(r.words(line), func(w lex.Token) bool {
		return w.Small && !w.Is(connectors.class|fillers.class) && w.Of(s) != "via"
	})
}

// bareLines returns where a credit without a label may stand at the end of a paragraph: in the last bracket, behind the last bar,
// behind the last sentence, and from a known name before a slash on.
func (r *reader) bareLines(s string, start int) []lex.Span {
	end := len(s)
	if strings.HasSuffix(s, ")") || strings.HasSuffix(s, "]") {
		if k := strings.LastIndexAny(s[start:], "(["); k >= 0 {
			return []lex.Span{lex.Between(start+k+1, end-1)}
		}
	}
	body := strings.TrimRight(s, ". ")
	if k := strings.LastIndexByte(body[start:], '|'); k >= 0 {
		return []lex.Span{lex.Between(lex.SkipSpace(s, start+k+1), len(body))}
	}
	if !strings.Contains(s[start:], "/") && !strings.Contains(s[start:], " via ") {
		return nil
	}
	i := start
	for j := len(body); j > start; j-- {
		if c, _ := lex.At(body, j); j < len(body) && lex.IsSpace(c) && lex.Before(body, j) == '.' && !initialBefore(body, j-1) &&
			r.sentence(body, j) {
			i = lex.SkipSpace(body, j)
			break
		}
	}
	list := []lex.Span{lex.Between(i, len(body))}
	for k := i; k < len(body); k = r.nextWord(body, r.wordEnd(body, k)) {
		if k > i && lex.IsSpace(lex.Before(body, k)) {
			// Premier głosował PAP/EPA/NAME
			if m, ok := r.Match(body, k); ok && strings.HasPrefix(body[m.End:], "/") && lex.Case(body[k:m.End]) == lex.Capital {
				list = append(list, lex.Between(k, len(body)))
				break
			}
		}
	}
	if k := strings.LastIndex(body[i:], " / "); k > 0 { // palinchak / DepositPhotos
		if j := strings.LastIndexByte(body[i:i+k], ' '); j > 0 {
			list = append(list, lex.Between(i+j+1, len(body)))
		}
	}
	return list
}

// sellsPictures reports whether the name of an agency alone on a line is a photo credit.
func (r *reader) sellsPictures(key string) bool {
	k := r.Kind(key)
	return k == news.KindPhoto || k == news.KindDistributor
}
