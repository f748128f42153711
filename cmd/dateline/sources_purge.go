package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"dateline/aggregator"
	"dateline/cmd/dateline/node"
)

func (a *app) purgeCommand() *cobra.Command {
	var yes, asJSON bool
	cmd := &cobra.Command{
		Use: "purge SOURCE", Short: "Forget a source that is configured no more, and its items", Args: cobra.ExactArgs(1),
		ValidArgsFunction: cobra.NoFileCompletions, // what is configured cannot be purged
		Long: "Forget a source that is configured no more: its items, what they are recognised by, and what was learned of it. Its\n" +
			"entries leave the documents without a notice; withdraw first what readers should know of. An item stays that represents\n" +
			"an entry which other sources carry. If the source is added again, it is a new one, and what is still in its feed has the\n" +
			"ids that it had.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if !yes {
				if err := a.confirm(fmt.Sprintf("forget %s and all its items?", args[0])); err != nil {
					return err
				}
				if err := cmd.Flags().Set("yes", "true"); err != nil { // for an owner, which cannot ask
					return err
				}
			}
			return a.writes(cmd, args, func(ctx context.Context, w *node.Node) error {
				done, err := w.Engine.Purge(args[0])
				var listed *aggregator.ConfiguredError
				if errors.As(err, &listed) {
					return &exitError{err, exitUsage, "take it off the list first: `dateline sources remove " + listed.Source + "`"}
				}
				if err := errors.Join(err, w.Published(ctx)); err != nil {
					return err
				}
				if asJSON {
					return a.json(purgedRow{Source: args[0], Purged: done.Items, Kept: done.Kept})
				}
				a.printf("%s: %d purged, %d kept\n", args[0], done.Items, done.Kept)
				return nil
			})
		},
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask")
	jsonFlag(cmd, &asJSON)
	return cmd
}

// purgedRow is what `sources purge --json` prints.
type purgedRow struct {
	Source string `json:"source"`
	Purged int    `json:"purged"`
	Kept   int    `json:"kept"`
}

// confirm asks on a terminal, and returns an error for any answer but yes. Without a terminal no one can be asked.
func (a *app) confirm(question string) error {
	if a.owned != nil || !a.terminal {
		return usage("%s say --yes", question)
	}
	fmt.Fprintf(a.stderr, "%s [y/N] ", question)
	answer, err := bufio.NewReader(a.stdin).ReadString('\n')
	if answer = strings.ToLower(strings.TrimSpace(answer)); answer != "y" && answer != "yes" {
		return errors.Join(usage("nothing was done"), err)
	}
	return nil
}
