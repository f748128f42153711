package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dateline/aggregator/news"
)

func TestHosts(t *testing.T) {
	lets := func(host string) bool { return host == "127.0.0.1" }
	t.Run("one at a time, with a gap from end to start", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			h := newHosts(time.Second, lets)
			var log []time.Duration
			start := time.Now()
			var wg sync.WaitGroup
			for range 3 {
				wg.Go(func() {
					release, err := h.Acquire(t.Context(), "a.example:443")
					if err != nil {
						t.Error(err)
						return
					}
					log = append(log, time.Since(start))
					time.Sleep(5 * time.Second)
					release()
					release()
				})
			}
			wg.Wait()
			if got, want := fmt.Sprint(log), "[0s 6s 12s]"; got != want {
				t.Errorf("started at %s, want %s", got, want)
			}
		})
	})
	t.Run("another port is another host", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			h := newHosts(time.Second, lets)
			start := time.Now()
			for _, host := range []string{"a.example:443", "a.example:80", "b.example:443"} {
				if _, err := h.Acquire(t.Context(), host); err != nil {
					t.Error(err)
				}
			}
			if d := time.Since(start); d != 0 {
				t.Errorf("waited %v", d)
			}
		})
	})
	t.Run("no gap for what is let in, but one at a time", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			h := newHosts(time.Second, lets)
			start := time.Now()
			for range 3 {
				release, err := h.Acquire(t.Context(), "127.0.0.1:8080")
				if err != nil {
					t.Error(err)
				}
				time.Sleep(time.Millisecond)
				release()
			}
			if d := time.Since(start); d != 3*time.Millisecond {
				t.Errorf("took %v", d)
			}
		})
	})
	t.Run("who gives up while waiting holds nobody up", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			h := newHosts(time.Hour, lets)
			release, err := h.Acquire(t.Context(), "a.example:80")
			if err != nil {
				t.Fatal(err)
			}
			for range 2 { // once in the queue, once in the gap
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				if _, err := h.Acquire(ctx, "a.example:80"); !errors.Is(err, context.DeadlineExceeded) || Problem(err) != news.ProblemNet {
					t.Errorf("got %v", err)
				}
				release()
			}
			if release, err = h.Acquire(t.Context(), "a.example:80"); err != nil {
				t.Fatal(err)
			}
			release()
		})
	})
	t.Run("forgets hosts that nobody needs", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			h := newHosts(time.Second, lets)
			if _, err := h.Acquire(t.Context(), "held.example:80"); err != nil {
				t.Fatal(err)
			}
			for i := range 3 * sweepAt {
				release, err := h.Acquire(t.Context(), fmt.Sprintf("h%d.example:80", i))
				if err != nil {
					t.Fatal(err)
				}
				release()
				time.Sleep(10 * time.Millisecond)
			}
			if n := len(h.turns); n > sweepAt {
				t.Errorf("%d hosts remembered", n)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			if _, err := h.Acquire(ctx, "held.example:80"); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("a turn that is held was forgotten: %v", err)
			}
		})
	})
}

// A client that succeeds another knows what turns are taken there, and keeps its own gap.
func TestSucceed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := answers(func(r *http.Request) (*http.Response, error) {
			time.Sleep(5 * time.Second)
			return answer(r, 200, feed), nil
		})
		old, err := New(Options{Gap: time.Hour, Transport: network})
		if err != nil {
			t.Fatal(err)
		}
		next, err := New(Options{Gap: time.Second, Transport: network})
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		var wg sync.WaitGroup
		get := func(c *Client) {
			wg.Go(func() {
				if _, err := c.Get(t.Context(), Request{URL: "http://a.example/"}); err != nil {
					t.Error(err)
				}
			})
		}
		get(old)
		synctest.Wait()
		next.Succeed(old)
		get(next)
		wg.Wait()
		if d := time.Since(start); d != 11*time.Second {
			t.Errorf("took %v, want 11s: two requests and the gap of the new client between", d)
		}
	})
}

// Get takes turns at every hop, and passes on the one that its caller took.
func TestGetTakesTurns(t *testing.T) {
	network := func(log *[]string) answers {
		start := time.Now()
		return func(r *http.Request) (*http.Response, error) {
			*log = append(*log, fmt.Sprintf("%s %v", r.URL, time.Since(start)))
			time.Sleep(time.Second)
			switch r.URL.Path {
			case "/home":
				return answer(r, 302, "", "Location", "/end"), nil
			case "/away":
				return answer(r, 302, "", "Location", "http://b.example/end"), nil
			}
			return answer(r, 200, feed), nil
		}
	}
	tests := []struct {
		name, url string
		want      string
	}{
		{"at one host with a gap", "http://a.example/home", "[http://a.example/home 0s http://a.example/end 3s http://a.example/free 6s]"},
		{"at two hosts without", "http://a.example/away", "[http://a.example/away 0s http://b.example/end 1s http://a.example/free 3s]"},
	}
	for _, tt := range tests {
		for _, taken := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, taken %v", tt.name, taken), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var log []string
					c, err := New(Options{Gap: 2 * time.Second, Transport: network(&log)})
					if err != nil {
						t.Fatal(err)
					}
					r := Request{URL: tt.url}
					if taken {
						if r.Release, err = c.Hosts.Acquire(t.Context(), "a.example:80"); err != nil {
							t.Fatal(err)
						}
					}
					if _, err := c.Get(t.Context(), r); err != nil {
						t.Fatal(err)
					}
					if _, err := c.Get(t.Context(), Request{URL: "http://a.example/free"}); err != nil {
						t.Fatal(err)
					}
					if got := fmt.Sprint(log); got != tt.want {
						t.Errorf("got %s, want %s", got, tt.want)
					}
				})
			})
		}
	}
}

func TestTimeouts(t *testing.T) {
	tests := []struct {
		name    string
		network answers
		err     error
		problem news.Problem
		after   time.Duration
	}{
		{"no answer", func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}, ErrSlow, news.ProblemNet, time.Minute},
		{"all hops together", func(r *http.Request) (*http.Response, error) {
			select {
			case <-time.After(11 * time.Second):
				return answer(r, 302, "", "Location", r.URL.Path+"x"), nil
			case <-r.Context().Done():
				return nil, r.Context().Err()
			}
		}, ErrSlow, news.ProblemNet, time.Minute},
		{"a body that trickles", func(r *http.Request) (*http.Response, error) {
			resp := answer(r, 200, "")
			resp.ContentLength, resp.Body = -1, trickle{r.Context(), time.Second}
			return resp, nil
		}, ErrSlow, news.ProblemPartial, 15 * time.Second},
		{"a page that trickles", func(r *http.Request) (*http.Response, error) {
			resp := answer(r, 503, "")
			resp.ContentLength, resp.Body = -1, trickle{r.Context(), time.Second}
			return resp, nil
		}, nil, news.ProblemHTTP, 15 * time.Second},
		{"a body that is fast enough but has no end", func(r *http.Request) (*http.Response, error) {
			resp := answer(r, 200, "")
			resp.ContentLength, resp.Body = -1, trickle{r.Context(), 5 * time.Millisecond}
			return resp, nil
		}, ErrSlow, news.ProblemPartial, time.Minute},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, err := New(Options{Transport: tt.network})
				if err != nil {
					t.Fatal(err)
				}
				start := time.Now()
				_, err = c.Get(t.Context(), Request{URL: "http://a.example/"})
				if tt.err != nil && !errors.Is(err, tt.err) || Problem(err) != tt.problem {
					t.Errorf("got %v (%s)", err, Problem(err))
				}
				if d := time.Since(start); d != tt.after {
					t.Errorf("after %v, want %v", d, tt.after)
				}
			})
		})
	}
	t.Run("the caller's own end is nobody's fault", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c, err := New(Options{Transport: tests[4].network})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(3*time.Second, cancel)
			_, err = c.Get(ctx, Request{URL: "http://a.example/"})
			var cut *CutError
			if !errors.Is(err, context.Canceled) || errors.As(err, &cut) || Problem(err) != "" {
				t.Errorf("got %v (%s)", err, Problem(err))
			}
		})
	})
	t.Run("waiting for a turn takes no time from the visit", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c, err := New(Options{Gap: time.Hour, Transport: answers(func(r *http.Request) (*http.Response, error) {
				return answer(r, 200, feed),
					nil
			})})
			if err != nil {
				t.Fatal(err)
			}
			for range 3 {
				if _, err := c.Get(t.Context(), Request{URL: "http://a.example/"}); err != nil {
					t.Error(err)
				}
			}
		})
	})
	t.Run("Retry-After by the clock", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c, err := New(Options{Transport: answers(func(r *http.Request) (*http.Response, error) {
				return answer(r, 503, "later", "Retry-After", "3600"), nil
			})})
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.Get(t.Context(), Request{URL: "http://a.example/"})
			var e *StatusError
			if !errors.As(err, &e) || !e.RetryAfter.Equal(time.Now().Add(time.Hour)) || e.Snippet != "later" {
				t.Errorf("got %#v", err)
			}
		})
	})
}
