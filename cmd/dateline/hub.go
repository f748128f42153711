package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"dateline/aggregator/config"
	"dateline/aggregator/fetch"
	"dateline/aggregator/publish"
	"dateline/aggregator/publish/hub"
	"dateline/store"
)

// hubFetchOptions are those of the requests to callbacks, and to a hub elsewhere. They take no turn at a host with the visits: a
// subscriber has asked for them, and the hub makes one at a time.
func hubFetchOptions(cfg *config.Config) fetch.Options {
	o := fetchOptions(cfg)
	return fetch.Options{UserAgent: o.UserAgent, Allow: cfg.Hub.Allow, Ports: o.Ports, Proxy: o.Proxy, Expand: o.Expand,
		Idle: o.Idle, RetryMax: o.RetryMax}
}

func newHubClient(cfg *config.Config) (*fetch.Client, error) {
	c, err := fetch.New(hubFetchOptions(cfg))
	if err != nil {
		return nil, fmt.Errorf("%w: hub: %w", errConfig, err)
	}
	return c, nil
}

// hubSetup is what the config decides about the hub.
func (w *deps) hubSetup() hub.Setup {
	return hub.Setup{
		Base: w.cfg.Base(), Outside: w.cfg.Hub.URL,
		Client: w.hubClient.HTTP(), Reachable: w.hubClient.Reachable, Host: fetch.Host, RetryAfter: w.hubClient.RetryAfter,
	}
}

// hubAddress is the hub that documents name.
func hubAddress(cfg *config.Config) string {
	if cfg.Hub.URL != "" {
		return cfg.Hub.URL
	}
	return cfg.Base() + "hub"
}

// feeds are the public feeds, as a hub tells of them.
type feeds struct {
	handler *publish.Handler
	config  func() *config.Config
}

// Document returns the document of a feed, and [hub.ErrNoTopic] for all else that is served.
func (f feeds) Document(topic string) (hub.Document, error) {
	doc, err := f.handler.Topic(topic)
	if errors.Is(err, publish.ErrNotFound) {
		return hub.Document{}, hub.ErrNoTopic
	}
	if err != nil {
		return hub.Document{}, err
	}
	return hub.Document{Bytes: doc.Bytes, ContentType: doc.ContentType(), Position: doc.Position}, nil
}

// Position returns the newest position of the log that stands in a feed.
func (f feeds) Position(topic string) (uint64, error) {
	doc, err := f.Document(topic)
	return doc.Position, err
}

// feedFormats are those of feeds, by the end of their addresses.
var feedFormats = []string{"atom", "rss", "json"}

// Topics returns every feed that there is: the merged one, and those of sources, topics and languages.
func (f feeds) Topics() ([]string, error) {
	cfg := f.config()
	below := map[string]bool{"/": true}
	for _, src := range cfg.NewsSources() {
		below["/sources/"+src.ID+"/"] = true
		for _, topic := range src.Topics {
			below["/topics/"+topic+"/"] = true
		}
		if language, _, _ := strings.Cut(src.Language, "-"); language != "" {
			below["/languages/"+strings.ToLower(language)+"/"] = true
		}
	}
	var all []string
	for path := range below {
		for _, format := range feedFormats {
			topic := path + "feed." + format
			switch _, err := f.Position(topic); {
			case err == nil:
				all = append(all, topic)
			case !errors.Is(err, hub.ErrNoTopic):
				return nil, err
			}
		}
	}
	return all, nil
}

// newHandler serves the documents of p from the wire's store.
func (w *deps) newHandler(p *publish.Publisher) *publish.Handler {
	h := p.Handler(func(read func(publish.Reader) error) error {
		return w.store.View(func(v store.View) error { return read(v) })
	})
	h.Log = w.log
	return h
}

// pingTime is how long a pass takes at most to tell a hub elsewhere what it brought. What is left is told by the next one.
const pingTime = 30 * time.Second

// ping tells a hub elsewhere what is new, where the config names one. It is for a pass with no daemon: subscribers of a hub of
// our own are served when the daemon next runs. A hub that does not take it is logged and told again by the next pass.
func (w *deps) ping(ctx context.Context) error {
	if w.cfg.Hub.URL == "" {
		return nil
	}
	w.pings.Lock()
	defer w.pings.Unlock()
	ctx, cancel := context.WithTimeout(ctx, pingTime)
	defer cancel()
	var p *publish.Publisher
	err := w.view(func(v store.View) (err error) {
		p, err = w.publisher(v)
		return err
	})
	if err != nil {
		return err
	}
	handler := w.newHandler(p)
	if err := handler.Refresh(); err != nil {
		return err
	}
	h, err := hub.New(w.store, feeds{handler, func() *config.Config { return w.cfg }}, w.hubSetup(), w.log)
	if err != nil {
		return err
	}
	h.Ping(ctx)
	return nil
}
