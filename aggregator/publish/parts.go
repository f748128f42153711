package publish

import (
	"cmp"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/page"
	"dateline/aggregator/publish/view"
	"dateline/aggregator/text"
)

// part is a part of the wire, found by the tags of records.
type part struct {
	naming
	heading string                                             // of its page
	lang    string                                             // of heading, BCP 47; may be empty
	records func(from uint64) iter.Seq2[news.LogRecord, error] // from a position downwards, newest first; 0: from the head
	keep    func(*view.Entry) bool                             // whether an entry is still of the part; nil: it is
	found   *selection                                         // of a topic by query: what it finds; nil: records has it
	named   func(shown []*view.Entry) string                   // its heading, by what is shown; nil: it is heading
	facts   func(shown []*view.Entry) []page.Fact              // about the part; nil: none
}

// part returns the part of a listing; without one the whole wire. It returns [ErrListing], and what Options.Find returned.
func (p *Publisher) part(r Reader, l Listing) (*part, error) {
	switch {
	case l.Source != "":
		return p.sourcePart(r, l.Source)
	case l.Topic != "":
		return p.topicPart(r, l.Topic)
	case l.Language != "":
		return p.languagePart(r, l.Language)
	case l.Agency != "":
		return p.agencyPart(r, l.Agency)
	case l.Place != "":
		return p.placePart(r, l.Place)
	}
	return &part{naming: p.naming(r, "", "", "feed"), records: r.Records}, nil
}

// tagged returns the records with any of the tags.
func tagged(r Reader, tags ...string) func(from uint64) iter.Seq2[news.LogRecord, error] {
	return func(from uint64) iter.Seq2[news.LogRecord, error] {
		all := make([]iter.Seq2[news.LogRecord, error], len(tags))
		for i, tag := range tags {
			all[i] = r.Tagged(tag, from)
		}
		if len(all) == 1 {
			return all[0]
		}
		return merged(all)
	}
}

// some reports whether there is a record. An error of the reader shows when the same is read again.
func (pt *part) some() bool {
	for range pt.records(0) {
		return true
	}
	return false
}

// partDocument serves the page of a part.
func partDocument(of func(*Publisher, Reader, string) (*part, error)) func(call) (*Document, error) {
	return func(c call) (*Document, error) {
		pt, err := of(c.p, c.r, c.arg)
		if err != nil {
			return nil, err
		}
		return c.p.partPage(c, pt)
	}
}

// sourcePart is what a source carries.
func (p *Publisher) sourcePart(r Reader, id string) (*part, error) {
	src, ok := p.views.Sources[id]
	if !ok {
		return nil, fmt.Errorf("%w: source %s", ErrListing, id)
	}
	name := cmp.Or(view.Plain(src.Name), id)
	pt := &part{naming: p.naming(r, "source:"+id, name, view.SourcePath(id)), heading: name, lang: text.CanonicalTag(src.Language),
		records: tagged(r, tagSource+id), keep: func(c *view.Entry) bool { return c.CarriedBy(id) }}
	pt.alone, pt.page = true, p.at.SourcePage(id)
	pt.facts = func([]*view.Entry) []page.Fact { return p.site.SourceFacts(p.views.Source(id)) }
	return pt, nil
}

// topicPart is what the sources of a topic carry, or what its query finds.
func (p *Publisher) topicPart(r Reader, topic string) (*part, error) {
	label, known := p.o.Topics[topic]
	name := cmp.Or(view.Plain(label), topic)
	pt := &part{naming: p.naming(r, "topic:"+topic, name, view.TopicPath(topic)), heading: name}
	pt.page = p.at.TopicPage(topic)
	if query := p.o.Queries[topic]; query != "" {
		var err error
		pt.found, err = p.matching(r, pt.naming, query, false)
		pt.records = pt.found.byPosition
		pt.facts = func([]*view.Entry) []page.Fact { return p.site.QueryFacts(query) }
		return pt, err
	}
	has := make(map[string]bool)
	var tags []string
	var sources []news.Source
	for _, src := range p.o.Sources {
		if slices.Contains(src.Topics, topic) {
			has[src.ID] = true
			tags, sources = append(tags, tagSource+src.ID), append(sources, src)
		}
	}
	if len(tags) == 0 && !known {
		return nil, fmt.Errorf("%w: topic %s", ErrListing, topic)
	}
	pt.records = tagged(r, tags...)
	pt.keep = func(c *view.Entry) bool {
		return slices.ContainsFunc(c.Sources(), func(src news.Source) bool { return has[src.ID] })
	}
	pt.facts = func([]*view.Entry) []page.Fact { return p.site.SourcesFact(sources) }
	return pt, nil
}

// byPosition yields the newest records of what was selected from a position downwards; 0: from the head.
func (s *selection) byPosition(from uint64) iter.Seq2[news.LogRecord, error] {
	all := slices.SortedFunc(slices.Values(s.parts), func(a, b *fragment) int { return cmp.Compare(b.c.Entry.Last, a.c.Entry.Last) })
	return func(yield func(news.LogRecord, error) bool) {
		for _, f := range all {
			e := f.c.Entry
			if (from == 0 || e.Last <= from) && !yield(news.LogRecord{Pos: e.Last, Entry: e.Key}, nil) {
				return
			}
		}
	}
}

// languagePart is what was published in a language.
func (p *Publisher) languagePart(r Reader, lang string) (*part, error) {
	pt := &part{naming: p.naming(r, "language:"+lang, lang, view.LanguagePath(lang)), heading: page.LanguageName(lang), lang: lang,
		records: tagged(r, "language:"+lang), keep: func(c *view.Entry) bool { return text.BaseLanguage(c.Lang) == lang }}
	pt.page = p.at.LanguagePage(lang)
	spoken := slices.ContainsFunc(p.o.Sources, func(src news.Source) bool { return text.BaseLanguage(src.Language) == lang })
	if text.BaseLanguage(lang) != lang || !spoken && !pt.some() {
		return nil, fmt.Errorf("%w: language %s", ErrListing, lang)
	}
	return pt, nil
}

// agencyPart is what an agency reported, and what it carried of others.
func (p *Publisher) agencyPart(r Reader, key string) (*part, error) {
	known := false
	if p.o.Agency != nil {
		_, known = p.o.Agency(key)
	}
	name := cmp.Or(view.Name(p.views.AgencyName(key, p.o.Language)), key)
	pt := &part{naming: p.naming(r, "agency:"+key, name, view.AgencyPath(key)), heading: name,
		records: tagged(r, "originator:"+key, "carrier:"+key)}
	pt.alone, pt.page = true, p.at.AgencyPage(key)
	pt.keep = func(c *view.Entry) bool { return c.MadeBy(key) || c.PublishedBy(key) }
	if !known && !pt.some() {
		return nil, fmt.Errorf("%w: agency %s", ErrListing, key)
	}
	pt.facts = func(shown []*view.Entry) []page.Fact { return p.site.AgencyFacts(key, shown) }
	return pt, nil
}

// placePart is what was filed from a place, in any spelling of it. It returns a [movedError] for a spelling that is not the key.
func (p *Publisher) placePart(r Reader, place string) (*part, error) {
	if key := p.site.PlaceKey(place); key != place && key != "" && !strings.Contains(key, "/") {
		return nil, &movedError{url.PathEscape(key)}
	}
	spellings := []string{place}
	if p.o.Places != nil {
		spellings = p.o.Places.Spellings(place)
	}
	var tags []string
	for _, s := range spellings {
		tags = append(tags, "place:"+text.Fold(s))
	}
	pt := &part{naming: p.naming(r, "place:"+place, view.PlaceName(strings.ToUpper(spellings[0])), view.PlacePath(place)), heading: place,
		records: tagged(r, tags...)}
	pt.named = func(shown []*view.Entry) string { return p.placeNamed(spellings[0], shown) }
	pt.page = p.at.PlacePage(place)
	pt.keep = func(c *view.Entry) bool {
		d := c.Item.Credits.Dateline
		return d != nil && p.site.PlaceKey(d.Place) == place
	}
	if !pt.some() && len(spellings) < 2 {
		return nil, fmt.Errorf("%w: place %s", ErrListing, place)
	}
	return pt, nil
}

// placeNamed returns the name of a place as the newest of the entries in the language of the pages prints it, else the newest of all;
// without an entry it is as spelled.
func (p *Publisher) placeNamed(spelled string, shown []*view.Entry) string {
	for _, c := range shown {
		if text.BaseLanguage(c.Lang) == text.BaseLanguage(p.o.Language) {
			return c.Place()
		}
	}
	if len(shown) > 0 {
		return shown[0].Place()
	}
	return view.PlaceName(strings.ToUpper(spelled))
}

// rail returns the rail of pages: when each of the sources in it published last, and when the wire did.
func (p *Publisher) rail(r Reader) (*page.Rail, error) {
	newest := make(map[string]time.Time)
	last := func(records iter.Seq2[news.LogRecord, error]) (at time.Time, err error) {
		for rec, err := range records {
			if err != nil {
				return at, fmt.Errorf("%w: log: %w", ErrRead, err)
			}
			return rec.At, nil
		}
		return at, nil
	}
	head, err := last(r.Records(0))
	for _, id := range p.site.RailSources() {
		if err != nil {
			return nil, err
		}
		var at time.Time
		if at, err = last(r.Tagged(tagSource+id, 0)); !at.IsZero() {
			newest[id] = at
		}
	}
	return p.site.Rail(newest, head), err
}
