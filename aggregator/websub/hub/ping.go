package hub

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// mergedTopic is the topic in whose document every record of the log is.
const mergedTopic = "/feed.atom"

// Ping notifies the hub elsewhere, where the setup names one, of every feed that has changed since its last ping, unless
// it is to be left alone for now. What came of it is in the store when Ping returns. It is for a process that does not
// stay, in place of [Hub.Run]; what failed is sent again by the next one.
func (h *Hub) Ping(ctx context.Context) {
	h.ping(ctx)
	h.write(time.Now(), true)
}

func (h *Hub) ping(ctx context.Context) {
	h.mu.Lock()
	setup, to := h.setup, h.outside
	h.mu.Unlock()
	if setup.Outside == "" || time.Now().Before(to.RetryAt) {
		return
	}
	head, pinged, err := h.pingChanged(ctx, setup, to.Position)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stats.Deliveries["taken"] += pinged
	switch {
	case err != nil && ctx.Err() != nil || h.outside.Callback != to.Callback:
		return
	case err == nil:
		h.outside.Position, h.outside.Failures, h.outside.RetryAt = head, 0, time.Time{}
	default:
		h.behind = true
		h.outside.Failures++
		h.outside.RetryAt = retryAt(h.outside.Failures, err)
		h.stats.Deliveries["failed"]++
		h.log.Warn("ping not taken", "url", setup.HostOf(to.Callback), "next", h.outside.RetryAt, "err", reason(err))
	}
	if h.outside != to {
		h.changed.Touch(key{callback: to.Callback})
	}
}

// duePing takes the pings that are to be made now. It returns when they are to be made, where that is later; zero: not.
func (h *Hub) duePing(now time.Time, free func(host, at string) bool) (errand func(context.Context), at time.Time) {
	host := h.setup.HostOf(h.outside.Callback)
	switch {
	case h.setup.Outside == "" || !h.behind:
	case now.Before(h.outside.RetryAt):
		return nil, h.outside.RetryAt
	case free(host, ""):
		h.busy[host], h.behind = true, false
		return func(ctx context.Context) {
			defer h.release(host)
			h.ping(ctx)
		}, time.Time{}
	}
	return nil, time.Time{}
}

// pingChanged pings for each topic that has changed since a position, until one ping is not taken. It returns the position
// up to which the hub then knows all, and how many pings it took.
func (h *Hub) pingChanged(ctx context.Context, setup Setup, since uint64) (head, pinged uint64, err error) {
	// First: for what comes meanwhile the hub is notified again.
	if head, err = h.documents.Position(mergedTopic); err != nil || head <= since {
		return max(head, since), 0, err
	}
	topics, err := h.documents.Topics()
	if err != nil {
		return since, 0, err
	}
	slices.Sort(topics)
	for _, topic := range topics {
		position, err := h.documents.Position(topic)
		if errors.Is(err, ErrNoTopic) || err == nil && position <= since {
			continue
		}
		if err == nil {
			err = sendPing(ctx, setup, topic)
		}
		if err != nil {
			return since, pinged, err
		}
		pinged++
	}
	return head, pinged, nil
}

// sendPing notifies the hub elsewhere that a topic has changed. Section 6 leaves open how: hubs ask for hub.mode=publish with the topic
// as hub.url, some as hub.topic.
func sendPing(ctx context.Context, setup Setup, topic string) error {
	address := setup.address(topic)
	form := url.Values{"hub.mode": {"publish"}, "hub.url": {address}, "hub.topic": {address}}
	req, err := http.NewRequest(http.MethodPost, setup.Outside, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	_, err = ask(ctx, setup, req, 0)
	return err
}
