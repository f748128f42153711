package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"dateline/cmd/dateline/node"
)

func (a *app) releaseCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "release SOURCE", Short: "Publish what is held back of a source, the oldest first", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.writes(cmd, args, func(ctx context.Context, w *node.Node) error {
				done, err := w.Engine.Release(args[0])
				if err := errors.Join(err, w.Published(ctx)); err != nil {
					return err
				}
				if asJSON {
					return a.json(releasedRow{Source: args[0], Published: done.Published, Joined: done.Joined})
				}
				a.printf("%s: %d published, %d joined\n", args[0], done.Published, done.Joined)
				return nil
			})
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

func (a *app) dropHeldCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "drop-held SOURCE", Short: "Never publish what is held back of a source", Args: cobra.ExactArgs(1),
		Long: "Decide that what is held back of a source is never published. Its texts are destroyed; what the items are recognised\n" +
			"by stays, so that they do not come back as news.",
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.writes(cmd, args, func(ctx context.Context, w *node.Node) error {
				done, err := w.Engine.DropHeld(args[0])
				if err := errors.Join(err, w.Published(ctx)); err != nil {
					return err
				}
				if asJSON {
					return a.json(droppedRow{Source: args[0], Dropped: done.Dropped})
				}
				a.printf("%s: %d dropped\n", args[0], done.Dropped)
				return nil
			})
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

// releasedRow is what `sources release --json` prints.
type releasedRow struct {
	Source    string `json:"source"`
	Published int    `json:"published"`
	Joined    int    `json:"joined"`
}

// droppedRow is what `sources drop-held --json` prints.
type droppedRow struct {
	Source  string `json:"source"`
	Dropped int    `json:"dropped"`
}
