package view

import (
	"slices"

	"dateline/aggregator/news"
)

// Schemes of our categories.
const (
	schemeTopic  = "urn:dateline:topic"
	SchemeSource = "urn:dateline:source"
)

// category is a subject of an entry.
type category struct {
	Term   string
	Scheme string // empty: the source's own
	Label  string // for readers; may be empty
}

// Categories returns the topics and ids of the sources that carry the entry, then the source's own. None is there twice.
func (c *Entry) Categories() []category {
	var all []category
	known := make(map[[2]string]bool)
	put := func(a category) {
		if k := [2]string{a.Scheme, a.Term}; a.Term != "" && !known[k] {
			known[k] = true
			all = append(all, a)
		}
	}
	sources := c.Sources()
	for _, src := range sources {
		for _, topic := range src.Topics {
			put(category{Term: topic, Scheme: schemeTopic, Label: Plain(c.maker.Topics[topic])})
		}
	}
	for _, src := range sources {
		put(category{Term: src.ID, Scheme: SchemeSource, Label: Plain(src.Name)})
	}
	for _, own := range c.Item.Categories {
		put(category{Term: OneLine(own.Term), Label: Plain(own.Label)})
	}
	return all
}

// Sources returns those that carry the entry, that of the representative first.
func (c *Entry) Sources() []news.Source {
	all := []news.Source{c.Source}
	for _, o := range c.Copies {
		all = append(all, o.Source)
	}
	return all
}

// CarriedBy reports whether an item of the source is among those of the entry.
func (c *Entry) CarriedBy(source string) bool {
	return slices.ContainsFunc(c.Sources(), func(src news.Source) bool { return src.ID == source })
}

// MadeBy reports whether the agency with a key of the registry is one of the originators.
func (c *Entry) MadeBy(key string) bool {
	return slices.ContainsFunc(c.Originators(), func(who Party) bool { return who.Key == key })
}

// PublishedBy reports whether one of the sources that carry the entry is of the agency.
func (c *Entry) PublishedBy(key string) bool {
	return slices.Contains(c.PublisherKeys(), key)
}

// PublisherKeys returns the agencies of the sources that carry the entry, by their keys, each once.
func (c *Entry) PublisherKeys() []string {
	keys := []string{c.Publisher.Key}
	for _, o := range c.Copies {
		if !slices.Contains(keys, o.Key) {
			keys = append(keys, o.Key)
		}
	}
	return keys
}
