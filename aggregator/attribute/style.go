package attribute

import (
	"strings"

	"dateline/aggregator/attribute/lex"
)

// Some datelines cannot be distinguished from a heading by one text alone: a bare place before a dash ("Wien – Die Bahn"), a colon
// ("NEW DELHI: The regulator"), a full stop ("Лондон. Кметът"), a slash, an agency without a separator ("Dublin Reuters
// Irská"), and a place behind a heading on the same line. They are read only where the gazetteer knows the place and the
// source's last items have the same form (news.Style).

// The forms, as news.Form names them. The rule of their evidence is ruleLearnedForm and the form.
const (
	formDash    = "place-dash"
	formColon   = "place-colon"
	formStop    = "place-stop"
	formSlash   = "place-slash"
	formAgency  = "place-agency"
	formHeading = "heading-place-dash"

	ruleLearnedForm = "dateline-learned-"
)

// styled reads a dateline of a learned form at i or, in the first paragraph, behind a heading. The first form seen is what the
// source's style learns from.
func (c *scan) styled(i, end int) (lead int, found, ok bool) {
	l, form := c.r.readForm(c.s, i, end)
	if form == "" && c.sentence == 0 {
		l, form = c.r.behindHeading(c.s, i, end)
	}
	if form == "" {
		return i, false, false
	}
	if c.form == "" {
		c.form = form
	}
	if !c.style.Has(form) {
		return i, false, false
	}
	l.rule = ruleLearnedForm + form
	c.dateline(&l)
	if l.start > i {
		return i, true, true // the heading stays
	}
	return l.lead, true, true
}

// readForm reads a place that the gazetteer knows at i and what parts it from the lead.
func (r *reader) readForm(s string, i, end int) (line, string) {
	s = s[:end]
	if e := r.wordEnd(s, i); e == i || !r.places.Begins(s[i:e]) && !strings.HasPrefix(s[e:], "/") {
		return line{}, ""
	}
	p, ok := r.readPlace(s, i)
	if !ok || !p.city || p.alone {
		return line{}, ""
	}
	l := line{order: order{'P'}, start: i, end: p.end, place: p}
	sep := readGap(s, p.end)
	form := ""
	switch c, n := lex.At(s, sep.end); {
	case sep.dash && sep.spaced && lex.IsSpace(lex.RuneAt(s, p.end)) || sep.dash && sep.stop:
		form = formDash
	case sep.colon && sep.spaced && !sep.dash:
		form = formColon
	case sep.stop && sep.spaced && !sep.dash:
		form = formStop
	case c == '/' && sep.spaced && !sep.any() && lex.IsSpace(lex.RuneAt(s, sep.end+n)):
		form, sep.end = formSlash, lex.SkipSpace(s, sep.end+n)
	case sep.spaced && !sep.any():
		if m, ok := r.Match(s, sep.end); ok && !m.Weak && lex.IsSpace(lex.RuneAt(s, m.End)) {
			l.tag = tag{start: m.Start, end: m.End, name: lex.Between(m.Start, m.End), key: m.Key}
			l.order[1], l.end = 'A', m.End
			form, sep.end = formAgency, lex.SkipSpace(s, m.End)
		}
	}
	l.lead = sep.end
	if form == "" || !r.opensText(s, l.lead) {
		return line{}, ""
	}
	return l, form
}

const (
	maxHeading  = 330 // bytes before the place
	minTextWord = 4   // words that a text has at least
)

// behindHeading reads a place and a dash behind the first sentences of a paragraph.
func (r *reader) behindHeading(s string, i, end int) (line, string) {
	window := s[i:min(end, i+maxHeading+maxCredit)]
	if !strings.Contains(window, " -") && !strings.Contains(window, " –") && !strings.Contains(window, " —") {
		return line{}, ""
	}
	for k := i; k < min(end, i+maxHeading); {
		c, n := lex.At(s, k)
		k += n
		if c != '.' && c != '!' && c != '?' && !lex.IsQuote(c) || !lex.IsSpace(lex.RuneAt(s, k)) || c == '.' && initialBefore(s, k-n) {
			continue
		}
		j := lex.SkipSpace(s, k)
		if l, form := r.readForm(s, j, end); form == formDash && j < end {
			return l, formHeading
		}
	}
	return line{}, ""
}

// opensText reports whether text begins at i: a capital or a quotation, and words in small letters behind it. The rows of a
// table of weather or results are none.
func (r *reader) opensText(s string, i int) bool {
	c, n := lex.At(s, i)
	if lex.IsQuote(c) || c == '\'' || c == '(' {
		c, _ = lex.At(s, i+n)
	}
	if !lex.IsLetter(c) || isLower(c) {
		return false
	}
	words, small := r.count(s, i)
	return words >= minTextWord && (small >= 2 || !lex.IsUpper(c) && !lex.IsQuote(c))
}
