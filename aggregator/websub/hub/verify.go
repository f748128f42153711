package hub

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"dateline/aggregator/news"
)

// errEcho is a callback's answer that is not the challenge.
var errEcho = errors.New("the challenge did not come back")

// verify asks a callback whether it wants what was requested (section 5.3), or informs it that it does not get it (section
// 5.2), and notes what came of it. Where it fails all stays as it is; the subscriber may ask again.
func (h *Hub) verify(ctx context.Context, req *request) {
	defer h.release(req.host)
	h.mu.Lock()
	setup := h.setup
	h.mu.Unlock()
	ctx, done := h.connecting(ctx, setup, func(at string) { req.at = at }, func(at string) error { return h.checkAddress(req, at) })
	defer done()
	var position uint64
	var err error
	if req.subscribe {
		// What is published from here on is delivered: the subscriber has asked by now.
		position, err = h.documents.Position(req.topic)
	}
	denied := errors.Is(err, ErrNoTopic)
	begun := time.Now().UTC() // section 5.3: the lease is measured from the request
	switch {
	case denied:
		err = deny(ctx, setup, req, "there is no feed at this address; its rel=self names the topic")
	case err == nil:
		err = challenge(ctx, setup, req)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if errors.Is(err, errBusy) { // it waits until the other request has ended
		return
	}
	if h.requests[req.key] == req { // else a newer one has taken its place, and will be verified too
		delete(h.requests, req.key)
	}
	switch {
	case denied:
		h.stats.Requests["denied"]++
	case err != nil:
		h.stats.Requests["unverified"]++
	default:
		h.stats.Requests["verified"]++
		h.verified(req, position, begun)
	}
	if err != nil {
		h.log.Info("request not verified", "url", req.host, "err", reason(err))
	}
}

// challenge makes the verification request. It returns an error unless the callback agrees.
func challenge(ctx context.Context, setup Setup, req *request) error {
	word := rand.Text() // 130 bits, used once (section 8.2)
	q := url.Values{"hub.mode": {"unsubscribe"}, "hub.topic": {req.named}, "hub.challenge": {word}}
	if req.subscribe {
		q.Set("hub.mode", "subscribe")
		q.Set("hub.lease_seconds", strconv.FormatInt(int64(req.lease/time.Second), 10))
	}
	body, err := getCallback(ctx, setup, req.callback, q)
	if err == nil && string(body) != word {
		err = errEcho
	}
	return err
}

// deny informs a callback that it will not get what was requested.
func deny(ctx context.Context, setup Setup, req *request, why string) error {
	_, err := getCallback(ctx, setup, req.callback, url.Values{"hub.mode": {"denied"}, "hub.topic": {req.named}, "hub.reason": {why}})
	return err
}

// getCallback makes a GET of a callback with parameters appended to those that it has (section 5.1.1).
func getCallback(ctx context.Context, setup Setup, callback string, q url.Values) ([]byte, error) {
	req, err := http.NewRequest(http.MethodGet, callback, nil)
	if err != nil {
		return nil, err
	}
	if req.URL.RawQuery != "" {
		req.URL.RawQuery += "&"
	}
	req.URL.RawQuery += q.Encode()
	return ask(ctx, setup, req, maxAnswer)
}

// verified does what was requested. A subscription that is renewed keeps what was delivered; that its callback answers
// ends the waits after failures.
func (h *Hub) verified(req *request, position uint64, begun time.Time) {
	if !req.subscribe {
		if h.members[req.key] != nil {
			h.remove(req.key)
		}
		return
	}
	m := h.members[req.key]
	if m == nil {
		m = &member{Subscriber: news.Subscriber{Topic: req.topic, Callback: req.callback, Position: position}, host: req.host}
	}
	m.at = req.at
	m.Secret, m.Expires, m.Failures, m.RetryAt = req.secret, begun.Add(req.lease), 0, time.Time{}
	h.put(req.key, m)
	h.lookSoon() // its topic may not have been looked at before
}
