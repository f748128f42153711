package main

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"dateline/aggregator"
	"dateline/aggregator/news"
	"dateline/aggregator/publish"
	"dateline/cmd/dateline/node"
	"dateline/store"
)

// formats returns those that `feed` prints.
func formats() (all []string) {
	for _, f := range append(publish.FeedFormats(), publish.OPML, publish.HTML) {
		all = append(all, string(f))
	}
	return all
}

func (a *app) feedCommand() *cobra.Command {
	var format, out string
	var l publish.Listing
	cmd := &cobra.Command{
		Use: "feed", Short: "Print the merged feed, or that of a source, topic, language or search", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("format", format, formats()); err != nil {
				return err
			}
			if narrowedTwice(l) {
				return usage("want one of --source, --topic, --language and --query")
			}
			to, commit, abandon, err := a.output(out)
			if err != nil {
				return err
			}
			defer abandon()
			was := a.stdout
			a.stdout = to
			err = a.reads(cmd, args, func(_ context.Context, w *node.Node) error { return a.feed(w, l, publish.Format(format)) })
			a.stdout = was
			if code, _ := judge(err); code != exitOK {
				return err
			}
			return commit()
		},
	}
	f := cmd.Flags()
	f.StringVar(&format, "format", "atom", "the `FORMAT`: "+strings.Join(formats(), ", "))
	f.StringVar(&l.Source, "source", "", "only what the source `ID` carries, with what is held back of it")
	f.StringVar(&l.Topic, "topic", "", "only what the sources of the `TOPIC` carry")
	f.StringVar(&l.Language, "language", "", "only what is in the `LANGUAGE`, such as ru")
	f.StringVar(&l.Query, "query", "", "only what the `QUERY` finds")
	f.StringVarP(&out, "output", "o", "", "write to `FILE`, whole, instead of standard output")
	return cmd
}

func (a *app) feed(w *node.Node, l publish.Listing, format publish.Format) error {
	return w.View(func(v store.View) error {
		p, err := w.Publisher(v)
		if err != nil {
			return err
		}
		doc, err := p.Feed(v, l, format)
		switch {
		case errors.Is(err, publish.ErrListing):
			return noListing(l)
		case errors.Is(err, publish.ErrFormat), errors.Is(err, news.ErrQuery):
			return &usageError{err: err}
		}
		if err != nil {
			return err
		}
		_, err = a.stdout.Write(doc.Bytes)
		return err
	})
}

// noListing says of what there is no feed.
func noListing(l publish.Listing) error {
	switch {
	case l.Source != "":
		return &aggregator.UnknownSourceError{IDs: []string{l.Source}}
	case l.Topic != "":
		return usage("no source has the topic %q", l.Topic)
	}
	return usage("nothing is published in the language %q", l.Language)
}

// narrowedTwice reports whether a listing names more than one thing.
func narrowedTwice(l publish.Listing) bool {
	named := slices.DeleteFunc([]string{l.Source, l.Topic, l.Language, l.Query}, func(s string) bool { return s == "" })
	return len(named) > 1
}
