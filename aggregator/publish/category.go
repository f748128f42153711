package publish

import (
	"slices"

	"dateline/aggregator/news"
)

// Schemes of our categories.
const (
	schemeTopic  = "urn:dateline:topic"
	schemeSource = "urn:dateline:source"
)

// category is a subject of an entry.
type category struct {
	Term   string
	Scheme string // empty: the source's own
	Label  string // for readers; may be empty
}

// categories returns the topics and ids of the sources that carry the entry, then the source's own. None is there twice.
func (c *entryView) categories() []category {
	var all []category
	known := make(map[[2]string]bool)
	put := func(a category) {
		if k := [2]string{a.Scheme, a.Term}; a.Term != "" && !known[k] {
			known[k] = true
			all = append(all, a)
		}
	}
	sources := c.sources()
	for _, src := range sources {
		for _, topic := range src.Topics {
			put(category{Term: topic, Scheme: schemeTopic, Label: plain(c.maker.topics[topic])})
		}
	}
	for _, src := range sources {
		put(category{Term: src.ID, Scheme: schemeSource, Label: plain(src.Name)})
	}
	for _, own := range c.it.Categories {
		put(category{Term: oneLine(own.Term), Label: plain(own.Label)})
	}
	return all
}

// sources returns those that carry the entry, that of the representative first.
func (c *entryView) sources() []news.Source {
	all := []news.Source{c.src}
	for _, o := range c.copies {
		all = append(all, o.source)
	}
	return all
}

// carriedBy reports whether an item of the source is among those of the entry.
func (c *entryView) carriedBy(source string) bool {
	return slices.ContainsFunc(c.sources(), func(src news.Source) bool { return src.ID == source })
}
