package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"dateline/aggregator/news"
	"dateline/cmd/dateline/node"
	"dateline/store"
)

func (a *app) listCommand() *cobra.Command {
	var limit int
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list", Short: "List the published entries, the latest change first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if limit < 0 {
				return usage("--limit %d: want a number of entries", limit)
			}
			return a.reads(cmd, args, func(_ context.Context, w *node.Node) error {
				return w.View(func(v store.View) error { return a.list(w, v, limit, asJSON) })
			})
		},
	}
	cmd.Flags().IntVarP(&limit, "limit", "n", 0, "list no more than `N` entries; 0: all")
	jsonFlag(cmd, &asJSON)
	return cmd
}

// listRow is an entry as `list --json` prints it.
type listRow struct {
	Entry     news.Key `json:"entry"`
	ID        string   `json:"id"`
	Source    string   `json:"source"`
	Title     string   `json:"title"`
	URL       string   `json:"url"`
	Line      string   `json:"line"`
	Published moment   `json:"published"`
	Updated   moment   `json:"updated"`
	Position  uint64   `json:"position"`
	Items     int      `json:"items"`
	State     string   `json:"state"` // public or withdrawn
}

func (a *app) list(w *node.Node, v store.View, limit int, asJSON bool) error {
	lines, err := w.Publisher(v)
	if err != nil {
		return err
	}
	listed := 0
	for rec, err := range v.Records(0) {
		if err != nil {
			return err
		}
		e, found, err := v.Entry(rec.Entry)
		if err != nil {
			return err
		}
		if !found || e.Last != rec.Pos || e.State == news.Merged { // an older position of an entry that has moved on
			continue
		}
		items, err := e.Load(v.Item)
		if err != nil || len(items) == 0 {
			return err
		}
		it := items[0]
		if asJSON {
			err = a.json(listRow{Entry: e.Key, ID: e.AtomID(), Source: it.Source, Title: it.Title, URL: it.URL, Line: lines.CreditLine(e, items, ""),
				Published: moment(e.Published), Updated: moment(e.Stamp()), Position: e.Last, Items: len(items),
				State: cmp.Or(string(e.State), "public")})
		} else {
			title := it.Title
			if e.State == news.Withdrawn {
				title = strings.TrimSpace("(withdrawn) " + title)
			}
			err = write(a.stdout, "%s  %s  %-12s %s\n", e.Key, e.Published.UTC().Format("2006-01-02 15:04"), it.Source, title)
		}
		if err != nil {
			return err
		}
		if listed++; listed == limit {
			break
		}
	}
	return nil
}

func (a *app) exportCommand() *cobra.Command {
	var since, source string
	cmd := &cobra.Command{
		Use: "export", Short: "Print every stored item as a line of JSON", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			from, err := parseSince(since)
			if err != nil {
				return err
			}
			return a.reads(cmd, args, func(_ context.Context, w *node.Node) error {
				return w.View(func(v store.View) error { return a.export(w, v, from, source) })
			})
		},
	}
	cmd.Flags().StringVar(&since, "since", "", "items first seen on `DATE` (2006-01-02 or RFC 3339) or later")
	cmd.Flags().StringVar(&source, "source", "", "items of the source `ID` only")
	return cmd
}

func parseSince(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, usage("--since %q: want a date such as 2026-11-24 or a time such as 2026-11-24T08:00:00Z", s)
}

func (a *app) export(w *node.Node, v store.View, since time.Time, source string) error {
	if source != "" {
		if err := knows(w, v, source); err != nil {
			return err
		}
	}
	lines, err := w.Publisher(v)
	if err != nil {
		return err
	}
	all := v.Items()
	if !since.IsZero() {
		all = v.ItemsSince(since)
	}
	for it, err := range all {
		if err != nil {
			return err
		}
		if source != "" && it.Source != source {
			continue
		}
		e, found, err := v.Entry(it.Entry)
		if err == nil && !found {
			err = fmt.Errorf("%w: entry %s of item %s is missing", store.ErrCorrupt, it.Entry, it.Key)
		}
		if err != nil {
			return err
		}
		items, err := e.Load(v.Item)
		if err != nil {
			return err
		}
		story, err := e.CountStory(v.Entry, v.Item)
		if err != nil {
			return err
		}
		if err := a.json(newItemRow(creditedIn(it, items), e, lines.CreditLine(e, items, ""), &story)); err != nil {
			return err
		}
	}
	return nil
}
