package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"dateline/aggregator"
	"dateline/aggregator/attribute"
	"dateline/aggregator/config"
	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
	"dateline/aggregator/platform"
	"dateline/aggregator/publish"
	"dateline/aggregator/push"
	"dateline/aggregator/schedule"
	"dateline/aggregator/search"
	"dateline/store"
)

// version is stamped by the linker: -ldflags "-X main.version=1.2.3". The module's version serves where it is not.
var version string

// Version returns the version as a token (RFC 9110 section 10.1.5): `devel` where none is stamped.
func Version() string {
	v := version
	if info, ok := debug.ReadBuildInfo(); ok && v == "" {
		v = info.Main.Version
	}
	if v = strings.Trim(v, "()"); v == "" {
		v = "devel"
	}
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r > '~' || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r) {
			return '-'
		}
		return r
	}, v)
}

// deps is an open store and all that works on it, made from one config.
type deps struct {
	cfg        *config.Config
	configPath string
	store      *store.Store
	client     *fetch.Client
	hubClient  *fetch.Client // for callbacks, and a hub elsewhere
	pings      *sync.Mutex   // one pass at a time tells that hub
	registry   *attribute.Registry
	engine     *aggregator.Aggregator
	trusted    []netip.Prefix // proxies in front
	refresh    func() error   // makes what was published be served; nil: nothing is served
	log        *slog.Logger
}

func newDeps(cfg *config.Config, configPath string, st *store.Store, log *slog.Logger) (*deps, error) {
	client, err := newClient(cfg)
	if err != nil {
		return nil, err
	}
	hubClient, err := newHubClient(cfg)
	if err != nil {
		return nil, err
	}
	registry, err := newRegistry(cfg)
	if err != nil {
		return nil, err
	}
	w := &deps{cfg: cfg, configPath: configPath, store: st, client: client, hubClient: hubClient, pings: &sync.Mutex{}, registry: registry, trusted: cfg.HTTP.Proxies(), log: log}
	w.engine = aggregator.New(st, w.setup(), log)
	return w, nil
}

// serve makes what was published be served; with no daemon it tells the hub elsewhere that the config names, if any.
func (w *deps) serve(ctx context.Context) error {
	if w.refresh == nil {
		return w.ping(ctx)
	}
	return w.refresh()
}

func (w *deps) close() error {
	w.client.Close()
	w.hubClient.Close()
	return w.store.Close()
}

// newRegistry adds the config's agencies to the built-in ones, and each source's own under the source's
// name where the registry lacks it.
func newRegistry(cfg *config.Config) (*attribute.Registry, error) {
	extra := cfg.NewsAgencies()
	registry, err := attribute.New(extra, attribute.Rules())
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errConfig, err)
	}
	have := map[string]bool{}
	for _, src := range cfg.NewsSources() {
		if _, known := registry.Agency(src.Agency); !known && !have[src.Agency] {
			have[src.Agency] = true
			extra = append(extra, news.Agency{Key: src.Agency, Name: src.Name, Kind: news.KindAgency, Site: src.Site})
		}
	}
	if len(have) == 0 {
		return registry, nil
	}
	if registry, err = attribute.New(extra, attribute.Rules()); err != nil {
		return nil, fmt.Errorf("%w: %w", errConfig, err)
	}
	return registry, nil
}

func newClient(cfg *config.Config) (*fetch.Client, error) {
	c, err := fetch.New(fetchOptions(cfg))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errConfig, err)
	}
	return c, nil
}

func fetchOptions(cfg *config.Config) fetch.Options {
	contact := cfg.Network.Contact
	if contact == "" {
		contact = cfg.Base()
	}
	return fetch.Options{
		UserAgent: fmt.Sprintf("Dateline/%s (+%s)", Version(), contact),
		Timeout:   time.Duration(cfg.Poll.Timeout),
		MaxBody:   int64(cfg.Network.MaxBody),
		RetryMax:  time.Duration(cfg.Poll.RetryMax),
		Gap:       time.Duration(cfg.Poll.HostGap),
		Allow:     cfg.Network.Allow,
		Ports:     cfg.Network.Ports,
		Proxy:     cfg.Network.Proxy,
		Expand:    config.Expand,
		Idle:      idleConnections(platform.Descriptors()),
	}
}

func (w *deps) setup() aggregator.Setup {
	return aggregator.Setup{
		Sources: w.cfg.NewsSources(), Client: w.client, Registry: w.registry,
		Pace:        schedule.Pace{Floor: time.Duration(w.cfg.Poll.Floor), RetryMax: time.Duration(w.cfg.Poll.RetryMax)},
		Thresholds:  news.Thresholds{Window: time.Duration(w.cfg.Match.Window), Duplicate: float64(w.cfg.Match.Duplicate), Edited: float64(w.cfg.Match.Edited)},
		FirstPoll:   w.cfg.Feed.FirstPoll,
		Concurrency: min(w.cfg.Poll.Concurrency, maxVisits(platform.Descriptors())),
		Retention:   store.Retention{Text: time.Duration(w.cfg.Store.Retention), Keys: time.Duration(w.cfg.Store.Keys)},
	}
}

// pushSetup is what the config decides about hubs.
func (w *deps) pushSetup() push.Setup {
	s := push.Setup{Base: w.cfg.Base(), Client: w.client.HTTP(), Turn: w.engine.Turn, Problem: fetch.Problem, Host: fetch.Host,
		RetryAfter: w.client.RetryAfter, MaxBody: int64(w.cfg.Network.MaxBody)}
	for _, src := range w.cfg.NewsSources() {
		if src.Enabled {
			s.Sources = append(s.Sources, src.ID)
		}
	}
	return s
}

// publisher returns a publisher for the sources that v knows of.
func (w *deps) publisher(v store.View) (*publish.Publisher, error) {
	sources, err := aggregator.KnownSources(v, w.engine.Sources())
	if err != nil {
		return nil, err
	}
	return publish.New(w.publishOptions(sources)), nil
}

func (w *deps) publishOptions(sources []news.Source) publish.Options {
	return publish.Options{
		Title: w.cfg.Feed.Title, ID: w.cfg.Feed.ID, BaseURL: w.cfg.Base(), Language: w.cfg.Feed.Language,
		Entries: w.cfg.Feed.Entries, Summary: w.cfg.Feed.Summary, AtLeast: w.cfg.Feed.AtLeast, CreditLine: w.cfg.Feed.CreditLine, IPTC: w.cfg.Feed.IPTC,
		Contact: w.cfg.Network.Contact, Sources: sources, Listed: w.cfg.Changed(), Topics: w.cfg.TopicNames(), Agency: w.registry.Agency, Version: Version(), Hub: hubAddress(w.cfg),
		States: w.sourceStates, Find: searching(sources),
	}
}

// searching returns a search that finds of each source what it grants.
func searching(sources []news.Source) func(publish.Reader, string) ([]news.Key, error) {
	grants := make(map[string]news.Content, len(sources))
	for _, src := range sources {
		grants[src.ID] = src.Content
	}
	s := &search.Searcher{Grant: func(source string) news.Content {
		grant, known := grants[source]
		switch {
		case !known:
			return news.Headline
		case grant == "":
			return news.Summary
		}
		return grant
	}}
	return func(r publish.Reader, query string) ([]news.Key, error) {
		postings, ok := r.(search.Postings)
		if !ok {
			return nil, fmt.Errorf("%T cannot be searched", r)
		}
		return s.Find(postings, query)
	}
}

// logger returns the log of a command that is no daemon: nothing, unless more was asked for.
func (a *app) logger() *slog.Logger {
	if !a.verbose {
		return slog.New(slog.DiscardHandler)
	}
	return a.newLog(true)
}

// newLog writes text for people, JSON for machines.
func (a *app) newLog(text bool) *slog.Logger {
	o := &slog.HandlerOptions{Level: a.level()}
	if text {
		return slog.New(slog.NewTextHandler(a.stderr, o))
	}
	return slog.New(slog.NewJSONHandler(a.stderr, o))
}

// level is how much the log tells.
func (a *app) level() slog.Level {
	switch {
	case a.quiet:
		return slog.LevelError
	case a.verbose:
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// view reads the store and gives what went wrong in it its name.
func (w *deps) view(read func(store.View) error) error {
	err := w.store.View(read)
	if err != nil && errors.Is(err, store.ErrCorrupt) {
		return fmt.Errorf("%s: %w", w.store.Path(), err)
	}
	return err
}
