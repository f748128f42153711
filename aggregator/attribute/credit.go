package attribute

import (
	"strings"
	"sync"
	"time"

	"dateline/aggregator/attribute/lex"
	"dateline/aggregator/news"
)

// Input is one item with what is known of it.
type Input struct {
	Item   *news.Item  // authors, publisher, media credits, rights, origin, link, title, dates; not modified; nil: an empty item
	Text   string      // plain text of summary or content, "\n" between paragraphs
	Source news.Source // zero: none known
	Style  news.Style  // of the source's datelines, learned so far; zero: each text is judged alone
	Seen   time.Time   // when the item was received; zero: unknown
}

// Result is what [Registry.Credit] found.
type Result struct {
	Credits  news.Credits  // zero: none found
	Evidence []news.Credit // every credit with field, offsets, words and rule, in the order found; also those that lost
	Lead     string        // the Text without what was cut: the pieces between the cuts, joined without anything between them
	Cuts     []Span        // what was cut, ascending and apart: dateline, marks, bylines, photo lines, furniture, space round them
	Embargo  *news.Embargo // that the title or the text asks for; nil: none
	Form     string        // the form of a dateline that a lone text cannot prove, whether it was read or not; empty: none
	Style    news.Style    // as learned with this item: for the next item of the source
}

// Span is a piece of the text, in bytes, and the rule that cut it.
type Span struct {
	Start, End int    // bytes of the text
	Rule       string // why it is cut
}

// Credit finds who made an item: in its text, else beside it, else by its source. It is pure, reads any input, and
// credits only names that are in the input or in the registry. What wins over what is in precedence.go.
func (r *Registry) Credit(in Input) Result {
	c := r.scan(in)
	defer scans.Put(c)
	if c.it == nil {
		c.it = &news.Item{}
	}
	c.language = c.it.Language
	if c.language == "" {
		c.language = c.src.Language
	}
	c.title()
	c.paragraphs()
	c.captions()
	for _, rule := range c.r.rules.last {
		rule.last(c)
	}
	c.first, c.second = sentences(c.s, c.prose)
	for i, p := range c.prose {
		c.late = i >= 3
		c.mentions(p)
	}
	c.beside()
	c.resolve()
	c.out.Kill = c.r.kill(c.it.Title, c.s)
	var embargo *news.Embargo
	if c.r.table.Any(embargoHeads.class) || r.vocabulary.Class(c.it.Title)&embargoHeads.class != 0 {
		embargo = in.embargo()
	}
	cuts, lead := joinCuts(c.s, c.cuts)
	return Result{Embargo: embargo, Credits: c.out, Evidence: c.evidence, Lead: lead, Cuts: cuts, Form: c.form, Style: in.Style.Next(c.form)}
}

// scans are for reuse: what no result refers to keeps its room.
var scans = sync.Pool{New: func() any { return new(scan) }}

// scan returns the state in which the reading of in begins.
func (r *Registry) scan(in Input) *scan {
	c := scans.Get().(*scan)
	*c = scan{reader: reader{Registry: r}, table: c.table, s: in.Text, it: in.Item, src: in.Source, style: in.Style,
		evidence: make([]news.Credit, 0, 4), candidates: c.candidates[:0], lines: c.lines[:0], pending: c.pending[:0], prose: c.prose[:0]}
	c.r, c.reader.table = &c.reader, &c.table
	r.vocabulary.Cut(in.Text, c.r.table)
	return c
}

// scan is the state of one reading.
type scan struct {
	reader reader
	table  lex.Table

	r        *reader // of the text
	s        string  // the text
	it       *news.Item
	src      news.Source
	language string
	style    news.Style
	form     string // of the dateline that a lone text cannot prove; empty: none seen

	out        news.Credits
	markerAt   news.Evidence // of the update mark
	evidence   []news.Credit
	candidates []candidate
	cited      []news.Credit
	jointly    []news.Credit // agencies named beside an originator
	cuts       []Span

	opened   lex.Span       // the dateline or the agency that opens the text
	printed  lex.Date       // of a page header
	lines    []lex.Span     // without a sentence, before the dateline
	pending  []pendingPhoto // photo credits of paragraphs that may be captions
	prose    []lex.Span     // what is searched for names
	sentence int            // paragraphs of prose seen
	first    int            // where the first sentence of prose ends
	second   int            // and the second one
	late     bool           // past the paragraphs that may name the originator
}

// pendingPhoto is a photo credit and the paragraph that it closes.
type pendingPhoto struct {
	photo photo
	para  lex.Span
	next  int // where the next paragraph begins
}

// cut takes a piece out of the lead.
func (c *scan) cut(start, end int, rule string) {
	if end > start {
		c.cuts = append(c.cuts, Span{start, end, rule})
	}
}

// evident builds the evidence of a piece of the text.
func (c *scan) evident(at lex.Span, rule string) news.Evidence {
	return news.Evidence{Field: "text", Start: at.Start, End: at.End, Words: at.Of(c.s), Rule: rule}
}

// agency builds the credit of an agency named in the text.
func (c *scan) agency(role news.Role, at lex.Span, key, rule string) news.Credit {
	cr := news.Credit{Role: role, Name: at.Of(c.s), Agency: key, Evidence: c.evident(at, rule)}
	if key != "" {
		cr.Display = c.r.Display(key, c.language)
	}
	return cr
}

// when returns the item's own date: as published, else as updated, else as its page's header prints it.
func (c *scan) when() time.Time {
	switch {
	case !c.it.Published.IsZero():
		return c.it.Published
	case !c.it.Updated.IsZero():
		return c.it.Updated
	case c.printed.Year != 0:
		return time.Date(c.printed.Year, time.Month(c.printed.Month), c.printed.Day, 0, 0, 0, 0, time.UTC)
	}
	return time.Time{}
}

// sentences returns where the first two sentences of prose end.
func sentences(s string, prose []lex.Span) (first, second int) {
	n := 0
	for _, p := range prose {
		for i := p.Start; i < p.End; i++ {
			if c := s[i]; c != '.' && c != '!' && c != '?' || c == '.' && (initialBefore(s, i) || !endsPart(s[:p.End], i)) {
				continue
			}
			if j := lex.SkipSpace(s, i+1); j >= p.End || j > i+1 && (lex.IsUpper(lex.RuneAt(s, j)) || lex.IsQuote(lex.RuneAt(s, j))) {
				if n++; n == 1 {
					first = i
				} else if n == 2 {
					return first, i
				}
			}
		}
		if e := strings.TrimRight(s[p.Start:p.End], " "); !endsSentence(e) {
			if n++; n == 1 {
				first = p.End
			} else if n == 2 {
				return first, p.End
			}
		}
	}
	if n == 0 {
		first = len(s)
	}
	return first, len(s)
}
