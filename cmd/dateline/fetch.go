package main

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"dateline/aggregator"
	"dateline/aggregator/news"
	"dateline/aggregator/parse"
	"dateline/aggregator/publish"
	"dateline/cmd/dateline/node"
	"dateline/store"
)

func (a *app) fetchCommand() *cobra.Command {
	var base, page string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "fetch SOURCE|URL|FILE...",
		Short: "Look at documents as a visit would, and store nothing",
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case page != "" && (len(args) > 0 || base != "" || !isURL(page)):
				return usage("--page takes the address of one article's page and no argument")
			case page != "":
				return a.reads(cmd, args, func(ctx context.Context, w *node.Node) error { return a.lookPage(ctx, w, page, asJSON) })
			case len(args) == 0:
				return usage("name a source, an address or a file")
			}
			if err := a.readFiles(args); err != nil {
				return err
			}
			return a.reads(cmd, args, func(ctx context.Context, w *node.Node) error { return a.look(ctx, w, args, base, asJSON) })
		},
	}
	cmd.Flags().StringVar(&base, "base", "", "the `URL` that a FILE was read from: base of its links")
	cmd.Flags().StringVar(&page, "page", "", "look at an article's page at `URL`, as credits_from: page reads it")
	jsonFlag(cmd, &asJSON)
	return cmd
}

// readFiles reads what is named as a file, since the owner may not see the caller's folder.
func (a *app) readFiles(args []string) error {
	if a.owned != nil {
		return nil
	}
	a.files = map[string][]byte{}
	for _, arg := range args {
		if isURL(arg) || !strings.ContainsAny(arg, "./"+string(filepath.Separator)) {
			continue
		}
		b, err := a.readBounded(arg)
		if err != nil {
			return err
		}
		a.files[arg] = b
	}
	return nil
}

func isURL(s string) bool { return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") }

func (a *app) look(ctx context.Context, w *node.Node, args []string, base string, asJSON bool) error {
	sources := make([]news.Source, len(args))
	for i, arg := range args {
		src, err := a.sourceOf(w, arg, base)
		if err != nil {
			return err
		}
		sources[i] = src
	}
	var lines *publish.Publisher
	if err := w.View(func(v store.View) (err error) {
		lines, err = w.Publisher(v)
		return err
	}); err != nil {
		return err
	}
	failed := 0
	for i, src := range sources {
		found, err := w.Engine.Look(ctx, src, a.files[args[i]])
		if err != nil {
			failed++
			a.complaint("%s: %s", args[i], strings.TrimPrefix(reason(err), args[i]+": "))
		}
		for _, f := range found {
			if src.KeepFurniture {
				f.Item.Furniture = nil
			}
			if err := a.printFound(f, lines.CreditLine(news.Entry{Key: f.Item.Entry}, []news.Item{f.Item}, ""), asJSON); err != nil {
				return err
			}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if failed > 0 {
		return &sourcesError{failed: failed, visited: len(args), unstored: true}
	}
	return nil
}

// sourceOf returns the source that arg names: one of the config by its id or address, or one made up for an
// address or a file that is in no config.
func (a *app) sourceOf(w *node.Node, arg, base string) (news.Source, error) {
	all := w.Engine.Sources()
	if i := slices.IndexFunc(all, func(s news.Source) bool { return s.ID == arg || s.URL == arg }); i >= 0 {
		return all[i], nil
	}
	switch _, isFile := a.files[arg]; {
	case isFile:
		return news.Source{URL: base}, nil
	case isURL(arg):
		return news.Source{URL: arg}, nil
	}
	return news.Source{}, &aggregator.UnknownSourceError{IDs: []string{arg}}
}

// foundRow is an item as `fetch --json` prints it.
type foundRow struct {
	itemRow
	Keys         []string `json:"keys"`
	Decision     string   `json:"decision"`
	Summary      string   `json:"summary"`
	Content      string   `json:"content"`
	URLRaw       string   `json:"url_raw"`
	PublishedRaw string   `json:"published_raw"`
	Guessed      []string `json:"guessed"`

	Furniture []furnitureRow `json:"furniture"`
}

// furnitureRow is a piece of an item's text that is not republished.
type furnitureRow struct {
	Field string `json:"field"` // summary or content
	Rule  string `json:"rule"`
	Text  string `json:"text"` // its words
}

func furnitureRows(it news.Item) []furnitureRow {
	rows := []furnitureRow{}
	for _, c := range it.Furniture {
		field, s := "summary", it.Summary
		if c.Content {
			field, s = "content", it.Content
		}
		rows = append(rows, furnitureRow{field, c.Rule, strings.ReplaceAll(parse.Plain(s[c.Start:c.End]), "\n", " ")})
	}
	return rows
}

func (a *app) printFound(f aggregator.Found, line string, asJSON bool) error {
	if !asJSON {
		more := "decision  " + f.Decision
		for _, r := range furnitureRows(f.Item) {
			more += fmt.Sprintf("\nleft out  %s (%s, %s)", r.Text, r.Field, r.Rule)
		}
		return a.printItem(f.Item, line, more)
	}
	return a.json(foundRow{
		itemRow: newItemRow(f.Item, news.Entry{}, line, nil), Keys: aggregator.Keys(f.Item), Decision: f.Decision,
		Summary: f.Item.Summary, Content: f.Item.Content, URLRaw: cmp.Or(f.Item.URLRaw, f.Item.URL),
		PublishedRaw: f.Item.PublishedRaw, Guessed: append([]string{}, f.Item.Guessed...),
		Furniture: furnitureRows(f.Item),
	})
}
