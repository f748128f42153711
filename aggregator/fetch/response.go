package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"dateline/aggregator/news"
)

// response is an answer whose body is still to be read.
type response struct {
	limits     limits
	answer     *http.Response
	url        *url.URL
	ctx        context.Context // the caller's
	requestCtx context.Context // of this request
	cancel     context.CancelCauseFunc
	decoders   *decoders
	received   int64                   // bytes of the body
	reserve    func(bytes int64) error // of the meter of a document

	retryAfter func(http.Header, time.Time) time.Time // [Client.RetryAfter]
}

// newResponse returns what the header says.
func (w *response) newResponse() *Response {
	h := w.answer.Header
	resp := &Response{
		Status:      w.answer.StatusCode,
		URL:         shown(w.url),
		ContentType: h.Get("Content-Type"),
		Validators:  news.Validators{ETag: verbatim(h.Get("ETag")), LastModified: verbatim(h.Get("Last-Modified"))},
		Links:       links(h, w.url),
	}
	if state := w.answer.TLS; state != nil && len(state.PeerCertificates) > 0 {
		resp.CertUntil = state.PeerCertificates[0].NotAfter
	}
	resp.Fresh, resp.FreshBy = fresh(h, time.Now())
	return resp
}

// Recycle gives the memory of a body that nothing refers to any more to a later request. The response has none then.
func (c *Client) Recycle(r *Response) {
	c.decoders.recycle(r.Body)
	r.Body = nil
}

// document reads the body of an answer that brings one.
func (w *response) document() (*Response, error) {
	if n := w.answer.ContentLength; n > w.limits.body {
		return nil, sendError(w.url, fmt.Errorf("%w: %d bytes announced, more than %d", ErrTooLarge, n, w.limits.body))
	}
	body, err := w.read(w.limits, w.reserve)
	cut := err != nil && len(body) > 0 && w.ctx.Err() == nil && !errors.Is(err, ErrTooLarge) && !errors.Is(err, ErrEncoding)
	if err != nil && !cut {
		return nil, sendError(w.url, err)
	}
	if sign := challenge(w.answer.Header, body); sign != "" {
		return nil, w.newStatusError(body, sign)
	}
	resp := w.newResponse()
	resp.Body, resp.Received = body, w.received
	if cut {
		return nil, &CutError{Response: resp, Err: err}
	}
	return resp, nil
}

// statusError reads the page that comes with an answer that brings no document.
func (w *response) statusError() error {
	l := w.limits
	l.body = l.page
	body, _ := w.read(l, nil) // a page that is broken or too long is shown as far as it goes
	if w.ctx.Err() != nil {
		return sendError(w.url, w.ctx.Err())
	}
	return w.newStatusError(body, challenge(w.answer.Header, body))
}

func (w *response) newStatusError(body []byte, sign string) *StatusError {
	h := w.answer.Header
	return &StatusError{
		Status: w.answer.StatusCode, URL: shown(w.url), RetryAfter: w.retryAfter(h, time.Now()),
		Challenge: sign, Snippet: Snippet(body, h.Get("Content-Type")),
	}
}

// read reads and decodes the body within limits. What it could read comes back with the error.
func (w *response) read(l limits, reserve func(int64) error) ([]byte, error) {
	m := &meter{r: w.answer.Body, max: l.body, reserve: reserve}
	stop := watch(m, l, w.cancel)
	body, err := w.decoders.read(m, codings(w.answer.Header.Values("Content-Encoding")), l, w.answer.ContentLength)
	stop()
	w.received = m.n.Load()
	if err != nil {
		err = blame(w.ctx, w.requestCtx, err)
	}
	return body, err
}

// watch cancels a body that comes in too slowly: fewer than l.slowest bytes in a whole window in which it did not wait for memory.
func watch(m *meter, l limits, cancel context.CancelCauseFunc) (stop func()) {
	done := make(chan struct{})
	go func() {
		tick := time.NewTicker(l.window)
		defer tick.Stop()
		for last, waited := int64(0), int64(0); ; {
			select {
			case <-done:
				return
			case <-tick.C:
			}
			n, waits := m.n.Load(), m.waits.Load()
			held := waits != waited || waits%2 == 1 // by us
			if waited = waits; n-last < l.slowest && !held {
				cancel(fmt.Errorf("%w: fewer than %d bytes in %v", ErrSlow, l.slowest, l.window))
				return
			}
			last = n
		}
	}()
	return func() { close(done) }
}

// blame returns what is behind an error of a request: the end of the caller's context, a limit of ours,
// or the network.
func blame(ctx, requestCtx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if cause := context.Cause(requestCtx); cause != nil && !errors.Is(err, ErrTooLarge) && !errors.Is(err, ErrEncoding) {
		if errors.Is(err, ErrAbandoned) {
			return fmt.Errorf("%w: %w", ErrAbandoned, cause)
		}
		return cause
	}
	return transportError(err)
}

// sendError says which request an error ended.
func sendError(u *url.URL, err error) error {
	var refused *GuardError
	if errors.As(err, &refused) {
		return &GuardError{URL: shown(u), Address: refused.Address, Reason: refused.Reason, Option: refused.Option}
	}
	return fmt.Errorf("get %s: %w", shown(u), err)
}
