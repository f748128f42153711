package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
	"time"
)

// Every request of a client, a Get's as well as those of [Client.HTTP], goes through roundTrip. Once the context of a
// request has ended, roundTrip waits overtime and no longer, whether or not the transport returns; reads and the close of
// the body are bounded in the same way. What it leaves behind is abandoned: counted, its connection closed, its transport
// used for no later request.

// overtime is how long a transport may take to return after the context of its request has ended.
const overtime = 500 * time.Millisecond

// ErrAbandoned marks a round trip whose transport did not return when its time was over.
var ErrAbandoned = errors.New("fetch: abandoned")

// roundTrip makes one round trip. An error that wraps [ErrAbandoned] also wraps the cause of the context's end.
func (c *Client) roundTrip(req *http.Request) (*http.Response, error) {
	next := c.transport()
	t := &trip{ctx: req.Context(), drop: func() { c.drop(next) }, buffers: &c.decoders.reads}
	trace := &httptrace.ClientTrace{GotConn: func(got httptrace.GotConnInfo) { t.conn.Store(&got.Conn) }}
	req = req.WithContext(httptrace.WithClientTrace(t.ctx, trace))
	type answer struct {
		resp *http.Response
		err  error
	}
	call := func() (a answer) {
		a.resp, a.err = next.RoundTrip(req)
		return a
	}
	a, err := await(t, call, func(late answer) {
		if late.err == nil {
			late.resp.Body.Close()
		}
	})
	switch {
	case err != nil:
		return nil, err
	case a.err != nil:
		return nil, a.err
	}
	if a.resp.Body != http.NoBody {
		a.resp.Body = &tripBody{trip: t, body: a.resp.Body}
	}
	return a.resp, nil
}

// transport returns the transport for the next request.
func (c *Client) transport() http.RoundTripper {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.next
}

// drop counts an abandoned round trip and replaces the transport that made it, unless that has been done.
func (c *Client) drop(used http.RoundTripper) {
	c.abandoned.Add(1)
	c.mu.Lock()
	if c.renew != nil && c.next == used {
		c.next = c.renew()
	}
	c.mu.Unlock()
	go closeIdle(used) // it may hang as well
}

// Abandoned returns how many round trips were abandoned, by this client and by those that it succeeded ([Client.Succeed]).
func (c *Client) Abandoned() uint64 { return c.abandoned.Load() }

// Close gives up the connections that are kept for later, and returns within half a second. The client can still be used.
func (c *Client) Close() {
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		closeIdle(c.transport())
	}()
	timer := time.NewTimer(overtime)
	defer timer.Stop()
	select {
	case <-closed:
	case <-timer.C:
	}
}

func closeIdle(t http.RoundTripper) {
	if t, ok := t.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// trip is one round trip, up to the close of its body.
type trip struct {
	ctx  context.Context
	drop func()
	conn atomic.Pointer[net.Conn] // that carries it; nil: none yet
	gone error                    // why it was abandoned; nil: it was not

	buffers *sync.Pool // of the *[]byte of maxRead bytes that bodies are read into
}

// await returns what call returns, or an error that wraps [ErrAbandoned] where call has not returned overtime after the
// end of the trip's context. late is given what call returns after that. A panic of call is one of await.
func await[T any](t *trip, call func() T, late func(T)) (result T, err error) {
	if t.gone != nil {
		return result, t.gone
	}
	var panicked any
	results, abandoned := make(chan T), make(chan struct{})
	go func() {
		var got T
		defer func() {
			panicked = recover()
			select {
			case results <- got:
			case <-abandoned:
				late(got)
			}
		}()
		got = call()
	}()
	finish := func(got T) (T, error) {
		if panicked != nil {
			panic(panicked)
		}
		return got, nil
	}
	select {
	case got := <-results:
		return finish(got)
	case <-t.ctx.Done():
	}
	timer := time.NewTimer(overtime)
	defer timer.Stop()
	select {
	case got := <-results:
		return finish(got)
	case <-timer.C:
	}
	close(abandoned)
	t.gone = fmt.Errorf("%w: %w", ErrAbandoned, context.Cause(t.ctx))
	t.abandon()
	return result, t.gone
}

// abandon frees what the trip holds without help of the transport.
func (t *trip) abandon() {
	if conn := t.conn.Load(); conn != nil {
		raw := *conn
		if tls, ok := raw.(interface{ NetConn() net.Conn }); ok {
			raw = tls.NetConn()
		}
		raw.Close()
	}
	t.drop()
}

// maxRead is how many bytes of a body are read at once.
const maxRead = 32 << 10

// tripBody is the body of a round trip. A read that is abandoned keeps the buffer that it was given.
type tripBody struct {
	trip *trip
	body io.ReadCloser
	buf  *[]byte // nil: nothing was read yet, or all
}

func (b *tripBody) Read(p []byte) (int, error) {
	if b.buf == nil {
		b.buf = b.trip.buffers.Get().(*[]byte)
	}
	type read struct {
		n   int
		err error
	}
	buf := (*b.buf)[:min(len(p), maxRead)]
	call := func() (r read) {
		r.n, r.err = b.body.Read(buf)
		return r
	}
	r, err := await(b.trip, call, func(read) {})
	if err != nil {
		return 0, err
	}
	n := copy(p, buf[:r.n])
	if r.err != nil { // the last read
		b.trip.buffers.Put(b.buf)
		b.buf = nil
	}
	return n, r.err
}

func (b *tripBody) Close() error {
	err, abandoned := await(b.trip, b.body.Close, func(error) {})
	if abandoned != nil {
		return abandoned
	}
	return err
}
