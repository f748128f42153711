package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/news"
)

// bomb returns many megabytes of nothing under one coding.
func bomb(t *testing.T, coding string, megabytes int) []byte {
	t.Helper()
	return encode(t, coding, make([]byte, megabytes<<20))
}

// TestHostile shows what a hostile server gets over a real socket: a typed error, no more than a small
// multiple of the body limit in memory, and no goroutine left behind. The limits of time are shortened where
// they are what the server meets; elsewhere a busy machine could meet them first.
func TestHostile(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
	quick := func(c *Client) {
		c.limits.window, c.limits.reply, c.limits.dial = 200*time.Millisecond, 200*time.Millisecond, 2*time.Second
		c.next = newTransport(c.guard, nil, c.limits)
	}
	tests := []struct {
		name    string
		server  func(*testing.T) string
		err     error // wrapped
		problem news.Problem
		cut     string // what a CutError brings along
	}{
		{"a header that never ends", talks(func(c net.Conn) { until(c, 20*time.Millisecond, "X: ") }), ErrSlow, news.ProblemNet, ""},
		{"a header byte by byte", talks(func(c net.Conn) {
			for _, b := range ok + strings.Repeat("X-Y: z\r\n", 1000) {
				if slowly(c, string(b)) != nil {
					return
				}
			}
		}), ErrSlow, news.ProblemNet, ""},
		{"no answer", talks(func(c net.Conn) { io.Copy(io.Discard, c) }), ErrSlow, news.ProblemNet, ""},
		{"a body byte by byte", talks(func(c net.Conn) { io.WriteString(c, ok+"\r\n"); until(c, 20*time.Millisecond, "x") }), ErrSlow,
			news.ProblemPartial, "x"},
		{"a body that stops", talks(func(c net.Conn) { io.WriteString(c, ok+"\r\n<rss>"); io.Copy(io.Discard, c) }), ErrSlow, news.ProblemPartial,
			"<rss>"},
		{"a body that never comes", talks(func(c net.Conn) { io.WriteString(c, ok+"\r\n"); io.Copy(io.Discard, c) }), ErrSlow, news.ProblemNet,
			""},
		{"a body without end", talks(func(c net.Conn) { io.WriteString(c, ok+"\r\n"); until(c, 0, strings.Repeat("x", 1<<16)) }), ErrTooLarge,
			news.ProblemSize, ""},
		{"chunks without end", talks(func(c net.Conn) {
			io.WriteString(c, ok+"Transfer-Encoding: chunked\r\n\r\n")
			until(c, 0, "10000\r\n"+strings.Repeat("x", 1<<16)+"\r\n")
		}), ErrTooLarge, news.ProblemSize, ""},
		{"a length beyond the limit", talks(say(ok + "Content-Length: 99999999999\r\n\r\nx")), ErrTooLarge, news.ProblemSize, ""},
		{"a page without end", talks(func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 503 Later\r\n\r\n")
			until(c, 0, strings.Repeat("x", 1<<16))
		}), nil, news.ProblemHTTP, ""},
		{"a gzip bomb", bombs("gzip", 1), ErrTooLarge, news.ProblemSize, ""},
		{"a br bomb", bombs("br", 1), ErrTooLarge, news.ProblemSize, ""},
		{"a zstd bomb", bombs("zstd", 1), ErrTooLarge, news.ProblemSize, ""},
		{"a bomb in a bomb", bombs("gzip, gzip", 2), ErrTooLarge, news.ProblemSize, ""},
		{"a bomb in a page", func(t *testing.T) string {
			b := bomb(t, "gzip", 64)
			return serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Encoding", "gzip")
				w.WriteHeader(403)
				w.Write(b)
			})
		}, nil, news.ProblemBlocked, ""},
		{"one header field of megabytes", talks(func(c net.Conn) { io.WriteString(c, ok+"X: "); until(c, 0, strings.Repeat("x", 1<<16)) }),
			ErrTooLarge, news.ProblemSize, ""},
		{"header fields without number", talks(func(c net.Conn) { io.WriteString(c, ok); until(c, 0, strings.Repeat("X: y\r\n", 1000)) }),
			ErrTooLarge, news.ProblemSize, ""},
		{"interim answers without number", talks(func(c net.Conn) { until(c, 0, strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 1000)) }),
			ErrTooLarge, news.ProblemSize, ""},
		{"fewer bytes than announced", talks(say(ok + "Content-Length: 100\r\n\r\n<rss>")), io.ErrUnexpectedEOF, news.ProblemPartial, "<rss>"},
		{"a chunk cut off", talks(say(ok + "Transfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n99\r\n<item>")), io.ErrUnexpectedEOF,
			news.ProblemPartial, "<rss><item>"},
		{"a chunk of no length", talks(say(ok + "Transfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\nzz\r\n")), nil, news.ProblemPartial, "<rss>"},
		{"a length that contradicts itself", talks(say(ok + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n<rss>")), nil, news.ProblemNet, ""},
		{"a length below nothing", talks(say(ok + "Content-Length: -5\r\n\r\n<rss>")), nil, news.ProblemNet, ""},
		{"a reset in the body", talks(func(c net.Conn) { io.WriteString(c, ok+"Content-Length: 100\r\n\r\n<rss>"); reset(c) }), nil,
			news.ProblemPartial, "<rss>"},
		{"a reset in place of an answer", talks(reset), nil, news.ProblemNet, ""},
		{"an end in place of an answer", talks(say("")), io.EOF, news.ProblemNet, ""},
		{"what is no HTTP", talks(say("SSH-2.0-OpenSSH_9.2\r\n\r\n")), nil, news.ProblemNet, ""},
		{"a status that is none", talks(say("HTTP/1.1 2000 OK\r\n\r\n")), nil, news.ProblemNet, ""},
		{"a certificate nobody signed", func(t *testing.T) string {
			s := httptest.NewUnstartedServer(http.NotFoundHandler())
			s.Config.ErrorLog = quiet()
			s.StartTLS()
			t.Cleanup(s.Close)
			return s.URL
		}, nil, news.ProblemNet, ""},
		{"no TLS at all", func(t *testing.T) string {
			s := httptest.NewUnstartedServer(http.NotFoundHandler())
			s.Config.ErrorLog = quiet()
			s.Start()
			t.Cleanup(s.Close)
			return strings.Replace(s.URL, "http:", "https:", 1)
		}, nil, news.ProblemNet, ""},
		{"a hundred redirects", func(t *testing.T) string {
			n := 0
			return serve(t, func(w http.ResponseWriter, r *http.Request) {
				n++
				http.Redirect(w, r, fmt.Sprint("/", n), http.StatusFound)
			})
		}, ErrRedirect, news.ProblemHTTP, ""},
		{"a redirect that sends a body without end", talks(func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n")
			until(c, 0, strings.Repeat("x", 1<<16))
		}), nil, news.ProblemGuard, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			url := tt.server(t)
			limits := func(*Client) {}
			if tt.err == ErrSlow {
				limits = quick
			}
			c := newClient(t, Options{MaxBody: 1 << 20}, limits)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			resp, err := c.Get(t.Context(), Request{URL: url})
			runtime.ReadMemStats(&after)
			if err == nil || resp != nil || tt.err != nil && !errors.Is(err, tt.err) || Problem(err) != tt.problem {
				t.Errorf("got %v (%s), want %v (%s)", err, Problem(err), tt.err, tt.problem)
			}
			var cut *CutError
			if errors.As(err, &cut) != (tt.cut != "") || cut != nil && !strings.HasPrefix(string(cut.Body), tt.cut) {
				t.Errorf("got %v, want what was read: %q", err, tt.cut)
			}
			var status *StatusError
			if errors.As(err, &status) && len(status.Snippet) > maxSnippet {
				t.Errorf("a snippet of %d bytes", len(status.Snippet))
			}
			// Server and client together; the bodies are 1 MiB at most, the bombs 64.
			if mem := after.TotalAlloc - before.TotalAlloc; mem > 32<<20 {
				t.Errorf("%d MiB allocated", mem>>20)
			}
			c.Close()
			noneOpen(t)
		})
	}
}

func talks(talk func(net.Conn)) func(*testing.T) string {
	return func(t *testing.T) string { return raw(t, talk) }
}

// slowly writes s after a short pause.
func slowly(c net.Conn, s string) error {
	timer := time.NewTimer(10 * time.Millisecond)
	<-timer.C
	_, err := io.WriteString(c, s)
	return err
}

func bombs(encoding string, layers int) func(*testing.T) string {
	return func(t *testing.T) string {
		coding, _, _ := strings.Cut(encoding, ",")
		b := bomb(t, coding, 64)
		for range layers - 1 {
			b = encode(t, coding, b)
		}
		return serveEncoded(t, encoding, b)
	}
}

// reset closes a connection so that the peer gets a reset.
func reset(c net.Conn) {
	slowly(c, "") // what was written before arrives before
	c.(*net.TCPConn).SetLinger(0)
	c.Close()
}

// A ratio beyond the limit ends a bomb that stays below the limit of the body.
func TestRatio(t *testing.T) {
	c := newClient(t, Options{MaxBody: 1 << 30})
	for _, coding := range []string{"gzip", "br", "zstd"} {
		t.Run(coding, func(t *testing.T) {
			_, err := c.Get(t.Context(), Request{URL: serveEncoded(t, coding, bomb(t, coding, 50))})
			if !errors.Is(err, ErrTooLarge) || !strings.Contains(err.Error(), "times what was received") {
				t.Errorf("got %v", err)
			}
		})
	}
	t.Run("a small document may be repetitive", func(t *testing.T) {
		doc := bytes.Repeat([]byte("<item/>"), 100_000)
		resp, err := c.Get(t.Context(), Request{URL: serveEncoded(t, "br", encode(t, "br", doc))})
		if err != nil || !bytes.Equal(resp.Body, doc) {
			t.Error(err)
		}
	})
}

// Of a page that comes with an error no more is read than its beginning.
func TestPageLimit(t *testing.T) {
	page := strings.NewReader(strings.Repeat("x", 1<<20))
	c := newClient(t, Options{Transport: answers(func(r *http.Request) (*http.Response, error) {
		resp := answer(r, http.StatusServiceUnavailable, "")
		resp.ContentLength, resp.Body = -1, io.NopCloser(page)
		return resp, nil
	})})
	_, err := c.Get(t.Context(), Request{URL: "http://a.example/"})
	if n := page.Size() - int64(page.Len()); Problem(err) != news.ProblemHTTP || n > 2*c.limits.page {
		t.Errorf("%d bytes read, %v", n, err)
	}
}

// The limit counts decoded bytes, and the last byte that fits is taken.
func TestBodyLimit(t *testing.T) {
	doc := document(300)
	for _, coding := range []string{"", "gzip", "br", "zstd"} {
		for _, extra := range []int64{0, -1} {
			t.Run(fmt.Sprintf("%s%+d", coding, extra), func(t *testing.T) {
				c := newClient(t, Options{MaxBody: int64(len(doc)) + extra})
				url := serve(t, func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("Content-Encoding", coding)
					w.(http.Flusher).Flush() // no length announced
					w.Write(encode(t, coding, doc))
				})
				resp, err := c.Get(t.Context(), Request{URL: url})
				if extra == 0 && (err != nil || !bytes.Equal(resp.Body, doc)) {
					t.Errorf("got %v", err)
				}
				if extra < 0 && !errors.Is(err, ErrTooLarge) {
					t.Errorf("got %v", err)
				}
			})
		}
	}
}

// While one server holds its request, others are served.
func TestOthersUnaffected(t *testing.T) {
	taken := make(chan struct{})
	hostile := raw(t, func(c net.Conn) { close(taken); io.Copy(io.Discard, c) })
	good := serve(t, func(w http.ResponseWriter, r *http.Request) { w.Write([]byte(feed)) })
	c := newClient(t, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, err := c.Get(ctx, Request{URL: hostile})
		ended <- err
	}()
	<-taken
	if _, err := c.Get(t.Context(), Request{URL: good}); err != nil {
		t.Error(err)
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	c.Close()
}
