package node

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"dateline/aggregator/attribute/agency"
	"dateline/aggregator/config"
	"dateline/aggregator/search"
)

// minAgencyKey is the length of the shortest key of which another is thought to be a slip: many of three letters are one letter apart.
const minAgencyKey = 4

// Warnings returns what the config package cannot know to be doubtful: agencies of sources that are one letter off a known one, and queries
// of topics that find nothing whatever the sources bring. The errors are those of [NewRegistry].
func Warnings(cfg *config.Config) (all config.Errors, err error) {
	known, err := agency.New(cfg.NewsAgencies())
	if err != nil {
		return nil, err
	}
	for i, s := range cfg.Sources {
		if meant := meantAgency(known, s.Agency); meant != "" {
			w := cfg.At(fmt.Sprintf("sources[%d].agency", i), fmt.Sprintf("%q is no known agency, so %s is one of its own", s.Agency, s.ID))
			w.Suggestion = meant
			all = append(all, w)
		}
	}
	for i, t := range cfg.Topics {
		if reason := impossible(cfg, t); t.Query != "" && reason != "" {
			all = append(all, cfg.At(fmt.Sprintf("topics[%d].query", i), "the query of topic "+t.ID+" finds nothing: "+reason))
		}
	}
	return all, nil
}

// agencyError places what the registry says of an agency of the config.
func agencyError(cfg *config.Config, err error) error {
	var bad *agency.Error
	if !errors.As(err, &bad) {
		return fmt.Errorf("%w: %w", ErrConfig, err)
	}
	i := slices.IndexFunc(cfg.Agencies, func(a config.Agency) bool { return a.Key == bad.Key })
	key := "key"
	if bad.Parent {
		key = "parent"
	}
	return config.Errors{cfg.At(fmt.Sprintf("agencies[%d].%s", i, key), bad.Error())}
}

// impossible says why no alternative of a topic's query can find anything; empty: one may, or it cannot be read.
func impossible(cfg *config.Config, t config.Topic) (reason string) {
	for _, one := range search.Alternatives(t.Query) {
		q, err := search.Parse(one)
		if err != nil {
			return "" // an error, which is reported
		}
		why := contradiction(q)
		for _, term := range q.Terms {
			why = cmp.Or(why, unknownTerm(cfg, t, term))
		}
		if why == "" {
			return ""
		}
		reason = cmp.Or(reason, why)
	}
	return reason
}

// contradiction says why nothing is all that a query wants; empty: something may be.
func contradiction(q search.Query) string {
	if !q.Since.IsZero() && !q.Until.IsZero() && q.Until.Before(q.Since) {
		return "until is before since"
	}
	for i, a := range q.Terms {
		for _, b := range q.Terms[:i] {
			same := a.Field == b.Field && slices.Equal(a.Words, b.Words) && a.Prefix == b.Prefix
			switch {
			case same && a.Not != b.Not:
				return fmt.Sprintf("%s and %s contradict each other", b, a)
			case !same && !a.Not && !b.Not && a.Field == b.Field && (a.Field == search.Source || a.Field == search.Language):
				return fmt.Sprintf("no item has %s and %s", b, a)
			}
		}
	}
	return ""
}

// unknownTerm says why nothing has a term; empty: something may.
func unknownTerm(cfg *config.Config, t config.Topic, term search.Term) string {
	if term.Not {
		return ""
	}
	switch term.Field {
	case search.Source:
		if !slices.ContainsFunc(cfg.Sources, func(s config.Source) bool { return s.ID == term.Words[0] }) {
			return fmt.Sprintf("there is no source %q", term.Words[0])
		}
	case search.Topic:
		return unknownTopic(cfg, t, term)
	}
	return ""
}

// unknownTopic is unknownTerm for a topic: no source has it, and no query finds it.
func unknownTopic(cfg *config.Config, t config.Topic, term search.Term) string {
	is := func(id string) bool { return strings.ToLower(id) == term.Words[0] }
	switch {
	case is(t.ID):
		return fmt.Sprintf("%s is the topic itself", term)
	case slices.ContainsFunc(cfg.Topics, func(o config.Topic) bool { return o.Query != "" && is(o.ID) }):
		return ""
	}
	for _, s := range cfg.Effective().Sources {
		if slices.ContainsFunc(s.Topics, is) {
			return ""
		}
	}
	return fmt.Sprintf("no source has %s", term)
}

// meantAgency returns the key of a known agency that is one letter off a key that is not known, rather one that was left out
// than another; empty: none is.
func meantAgency(known *agency.Registry, key string) string {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789-"
	if _, is := known.Agency(key); is || len(key) < minAgencyKey {
		return ""
	}
	var added, swapped, less, replaced []string
	for i := range len(key) + 1 {
		before, after := key[:i], key[i:]
		for _, letter := range strings.Split(letters, "") {
			added = append(added, before+letter+after)
			if after != "" {
				replaced = append(replaced, before+letter+after[1:])
			}
		}
		if after != "" {
			less = append(less, before+after[1:])
		}
		if len(after) > 1 {
			swapped = append(swapped, before+after[1:2]+after[:1]+after[2:])
		}
	}
	for _, near := range slices.Concat(added, swapped, less, replaced) {
		if _, is := known.Agency(near); is {
			return near
		}
	}
	return ""
}
