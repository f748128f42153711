package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/http2"

	"dateline/aggregator/news"
)

// stuckBody is a body whose reads, or whose close, return when released and not before.
type stuckBody struct {
	released    chan struct{}
	read, close bool // what hangs
}

func (b stuckBody) Read([]byte) (int, error) {
	if b.read {
		<-b.released
	}
	return 0, io.EOF
}

func (b stuckBody) Close() error {
	if b.close {
		<-b.released
	}
	return nil
}

// stuckIn returns a network that obeys no context and hangs in one place until released is closed.
func stuckIn(where string, released chan struct{}) answers {
	return func(r *http.Request) (*http.Response, error) {
		if where == "round trip" {
			<-released
			return nil, errors.New("released")
		}
		resp := answer(r, 200, "")
		resp.ContentLength, resp.Body = -1, stuckBody{released, where == "read", where == "close"}
		return resp, nil
	}
}

// A transport that obeys no context holds neither a Get nor a request of HTTP for longer than overtime.
func TestAbandon(t *testing.T) {
	t.Parallel()
	get := func(ctx context.Context, c *Client) error {
		_, err := c.Get(ctx, Request{URL: "http://a.example/"})
		return err
	}
	post := func(ctx context.Context, c *Client) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://a.example/", strings.NewReader("x"))
		if err != nil {
			return err
		}
		resp, err := c.HTTP().Do(req)
		if err != nil {
			return err
		}
		_, err = io.ReadAll(resp.Body)
		return errors.Join(err, resp.Body.Close())
	}
	tests := []struct {
		name, where string
		ask         func(context.Context, *Client) error
		err         error // wrapped; nil: the answer was whole before its close hung
		after       time.Duration
	}{
		{"Get, round trip", "round trip", get, ErrSlow, time.Minute},
		{"Get, body", "read", get, ErrSlow, 15 * time.Second}, // too slow for the meter first
		{"Get, close of the body", "close", get, nil, time.Minute},
		{"HTTP, round trip", "round trip", post, context.DeadlineExceeded, time.Minute},
		{"HTTP, body", "read", post, context.DeadlineExceeded, time.Minute},
		{"HTTP, close of the body", "close", post, context.DeadlineExceeded, time.Minute},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				released := make(chan struct{})
				defer close(released)
				c, err := New(Options{Transport: stuckIn(tt.where, released)})
				if err != nil {
					t.Fatal(err)
				}
				start := time.Now()
				err = tt.ask(t.Context(), c)
				if !errors.Is(err, tt.err) {
					t.Errorf("got %v", err)
				}
				if d := time.Since(start); d != tt.after+overtime || c.Abandoned() != 1 {
					t.Errorf("after %v, %d abandoned", d, c.Abandoned())
				}
			})
		})
	}
	t.Run("called off", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			released := make(chan struct{})
			defer close(released)
			c, err := New(Options{Transport: stuckIn("round trip", released)})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(3*time.Second, cancel)
			start := time.Now()
			err = get(ctx, c)
			if d := time.Since(start); d != 3*time.Second+overtime || !errors.Is(err, context.Canceled) || Problem(err) != "" {
				t.Errorf("after %v: %v (%s)", d, err, Problem(err))
			}
		})
	})
}

// No later request uses a transport that was abandoned, a client that succeeds goes on counting, and an answer that comes
// late is closed.
func TestAbandonedTransport(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		released, closed := make(chan struct{}), make(chan struct{})
		c, err := New(Options{})
		if err != nil {
			t.Fatal(err)
		}
		c.guard.dials = false // no network
		c.next = &http.Transport{}
		c.next.(*http.Transport).RegisterProtocol("http", answers(func(r *http.Request) (*http.Response, error) {
			<-released
			resp := answer(r, 200, "")
			resp.Body = closes{closed}
			return resp, nil
		}))
		c.renew = func() http.RoundTripper {
			return answers(func(r *http.Request) (*http.Response, error) { return answer(r, 200, feed), nil })
		}
		if _, err := c.Get(t.Context(), Request{URL: "http://a.example/"}); !errors.Is(err, ErrAbandoned) || Problem(err) != news.ProblemNet {
			t.Errorf("got %v (%s)", err, Problem(err))
		}
		if resp, err := c.Get(t.Context(), Request{URL: "http://a.example/"}); err != nil || string(resp.Body) != feed {
			t.Errorf("the next request: %v", err)
		}
		next, err := New(Options{})
		if err != nil {
			t.Fatal(err)
		}
		next.Succeed(c)
		if next.Abandoned() != 1 {
			t.Errorf("%d counted", next.Abandoned())
		}
		close(released)
		<-closed
	})
}

// closes is an empty body that reports its close.
type closes struct{ closed chan struct{} }

func (closes) Read([]byte) (int, error) { return 0, io.EOF }

func (b closes) Close() error {
	close(b.closed)
	return nil
}

// A panic of the transport is one of the caller, who can recover from it.
func TestTransportPanic(t *testing.T) {
	t.Parallel()
	c, err := New(Options{Transport: answers(func(*http.Request) (*http.Response, error) { panic("bug") })})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if p := recover(); p != "bug" {
			t.Errorf("recovered %v", p)
		}
	}()
	_, err = c.Get(t.Context(), Request{URL: "http://a.example/"})
	t.Errorf("got %v", err)
}

// overflow serves HTTP/2 over TLS: it opens the window of every stream beyond its limit and says nothing more. It calls state, if
// there is one, for each change of a connection.
func overflow(t *testing.T, state func(net.Conn, http.ConnState)) *httptest.Server {
	s := httptest.NewUnstartedServer(nil)
	s.EnableHTTP2 = true
	s.Config.ConnState = state
	s.Config.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){"h2": func(_ *http.Server, c *tls.Conn, _ http.Handler) {
		if _, err := io.ReadFull(c, make([]byte, len(http2.ClientPreface))); err != nil {
			return
		}
		f := http2.NewFramer(c, c)
		_ = f.WriteSettings() // where the client is gone, the next read ends
		for {
			frame, err := f.ReadFrame()
			if err != nil {
				return
			}
			if id := frame.Header().StreamID; frame.Header().Type == http2.FrameHeaders {
				_ = errors.Join(f.WriteSettingsAck(), f.WriteWindowUpdate(id, 1<<31-1), f.WriteWindowUpdate(id, 1<<31-1))
			}
		}
	}}
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// deadlockChild has TestHTTP2Deadlock run what hangs: its goroutines never end, and other tests look for such.
const deadlockChild = "DATELINE_TEST_DEADLOCK"

// Where HTTP/2 is spoken, net/http may hang for ever: the round trip is abandoned and its connection closed.
func TestHTTP2Deadlock(t *testing.T) {
	t.Parallel()
	if os.Getenv(deadlockChild) == "" {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHTTP2Deadlock$")
		child.Env = append(os.Environ(), deadlockChild+"=1")
		if out, err := child.CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
		return
	}
	ended := make(chan struct{}, 8)
	s := overflow(t, func(_ net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			ended <- struct{}{}
		}
	})
	c := newClient(t, Options{Timeout: 200 * time.Millisecond}, trust(s))
	c.next.(*http.Transport).Protocols.SetHTTP2(true)
	if _, err := c.Get(t.Context(), Request{URL: s.URL}); !errors.Is(err, ErrSlow) {
		t.Fatalf("got %v", err)
	}
	if c.Abandoned() == 0 {
		t.Skip("this net/http does not hang")
	}
	<-ended
}
