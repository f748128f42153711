package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"dateline/aggregator/dedup"
	"dateline/aggregator/news"
	"dateline/cmd/dateline/node"
	"dateline/store"
)

func (a *app) whyCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "why A B",
		Short: "Say why two items are one entry, or are not: every measure, threshold and guard",
		Long: "Decide again, with what is stored now, whether two items have the same text. A and B are items or entries: keys as `export`\n" +
			"prints them, atom:ids, or addresses of entries' pages. An entry stands for its representative.",
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.reads(cmd, args, func(_ context.Context, w *node.Node) error {
				return w.View(func(v store.View) error { return a.why(w, v, args[0], args[1], asJSON) })
			})
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

func (a *app) why(w *node.Node, v store.View, one, other string, asJSON bool) error {
	var items [2]news.Item
	for i, name := range []string{one, other} {
		it, err := findItem(v, name)
		if err != nil {
			return err
		}
		items[i] = it
	}
	j, err := dedup.Compare(v, items[0], items[1], w.Setup().Thresholds)
	if err != nil {
		return err
	}
	rec := newWhyRow(dedup.AsStored(j, items[0], items[1]))
	if rec.Editor, err = decided(v, items[0].Key, items[1].Key); err != nil {
		return err
	}
	for _, it := range items {
		rec.Pages = append(rec.Pages, newPageRow(it.Page))
	}
	if asJSON {
		return a.json(rec)
	}
	a.printf("decision    %s\n", rec.Decision)
	if rec.Rule != "" {
		a.printf("rule        %s\n", rec.Rule)
	}
	if rec.Editor != "" {
		a.printf("editor      %s\n", rec.Editor)
	}
	a.printf("containment %.2f\nshared      %d\ntitle_score %.2f\nstory_score %.2f\n", rec.Containment, rec.Shared, rec.TitleScore,
		rec.StoryScore)
	for _, g := range rec.Guards {
		said := "passed"
		if !g.Passed {
			said = "failed"
		}
		a.printf("guard       %-12s %s  %s\n", g.Name, said, g.Detail)
	}
	for i, it := range items {
		if it.Page != nil {
			a.printf("page        %s: %s\n", "AB"[i:i+1], pageSaid(*it.Page))
		}
	}
	t := rec.Thresholds
	a.printf("thresholds  window %s, duplicate %.2f with %d shared, edited %.2f with %d shared and titles %.2f alike, %d words\n",
		t.Window, t.Duplicate, t.Shared, t.Edited, t.SharedEdited, t.Title, t.Words)
	return nil
}

// findItem returns the item that name stands for; of an entry, its representative.
func findItem(v store.View, name string) (news.Item, error) {
	k, err := news.ParseKey(name)
	if err != nil {
		e, err := find(v, name)
		if err != nil {
			return news.Item{}, err
		}
		k = e.Key
	}
	it, found, err := v.Item(k)
	if err == nil && !found {
		err = fmt.Errorf("%w: %q", errNoEntry, name)
	}
	return it, err
}

// whyRow is a decision as `why --json` prints it.
type whyRow struct {
	Decision    string       `json:"decision"` // join:LEVEL, supersedes, story, same or apart
	Level       string       `json:"level"`    // empty: apart
	Rule        string       `json:"rule"`
	Editor      string       `json:"editor"` // what an editor decided, which holds regardless of the texts: apart or joined; empty: nothing
	Containment float64      `json:"containment"`
	Shared      int          `json:"shared"`
	TitleScore  float64      `json:"title_score"`
	StoryScore  float64      `json:"story_score"` // 0 where it was not asked
	Guards      []guardRow   `json:"guards"`
	Thresholds  thresholdRow `json:"thresholds"`
	Pages       []*pageRow   `json:"pages"` // of A and of B; null: its article's page was not asked for
}

type guardRow struct {
	Name   string `json:"name"`
	Passed bool   `json:"passed"`
	Detail string `json:"detail"`
}

type thresholdRow struct {
	Window       string  `json:"window"`
	Duplicate    float64 `json:"duplicate"`
	Edited       float64 `json:"edited"`
	Shared       int     `json:"shared"`
	SharedEdited int     `json:"shared_edited"`
	Title        float64 `json:"title"`
	Words        int     `json:"words"`
}

func newWhyRow(j *news.Join) whyRow {
	r := whyRow{
		Level: j.Level, Rule: j.Rule, Containment: j.Score, Shared: j.Shared, TitleScore: j.Title, StoryScore: j.Story, Guards: []guardRow{},
		Thresholds: thresholdRow{
			Window: j.Thresholds.Window.Round(time.Second).String(), Duplicate: j.Thresholds.Duplicate, Edited: j.Thresholds.Edited,
			Shared: dedup.MinShared, SharedEdited: dedup.MinSharedEdited, Title: dedup.LikeTitle, Words: dedup.MinWords,
		},
	}
	for _, g := range j.Guards {
		r.Guards = append(r.Guards, guardRow(g))
	}
	switch j.Level {
	case "":
		r.Decision = "apart"
	case "L0":
		r.Decision = "same"
	case "L6":
		r.Decision = "supersedes"
	case "L7":
		r.Decision = "story"
	default:
		r.Decision = "join:" + j.Level
	}
	return r
}
