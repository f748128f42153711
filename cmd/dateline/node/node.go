// Package node puts a Dateline together from one config: the open store, the engine, the clients and the publisher, with what the
// config decides handed to each. A command works on a node and closes it; the daemon runs one, and replaces it when the config changes.
//
// # Errors
//
// Errors of the config that have no place in its file are [ErrConfig]; those of the stages come back as they are.
package node

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"sync"

	"dateline/aggregator"
	"dateline/aggregator/attribute"
	"dateline/aggregator/config"
	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
	"dateline/aggregator/publish"
	"dateline/aggregator/search"
	"dateline/store"
)

// ErrConfig marks an error of the config that has no place in its file.
var ErrConfig = errors.New("config")

// Node is an open store and everything that works on it, made from one config. Its fields are read, never written, while it is in use.
type Node struct {
	Config     *config.Config // in force
	ConfigPath string         // of the file that Config was read from, of its own keys alone where ConfigRev is not 0
	ConfigRev  uint64         // of what Config has in common with other nodes; 0: the file says all
	Version    string         // a token, for the User-Agent and the documents
	Store      *store.Store
	Client     *fetch.Client // of the visits
	Engine     *aggregator.Aggregator
	Proxies    []netip.Prefix // in front of the public listener, trusted to name the client
	Refresh    func() error   // renders what was published; nil: no daemon serves
	Log        *slog.Logger

	hubClient *fetch.Client // for callbacks, and for an external hub
	pinging   *sync.Mutex   // one pass at a time pings the external hub
	registry  *attribute.Registry
	cluster   *Cluster // nil: this node is alone
}

// New returns a node on st, which [Node.Close] closes. After an error st is still open.
func New(cfg *config.Config, configPath, version string, st *store.Store, log *slog.Logger) (*Node, error) {
	if err := checkQueries(cfg); err != nil {
		return nil, err
	}
	n := &Node{Config: cfg, ConfigPath: configPath, Version: version, Store: st, Proxies: cfg.HTTP.Proxies(), Log: log, pinging: &sync.Mutex{}}
	var err error
	if n.Client, err = NewClient(cfg, version); err != nil {
		return nil, err
	}
	if n.hubClient, err = newHubClient(cfg, version); err != nil {
		return nil, err
	}
	if n.registry, err = NewRegistry(cfg); err != nil {
		return nil, err
	}
	n.Engine = aggregator.New(st, n.Setup(), log)
	return n, nil
}

// With returns a node that works by cfg, on the same store and engine. The engine still works by the old config until it is given
// [Node.Setup]; [Node.Retire] ends what only the old node uses.
func (n *Node) With(cfg *config.Config) (*Node, error) {
	if err := checkQueries(cfg); err != nil {
		return nil, err
	}
	next := *n
	next.Config, next.Proxies = cfg, cfg.HTTP.Proxies()
	var err error
	if !sameOptions(fetchOptions(n.Config, n.Version), fetchOptions(cfg, n.Version)) {
		if next.Client, err = NewClient(cfg, n.Version); err != nil {
			return nil, err
		}
		next.Client.Succeed(n.Client)
	}
	if !sameOptions(hubFetchOptions(n.Config, n.Version), hubFetchOptions(cfg, n.Version)) {
		if next.hubClient, err = newHubClient(cfg, n.Version); err != nil {
			return nil, err
		}
		next.hubClient.Succeed(n.hubClient)
	}
	if next.registry, err = NewRegistry(cfg); err != nil {
		return nil, err
	}
	return &next, nil
}

// Retire closes the clients of n that next does not use.
func (n *Node) Retire(next *Node) {
	if next.Client != n.Client {
		n.Client.Close()
	}
	if next.hubClient != n.hubClient {
		n.hubClient.Close()
	}
}

// Close closes the clients, the store and the cluster.
func (n *Node) Close() error {
	n.Client.Close()
	n.hubClient.Close()
	err := n.Store.Close()
	n.cluster.Close()
	return err
}

// Probe looks at sources of a config, which may be another than the node's: under that one's network keys, in the turns and pauses of
// the node. An error is an [ErrConfig].
func (n *Node) Probe(ctx context.Context, cfg *config.Config, sources []news.Source) ([]aggregator.Probe, error) {
	client, err := NewClient(cfg, n.Version)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	client.Hosts = n.Client.Hosts
	return n.Engine.Probe(ctx, client, sources), nil
}

// View reads the store. An error that says that the store is damaged names its file.
func (n *Node) View(read func(store.View) error) error {
	err := n.Store.View(read)
	if err != nil && errors.Is(err, store.ErrCorrupt) {
		return fmt.Errorf("%s: %w", n.Store.Path(), err)
	}
	return err
}

// Published is called after a change of the store: a daemon renders its documents, a pass without one pings the external hub.
func (n *Node) Published(ctx context.Context) error {
	if n.Refresh == nil {
		return n.ping(ctx)
	}
	return n.Refresh()
}

// Abandoned counts the requests whose connection did not end when their time was over.
func (n *Node) Abandoned() uint64 { return n.Client.Abandoned() + n.hubClient.Abandoned() }

// Publisher returns a publisher of the sources that v knows, those that are no longer configured too.
func (n *Node) Publisher(v store.View) (*publish.Publisher, error) {
	sources, err := aggregator.KnownSources(v, n.Engine.Sources())
	if err != nil {
		return nil, err
	}
	return publish.New(n.publishOptions(sources)), nil
}

// Handler returns a handler that serves the documents of p from the store.
func (n *Node) Handler(p *publish.Publisher) *publish.Handler {
	h := p.Handler(func(read func(publish.Reader) error) error {
		return n.Store.View(func(v store.View) error { return read(v) })
	})
	h.Log = n.Log
	return h
}

// QueryErrors returns what is wrong with the queries of topics.
func QueryErrors(cfg *config.Config) (all config.Errors) {
	for i, t := range cfg.Topics {
		if t.Query == "" {
			continue
		}
		if err := search.Check(t.Query); err != nil {
			all = append(all, cfg.At(fmt.Sprintf("topics[%d].query", i), err.Error()))
		}
	}
	return all
}

func checkQueries(cfg *config.Config) error {
	if all := QueryErrors(cfg); all != nil {
		return all
	}
	return nil
}

// NewRegistry adds the config's agencies to the built-in ones, and each source's own under the source's
// name where the registry lacks it. An addition that cannot be taken in is a [config.Errors], a source's own agency an [ErrConfig].
func NewRegistry(cfg *config.Config) (*attribute.Registry, error) {
	extra := cfg.NewsAgencies()
	registry, err := attribute.New(extra, attribute.Rules())
	if err != nil {
		return nil, agencyError(cfg, err)
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
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	return registry, nil
}
