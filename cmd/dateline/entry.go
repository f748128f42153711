package main

import (
	"context"
	"errors"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"dateline/aggregator/config"
	"dateline/aggregator/entries"
	"dateline/aggregator/news"
	"dateline/cmd/dateline/node"
	"dateline/store"
)

const entryLong = `An editor's decision is kept, and holds against every later poll, restart and revision until another one takes it back:
join undoes split, split undoes join, restore undoes withdraw. ENTRY and ITEM are keys as ` + "`export`" + ` prints them, atom:ids, or
addresses of entries' pages; an entry may be named by any item of it.`

func (a *app) entryCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "entry", Short: "Decide on entries: split, join, withdraw, restore", Long: entryLong, Args: cobra.NoArgs,
		RunE: needsCommand,
	}
	var erase bool
	const (
		takeBack = "Take an entry back, even if its sources still publish it"
		takeOut  = "Take an item out of an entry; it gets one of its own"
		makeOne  = "Make two entries one: the one that was published first"
	)
	withdraw := a.decision("withdraw ENTRY", takeBack, 1, func(w *node.Node, k []news.Key, reason string) (editRow, error) {
		entry, err := w.Engine.Withdraw(k[0], erase, reason)
		return editRow{Entry: entry, Erased: erase}, err
	})
	withdraw.Flags().BoolVar(&erase, "erase", false, "destroy its text and credits, in every revision; what it is recognised by is kept.\n"+
		"What the file still holds of it in free pages is overwritten in time, or at once by db compact")
	cmd.AddCommand(
		a.decision("split ENTRY ITEM", takeOut, 2, func(w *node.Node, k []news.Key, reason string) (editRow, error) {
			old, own, err := w.Engine.Split(k[0], k[1], reason)
			return editRow{Entry: old, Own: own}, err
		}),
		a.decision("join ENTRY ENTRY", makeOne, 2, func(w *node.Node, k []news.Key, reason string) (editRow, error) {
			into, err := w.Engine.Join(k[0], k[1], reason)
			return editRow{Entry: into}, err
		}),
		withdraw,
		a.decision("restore ENTRY", "Publish a withdrawn entry again", 1, func(w *node.Node, k []news.Key, reason string) (editRow, error) {
			entry, err := w.Engine.Restore(k[0], reason)
			return editRow{Entry: entry}, err
		}),
		a.entryDecisions(),
	)
	return cmd
}

// decisionRow is a decision as `entry decisions --json` and `show --json` print it.
type decisionRow struct {
	At       moment   `json:"at"`
	Decision string   `json:"decision"`
	Entry    news.Key `json:"entry"` // as it was called then
	Other    news.Key `json:"other"` // of a split the item, of a join the other entry
	Reason   string   `json:"reason"`
}

func newDecisions(all []news.Decision) []decisionRow {
	rows := []decisionRow{}
	for _, d := range all {
		rows = append(rows, decisionRow{moment(d.At), d.Name, d.Entry, d.Other, d.Reason})
	}
	return rows
}

// printDecision prints a decision in lines that fit a narrow terminal.
func (a *app) printDecision(d news.Decision) {
	a.printf("%s  %-8s  %s\n", node.Stamp(d.At), d.Name, d.Entry)
	if !d.Other.IsZero() {
		a.printf("%32s%s\n", map[string]string{"split": "item  ", "join": "with  "}[d.Name], d.Other)
	}
	if d.Reason != "" {
		a.printf("%32s%s\n", "reason  ", d.Reason)
	}
}

func (a *app) entryDecisions() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "decisions", Short: "List the decisions on entries, the newest first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.reads(cmd, args, func(_ context.Context, w *node.Node) error {
				return w.View(func(v store.View) error {
					all, err := v.Decisions()
					if err != nil {
						return err
					}
					if asJSON {
						return a.json(map[string][]decisionRow{"decisions": newDecisions(all)})
					}
					for _, d := range all {
						a.printDecision(d)
					}
					return nil
				})
			})
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

// editRow is a decision as `entry --json` prints it.
type editRow struct {
	Decision string   `json:"decision"`
	Entry    news.Key `json:"entry"`           // as it is called now
	Own      news.Key `json:"own,omitzero"`    // of a split: the entry that was made, or is there again
	Erased   bool     `json:"erased,omitzero"` // of a withdrawal
}

// decision is one of the commands: it names items, and decides on their entries.
func (a *app) decision(use, short string, names int, decide func(*node.Node, []news.Key, string) (editRow, error)) *cobra.Command {
	var asJSON bool
	var reason string
	cmd := &cobra.Command{
		Use: use, Short: short, Long: short + ".\n\n" + entryLong, Args: cobra.ExactArgs(names),
		RunE: func(cmd *cobra.Command, args []string) error {
			if n := len([]rune(reason)); n > maxReason || strings.ContainsFunc(reason, unicode.IsControl) {
				return usage("--reason: want one line of at most %d characters", maxReason)
			}
			return a.changes(cmd, args, func(_ context.Context, w *node.Node) error {
				keys, err := keysOf(w, args)
				if err != nil {
					return err
				}
				rec, err := decide(w, keys, reason)
				var edit *entries.EditError
				if errors.As(err, &edit) {
					return &exitError{err, exitUsage, "`dateline show ENTRY` shows its state; nothing was changed"}
				}
				if err != nil {
					return err
				}
				if w.Refresh != nil { // a daemon
					w.Log.Info("editor's decision", "decision", cmd.Name(), "entry", rec.Entry, "reason", reason)
					if err := w.Refresh(); err != nil {
						return err
					}
				}
				if rec.Decision = cmd.Name(); asJSON {
					return a.json(rec)
				}
				a.printf("%s\n", rec.Entry)
				if !rec.Own.IsZero() {
					a.printf("%s\n", rec.Own)
				}
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why, in a `LINE` for editors: entry decisions and show print it, no document does")
	jsonFlag(cmd, &asJSON)
	return cmd
}

// maxReason is the length, in characters, of the longest reason.
const maxReason = 1000

// keysOf finds the items that are named.
func keysOf(w *node.Node, names []string) (keys []news.Key, err error) {
	err = w.View(func(v store.View) error {
		for _, name := range names {
			it, err := findItem(v, name)
			if err != nil {
				return err
			}
			keys = append(keys, it.Key)
		}
		return nil
	})
	return keys, err
}

// changes is writes for a command that has nothing to change where no store is yet, and makes none.
func (a *app) changes(cmd *cobra.Command, args []string, do func(context.Context, *node.Node) error) error {
	return a.onStore(cmd, args, openToChange, do)
}

func openToChange(cfg *config.Config) (*store.Store, func(), error) {
	look, done, err := openToRead(cfg)
	if err != nil {
		return nil, done, err
	}
	if look.Path() != cfg.Store.Path {
		return look, done, nil // an empty one, in which nothing can be named
	}
	if err := look.Close(); err != nil {
		return nil, func() {}, err
	}
	return openToWrite(cfg)
}
