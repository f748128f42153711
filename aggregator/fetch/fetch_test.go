package fetch

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// newClient returns a client that may reach loopback; tune changes it before its first request.
func newClient(t testing.TB, o Options, tune ...func(*Client)) *Client {
	t.Helper()
	if o.Allow == nil {
		o.Allow = []string{"127.0.0.0/8", "::1"}
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range tune {
		f(c)
	}
	t.Cleanup(c.Close)
	return c
}

// serve starts a server on loopback and returns its address.
func serve(t testing.TB, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// raw starts a server that reads the header of each request and then does to the connection what talk does.
func raw(t testing.TB, talk func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	var conns []net.Conn
	wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			conns = append(conns, conn)
			mu.Unlock()
			wg.Go(func() {
				defer conn.Close()
				head, buf := "", make([]byte, 4096)
				for !strings.Contains(head, "\r\n\r\n") {
					n, err := conn.Read(buf)
					if err != nil {
						return
					}
					head += string(buf[:n])
				}
				talk(conn)
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		mu.Lock()
		for _, c := range conns {
			c.Close()
		}
		mu.Unlock()
		wg.Wait()
	})
	return "http://" + l.Addr().String()
}

// say returns what answers every connection with s and closes it.
func say(s string) func(net.Conn) { return func(c net.Conn) { io.WriteString(c, s) } }

// until writes s again and again, with a pause before each, until the connection ends.
func until(c net.Conn, pause time.Duration, s string) {
	for {
		timer := time.NewTimer(pause)
		<-timer.C
		if _, err := io.WriteString(c, s); err != nil {
			return
		}
	}
}

// answers is a network made of a function.
type answers func(*http.Request) (*http.Response, error)

func (f answers) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// answer returns a response with the given header fields, as name and value in turn.
func answer(r *http.Request, status int, body string, fields ...string) *http.Response {
	h := http.Header{}
	for i := 0; i < len(fields); i += 2 {
		h.Add(fields[i], fields[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)),
		ContentLength: int64(len(body)), Request: r}
}

// trickle is a body that brings one byte every so often and ends with its request.
type trickle struct {
	ctx   context.Context
	every time.Duration
}

func (b trickle) Read(p []byte) (int, error) {
	select {
	case <-time.After(b.every):
		p[0] = 'x'
		return 1, nil
	case <-b.ctx.Done():
		return 0, b.ctx.Err()
	}
}

func (trickle) Close() error { return nil }

// noneOpen fails the test where goroutines of requests go on after everything was closed.
func noneOpen(t *testing.T) {
	t.Helper()
	signs := []string{"fetch.watch", "fetch.(*", "http.(*persistConn)", "http.(*http2", "zstd.", "brotli."}
	var left string
	for start := time.Now(); time.Since(start) < 5*time.Second; runtime.Gosched() {
		buf := make([]byte, 1<<20)
		left = ""
		for _, g := range strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
			for _, s := range signs {
				if strings.Contains(g, s) && !strings.Contains(g, "noneLeft") {
					left = g
				}
			}
		}
		if left == "" {
			return
		}
	}
	t.Errorf("a goroutine is left:\n%s", left)
}

// quiet is a log for servers whose complaints are the point of a test.
func quiet() *log.Logger { return log.New(io.Discard, "", 0) }
