package node

import (
	"context"
	"errors"
	"strings"
	"time"

	"dateline/aggregator/config"
	"dateline/aggregator/publish"
	"dateline/aggregator/websub/hub"
	"dateline/store"
)

// hubAddress is the hub that documents name.
func hubAddress(cfg *config.Config) string {
	if cfg.Hub.URL != "" {
		return cfg.Hub.URL
	}
	return cfg.Base() + "hub"
}

// Feeds are the public feeds of Handler as a hub delivers them.
type Feeds struct {
	Handler *publish.Handler      // that serves the topics
	Config  func() *config.Config // as it is now
}

// Document returns the document of a feed, and [hub.ErrNoTopic] for all else that is served.
func (f Feeds) Document(topic string) (hub.Document, error) {
	doc, err := f.Handler.Topic(topic)
	if errors.Is(err, publish.ErrNotFound) {
		return hub.Document{}, hub.ErrNoTopic
	}
	if err != nil {
		return hub.Document{}, err
	}
	return hub.Document{Bytes: doc.Bytes, ContentType: doc.ContentType(), Position: doc.Position}, nil
}

// Position returns the newest position of the log that is in a feed.
func (f Feeds) Position(topic string) (uint64, error) {
	doc, err := f.Document(topic)
	return doc.Position, err
}

// Topics returns every feed that there is: the merged one, and those of sources, topics and languages.
func (f Feeds) Topics() ([]string, error) {
	cfg := f.Config()
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
		for _, format := range publish.FeedFormats() {
			topic := path + "feed." + string(format)
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

// pingTime bounds the pings of one pass to an external hub. The next pass makes those that are left.
const pingTime = 30 * time.Second

// ping notifies the external hub of what is new, where the config names one. It is for a pass without a daemon: subscribers of our own hub
// are served when the daemon next runs. A ping that the hub does not take is logged, and made again by the next pass.
func (n *Node) ping(ctx context.Context) error {
	if n.Config.Hub.URL == "" {
		return nil
	}
	n.pinging.Lock()
	defer n.pinging.Unlock()
	ctx, cancel := context.WithTimeout(ctx, pingTime)
	defer cancel()
	var p *publish.Publisher
	err := n.View(func(v store.View) (err error) {
		p, err = n.Publisher(v)
		return err
	})
	if err != nil {
		return err
	}
	handler := n.Handler(p)
	if err := handler.Refresh(); err != nil {
		return err
	}
	h, err := hub.New(n.Store, Feeds{handler, func() *config.Config { return n.Config }}, n.HubSetup(), n.Log)
	if err != nil {
		return err
	}
	h.Ping(ctx)
	return nil
}
