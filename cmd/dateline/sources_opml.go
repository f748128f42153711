package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"dateline/aggregator/attribute"
	"dateline/aggregator/config"
	"dateline/aggregator/opml"
	"dateline/cmd/dateline/node"
)

func (a *app) sourcesExport() *cobra.Command {
	var path string
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Print the list of sources as OPML 2.0",
		Long: "Print the list of sources as OPML 2.0, topics as folders. All keys of a source go along but lists other than topics, and " +
			"its\nheader fields, which may be secrets; a secret in the query of an address is REDACTED.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := a.readConfig(cmd.Context())
			if err != nil {
				return err
			}
			w, commit, abandon, err := a.output(path)
			if err != nil {
				return err
			}
			if _, err := w.Write(listOf(cfg.Redact()).Bytes()); err != nil {
				abandon()
				return err
			}
			return commit()
		},
	}
	cmd.Flags().StringVarP(&path, "output", "o", "", "write to `FILE`, whole, then renamed")
	return cmd
}

// spoken are the keys of a source that OPML has attributes of its own for.
var spoken = []string{"name", "url", "site", "language"}

// listOf returns the sources of a config as a list of feeds.
func listOf(cfg *config.Config) *opml.Document {
	doc := &opml.Document{Title: cfg.Feed.Title}
	for _, t := range cfg.Topics {
		doc.Topics = append(doc.Topics, opml.Topic{ID: t.ID, Name: cmp.Or(t.Name, t.ID)})
	}
	for _, s := range cfg.Sources {
		f := opml.Feed{Title: cmp.Or(s.Name, s.ID), URL: s.URL, Site: s.Site, Language: s.Language, Topics: s.Topics}
		for _, a := range s.Attributes() {
			if !slices.Contains(spoken, a.Key) {
				f.Own = append(f.Own, opml.Attr{Name: a.Key, Value: a.Value})
			}
		}
		doc.Feeds = append(doc.Feeds, f)
	}
	return doc
}

func (a *app) sourcesImport() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Put the feeds of an OPML list on the list of sources",
		Long: "Put the feeds of an OPML list on the list of sources, folders as topics. Nothing is visited; addresses that are on the " +
			"list\nalready are passed over, and so is what cannot be a source or not be read, saying why. FILE may be - for standard input.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			b, err := a.readUpTo(args[0], opml.MaxSize+1)
			if err != nil {
				return err
			}
			list, err := opml.Read(b)
			if err != nil {
				return &exitError{fmt.Errorf("%s:%w", args[0], err), exitData, "want a list of feeds in OPML 2.0; nothing was changed"}
			}
			done, err := a.importList(cmd.Context(), list)
			if err != nil {
				return err
			}
			return a.imported(done, asJSON)
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

// importRow is what an import did, as `sources import --json` prints it.
type importRow struct {
	Added    []config.Source `json:"added"`
	Skipped  []skippedRow    `json:"skipped"`
	Repeated int             `json:"repeated"` // feeds that are listed more than once, in several folders or in one; each time but the first
}

type skippedRow struct {
	URL  string `json:"url"`
	Line int    `json:"line"`
	Why  string `json:"why"`
}

func (a *app) imported(done importRow, asJSON bool) error {
	if asJSON {
		for i := range done.Added {
			done.Added[i] = done.Added[i].Redact()
		}
		return a.json(done)
	}
	if a.quiet {
		return nil
	}
	for _, s := range done.Added {
		a.printf("added %s: %s\n", s.ID, config.Hide(s.URL))
	}
	for _, s := range done.Skipped {
		where := fmt.Sprintf("skipped line %d: ", s.Line)
		if s.URL != "" {
			where += s.URL + ": "
		}
		a.printf("%s%s\n", where, strings.TrimPrefix(s.Why, s.URL+" "))
	}
	again := ""
	if done.Repeated > 0 {
		again = fmt.Sprintf(", %d repeated", done.Repeated)
	}
	a.printf("%d added, %d skipped%s\n", len(done.Added), len(done.Skipped), again)
	return nil
}

// importList adds the feeds of a list to the config, all at once.
func (a *app) importList(ctx context.Context, list *opml.Document) (done importRow, err error) {
	err = a.rewrite(ctx, func(b []byte) ([]byte, error) {
		cfg, err := config.Parse(a.configPath, b)
		if err != nil {
			return nil, err
		}
		registry, err := node.NewRegistry(cfg)
		if err != nil {
			return nil, err
		}
		topics := newTopics(cfg, list)
		cfg.Topics = append(cfg.Topics, topics...)
		done = newSources(cfg, registry, list)
		if len(done.Added) == 0 {
			return b, nil
		}
		return config.Add(a.configPath, b, done.Added, topics)
	})
	return done, err
}

// newSources returns the sources that a list has and cfg has not. Of feeds that differ by scheme or a final slash alone it takes the
// first, and of those with an id in the list all.
func newSources(cfg *config.Config, registry *attribute.Registry, list *opml.Document) importRow {
	done := importRow{Added: []config.Source{}, Skipped: []skippedRow{}, Repeated: list.Repeated}
	before := slices.Clone(cfg.Sources)
	for _, f := range list.Feeds {
		skip := func(err error) {
			done.Skipped = append(done.Skipped, skippedRow{config.Hide(f.URL), f.Line, config.Hide(err.Error())})
		}
		if err := absent(&config.Config{Sources: before}, f.URL); err != nil {
			skip(err)
			continue
		}
		if err := absent(&config.Config{Sources: done.Added}, f.URL); err != nil && f.Get("id") == "" {
			skip(err)
			continue
		}
		given := config.Source{Name: f.Title, Site: f.Site, Enabled: true}
		for _, t := range f.Topics {
			given.Topics = append(given.Topics, topicOf(t))
		}
		var bad error
		for _, own := range f.Own {
			if err := given.Set(own.Name, own.Value); err != nil && bad == nil {
				bad = err
			}
		}
		if given.ID != "" {
			given.ID = freeID(cfg, given.ID, "")
		}
		src := sourceFrom(cfg, registry, given, feedRow{URL: f.URL, Title: f.Title, Language: f.Language, Site: f.Site})
		bad = cmp.Or(bad, foreign(src.URL))
		if bad == nil {
			bad = cfg.Accepts(src)
		}
		if bad != nil {
			skip(bad)
			continue
		}
		cfg.Sources = append(cfg.Sources, src)
		done.Added = append(done.Added, src)
	}
	for _, l := range list.LeftOut {
		done.Skipped = append(done.Skipped, skippedRow{config.Hide(l.URL), l.Line, config.Hide(l.Why)})
	}
	slices.SortStableFunc(done.Skipped, func(a, b skippedRow) int { return cmp.Compare(a.Line, b.Line) })
	return done
}

// newTopics returns the topics that have to be listed for the list's sources: all that are used where topics are
// listed, or where a folder of the list has another name than its topic; else none.
func newTopics(cfg *config.Config, list *opml.Document) []config.Topic {
	names := map[string]string{}
	named := len(cfg.Topics) > 0
	for _, t := range list.Topics {
		id := topicOf(t.ID)
		names[id] = t.Name
		named = named || t.Name != id
	}
	if !named {
		return nil
	}
	var all []config.Topic
	add := func(id string) {
		is := func(t config.Topic) bool { return t.ID == id }
		if slices.ContainsFunc(cfg.Topics, is) || slices.ContainsFunc(all, is) {
			return
		}
		t := config.Topic{ID: id}
		if names[id] != id {
			t.Name = names[id]
		}
		all = append(all, t)
	}
	for _, s := range cfg.Sources {
		for _, t := range s.Topics {
			add(t)
		}
	}
	for _, f := range list.Feeds {
		for _, t := range f.Topics {
			add(topicOf(t))
		}
	}
	return all
}

// topicOf makes a topic of a folder's name: what cannot be part of an address becomes a hyphen.
func topicOf(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\?#%`, r) {
			return '-'
		}
		return r
	}, name)
	if r := []rune(name); len(r) > config.MaxTopic {
		name = strings.TrimSpace(string(r[:config.MaxTopic]))
	}
	return name
}
