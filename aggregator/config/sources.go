package config

import (
	"cmp"
	"slices"
	"time"

	"dateline/aggregator/news"
)

// defaultSource returns what holds for a source that does not say otherwise.
func defaultSource() Source { return Source{Enabled: true} }

// NewsSources returns the sources in the order of the file, those that are not enabled too, each with
// its defaults applied. URL and Header name secrets as the file does; see [Expand].
func (c *Config) NewsSources() []news.Source {
	all := make([]news.Source, len(c.Sources))
	for i, s := range c.Effective().Sources {
		all[i] = news.Source{
			ID:       s.ID,
			Name:     s.Name,
			Agency:   s.Agency,
			URL:      s.URL,
			Site:     s.Site,
			Language: s.Language,
			Zone:     zone(s.Timezone),
			Encoding: s.Encoding,
			Every:    time.Duration(s.Every),
			Rights:   s.Rights,
			Licence:  s.Licence,
			Content:  s.Content,
			Priority: s.Priority,
			Topics:   slices.Clone(s.Topics),
			Enabled:  s.Enabled,

			Include: slices.Clone(s.Include),
			Exclude: slices.Clone(s.Exclude),

			Header:    headers(s.Headers),
			RetryFeed: s.RetryScope == retryFeed,

			Pages: s.CreditsFrom == creditsPage,

			KeepFurniture: s.Furniture == furnitureKeep,
		}
	}
	return all
}

// zone returns the zone of that name, nil for none. Names were checked when the file was read.
func zone(name string) *time.Location {
	if name == "" {
		return nil
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	return z
}

// TopicNames returns the names of topics that readers see under another name than the topic itself, and of those that no source has,
// by topic.
func (c *Config) TopicNames() map[string]string {
	names := map[string]string{}
	for _, t := range c.Topics {
		if t.Name != "" && t.Name != t.ID || t.Query != "" {
			names[t.ID] = cmp.Or(t.Name, t.ID)
		}
	}
	return names
}

// TopicQueries returns the queries of topics, by topic.
func (c *Config) TopicQueries() map[string]string {
	queries := map[string]string{}
	for _, t := range c.Topics {
		if t.Query != "" {
			queries[t.ID] = t.Query
		}
	}
	return queries
}

// NewsAgencies returns the additions to the registry, in the order of the file.
func (c *Config) NewsAgencies() []news.Agency {
	all := make([]news.Agency, len(c.Agencies))
	for i, a := range c.Effective().Agencies {
		all[i] = news.Agency{
			Key:    a.Key,
			Name:   a.Name,
			Names:  a.Names,
			Also:   a.Also,
			Hosts:  a.Hosts,
			Kind:   a.Kind,
			Parent: a.Parent,
			Site:   a.Site,
		}
	}
	return all
}
