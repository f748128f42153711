package node

import (
	"cmp"
	"fmt"
	"reflect"
	"sync"
	"time"

	"dateline/aggregator"
	"dateline/aggregator/attribute/agency"
	"dateline/aggregator/config"
	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
	"dateline/aggregator/platform"
	"dateline/aggregator/publish"
	"dateline/aggregator/publish/page"
	"dateline/aggregator/schedule"
	"dateline/aggregator/search"
	"dateline/aggregator/websub"
	"dateline/aggregator/websub/hub"
	"dateline/aggregator/websub/subscriber"
	"dateline/store"
)

// This file says which value of the config goes to which stage.

// NewClient returns the client of the visits. version is a token, for the User-Agent.
func NewClient(cfg *config.Config, version string) (*fetch.Client, error) {
	c, err := fetch.New(fetchOptions(cfg, version))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	return c, nil
}

func newHubClient(cfg *config.Config, version string) (*fetch.Client, error) {
	c, err := fetch.New(hubFetchOptions(cfg, version))
	if err != nil {
		return nil, fmt.Errorf("%w: hub: %w", ErrConfig, err)
	}
	return c, nil
}

// UserAgent returns how requests present themselves: the version, and the operator's address as `network.contact` gives it, else ours.
func UserAgent(cfg *config.Config, version string) string {
	return fmt.Sprintf("Dateline/%s (+%s)", version, cmp.Or(cfg.Network.Contact, cfg.Base()))
}

// fetchOptions are those of the visits.
func fetchOptions(cfg *config.Config, version string) fetch.Options {
	return fetch.Options{
		UserAgent: UserAgent(cfg, version),
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

// hubFetchOptions are those of the requests to callbacks, and to an external hub. They take no turn at a host with the visits: a
// subscriber has asked for them, and the hub makes one at a time.
func hubFetchOptions(cfg *config.Config, version string) fetch.Options {
	o := fetchOptions(cfg, version)
	return fetch.Options{UserAgent: o.UserAgent, Allow: cfg.Hub.Allow, Ports: o.Ports, Proxy: o.Proxy, Expand: o.Expand,
		Idle: o.Idle, RetryMax: o.RetryMax}
}

// sameOptions reports whether two clients would do the same. They expand secrets alike.
func sameOptions(a, b fetch.Options) bool {
	a.Expand, b.Expand = nil, nil
	return reflect.DeepEqual(a, b)
}

// Setup is what the config decides about visits.
func (n *Node) Setup() aggregator.Setup {
	cfg := n.Config
	return aggregator.Setup{
		Sources: cfg.NewsSources(), Client: n.Client, Registry: n.registry,
		Pace: schedule.Pace{Floor: time.Duration(cfg.Poll.Floor), RetryMax: time.Duration(cfg.Poll.RetryMax)},
		Thresholds: news.Thresholds{Window: time.Duration(cfg.Match.Window), Duplicate: float64(cfg.Match.Duplicate),
			Edited: float64(cfg.Match.Edited)},
		FirstPoll:   cfg.Feed.FirstPoll,
		Pages:       cfg.Poll.Pages,
		Zone:        cfg.Zone(),
		Memory:      int64(cfg.Poll.Memory),
		Concurrency: min(cfg.Poll.Concurrency, MaxVisits(platform.Descriptors())),
		Retention:   store.Retention{Text: time.Duration(cfg.Store.Retention), Keys: time.Duration(cfg.Store.Keys)},
	}
}

// SubscriberSetup is what the config decides about subscriptions at other hubs.
func (n *Node) SubscriberSetup() subscriber.Setup {
	s := subscriber.Setup{Base: n.Config.Base(), Peer: peer(n.Client), Turn: n.Engine.Turn, Problem: fetch.Problem,
		MaxBody: int64(n.Config.Network.MaxBody)}
	for _, src := range n.Config.NewsSources() {
		if src.Enabled {
			s.Sources = append(s.Sources, src.ID)
		}
	}
	return s
}

// HubSetup is what the config decides about our hub.
func (n *Node) HubSetup() hub.Setup {
	return hub.Setup{Base: n.Config.Base(), Outside: n.Config.Hub.URL, Peer: peer(n.hubClient), Reachable: n.hubClient.Reachable,
		WithDial: fetch.WithDial}
}

func peer(c *fetch.Client) websub.Peer {
	return websub.Peer{Client: c.HTTP(), Host: fetch.Host, RetryAfter: c.RetryAfter}
}

// publishOptions is what the config decides about documents.
func (n *Node) publishOptions(sources []news.Source) publish.Options {
	cfg := n.Config
	find, explain := searching(n.searcher(sources))
	return publish.Options{
		ConfigRev: n.ConfigRev,
		Title:     cfg.Feed.Title, ID: cfg.Feed.ID, BaseURL: cfg.Base(), Language: cfg.Feed.Language,
		Entries: cfg.Feed.Entries, Summary: cfg.Feed.Summary, AtLeast: cfg.Feed.AtLeast, CreditLine: cfg.Feed.CreditLine, IPTC: cfg.Feed.IPTC,
		AgencyIn: publish.AgencyIn(cfg.Feed.AgencyIn), Icon: cfg.Icon(), Zone: cfg.Zone(),
		Contact: cfg.Network.Contact, Sources: sources, Listed: cfg.Changed(), Topics: cfg.TopicNames(), Agency: n.registry.Agency,
		Queries: cfg.TopicQueries(), Places: places(),
		Version: n.Version, Hub: hubAddress(cfg), States: n.publicStates, Find: find, Explain: explain,
	}
}

// places are the spellings of places that we know.
var places = sync.OnceValue(agency.PlaceSpellings)

// searcher returns a search that finds of each source what it grants.
func (n *Node) searcher(sources []news.Source) *search.Searcher {
	s := &search.Searcher{Sources: make(map[string]news.Source, len(sources)), Queries: n.Config.TopicQueries(), Places: places()}
	for _, src := range sources {
		s.Sources[src.ID] = src
	}
	return s
}

// searching returns what answers queries, and what explains those that find nothing.
func searching(s *search.Searcher) (find func(publish.Reader, string) ([]news.Key, error),
	explain func(publish.Reader, string) ([]page.QueryPart, error)) {
	find = func(r publish.Reader, query string) ([]news.Key, error) {
		postings, err := postingsOf(r)
		if err != nil {
			return nil, err
		}
		return s.Find(postings, query)
	}
	explain = func(r publish.Reader, query string) ([]page.QueryPart, error) {
		postings, err := postingsOf(r)
		if err != nil {
			return nil, err
		}
		parts, err := s.Explain(postings, query)
		all := make([]page.QueryPart, len(parts))
		for i, p := range parts {
			all[i] = page.QueryPart(p)
		}
		return all, err
	}
	return find, explain
}

// postingsOf returns the postings of a reader: the store's has them.
func postingsOf(r publish.Reader) (search.Postings, error) {
	postings, ok := r.(search.Postings)
	if !ok {
		return nil, fmt.Errorf("%T cannot be searched", r)
	}
	return postings, nil
}
