package attribute

import (
	"slices"
	"strings"

	"dateline/aggregator/attribute/lex"
)

// A page that was brought to one line has its menu, its title, its captions and its calls to subscribe in the same paragraph as the
// text. It is read as if lines ended before and after its title, before its dateline and after its last sentence.

const (
	maxFlatHead = 1500 // bytes before the dateline
	minFlat     = 300  // bytes of a text that may be a page
)

// flatBreaks returns where lines would end in a text of one line: nil where it has several, or opens as texts do.
func (c *scan) flatBreaks() (at []int) {
	s := c.s
	if len(s) < minFlat || strings.IndexByte(s, '\n') >= 0 {
		return nil
	}
	head := s[:min(len(s), maxFlatHead)]
	title := lex.Span{}
	if t := strings.TrimSpace(c.it.Title); len(t) > 20 {
		if i := strings.Index(head, t); i >= 0 {
			title = lex.Between(i, i+len(t))
		}
	}
	opens := c.flatDateline(head, title)
	if opens <= 0 {
		return nil
	}
	if !title.None() {
		at = append(at, title.Start, title.End)
	}
	at = append(at, opens)
	if all := sentencesOf(s, opens, len(s)); len(all) > 1 {
		if last := all[len(all)-1]; len(last.Of(s)) <= 200 && isCall(last.Of(s)) {
			at = append(at, last.Start)
		}
	}
	return at
}

// flatDateline returns where the dateline of a page in one line begins: behind its title, else where no sentence is before it; -1: it
// has none.
func (c *scan) flatDateline(head string, title lex.Span) int {
	signed := slices.ContainsFunc([]string{") -", ") –", ") —", "/ -", "/ –", "/ —", "/. ", "/BelTA/"}, func(sign string) bool {
		return strings.Contains(head[title.End:], sign)
	})
	if !signed {
		return -1
	}
	opens, lead, past := -1, 0, 0
	for i := lex.NextWord(head, title.End); i < len(head) && (opens < 0 || i < lead); i = lex.NextWord(head, lex.WordEnd(head, i)) {
		if !lex.IsUpper(lex.RuneAt(head, i)) || i < past {
			continue
		}
		if before := lex.SkipSpaceBack(head, i); before < i && partStarts.Has(lastWord(head[:before])) { // By Jane Roe Jan 30 (Reuters) -
			if past = c.r.readPerson(head, i, 2); past > i {
				continue
			}
		}
		l, ok := c.r.readDateline(c.s, i, len(c.s))
		if !ok || l.tag.key == "" || !l.order.has('P') || l.date.Month == 0 || opens >= 0 && l.lead != lead {
			continue
		}
		if opens < 0 {
			opens, lead = i, l.lead
		}
		_, signed := c.r.Match(head, opens)
		if signed || strings.Contains(head[opens:i], "/") { // the end of a photo credit was taken for a part of the place
			opens = i
		}
		if l.place.city || l.place.alone {
			opens = i
			break
		}
	}
	if opens > 0 && title.None() && slices.ContainsFunc(sentencesOf(head, 0, opens), func(p lex.Span) bool { return isProse(p.Of(head)) }) {
		return -1
	}
	return opens
}
