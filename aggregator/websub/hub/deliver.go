package hub

import (
	"bytes"
	"context"
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
	patience  = 15 * time.Second // for an answer
	maxAnswer = 4 << 10          // bytes that are read of it, where it is read
)

// waits are those after requests in a row that were not taken.
var waits = websub.BackOff{First: time.Minute, Longest: 6 * time.Hour}

// delivery is one that is under way.
type delivery struct {
	member
	position uint64 // the newest one of its topic, as it began: the document that it brings is at least as new
	setup    Setup
}

// deliver sends a subscriber the document as it is now, and notes what came of it.
func (h *Hub) deliver(ctx context.Context, d delivery) {
	defer h.release(d.host)
	k := key{d.Topic, d.Callback}
	ctx, done := h.connecting(ctx, d.setup, func(at string) {
		if m := h.members[k]; m != nil {
			m.at = at
		}
	}, func(string) error { return nil })
	defer done()
	doc, err := h.documents.Document(d.Topic)
	if err == nil {
		d.position = max(d.position, doc.Position)
		err = send(ctx, d, doc)
	}
	h.delivered(ctx, d, err)
}

// send makes one content distribution request (section 7). It returns an [*websub.AnswerError] for any answer but 2xx.
func send(ctx context.Context, d delivery, doc Document) error {
	req, err := http.NewRequest(http.MethodPost, d.Callback, bytes.NewReader(doc.Bytes))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", doc.ContentType)
	req.Header.Set("Link", "<"+d.setup.Base+`hub>; rel="hub", <`+d.setup.address(d.Topic)+`>; rel="self"`)
	if d.Secret != "" {
		req.Header.Set("X-Hub-Signature", websub.Signature(d.Secret, doc.Bytes))
	}
	_, err = ask(ctx, d.setup, req, 0)
	return err
}

// ask makes a request and returns up to limit bytes of what is answered. It returns an [*websub.AnswerError] for any answer but 2xx.
func ask(ctx context.Context, setup Setup, req *http.Request, limit int64) (body []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	req.Close = setup.WithDial != nil // a connection that is kept is not asked for
	resp, err := setup.Client.Do(req.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		return nil, setup.NotTaken(resp, waits.First, time.Now())
	}
	return io.ReadAll(io.LimitReader(resp.Body, limit))
}

// delivered notes how a delivery ended. A delivery that was called off at the end of the program is no failure.
func (h *Hub) delivered(ctx context.Context, d delivery, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	k := key{d.Topic, d.Callback}
	m := h.members[k]
	var answer *websub.AnswerError
	errors.As(err, &answer)
	switch {
	case m == nil || err != nil && ctx.Err() != nil || errors.Is(err, errBusy):
		return // of the last: it waits until the other request has ended
	case errors.Is(err, ErrNoTopic): // it may come back before the lease ends
		delete(h.newest, d.Topic)
		return
	case err == nil:
		m.Position, m.Failures, m.RetryAt = max(m.Position, d.position), 0, time.Time{}
		h.stats.Deliveries["taken"]++
	case answer != nil && answer.Status == http.StatusGone:
		h.remove(k)
		h.stats.Deliveries["gone"]++
		return
	default:
		m.Failures++
		m.RetryAt = retryAt(m.Failures, err)
		h.stats.Deliveries["failed"]++
		h.log.Warn("delivery not taken", "url", m.host, "next", m.RetryAt, "err", reason(err))
	}
	h.put(k, m)
}

// retryAt returns when to try again after so many failures in a row, of which err is the last: Retry-After is obeyed.
func retryAt(failures int, err error) time.Time {
	at := time.Now().UTC().Add(waits.Wait(failures))
	var answer *websub.AnswerError
	if errors.As(err, &answer) {
		at = news.Latest(at, answer.RetryAt)
	}
	return at
}

// reason returns what an error says without the address of the callback, which is for its subscriber alone.
func reason(err error) string {
	var request *url.Error
	if errors.As(err, &request) {
		return strings.ReplaceAll(request.Err.Error(), request.URL, "the callback")
	}
	return err.Error()
}
