package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"dateline/aggregator"
	"dateline/aggregator/config"
	"dateline/cmd/dateline/node"
)

func (a *app) sourcesDiscover() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "discover URL",
		Short: "Find the feeds of a site",
		Long: fmt.Sprintf("Find the feeds of a site: at the address itself, named by its page, in a list that it is, or at well-known paths.\n"+
			"At most %d requests are made, one after the other at each host.", aggregator.MaxDiscover),
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := webAddress(args[0]); err != nil {
				return err
			}
			if err := a.resolve(args[0]); err != nil {
				return err
			}
			return a.reads(cmd, args, func(ctx context.Context, w *node.Node) error {
				found, err := w.Engine.Discover(ctx, args[0], a.expand)
				if err != nil {
					return &visitError{err}
				}
				return a.printFeeds(args[0], found, asJSON)
			})
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

// webAddress returns an error for what is no http or https address.
func webAddress(s string) error {
	if isURL(s) {
		return nil
	}
	meant := ""
	if u, err := url.Parse("https://" + s); err == nil && !strings.Contains(s, ":") && strings.Contains(u.Host, ".") {
		meant = u.String()
	}
	return usage("%q is no address: want http or https%s", config.Hide(s), didYouMean(config.Hide(meant)))
}

// resolve reads the secrets that an address names. The process that was called does so, not the one that has the store open:
// a caller learns no secret that it cannot read itself.
func (a *app) resolve(address string) error {
	if a.owned != nil {
		return nil
	}
	_, used, err := config.Expand(address)
	if err != nil {
		return usage("%s: %v", address, err)
	}
	a.secrets = map[string]string{}
	for i := 0; i+1 < len(used); i += 2 {
		a.secrets[used[i+1]] = cmp.Or(a.secrets[used[i+1]], used[i]) // the first is not encoded
	}
	return nil
}

// expand is [config.Expand] with the secrets that were read before.
func (a *app) expand(s string) (expanded string, used []string, err error) {
	return config.ExpandWith(s, a.secrets)
}

// visitError is an address that could not be read.
type visitError struct{ err error }

func (e *visitError) Error() string { return reason(e.err) }
func (e *visitError) Unwrap() error { return e.err }
func (e *visitError) verdict() (code exit, hint string) {
	if errors.Is(e.err, context.Canceled) || errors.Is(e.err, context.DeadlineExceeded) {
		return judge(e.err)
	}
	return exitUnavailable, "`dateline fetch URL` shows what is there; `sources add --offline` does not look"
}

// noFeedError says that nothing at an address is a feed.
type noFeedError struct {
	url      string
	requests int
}

func (e *noFeedError) verdict() (code exit, hint string) {
	return exitUnavailable, "look on the site for a link to its feed, and name that"
}

func (e *noFeedError) Error() string {
	return fmt.Sprintf("%s: no feed found with %d requests", e.url, e.requests)
}

// feedRow is a feed as `sources discover --json` prints it.
type feedRow struct {
	URL      string `json:"url"`
	How      string `json:"how"`
	Visited  bool   `json:"visited"`
	Format   string `json:"format"`
	Title    string `json:"title"`
	Language string `json:"language"`
	Site     string `json:"site"`
	Rights   string `json:"rights"`
	Hub      string `json:"hub"`
	Items    int    `json:"items"`
	Undated  int    `json:"undated"`
}

type feedsRow struct {
	Feeds    []feedRow `json:"feeds"`
	Requests int       `json:"requests"`
}

func (a *app) printFeeds(address string, found aggregator.Discovery, asJSON bool) error {
	all := feedsRow{Feeds: []feedRow{}, Requests: found.Requests}
	for _, f := range found.Feeds {
		all.Feeds = append(all.Feeds, feedRow{
			URL: f.URL, How: f.How, Visited: f.Visited, Format: f.Format, Title: f.Feed.Title, Language: f.Feed.Language,
			Site: f.Feed.Site, Rights: f.Feed.Rights, Hub: f.Feed.Hub, Items: f.Items, Undated: f.Undated,
		})
	}
	if asJSON {
		if err := a.json(all); err != nil {
			return err
		}
	} else if err := a.tableOfFeeds(all.Feeds); err != nil {
		return err
	}
	if len(all.Feeds) == 0 {
		return &noFeedError{address, found.Requests}
	}
	return nil
}

func (a *app) tableOfFeeds(all []feedRow) error {
	if len(all) == 0 {
		return nil
	}
	rows := [][]string{{"FEED", "FOUND BY", "FORMAT", "ITEMS", "LANGUAGE", "TITLE"}}
	for _, f := range all {
		items := "-"
		if f.Visited {
			items = fmt.Sprint(f.Items)
		}
		rows = append(rows, []string{f.URL, f.How, cmp.Or(f.Format, "-"), items, cmp.Or(f.Language, "-"), cmp.Or(f.Title, "-")})
	}
	return a.table(a.narrowed(rows, 0, 2, 3, 5))
}

// discover runs the command of that name, in the owner where there is one: no host is asked by two at a time.
func (a *app) discover(ctx context.Context, address string) ([]feedRow, error) {
	var out bytes.Buffer
	b := &app{stdin: bytes.NewReader(nil), stdout: &out, stderr: a.stderr, configPath: a.configPath}
	if code := b.run(ctx, []string{"sources", "discover", "--json", "--", address}); code != exitOK {
		return nil, &remoteError{code} // it has said why
	}
	var found feedsRow
	err := json.Unmarshal(out.Bytes(), &found)
	return found.Feeds, err
}
