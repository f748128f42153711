package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"dateline/aggregator/news"
	"dateline/cmd/dateline/node"
	"dateline/store"
)

// errNoEntry is returned for a name that no entry and no item bears.
var errNoEntry = errors.New("no such entry")

func (a *app) showCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "show ENTRY",
		Short: "Show an entry: its items, their credits with evidence, and their revisions",
		Long:  "Show an entry. ENTRY is a key as `export` prints it, an atom:id, or the address of the entry's page.",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.reads(cmd, args, func(_ context.Context, w *node.Node) error {
				return w.View(func(v store.View) error { return a.show(w, v, args[0], asJSON) })
			})
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

// find returns the entry that name stands for: a key, an atom:id, or the address of a page.
func find(v store.View, name string) (news.Entry, error) {
	if e, found, err := v.EntryByID(name); err != nil || found {
		return e, err
	}
	if _, last, ok := strings.Cut(name, "/entries/"); ok {
		name = strings.Trim(last, "/")
	}
	k, err := news.ParseKey(name)
	if err != nil {
		return news.Entry{}, fmt.Errorf("%w: %q", errNoEntry, name)
	}
	it, found, err := v.Item(k)
	if err != nil {
		return news.Entry{}, err
	}
	if !found {
		return news.Entry{}, fmt.Errorf("%w: %s", errNoEntry, k)
	}
	e, found, err := v.Entry(it.Entry)
	if err == nil && !found {
		err = fmt.Errorf("%w: %s", errNoEntry, k)
	}
	return e, err
}

// entryRow is an entry as `show --json` prints it.
type entryRow struct {
	Entry     news.Key   `json:"entry"`
	ID        string     `json:"id"`
	State     string     `json:"state"`
	Title     string     `json:"title"`
	Line      string     `json:"line"`
	Published moment     `json:"published"`
	Updated   moment     `json:"updated"`
	First     uint64     `json:"first_position"`
	Last      uint64     `json:"last_position"`
	Merged    []news.Key `json:"merged"` // entries that are part of this one now
	Items     []shownRow `json:"items"`
}

type shownRow struct {
	itemRow
	standing
	Page      *pageRow      `json:"page"` // null: its article's page was not asked for
	Evidence  []evidenceRow `json:"evidence"`
	Revisions []revisionRow `json:"revisions"`
}

func (a *app) show(w *node.Node, v store.View, name string, asJSON bool) error {
	lines, err := w.Publisher(v)
	if err != nil {
		return err
	}
	e, err := find(v, name)
	if err != nil {
		return err
	}
	items, err := e.Load(v.Item)
	if err != nil {
		return err
	}
	rec := entryRow{Entry: e.Key, ID: e.AtomID(), State: cmp.Or(string(e.State), "public"), Line: lines.CreditLine(e, items, ""),
		Published: moment(e.Published), Updated: moment(e.Stamp()), First: e.First, Last: e.Last, Items: []shownRow{}}
	story, err := e.CountStory(v.Entry, v.Item)
	if err != nil {
		return err
	}
	if rec.Merged, err = mergedInto(v, e); err != nil {
		return err
	}
	for i, it := range items {
		if i == 0 {
			rec.Title = it.Title
		}
		revisions, err := revisionsOf(v, it)
		if err != nil {
			return err
		}
		stands, err := newStanding(v, it)
		if err != nil {
			return err
		}
		rec.Items = append(rec.Items, shownRow{itemRow: newItemRow(creditedIn(it, items), e, rec.Line, &story), standing: stands,
			Page: newPageRow(it.Page), Evidence: evidence(it.Credits), Revisions: revisions})
	}
	if asJSON {
		return a.json(rec)
	}
	return a.printEntry(rec, items)
}

func (a *app) printEntry(rec entryRow, items []news.Item) error {
	a.printf("entry     %s\nid        %s\nstate     %s\nlog       %d to %d\nupdated   %s\n", rec.Entry, rec.ID, rec.State, rec.First, rec.Last,
		time.Time(rec.Updated).Format(time.RFC3339Nano))
	for _, k := range rec.Merged {
		a.printf("merged    %s\n", k)
	}
	for i, it := range items {
		a.printf("\n")
		if err := a.printItem(it, rec.Line, ""); err != nil {
			return err
		}
		a.printStanding(rec.Items[i].standing)
		if p := it.Page; p != nil {
			a.printf("page      %s\n", pageSaid(*p))
		}
		for _, e := range rec.Items[i].Evidence {
			e.print(a.stdout)
		}
		a.printRevisions(rec.Items[i].Revisions)
	}
	return nil
}

// printItem prints an item for people.
func (a *app) printItem(it news.Item, line, more string) error {
	a.printf("title     %s\nline      %s\nitem      %s\nsource    %s\nguid      %s\nurl       %s\npublished %s\n",
		it.Title, line, it.Key, it.Source, it.GUID, it.URL, node.Stamp(it.Published))
	if len(it.Guessed) > 0 {
		a.printf("guessed   %s\n", strings.Join(it.Guessed, ", "))
	}
	if e := it.Embargo; e != nil {
		until := "released by the operator"
		if !e.Until.IsZero() {
			until = node.Stamp(e.Until)
		}
		a.printf("embargo   until %s (%s)\n", until, e.Evidence.Words)
	}
	if j := it.Join; j != nil {
		a.printf("join      %s by %s with %s\n", j.Level, j.Rule, j.With)
		a.printMeasures(j)
	}
	if j := it.Supersedes; j != nil {
		a.printf("replaces  %s by %s\n", j.With, j.Rule)
		a.printMeasures(j)
	}
	for _, j := range it.Story {
		a.printf("story     with %s by %s\n", j.Entry, j.Rule)
		a.printMeasures(&j)
	}
	if more != "" {
		a.printf("%s\n", more)
	}
	_, err := fmt.Fprintln(a.stdout)
	return err
}

// printMeasures prints what was found of the two texts, where texts were compared.
func (a *app) printMeasures(j *news.Join) {
	if len(j.Guards) == 0 {
		return
	}
	a.printf("  containment %.2f, %d shared, titles %.2f alike\n", j.Score, j.Shared, j.Title)
	for _, g := range j.Guards {
		if g.Detail != "" {
			a.printf("  %-13s %s\n", g.Name, g.Detail)
		}
	}
}

// evidenceRow is one credit with where it was read.
type evidenceRow struct {
	Role    news.Role `json:"role"`
	Name    string    `json:"name"`
	Agency  string    `json:"agency"`
	Display string    `json:"display"`
	Field   string    `json:"field"`
	Start   int       `json:"start"`
	End     int       `json:"end"`
	Words   string    `json:"words"`
	Rule    string    `json:"rule"`
}

// print prints one credit on a line.
func (e evidenceRow) print(to io.Writer) {
	at := fmt.Sprintf("%s %d..%d", e.Field, e.Start, e.End)
	if e.Field == news.PageField { // its text is not kept
		at = "the article's page"
	}
	_ = write(to, "  %-13s %s  %q in %s, rule %s\n", e.Role, e.label(), e.Words, at, e.Rule)
}

func (e evidenceRow) label() string { return cmp.Or(e.Display, e.Name) }

// evidence lists every credit of an item.
func evidence(c news.Credits) []evidenceRow {
	out := []evidenceRow{}
	add := func(all ...news.Credit) {
		for _, cr := range all {
			out = append(out, newEvidence(cr))
		}
	}
	if c.Agency != nil {
		add(*c.Agency)
	}
	if d := c.Dateline; d != nil {
		add(news.Credit{Role: "dateline", Name: d.Raw, Agency: d.Agency, Evidence: d.Evidence})
	}
	add(c.Byline...)
	for _, p := range c.Photos {
		add(news.Credit{Role: "photo", Name: p.Line, Evidence: p.Evidence})
		add(p.Chain...)
	}
	add(c.Cited...)
	add(c.Other...)
	return out
}

func newEvidence(c news.Credit) evidenceRow {
	return evidenceRow{Role: c.Role, Name: c.Name, Agency: c.Agency, Display: c.Display, Field: c.Evidence.Field,
		Start: c.Evidence.Start, End: c.Evidence.End, Words: c.Evidence.Words, Rule: c.Evidence.Rule}
}
