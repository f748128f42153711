package main

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
	"dateline/cmd/dateline/node"
	"dateline/store"
)

// revisionRow is a revision of an item as `show --json` prints it.
type revisionRow struct {
	Revision int    `json:"revision"`
	At       moment `json:"at"`
	Title    string `json:"title"`
	Lead     string `json:"lead"`
	text     string // all of it, plain
}

// revisionsOf returns the revisions of an item that are kept, the first one first.
func revisionsOf(v store.View, it news.Item) ([]revisionRow, error) {
	out := []revisionRow{}
	for n := 1; n <= it.Revision; n++ {
		r, found, err := v.Revision(it.Key, n)
		if err != nil {
			return nil, err
		}
		if found {
			out = append(out, revisionRow{Revision: n, At: moment(r.Revised), Title: r.Title, Lead: r.Lead,
				text: plainText(cmp.Or(r.Content, r.Summary))})
		}
	}
	return out, nil
}

// diffContext is how many words are shown beside a change.
const diffContext = 6

// printRevisions prints the revisions of an item, each with what it changed of the one before it.
func (a *app) printRevisions(all []revisionRow) {
	for i, r := range all {
		a.printf("revision  %d  %s  %s\n", r.Revision, node.Stamp(time.Time(r.At)), r.Title)
		if i > 0 {
			a.printChanges("title", all[i-1].Title, r.Title)
			a.printChanges("text", all[i-1].text, r.text)
		}
	}
}

// printChanges prints how a text became another, unless they have the same words.
func (a *app) printChanges(what, old, new string) {
	changes := text.Diff(old, new)
	if slices.ContainsFunc(changes, func(c text.Change) bool { return c.Op != text.Kept }) {
		a.printf("  %-13s %s\n", what, withChanges(text.Around(changes, diffContext)))
	}
}

// withChanges writes changes on a line as wdiff does: [-removed-] {+added+}.
func withChanges(all []text.Change) string {
	words := make([]string, 0, len(all))
	for _, c := range all {
		switch c.Op {
		case text.Removed:
			c.Words = "[-" + c.Words + "-]"
		case text.Added:
			c.Words = "{+" + c.Words + "+}"
		}
		words = append(words, c.Words)
	}
	return strings.Join(words, " ")
}
