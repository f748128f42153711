package attribute

import (
	"slices"
	"strings"

	"dateline/aggregator/attribute/lex"
	"dateline/aggregator/news"
)

// Whose report an item is. The first of these that says anything wins; what says otherwise is kept in Credits.Other
// with its evidence, or, where the text names it as the origin of a statement, in Credits.Cited.
//
// In the text:
//  1. the agency of the dateline
//  2. the agency of a byline ("By Jane Roe, Reuters")
//  3. a line that names the source ("Источник: БЕЛТА"), or the agency that signs the text ("... . (dpa)")
//  4. an agency that speaks of itself ("BelTA has learned", "сообщает корреспондент ...")
//  5. the source's own agency, named in any way below
//  6. an agency that reports ("передает БЕЛТА"), was told ("told TASS"), is relied on ("according to TASS"),
//     or interviewed, in this order
//  7. the form of a document number
//  8. a copyright notice ("© Информационное агентство ТАСС")
//
// A report verb names the originator in the first two sentences, or in the first three paragraphs behind "об этом" and the like, where
// a verb of telling does too; the other cues of 6 in the first sentence only. Elsewhere they say whom the text cites. A medium is
// cited, never the originator, unless it is the source's own; so is an agency behind an adjective of a nation, and behind the cues of
// cited-by (tables/cues.txt).
//
// Several agencies in one dateline or author field: the first is the originator, the others share the report (Credits.Joint).
//
// Beside the text:
//  9. the feed that the item brought along (atom:source, RSS source)
// 10. dc:publisher
// 11. an author that is an agency
// 12. the host of the item's link, where it is another agency's than the source's
//
// Else:
// 13. the source's agency, as configured
// 14. an agency that the item's rights name
//
// Where the originator is not the source's agency the item is a reprint, and the source is its carrier: a credit of
// that role in Credits.Other.

// candidate is a statement about whose report an item is.
type candidate struct {
	credit news.Credit
	rank   int
}

// rankOf returns the rank of a claim; a rule that the table lacks read a dateline of a learned form.
func (r *Registry) rankOf(rule string) int {
	if rank, ok := r.ranks[rule]; ok {
		return rank
	}
	return datelineRank
}

const datelineRank = 10

// candidate adds an agency of the text to the candidates.
func (c *scan) candidate(at lex.Span, key, rule string) {
	c.addCandidate(c.agency(news.Originator, at, key, rule))
}

func (c *scan) addCandidate(cr news.Credit) {
	c.evidence = append(c.evidence, cr)
	rank := c.r.rankOf(cr.Evidence.Rule)
	inText := rank >= 60 && rank < 70
	if inText && (cr.Agency != "" && cr.Agency == c.src.Agency) {
		rank = 50
	}
	at := cr.Evidence.Start
	switch rule := cr.Evidence.Rule; {
	case c.late && (inText || rank == 40 || rank == 50):
		rank = 1000 // cited at most
	case !inText || rank == 50:
	case rule != ruleReport && at >= c.first && (rule != ruleTold || !c.aboutThis(at)), at >= c.second && !c.aboutThis(at):
		rank = 1000
	}
	c.candidates = append(c.candidates, candidate{cr, rank})
}

// aboutThis reports whether the words before at speak of the report itself: "Об этом сообщает X".
func (c *scan) aboutThis(at int) bool {
	from := max(0, at-80)
	before := c.s[from:at]
	if k := strings.LastIndexAny(before, ".\n"); k >= 0 {
		before = before[k+1:]
	}
	return aboutWords.Has(firstWords(before, 2))
}

// firstWords returns the first n words of s.
func firstWords(s string, n int) string {
	i := lex.NextWord(s, 0)
	end := i
	for ; n > 0 && end < len(s); n-- {
		end = lex.WordEnd(s, lex.NextWord(s, end))
	}
	return s[i:end]
}

var aboutWords = wordSet("aboutWords")

// joint files an agency named as originator beside the first one of the same line.
func (c *scan) joint(at lex.Span, key, rule string) {
	cr := c.agency(news.Originator, at, key, rule)
	c.evidence = append(c.evidence, cr)
	c.jointly = append(c.jointly, cr)
}

// cite files whom the text cites.
func (c *scan) cite(at lex.Span, key, rule string) {
	if at.Empty() {
		return
	}
	cr := c.agency(news.Cited, at, key, rule)
	c.evidence = append(c.evidence, cr)
	c.cited = append(c.cited, cr)
}

// resolve decides among the candidates and fills what follows from them.
func (c *scan) resolve() {
	best := -1
	for i, cl := range c.candidates {
		if cl.rank < 1000 && (best < 0 || cl.rank < c.candidates[best].rank) {
			best = i
		}
	}
	if best >= 0 {
		w := c.candidates[best].credit
		c.out.Agency = &w
	}
	c.jointAgencies()
	c.demote()
	for _, cr := range c.cited {
		c.addCited(cr)
	}
	c.carrier()
	c.dates()
}

// jointAgencies keeps the joint agencies of the field or line that named the originator.
func (c *scan) jointAgencies() {
	for _, cr := range c.jointly {
		if a := c.out.Agency; a != nil && cr.Evidence.Rule == a.Evidence.Rule && !same(cr, *a) {
			c.out.Joint = append(c.out.Joint, cr)
		}
	}
}

// demote keeps the candidates that did not win: those that the text names as an origin are cited, the others conflict.
func (c *scan) demote() {
	for _, cl := range c.candidates {
		cr := cl.credit
		if c.out.Agency != nil && same(cr, *c.out.Agency) {
			continue
		}
		switch cr.Evidence.Rule {
		case ruleConfig: // see carrier
		case ruleReport, ruleTold, ruleAccording, ruleInterview, ruleLearned, ruleOwnStaff:
			cr.Role = news.Cited
			c.addCited(cr)
		default:
			if !slices.ContainsFunc(c.out.Other, func(o news.Credit) bool { return same(o, cr) && o.Role == cr.Role }) {
				c.out.Other = append(c.out.Other, cr)
			}
		}
	}
}

func same(a, b news.Credit) bool {
	return a.Agency == b.Agency && (a.Agency != "" || strings.EqualFold(a.Name, b.Name))
}

// addCited adds to the cited in the order of the text, each once; the originator is not cited.
func (c *scan) addCited(cr news.Credit) {
	if c.out.Agency != nil && same(cr, *c.out.Agency) || len(c.out.Cited) >= 40 {
		return
	}
	if slices.ContainsFunc(c.out.Cited, func(o news.Credit) bool { return same(o, cr) }) {
		return
	}
	i := len(c.out.Cited)
	for i > 0 && c.out.Cited[i-1].Evidence.Start > cr.Evidence.Start {
		i--
	}
	c.out.Cited = slices.Insert(c.out.Cited, i, cr)
}

// carrier names the source where the report is another's.
func (c *scan) carrier() {
	if c.out.Agency == nil || c.src.Agency == "" || c.out.Agency.Agency == c.src.Agency {
		return
	}
	cr := c.sourceCredit()
	cr.Role = news.Carrier
	c.out.Other = append(c.out.Other, cr)
}

// dates resolves the dateline's year; without a dateline the page's header is one.
func (c *scan) dates() {
	if c.out.Dateline == nil && c.printed.Month != 0 {
		at := lex.Between(c.printed.Start, c.printed.End)
		c.out.Dateline = &news.Dateline{Month: c.printed.Month, Day: c.printed.Day, Year: c.printed.Year, Raw: at.Of(c.s),
			Evidence: c.evident(at, ruleHeader)}
		c.evidence = append(c.evidence, news.Credit{Role: "dateline", Name: at.Of(c.s), Evidence: c.evident(at, ruleHeader)})
	}
	if d := c.out.Dateline; d != nil && d.Year == 0 {
		d.Year = lex.YearOf(d.Month, d.Day, c.when())
	}
}
