package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/net/publicsuffix"

	"dateline/aggregator/attribute"
	"dateline/aggregator/config"
	"dateline/aggregator/text"
	"dateline/cmd/dateline/node"
)

func (a *app) sourcesAdd() *cobra.Command {
	var given config.Source
	var every string
	var offline, asJSON bool
	cmd := &cobra.Command{
		Use:   "add URL...",
		Short: "Put feeds on the list of sources",
		Long: "Put feeds on the list of sources, all in one change of the config. Each address is visited first; of a page that names\n" +
			"one feed that is taken. Id, name, language, agency and zone are derived where they are not given.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if every != "" {
				var err error
				if given.Every, err = config.ReadDuration("every", every); err != nil {
					return usage("--every: %v", err)
				}
				if given.Every == 0 {
					return usage("--every: 0 is no interval: leave the flag away, and poll.every counts")
				}
			}
			if len(args) > 1 && given.ID+given.Name != "" {
				return usage("--id and --name are of one source: add the others by themselves")
			}
			given.Enabled = true
			return a.add(cmd.Context(), given, args, offline, asJSON)
		},
	}
	f := cmd.Flags()
	f.StringVar(&given.ID, "id", "", "its short, permanent `ID`")
	f.StringVar(&given.Name, "name", "", "its `NAME` as credited to readers")
	f.StringVar(&given.Language, "language", "", "its `LANGUAGE`, BCP 47")
	f.StringVar(&every, "every", "", "how often it is polled, such as `15m`")
	f.StringArrayVar(&given.Topics, "topic", nil, "a `TOPIC` of it; may be repeated")
	cobra.CheckErr(cmd.RegisterFlagCompletionFunc("language", // it fails for an unknown flag only
		a.completeWords(func(c *config.Config) []string { return append(languages(c), config.Languages()...) })))
	cobra.CheckErr(cmd.RegisterFlagCompletionFunc("topic", a.completeWords(topicsOfSources)))
	f.BoolVar(&offline, "offline", false, "do not visit it")
	jsonFlag(cmd, &asJSON)
	return cmd
}

// addition is a source to be added.
type addition struct {
	address string // as typed
	found   feedRow
	src     config.Source
	err     error // why it is not added
}

// add puts what is given of a source, completed by what is at each address, on the list: all in one change.
func (a *app) add(ctx context.Context, given config.Source, addresses []string, offline, asJSON bool) error {
	cfg, err := a.readConfig(ctx)
	if err != nil {
		return err
	}
	all := make([]addition, len(addresses))
	for i, address := range addresses {
		all[i] = addition{address: address, found: feedRow{URL: address}, err: cmp.Or(published(cfg, address), absent(cfg, address))}
		if all[i].err == nil {
			all[i].err = webAddress(address)
		}
		if all[i].err == nil && !offline {
			all[i].found, all[i].err = a.onlyFeed(ctx, address)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if err := a.addAll(ctx, given, all); err != nil {
		return err
	}
	failed := 0
	for _, one := range all {
		switch {
		case one.err != nil && len(all) == 1:
			return one.err
		case one.err != nil:
			failed++
			a.complainOf(one)
		default:
			if err := a.added(one.src, one.found, asJSON); err != nil {
				return err
			}
		}
	}
	if failed > 0 {
		return &sourcesError{failed: failed, visited: len(all), unstored: failed == len(all), added: len(all) - failed}
	}
	return nil
}

// complainOf says why one of several addresses was not added, unless that has been said.
func (a *app) complainOf(one addition) {
	var said *remoteError
	if !errors.As(one.err, &said) {
		a.complaint("%s: %s", one.address, strings.TrimPrefix(one.err.Error(), one.address+" "))
	}
}

// addAll writes the additions without an error to the config and notes the errors of those that it does not take.
func (a *app) addAll(ctx context.Context, given config.Source, all []addition) error {
	return a.rewrite(ctx, func(b []byte) ([]byte, error) {
		cfg, err := config.Parse(a.configPath, b)
		if err != nil {
			return nil, err
		}
		registry, err := node.NewRegistry(cfg)
		if err != nil {
			return nil, err
		}
		var sources []config.Source
		for i := range all {
			one := &all[i]
			if one.err == nil {
				one.err = absent(cfg, one.found.URL)
			}
			if one.err == nil && one.found.URL != one.address {
				one.err = foreign(one.found.URL)
			}
			if one.err != nil {
				continue
			}
			one.src = sourceFrom(cfg, registry, given, one.found)
			if err := cfg.Accepts(one.src); err != nil {
				one.err = &usageError{err: err}
				continue
			}
			cfg.Sources = append(cfg.Sources, one.src)
			sources = append(sources, one.src)
		}
		if sources == nil {
			return b, nil
		}
		return config.Add(a.configPath, b, sources, nil)
	})
}

// onlyFeed returns the one feed that an address leads to. Several are printed, to choose from.
func (a *app) onlyFeed(ctx context.Context, address string) (feedRow, error) {
	all, err := a.discover(ctx, address)
	switch {
	case err != nil:
		return feedRow{}, err
	case len(all) == 1:
		return all[0], nil
	}
	if err := a.tableOfFeeds(all); err != nil {
		return feedRow{}, err
	}
	return feedRow{}, usage("%s names %d feeds: add the one that is wanted by its own address", address, len(all))
}

// foreign returns an error for an address from elsewhere that names a secret of ours: visits would send it there.
func foreign(address string) error {
	if config.NamesSecret(address) {
		return usage("%s names a secret: only an address that you type may", address)
	}
	return nil
}

// published returns the error of the config for an address with a user or password: visits leave them out, so it is asked first.
func published(cfg *config.Config, address string) error {
	full := address
	if !strings.Contains(full, "://") {
		full = "https://" + full
	}
	if u, err := url.Parse(full); err != nil || u.User == nil {
		return nil
	}
	if err := cfg.Accepts(config.Source{ID: freeID(cfg, "new", ""), URL: full}); err != nil {
		return &usageError{err: err}
	}
	return nil
}

// absent returns an error for the address of a source that is on the list.
func absent(cfg *config.Config, address string) error {
	for _, s := range cfg.Sources {
		if config.SameFeed(s.URL, address) {
			return usage("%s is on the list already, as %s", address, s.ID)
		}
	}
	return nil
}

// added says what was added, and what is left to be decided.
func (a *app) added(src config.Source, found feedRow, asJSON bool) error {
	if asJSON {
		return a.json(map[string]config.Source{"added": src.Redact()})
	}
	if a.quiet {
		return nil
	}
	for i, line := range src.Redact().Lines() {
		a.printf("%s%s\n", map[bool]string{true: "- ", false: "  "}[i == 0], line)
	}
	if found.Undated > 0 && src.Timezone == "" {
		a.printf("note: %d of %d items have a date without an offset, which stays missing until the source has a timezone\n", found.Undated,
			found.Items)
	}
	return nil
}

// sourceFrom completes what is given of a source with what was found, and with what the config and the registry of
// agencies say of the others of its host.
func sourceFrom(cfg *config.Config, registry *attribute.Registry, given config.Source, found feedRow) config.Source {
	src := given
	src.URL = found.URL
	src.Language = cmp.Or(given.Language, text.CanonicalTag(found.Language))
	host := ""
	if u, err := url.Parse(src.URL); err == nil {
		host = u.Hostname()
	}
	key, known := registry.Host(host)
	if site, err := url.Parse(found.Site); !known && err == nil && site.Host != "" {
		key, known = registry.Host(site.Hostname())
	}
	if !known {
		key, known = agencyCalled(registry, cmp.Or(given.Name, found.Title))
	}
	base := key
	if !known {
		base = slug(host, found.Title)
	}
	src.ID = cmp.Or(given.ID, freeID(cfg, base, src.Language))
	if agency, ok := registry.Agency(key); known && ok {
		src.Name = cmp.Or(given.Name, agency.Names[src.Language], agency.Name)
		if src.ID != key {
			src.Agency = key
		}
	}
	src.Name = cmp.Or(src.Name, given.Name, strings.TrimSpace(found.Title))
	for _, other := range cfg.Effective().Sources {
		if other.Agency == cmp.Or(src.Agency, src.ID) {
			src.Timezone = cmp.Or(src.Timezone, other.Timezone)
		}
	}
	if u, err := url.Parse(found.Site); err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.User == nil && u.Host != "" {
		src.Site = found.Site
	}
	return src
}

// besideName are words that a feed's title has beside the name of its agency.
var besideName = []string{"agency", "all", "atom", "english", "feed", "feeds", "home", "latest", "main", "news", "online",
	"russian", "rss", "top", "wire",
	"агентство", "все", "главное", "главные", "лента", "новости", "новостей", "последние", "навіны"}

// agencyCalled returns the agency that a title names with nothing but such words beside: BelTA for "BelTA News".
func agencyCalled(registry *attribute.Registry, title string) (key string, known bool) {
	title = strings.TrimSpace(title)
	if key, known = registry.Lookup(title); known || title == "" {
		return key, known
	}
	name, found := registry.Match(title, 0)
	if !found {
		return "", false
	}
	for _, word := range text.Words(title[name.End:]) {
		if !slices.Contains(besideName, word) {
			return "", false
		}
	}
	return name.Key, true
}

var notInID = regexp.MustCompile(`[^a-z0-9]+`)

// slug makes an id of the domain that a host belongs to; of a host without one, of the title.
func slug(host, title string) string {
	words := title
	if _, err := netip.ParseAddr(host); err != nil && strings.Contains(host, ".") {
		words = strings.TrimPrefix(host, "www.")
		if domain, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
			words, _, _ = strings.Cut(domain, ".")
		}
	}
	s := strings.Trim(notInID.ReplaceAllString(strings.ToLower(words), "-"), "-")
	s = strings.TrimRight(s[:min(len(s), 40)], "-")
	if s == "" || s[0] < 'a' {
		s = strings.TrimRight("source-"+s, "-")
	}
	return s
}

// freeID returns base, or the first that no source has of base with the language and with a number.
func freeID(cfg *config.Config, base, language string) string {
	taken := func(id string) bool {
		return slices.ContainsFunc(cfg.Sources, func(s config.Source) bool { return s.ID == id })
	}
	if !taken(base) {
		return base
	}
	if primary, _, _ := strings.Cut(strings.ToLower(language), "-"); primary != "" {
		if base += "-" + primary; !taken(base) {
			return base
		}
	}
	for n := 2; ; n++ {
		if id := fmt.Sprintf("%s-%d", base, n); !taken(id) {
			return id
		}
	}
}
