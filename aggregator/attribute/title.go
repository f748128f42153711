package attribute

import (
	"slices"

	"dateline/aggregator/attribute/agency"
	"dateline/aggregator/attribute/lex"
)

// titleWords are words of the titles of those who write, between a name and a job.
var titleWords = wordSet("titleWords")

// beforeTitle reads the person with whose name a part begins where the rest is a job, a desk or an outlet without a mark before it: "Ann
// Lee Political Editor", "Ann Lee BBC News", "Ann Lee Special to the Star". of is the agency that the rest names; key "": none.
func (r *reader) beforeTitle(s string, at lex.Span, first bool) (name lex.Span, of agency.Name, ok bool) {
	for {
		w := r.word(s[:at.End], at.Start)
		if w.End >= at.End || !partStarts.is(w) || s[w.End] == '.' || !first && w.Case != lex.Lower {
			break
		}
		at = trimPart(s, w.End, at.End)
	}
	list := r.words(at)
	for n := 2; n <= 4 && n < len(list); n++ {
		if r.isTitleWord(s, list[n-1]) || n == 2 && r.isTitleWord(s, list[0]) {
			return at, of, false
		}
		name = lex.Between(at.Start, list[n-1].End)
		if r.readPerson(s[:name.End], name.Start, 2) != name.End {
			continue
		}
		if of, ok = r.isTitle(s, lex.Between(list[n].Start, at.End)); ok {
			return name, of, true
		}
	}
	return at, of, false
}

// isTitleWord reports whether a word is one of a title or of an outlet rather than of a name.
func (r *reader) isTitleWord(s string, w lex.Token) bool {
	return jobs.is(w) || titleWords.Has(w.Of(s)) || outletWords.is(w) || where.is(w) && w.Case == lex.Lower
}

// isTitle reports whether words are a job with the desk before it, or an outlet, and which agency they name.
func (r *reader) isTitle(s string, at lex.Span) (of agency.Name, ok bool) {
	list := r.words(at)
	start := at.Start
	for len(list) > 1 && (where.is(list[0]) || partStarts.is(list[0]) || forWords.is(list[0])) { // Do UOL, de La Tribune
		list = list[1:]
		start = list[0].Start
	}
	if m, ok := r.Match(s[:at.End], start); ok && !m.Weak {
		rest := lex.Between(m.End, at.End)
		if r.nextWord(s[:at.End], m.End) >= at.End || r.jobTitle(s, rest) || r.jobOnly(rest) || r.isOutlet(s, lex.Between(start, at.End)) {
			if r.mediaRank(m.Key) > 0 {
				m.Key = ""
			}
			return m, true
		}
	}
	if jobs.is(list[0]) && start == at.Start {
		return of, true
	}
	job := slices.IndexFunc(list, jobs.is)
	if job < 0 {
		return of, titleWords.Has(list[0].Of(s)) && len(list) > 1 && outletWords.is(list[len(list)-1]) // Special to the Times
	}
	return of, !slices.ContainsFunc(list[:job], func(w lex.Token) bool {
		return !titleWords.Has(w.Of(s)) && !r.places.City(w.Of(s)) && !r.places.Region(w.Of(s))
	})
}
