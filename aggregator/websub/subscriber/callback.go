package subscriber

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/websub"
)

const (
	maxChallenge = 4096 // bytes
	busyWait     = "60" // seconds, until a hub should try again
)

// ServeHTTP serves the callbacks `/websub/{token}`: a hub's questions with GET, its deliveries with POST.
func (s *Subscriber) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, token, _ := strings.Cut(r.URL.Path, "/websub/")
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff") // a challenge is no page
	h.Set("Content-Type", "text/plain; charset=utf-8")
	switch r.Method {
	case http.MethodGet:
		s.question(w, token, r.URL.RawQuery)
	case http.MethodPost:
		s.receive(w, r, token)
	default:
		h.Set("Allow", "GET, POST")
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}

// question answers what a hub asks or announces: 200 and the challenge where we want what it asks about, else 404.
func (s *Subscriber) question(w http.ResponseWriter, token, query string) {
	q, err := url.ParseQuery(query)
	intended := err == nil && s.intends(token, q)
	if err == nil && !intended && s.shared.Load() { // another process may have asked the hub a moment ago
		if !s.caughtUpFor(w) {
			return
		}
		intended = s.intends(token, q)
	}
	if !intended {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	w.WriteHeader(http.StatusOK)
	if single(q, "hub.mode") != "denied" {
		_, _ = io.WriteString(w, single(q, "hub.challenge")) // a hub that is gone has not verified
	}
}

// caughtUpFor takes in what other processes have changed. Where that fails it answers 503 and returns false.
func (s *Subscriber) caughtUpFor(w http.ResponseWriter) bool {
	err := s.catchUp()
	if err != nil {
		s.log.Warn("callback not looked up", "err", err)
		w.Header().Set("Retry-After", busyWait)
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	return err == nil
}

// single returns the value of a parameter that is given once, "" for any other.
func single(q url.Values, name string) string {
	if len(q[name]) != 1 {
		return ""
	}
	return q.Get(name)
}

// intends reports whether a hub's question (section 5.3), or its denial (section 5.2), is about something that we
// asked it for at this callback, and notes what follows. A subscription may be verified again: the answer may
// not have arrived, and hubs may make sure from time to time.
func (s *Subscriber) intends(token string, q url.Values) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	sub := s.book.byToken[token]
	if sub == nil || single(q, "hub.topic") != sub.Topic || sub.Requested.IsZero() {
		return false
	}
	challenge := single(q, "hub.challenge")
	challenged := challenge != "" && len(challenge) <= maxChallenge
	leaving := sub.State == news.SubscriptionLeaving
	wanted := sub.State == news.SubscriptionPending || sub.State == news.SubscriptionActive
	switch mode := single(q, "hub.mode"); {
	case mode == "subscribe" && wanted && challenged:
		s.verified(sub, single(q, "hub.lease_seconds"))
	case mode == "unsubscribe" && leaving && challenged, mode == "denied" && leaving:
		s.book.remove(sub)
	case mode == "denied" && wanted:
		s.denied(sub, reasonOf(single(q, "hub.reason")))
	default:
		return false
	}
	s.loop.Wake()
	return true
}

// verified notes that the hub delivers from now on. The lease begins with its question.
func (s *Subscriber) verified(sub *news.Subscription, seconds string) {
	now := time.Now().UTC()
	lease := leaseOf(seconds, askedLease)
	sub.State, sub.Failures, sub.Reason, sub.RetryAt = news.SubscriptionActive, 0, "", time.Time{}
	sub.Verified, sub.Expires, sub.Due = now, now.Add(lease), now.Add(renewal(sub.Token, lease))
	s.book.touch(sub)
	s.log.Info("hub delivers", "source", sub.Source, "url", sub.Hub, "next", sub.Due)
}

func (s *Subscriber) denied(sub *news.Subscription, reason string) {
	now := time.Now().UTC()
	if reason == "" {
		reason = "denied without a reason"
	}
	sub.State, sub.Reason, sub.Expires = news.SubscriptionDenied, reason, time.Time{}
	sub.Due = now.Add(deniedWait)
	s.book.touch(sub)
	s.log.Warn("hub denies", "source", sub.Source, "url", sub.Hub, "err", reason)
}

// receive takes a delivery. It answers as soon as the body is read: 202 whether it is used or not, so that
// an attacker cannot learn by trying what a good signature is; 410 at a callback that is none (any more), 413, 415 and 400 for
// what cannot be taken, 503 where too much waits.
func (s *Subscriber) receive(w http.ResponseWriter, r *http.Request, token string) {
	d, secret, limit := s.expected(token)
	if d.source == "" && s.shared.Load() {
		if !s.caughtUpFor(w) {
			return
		}
		d, secret, limit = s.expected(token)
	}
	size := r.ContentLength
	if size < 0 {
		size = limit
	}
	switch {
	case d.source == "":
		w.WriteHeader(http.StatusGone)
		return
	case size > limit:
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	case r.Header.Get("Content-Encoding") != "":
		w.Header().Set("Accept-Encoding", "identity") // RFC 9110 section 15.5.16
		w.WriteHeader(http.StatusUnsupportedMediaType)
		return
	case !s.queue.reserve(d.source, size):
		w.Header().Set("Retry-After", busyWait)
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(s.readLimit)) // not every server has one
	body, status := readBody(w, r, size)
	switch {
	case status != http.StatusAccepted:
		s.queue.free(d.source, size)
	case !websub.Signed(signatureOf(r.Header), secret, body):
		s.queue.free(d.source, size)
		s.ignored(d)
	default:
		d.body, d.contentType = body, r.Header.Get("Content-Type")
		s.queue.put(d, size)
	}
	w.WriteHeader(status)
}

// expected returns whose deliveries come in at a callback, with what secret, and how many bytes of them are taken;
// without a source where there is none.
func (s *Subscriber) expected(token string) (d delivery, secret string, limit int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sub := s.book.byToken[token]
	if sub == nil || sub.State == news.SubscriptionLeaving {
		return delivery{}, "", s.setup.MaxBody
	}
	return delivery{source: sub.Source, hub: sub.Hub}, sub.Secret, s.setup.MaxBody
}

// readBody reads a body of up to size bytes.
func readBody(w http.ResponseWriter, r *http.Request, size int64) (body []byte, status int) {
	var b bytes.Buffer
	if r.ContentLength > 0 {
		b.Grow(int(size) + bytes.MinRead)
	}
	_, err := b.ReadFrom(http.MaxBytesReader(w, r.Body, size))
	var big *http.MaxBytesError
	switch {
	case errors.As(err, &big):
		return nil, http.StatusRequestEntityTooLarge
	case err != nil:
		return nil, http.StatusBadRequest
	}
	return b.Bytes(), http.StatusAccepted
}

// signatureOf returns the signature of a delivery, "" where there is none or more than one.
func signatureOf(h http.Header) string {
	if v := h["X-Hub-Signature"]; len(v) == 1 {
		return v[0]
	}
	return ""
}

// ignored counts a delivery that was not signed as agreed. It wakes no look: the store learns of it with the next change.
func (s *Subscriber) ignored(d delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sub := range s.book.at(d.source, d.hub) {
		sub.Ignored++
	}
}
