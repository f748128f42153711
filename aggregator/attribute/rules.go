package attribute

import (
	"slices"

	"dateline/aggregator/attribute/agency"
	"dateline/aggregator/attribute/lex"
	"dateline/aggregator/news"
)

// Rule reads one thing: a form of dateline, a byline, a photo credit, a cue beside a name. A registry is made of an ordered table
// of rules ([Rules]); where several may read the same words, the first one does.
type Rule struct {
	Name string // as in the evidence
	Rank int    // of a claim to be the originator: the lowest wins; 0: the rule claims nothing

	// What the rule reads, by the place in a text where it is tried. A rule without a function is that of the cues of its name in
	// tables/cues.txt.
	mark     func(s string, i int) (mark lex.Span, next int)         // an update mark at i
	shape    *shape                                                  // a dateline
	line     func(c *scan, p lex.Span, line string) bool             // a paragraph as a whole, which is cut
	head     func(c *scan, i, end int) (lead int, found, ok bool)    // what precedes the text; found: a dateline
	dated    func(c *scan, l *line)                                  // what else a dateline names
	ending   func(c *scan, p lex.Span, end, next int) int            // what follows the text; returns where that ends
	end      func(c *scan, p lex.Span, end, next int) int            // what follows the photo credits; likewise
	photo    func(r *reader, s string, start, end int) (photo, bool) // a photo credit anywhere in a paragraph
	photoEnd func(r *reader, s string, start int) (photo, bool)      // a photo credit at the end of a paragraph
	near     func(c *scan, list []lex.Token, m *mention) bool        // a cue that is no sequence of words
	report   func(c *scan, list []lex.Token, m *mention)             // what else the words beside a report say
	beside   func(c *scan)                                           // a field of the item
	media    func(c *scan, m news.Media, p *news.Photo)              // the credit of a picture that the item names
	last     func(c *scan)                                           // when all is read
}

// Rules returns the table of rules, in order.
func Rules() []Rule {
	return slices.Concat(lineRules(), shapeRules(), textRules(), mentionRules(), itemRules())
}

// lineRules read update marks and paragraphs that are a credit or furniture as a whole.
func lineRules() []Rule {
	return []Rule{
		{Name: ruleMarkBracket, mark: markBracket},
		{Name: ruleMarkFrame, mark: markFrame},
		{Name: ruleMarkWord, mark: markWord},

		{Name: ruleTitleAgain, line: (*scan).titleLine},
		{Name: ruleRights, Rank: 80, line: (*scan).rightsLine},
		{Name: ruleNumber, Rank: 70, line: (*scan).numberLine},
		{Name: ruleHeader, line: (*scan).headerLine},
		{Name: ruleByline, Rank: 20, line: (*scan).bylineLine},
		{Name: ruleContributed, Rank: 20, line: (*scan).contributedLine},
		{Name: ruleSource, Rank: 30, line: (*scan).sourceLine},
		{Name: ruleFurniture, line: (*scan).furnitureLine},
	}
}

// shapeRules read datelines, one rule a shape.
func shapeRules() (table []Rule) {
	for i := range shapes {
		table = append(table, Rule{Name: shapes[i].rule, Rank: 10, shape: &shapes[i]})
	}
	return table
}

// textRules read what else precedes and follows the text of a paragraph.
func textRules() []Rule {
	return []Rule{
		{Name: ruleBylineTag, dated: (*scan).bylineTag},
		{Name: ruleBylineHead, Rank: 20, head: (*scan).bylineHead},
		{Name: rulePhotoLabel, head: (*scan).captioned},
		{Name: ruleTitleAgain, head: (*scan).titled},
		{Name: ruleEastern, Rank: 10, head: (*scan).eastern},
		{Name: ruleLearnedForm, Rank: 10, head: (*scan).styled},
		{Name: ruleBylineSentence, Rank: 20, head: (*scan).bylineSentence},

		{Name: ruleBylineTrail, Rank: 20, ending: (*scan).trailer},
		{Name: ruleBylineDated, Rank: 30, ending: (*scan).datedEnding},
		{Name: ruleSource, Rank: 30, ending: (*scan).sourceEnding},
		{Name: rulePhotoLabel, photo: (*reader).labelledPhoto},
		{Name: rulePhotoSign, photo: (*reader).signedPhoto},
		{Name: rulePhotoChain, photoEnd: (*reader).bare},
		{Name: ruleSignature, Rank: 30, end: (*scan).signature},
	}
}

// mentionRules read the words beside a name in the text.
func mentionRules() []Rule {
	return []Rule{
		{Name: ruleLearned, Rank: 40},
		{Name: ruleOwnStaff, Rank: 40, report: (*scan).ownStaff},
		{Name: ruleReport, Rank: 60},
		{Name: ruleTold, Rank: 61, near: (*scan).dative},
		{Name: ruleAccording, Rank: 62},
		{Name: ruleInterview, Rank: 63},
		{Name: ruleCitedBy, near: (*scan).closing},
		{Name: ruleQuoted},
		{Name: ruleCiting},
		{Name: ruleChannel},
		{Name: ruleNamed},
		{Name: ruleWordsOf, report: (*scan).wordsOf},
	}
}

// itemRules read the fields of the item, and what can be known when all is read.
func itemRules() []Rule {
	return []Rule{
		{Name: ruleOrigin, Rank: 90, beside: (*scan).origin},
		{Name: rulePublish, Rank: 100, beside: (*scan).publisher},
		{Name: ruleAuthor, Rank: 110, beside: (*scan).authorElements},
		{Name: ruleLinkHost, Rank: 120, beside: (*scan).host},
		{Name: ruleMedia, media: (*scan).mediaCredits},
		{Name: ruleMediaTitle, media: (*scan).mediaTitle},
		{Name: ruleRightsElem, Rank: 140, beside: (*scan).rights},
		{Name: ruleConfig, Rank: 130, beside: (*scan).configured},
		{Name: ruleAbove, last: (*scan).above},
	}
}

// Registry holds the agencies, the places and the rules. It is read-only once made and may be used by any number of goroutines.
type Registry struct {
	*agency.Registry
	places     *agency.Gazetteer
	vocabulary *lex.Vocabulary
	cues       *cueTable
	ranks      map[string]int // by rule
	shapes     map[order]*shape
	rules      stages
}

// stages are the rules of a table by where they are tried, each in the order of the table.
type stages struct {
	marks, lines, heads, dated, endings, ends, photos, photoEnds, nears, reports, beside, media, last []*Rule
}

// New returns the built-in registry of agencies, extended and overridden by extra as [agency.New] says, with the rules of a table,
// which is [Rules] but for tests. The errors are [*agency.Error].
func New(extra []news.Agency, rules []Rule) (*Registry, error) {
	d, err := agency.New(extra)
	if err != nil {
		return nil, err
	}
	r := &Registry{Registry: d, places: agency.Places(), ranks: map[string]int{}, shapes: map[order]*shape{}}
	for i := range rules {
		r.add(&rules[i])
	}
	r.cues = newCues(cuesTable, func(rule string) bool { _, ok := r.ranks[rule]; return ok })
	r.vocabulary = newVocabulary(d, r.cues, r.ranks)
	return r, nil
}

// add files a rule under the stages that it has a function for.
func (r *Registry) add(rule *Rule) {
	if _, ok := r.ranks[rule.Name]; !ok || rule.Rank > 0 {
		r.ranks[rule.Name] = rule.Rank
	}
	if rule.shape != nil {
		r.shapes[rule.shape.order] = rule.shape
	}
	s := &r.rules
	for _, stage := range []struct {
		has  bool
		list *[]*Rule
	}{
		{rule.mark != nil, &s.marks}, {rule.line != nil, &s.lines}, {rule.head != nil, &s.heads}, {rule.dated != nil, &s.dated},
		{rule.ending != nil, &s.endings}, {rule.end != nil, &s.ends}, {rule.photo != nil, &s.photos}, {rule.photoEnd != nil,
			&s.photoEnds}, {rule.near != nil, &s.nears},
		{rule.report != nil, &s.reports}, {rule.beside != nil, &s.beside},
		{rule.media != nil, &s.media}, {rule.last != nil, &s.last},
	} {
		if stage.has {
			*stage.list = append(*stage.list, rule)
		}
	}
}
