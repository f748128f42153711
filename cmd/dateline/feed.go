package main

import (
	"context"

	"github.com/spf13/cobra"

	"dateline/store"
)

func (a *app) feedCommand() *cobra.Command {
	var format, out string
	cmd := &cobra.Command{
		Use: "feed", Short: "Print the merged feed", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if format != "atom" {
				return usage("unknown format %q: it is atom", format)
			}
			to, commit, abandon, err := a.output(out)
			if err != nil {
				return err
			}
			defer abandon()
			was := a.stdout
			a.stdout = to
			err = a.reads(cmd, args, a.feed)
			a.stdout = was
			if code, _ := judge(err); code != exitOK {
				return err
			}
			return commit()
		},
	}
	cmd.Flags().StringVar(&format, "format", "atom", "the `FORMAT`: atom")
	cmd.Flags().StringVarP(&out, "output", "o", "", "write to `FILE`, whole, instead of standard output")
	return cmd
}

func (a *app) feed(_ context.Context, w *wire) error {
	return w.view(func(v store.View) error {
		p, err := w.publisher(v)
		if err != nil {
			return err
		}
		doc, err := p.Atom(v)
		if err != nil {
			return err
		}
		_, err = a.stdout.Write(doc.Bytes)
		return err
	})
}
