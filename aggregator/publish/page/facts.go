package page

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/view"
	"dateline/aggregator/text"
)

// factsShown bounds the links of a fact that counts.
const factsShown = 12

// SourceFacts says what is known of a source: whose it is, its site, its language, its topics, what it grants.
func (s *Site) SourceFacts(src news.Source) []Fact {
	w := catalogFor(s.Language)
	var all facts
	name := view.Name(s.Views.AgencyName(src.Agency, s.Language))
	all.add(w.Agency, Link{Text: name, Href: s.Addresses.AgencyPage(src.Agency)})
	all.add(w.AtHome, outside(cmp.Or(view.Web(src.Site), s.Views.Site(src.Agency))))
	if l := text.BaseLanguage(src.Language); l != "" {
		all.add(w.LanguageOf, Link{Lang: l, Text: LanguageName(l), Href: s.Addresses.LanguagePage(l)})
	}
	var topics []Link
	for _, t := range src.Topics {
		topics = append(topics, Link{Text: s.topicName(t), Href: s.Addresses.TopicPage(t)})
	}
	all.add(w.Topics, topics...)
	all.add(w.RightsOf, Link{Text: view.OneLine(src.Rights)})
	return all
}

// SourcesFact names sources.
func (s *Site) SourcesFact(sources []news.Source) []Fact {
	var all facts
	var links []Link
	for _, src := range sources {
		links = append(links, Link{Lang: text.CanonicalTag(src.Language), Text: cmp.Or(view.Plain(src.Name), src.ID),
			Href: s.Addresses.SourcePage(src.ID)})
	}
	if n := len(links); n > railShown {
		links = append(links[:railShown], Link{Text: "+" + strconv.Itoa(n-railShown)})
	}
	all.add(catalogFor(s.Language).Sources, links...)
	return all
}

// QueryFacts names the query of a topic.
func (s *Site) QueryFacts(query string) []Fact {
	var all facts
	l := Link{Text: view.OneLine(query)}
	if s.MaxQuery > 0 {
		l.Href = "search" + view.SearchQuery(query)
	}
	all.add(catalogFor(s.Language).Search, l)
	return all
}

// AgencyFacts says what is known of an agency: its site, its sources, and, by the entries shown, whom it cites, whose reports it
// carried and who carried its own, each with how often.
func (s *Site) AgencyFacts(key string, shown []*view.Entry) []Fact {
	w := catalogFor(s.Language)
	var all facts
	all.add(w.AtHome, outside(s.Views.Site(key)))
	var sources []news.Source
	for _, src := range s.Sources {
		if s.Views.Source(src.ID).Agency == key {
			sources = append(sources, src)
		}
	}
	all = append(all, s.SourcesFact(sources)...)
	cites, carries, carriers := map[string]int{}, map[string]int{}, map[string]int{}
	for _, c := range shown {
		if !c.MadeBy(key) {
			carries[c.Agency.Key]++
			continue
		}
		for _, k := range citedBy(c) {
			cites[k]++
		}
		for _, k := range c.PublisherKeys() {
			if k != key {
				carriers[k]++
			}
		}
	}
	all.add(w.Cites, s.counted(cites)...)
	all.add(w.Carries, s.counted(carries)...)
	all.add(w.CarriedBy, s.counted(carriers)...)
	return all
}

// citedBy returns the keys of the agencies that an entry cites, each once.
func citedBy(c *view.Entry) (keys []string) {
	for _, cr := range c.Item.Credits.Cited {
		if cr.Agency != "" && !slices.Contains(keys, cr.Agency) {
			keys = append(keys, cr.Agency)
		}
	}
	return keys
}

// counted links agencies, the most frequent first.
func (s *Site) counted(n map[string]int) (all []Link) {
	delete(n, "")
	keys := slices.SortedFunc(maps.Keys(n), func(a, b string) int { return cmp.Or(cmp.Compare(n[b], n[a]), cmp.Compare(a, b)) })
	for _, k := range keys[:min(len(keys), factsShown)] {
		all = append(all, Link{Text: cmp.Or(view.Name(s.Views.AgencyName(k, s.Language)), k), Href: s.Addresses.AgencyPage(k),
			After: "(" + strconv.Itoa(n[k]) + ")"})
	}
	return all
}

// facts are those about a part.
type facts []Fact

// add adds a fact with the links that have a text; without one nothing.
func (f *facts) add(name string, links ...Link) {
	links = slices.DeleteFunc(links, func(l Link) bool { return l.Text == "" })
	if len(links) > 0 {
		*f = append(*f, Fact{name, links})
	}
}

// outside links an address that is none of ours; nothing for an empty one.
func outside(address string) Link {
	if address == "" {
		return Link{}
	}
	return Link{Text: hostOf(address), Href: address, Outside: true}
}
