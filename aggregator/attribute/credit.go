package attribute

import "dateline/aggregator/news"

// Input is one item with what is known of it.
type Input struct {
	Item   *news.Item  // authors, publisher, media credits, rights, origin, link, title, dates; not modified; nil: an empty item
	Text   string      // plain text of summary or content, "\n" between paragraphs
	Source news.Source // zero: none known
}

// Result is what [Registry.Credit] found.
type Result struct {
	Credits  news.Credits
	Evidence []news.Credit // every credit with field, offsets, words and rule, in the order found; also those that lost
	Lead     string        // Text without what was cut
	Cuts     []Span        // what was cut, ascending
}

// Span is a piece of the text, in bytes, and the rule that cut it.
type Span struct {
	Start, End int
	Rule       string
}

// Credit finds the credits of one item.
func (r *Registry) Credit(in Input) Result { return Result{Lead: in.Text} }
