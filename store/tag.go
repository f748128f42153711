package store

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"iter"
	"math"
	"slices"
	"strings"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
	"dateline/store/postings"
)

// A tag finds records of the log without reading the log. The tags of a record are those that its entry had when the record was
// written:
//
//	source:ID       the source of each member
//	topic:T         each topic of these sources, as they were configured
//	language:xx     of the representative, without its region
//	originator:KEY  each agency whose report it is, by its key in the registry
//	carrier:KEY     the agency of each source that published the report of another; of a source without one its id
//	cited:KEY       each agency that the representative cites
//	place:KEY       of the representative's dateline, in folded spelling
//	changed:        where readers are to see it: the record changes what was published, or publishes what takes the place of the
//	                source's own earlier item
//	changed:ID      the same, of each member's source
//
// When an item joins an entry, the entry's newest record gets the tags that come with the item. When an item leaves, they stay:
// readers look at the entry as well. Tags below the oldest position of the log have expired.
const (
	tagSource     = "source:"
	tagTopic      = "topic:"
	tagLanguage   = "language:"
	tagOriginator = "originator:"
	tagCarrier    = "carrier:"
	tagCited      = "cited:"
	tagPlace      = "place:"
	tagChanged    = "changed:"
)

// tagTerm returns the term of a tag: the first 64 bits of its SHA-256.
func tagTerm(tag string) uint64 {
	h := sha256.Sum256([]byte(tag))
	return binary.BigEndian.Uint64(h[:])
}

// Tagged yields the records with the tag from position `from` downwards, newest first; 0: from the head. A tag is written as
// `source:belta`; its kinds are source, topic, language, originator, carrier, cited, place and changed.
func (v View) Tagged(tag string, from uint64) iter.Seq2[news.LogRecord, error] {
	return sequence(func(give func(news.LogRecord) error) error {
		oldest := v.Oldest()
		for pos, err := range v.newest(iTag, []uint64{tagTerm(tag)}, from, math.MaxInt) {
			if err != nil || pos < oldest {
				return err
			}
			if err := v.logRecord(pos, give); err != nil {
				return err
			}
		}
		return nil
	})
}

// TaggedFrom calls do with each position from `from` on and each of tags, by its index, that the record there has, in no order. It is for
// many tags and records: it reads the tags of every record since then.
func (v View) TaggedFrom(from uint64, tags []string, do func(tag int, pos uint64)) error {
	p, err := v.postings()
	if err != nil {
		return err
	}
	of := make(map[uint64]int, len(tags))
	for i, tag := range tags {
		of[tagTerm(tag)] = i
	}
	wanted := func(term uint64) bool { _, ok := of[term]; return ok }
	return damaged(p.EachFrom(iTag, max(from, v.Oldest()), wanted, func(term, pos uint64) { do(of[term], pos) }))
}

// tagger finds out tags.
type tagger struct {
	v      View
	states map[string]news.State // of sources, as far as they were asked for
}

func (v View) tagger() tagger { return tagger{v: v, states: map[string]news.State{}} }

// of returns the tags of an entry, each once.
func (g *tagger) of(e news.Entry) (tags []string, err error) {
	add := func(kind string, names ...string) {
		for _, n := range names {
			if n != "" && !slices.Contains(tags, kind+n) {
				tags = append(tags, kind+n)
			}
		}
	}
	var originators []string
	for i, k := range e.Members() {
		it, found, err := g.v.Item(k)
		if err != nil {
			return nil, err
		}
		if !found {
			continue
		}
		st, err := g.state(it.Source)
		if err != nil {
			return nil, err
		}
		publisher := cmp.Or(st.Agency, it.Source)
		if i == 0 {
			originators = originatorsOf(it, publisher)
			add(tagLanguage, cmp.Or(text.BaseLanguage(it.Language), text.BaseLanguage(st.Language), text.BaseLanguage(it.Feed.Language)))
			add(tagOriginator, originators...)
			for _, c := range it.Credits.Cited {
				add(tagCited, c.Agency)
			}
			if d := it.Credits.Dateline; d != nil {
				add(tagPlace, text.Fold(d.Place))
			}
		}
		add(tagSource, it.Source)
		add(tagTopic, st.Topics...)
		if !slices.Contains(originators, publisher) {
			add(tagCarrier, publisher)
		}
	}
	return tags, nil
}

// changed returns what a record of a kind has beside tags, which are those of its entry.
func (g *tagger) changed(kind news.Kind, e news.Entry, tags []string) ([]string, error) {
	switch kind {
	case news.RecordMerged:
		return nil, nil
	case news.RecordNew:
		if it, _, err := g.v.Item(e.Key); err != nil || it.Supersedes == nil {
			return nil, err
		}
	}
	all := []string{tagChanged}
	for _, tag := range tags {
		if id, ok := strings.CutPrefix(tag, tagSource); ok {
			all = append(all, tagChanged+id)
		}
	}
	return all, nil
}

// originatorsOf returns the agencies whose report an item is: those that it names, else its publisher, unless it names another
// party, which is in no registry.
func originatorsOf(it news.Item, publisher string) (keys []string) {
	c := it.Credits
	switch {
	case c.Agency != nil:
		keys = append(keys, c.Agency.Agency)
	case it.Origin == nil || it.Origin.Title == "":
		keys = append(keys, publisher)
	}
	for _, joint := range c.Joint {
		keys = append(keys, joint.Agency)
	}
	return keys
}

// state returns that of a source.
func (g *tagger) state(source string) (news.State, error) {
	st, known := g.states[source]
	if !known {
		var err error
		if st, err = g.v.State(source); err != nil {
			return st, err
		}
		g.states[source] = st
	}
	return st, nil
}

// tag puts tags on the record at a position.
func (t *Tx) tag(tags []string, pos uint64) error {
	if len(tags) == 0 || pos < max(t.Oldest(), 1) {
		return nil // never published, or its record is gone
	}
	return t.addPostings(tagPosting(pos, tags))
}

// joined returns the tags that an entry has more than the stored one, by the items that joined it.
func (g *tagger) joined(e news.Entry) ([]string, error) {
	old, _, err := g.v.Entry(e.Key)
	if err != nil {
		return nil, err
	}
	was := old.Members()
	if !slices.ContainsFunc(e.Members(), func(k news.Key) bool { return !slices.Contains(was, k) }) {
		return nil, nil
	}
	tags, err := g.of(e)
	if err != nil {
		return nil, err
	}
	had, err := g.of(old)
	return slices.DeleteFunc(tags, func(tag string) bool { return slices.Contains(had, tag) }), err
}

// tagPosting is that of the record at a position.
func tagPosting(pos uint64, tags []string) postings.Posting {
	terms := make([]uint64, len(tags))
	for i, tag := range tags {
		terms[i] = tagTerm(tag)
	}
	slices.Sort(terms)
	return postings.Posting{Index: iTag, Doc: postings.Doc{ID: pos}, Terms: slices.Compact(terms)}
}
