package search

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// What a query may hold.
const (
	MaxTerms = 8   // terms of one alternative
	maxBytes = 400 // bytes of one alternative
	maxWords = 16  // words of one term
)

// Field is what of an item a term is about. The zero value is title, lead and credits.
type Field string

// The fields.
const (
	AnyField Field = ""
	Source   Field = "source"   // the id of the source that carries it
	Agency   Field = "agency"   // the originator: its key in the registry, or words of its name
	Place    Field = "place"    // of the dateline
	By       Field = "by"       // who wrote it
	Language Field = "language" // a language of BCP 47, without region: that of the item
	Topic    Field = "topic"    // the id of a topic: of its source, or of what the topic's query finds
	Tellings Field = "tellings" // how many reports and copies its story has at least
	since    Field = "since"    // a date, which becomes Query.Since
	until    Field = "until"    // a date, which becomes Query.Until
)

var fields = []Field{Source, Agency, Place, By, Language, Topic, Tellings, since, until}

// Fields returns the names that may precede a colon.
func Fields() []string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = string(f)
	}
	return names
}

// Query selects the items for which every term holds.
type Query struct {
	Terms []Term    // all must match
	Since time.Time // items of that day (UTC) and later; zero: of any
	Until time.Time // items of that day (UTC) and earlier; zero: of any
}

// Term is one condition.
type Term struct {
	Not    bool     // the item must not have it
	Field  Field    // where it must have it
	Words  []string // folded; several: in a row
	Prefix bool     // what begins with the one word has it
}

// noWord is the reason of an error: the query has only stop words and terms with a minus.
const noWord = "no word to look for but small ones and what must not be there"

// QueryError says what of a query cannot be read. It wraps [news.ErrQuery].
type QueryError struct {
	Part   string // of the query
	Offset int    // of the part, in bytes
	Reason string // for people
}

func (e *QueryError) Error() string {
	return fmt.Sprintf("%v: “%s”: %s", news.ErrQuery, e.Part, e.Reason)
}

// Unwrap returns [news.ErrQuery].
func (e *QueryError) Unwrap() error { return news.ErrQuery }

// Parse reads a query: words, "words in a row", agency:KEY, place:"Two Words", source:ID, by:NAME, language:ru, topic:ID,
// tellings:2, since:2026-11-24, until:2026-11-25, the beginning of a word with a star behind it, and a minus before what must not be
// there. It returns a [*QueryError] for what it cannot read, for more than [MaxTerms] terms, and for a query that selects nothing by
// itself: only words that occur in every text, or only conditions on what is found otherwise.
func Parse(s string) (Query, error) {
	var q Query
	if len(s) > maxBytes {
		return q, &QueryError{Part: strings.ToValidUTF8(s[:20], "") + "…", Reason: fmt.Sprintf("longer than %d bytes", maxBytes)}
	}
	for at := 0; ; {
		part, offset := next(s, at)
		if part == "" {
			break
		}
		at = offset + len(part)
		if err := q.add(part); err != "" {
			return Query{}, &QueryError{Part: part, Offset: offset, Reason: err}
		}
		if len(q.Terms) > MaxTerms {
			return Query{}, &QueryError{Part: part, Offset: offset, Reason: fmt.Sprintf("more than %d terms", MaxTerms)}
		}
	}
	var st text.Stemmer
	w := newWanted(&st, q)
	for i := range q.Terms {
		if w.selects(i) {
			return q, nil
		}
	}
	return Query{}, &QueryError{Part: s, Reason: noWord}
}

// maxAlternatives is how many queries may be joined by OR.
const maxAlternatives = 8

// Alternatives returns the queries that s joins by the word OR, in capitals and not in quotes: what any of them finds is wanted.
func Alternatives(s string) []string {
	var all []string
	from := 0
	for at := 0; ; {
		part, offset := next(s, at)
		if part == "" {
			return append(all, s[from:])
		}
		if at = offset + len(part); part == "OR" {
			all = append(all, s[from:offset])
			from = at
		}
	}
}

// Check returns a [*QueryError] for a query that [Searcher.Find] would not take.
func Check(s string) error {
	all := Alternatives(s)
	if len(all) > maxAlternatives {
		return &QueryError{Part: s, Reason: fmt.Sprintf("more than %d alternatives", maxAlternatives)}
	}
	for _, one := range all {
		if _, err := Parse(one); err != nil {
			return err
		}
	}
	return nil
}

// next returns the next part of s from at on, which ends at white space outside quotes, and where it begins; "": none.
func next(s string, at int) (part string, offset int) {
	rest := strings.TrimLeftFunc(s[at:], unicode.IsSpace)
	offset = len(s) - len(rest)
	quoted := false
	for i, r := range rest {
		if r == '"' {
			quoted = !quoted
		}
		if !quoted && unicode.IsSpace(r) {
			return rest[:i], offset
		}
	}
	return rest, offset
}

// add adds what a part says, or returns why it cannot be read.
func (q *Query) add(part string) (reason string) {
	var t Term
	value, not := strings.CutPrefix(part, "-")
	t.Not = not
	if name, rest, ok := strings.Cut(value, ":"); ok && isName(name) {
		t.Field, value = Field(strings.ToLower(name)), rest
		if !slices.Contains(fields, t.Field) {
			return "no such field; known are " + strings.Join(Fields(), ", ")
		}
	}
	if strings.Count(value, `"`)%2 == 1 {
		return "a quote that is not closed"
	}
	if t.Field == since || t.Field == until {
		return q.addDay(t, value)
	}
	if reason = t.read(value); reason == "" {
		q.Terms = append(q.Terms, t)
	}
	return reason
}

// addDay adds the first or the last day.
func (q *Query) addDay(t Term, value string) (reason string) {
	to := &q.Since
	if t.Field == until {
		to = &q.Until
	}
	day, err := time.Parse(time.DateOnly, value)
	if err != nil || t.Not || !to.IsZero() {
		return "one date such as 2026-11-24 is wanted"
	}
	*to = day
	return ""
}

// minPrefix is how many letters the beginning of a word must have.
const minPrefix = 3

// read reads what a term wants in its field, or returns why it cannot be read.
func (t *Term) read(value string) (reason string) {
	switch t.Field {
	case Source, Topic:
		if value = strings.ToLower(value); !isID(value) {
			return "the id of a " + string(t.Field) + " is wanted"
		}
		t.Words = []string{value}
		return ""
	case Language:
		if value = text.BaseLanguage(value); value == "" {
			return "a language such as ru is wanted"
		}
		t.Words = []string{value}
		return ""
	case Tellings:
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 || n > 999 || t.Not {
			return "a number such as 2 is wanted"
		}
		t.Words = []string{strconv.Itoa(n)}
		return ""
	}
	value, t.Prefix = strings.CutSuffix(value, "*")
	for _, tok := range text.Tokens(value, maxWords+1) {
		t.Words = append(t.Words, tok.Text)
	}
	switch {
	case len(t.Words) == 0:
		return "no word"
	case len(t.Words) > maxWords:
		return fmt.Sprintf("more than %d words in a row", maxWords)
	case t.Prefix && (len(t.Words) > 1 || utf8.RuneCountInString(t.Words[0]) < minPrefix):
		return fmt.Sprintf("one word of %d letters or more is wanted before the star", minPrefix)
	}
	return ""
}

// isName reports whether s may name a field: letters alone.
func isName(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }) < 0
}

func isID(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_' && r != '.'
	}) < 0
}

// String prints the query so that [Parse] reads the same from it.
func (q Query) String() string {
	parts := make([]string, 0, len(q.Terms)+1)
	for _, t := range q.Terms {
		parts = append(parts, t.String())
	}
	if !q.Since.IsZero() {
		parts = append(parts, string(since)+":"+q.Since.Format(time.DateOnly))
	}
	if !q.Until.IsZero() {
		parts = append(parts, string(until)+":"+q.Until.Format(time.DateOnly))
	}
	return strings.Join(parts, " ")
}

// String prints the term as a part of a query.
func (t Term) String() string {
	var b strings.Builder
	if t.Not {
		b.WriteByte('-')
	}
	if t.Field != AnyField {
		b.WriteString(string(t.Field) + ":")
	}
	switch t.Field {
	case Source, Topic, Language, Tellings:
		b.WriteString(t.Words[0])
		return b.String()
	}
	quoted := len(t.Words) > 1 || t.Words[0][0] == '-'
	if quoted {
		b.WriteByte('"')
	}
	for i, w := range t.Words {
		if i > 0 {
			b.WriteString("; ") // a space alone would make one figure of two
		}
		b.WriteString(w)
	}
	if quoted {
		b.WriteByte('"')
	}
	if t.Prefix {
		b.WriteByte('*')
	}
	return b.String()
}
