package push

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dateline/aggregator/news"
)

// deaf is a hub that fails to end subscriptions.
type deaf struct{ *hub }

func (d deaf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err == nil && r.Form.Get("hub.mode") == "unsubscribe" {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	r.Body = http.NoBody
	form := r.PostForm.Encode()
	again, err := http.NewRequest(http.MethodPost, hubURL, strings.NewReader(form))
	if err != nil {
		return
	}
	d.hub.ServeHTTP(w, again)
}

// TestBadHub asks hubs that do not do what they should, for thirty days.
func TestBadHub(t *testing.T) {
	redirect := func(to string) func(r *rig) {
		return func(r *rig) {
			r.hub.be(manners{before: http.StatusTemporaryRedirect, header: http.Header{"Location": {to}}})
		}
	}
	for _, c := range []struct {
		fact     string
		make     func(r *rig)
		states   string
		atLeast  int // requests
		atMost   int
		reason   string
		failures bool
	}{
		{"does not know us", func(r *rig) { r.hub.be(manners{before: 404, page: "no\tsuch <hub>\n"}) }, "[pending]", 30, 40,
			"hub https://hub.example/: status 404: no such <hub>", true},
		{"is broken", func(r *rig) { r.hub.be(manners{before: 500}) }, "[pending]", 30, 40, "hub https://hub.example/: status 500", true},
		{"never comes back", func(r *rig) { r.hub.be(manners{silent: true}) }, "[pending]", 30, 40, "", true},
		{"denies", func(r *rig) { r.hub.be(manners{denies: "not for you"}) }, "[denied]", 2, 2, "not for you", true},
		{"sends on in a circle", redirect(hubURL), "[pending]", 30 * maxHops, 40 * maxHops, "hub https://hub.example/: status 508: sent on too often", true},
		{"sends on to plain http", redirect("http://hub.example/"), "[pending]", 30, 40, "hub https://hub.example/: status 307: sent on from https to http", true},
		{"sends on to a file", redirect("file:///etc/passwd"), "[pending]", 30, 40, "hub https://hub.example/: status 307: sent on to no address", true},
		{"sends on to nowhere", func(r *rig) { r.hub.be(manners{before: 308}) }, "[pending]", 30, 40, "hub https://hub.example/: status 308: sent on to no address", true},
		{"wants no request for twelve days", func(r *rig) { r.hub.be(manners{before: 503, header: http.Header{"Retry-After": {"1036800"}}}) }, "[pending]", 3, 3,
			"hub https://hub.example/: status 503", true},
		{"wants no request until a date", func(r *rig) {
			r.hub.be(manners{before: 429, header: http.Header{"Retry-After": {time.Now().Add(29 * day).UTC().Format(http.TimeFormat)}}})
		}, "[pending]", 6, 9, "hub https://hub.example/: status 429", true},
		{"is not there", func(r *rig) { r.net.set("hub.example", nil) }, "[pending]", 0, 0, `Post "https://hub.example/": no host hub.example`, true},
		{"verifies before it answers", func(r *rig) { r.hub.be(manners{inside: true}) }, "[active]", 6, 8, "", false},
		{"gives a lease of a second", func(r *rig) { r.hub.be(manners{seconds: "1"}) }, "[active]", 30 * 24 * 20, 30 * 24 * 28, "", false},
	} {
		t.Run(c.fact, func(t *testing.T) {
			bubble(t, func(r *rig) {
				c.make(r)
				r.start()
				r.sub.Discovered("belta", topic, hubURL)
				for range 30 * 24 * 4 {
					after(15 * minute)
					r.sub.Discovered("belta", topic, hubURL) // as every poll says
				}
				synctest.Wait()
				if n := r.hub.requests("subscribe"); r.states() != c.states || n < c.atLeast || n > c.atMost {
					t.Errorf("%s after %d requests, want %s after %d to %d", r.states(), n, c.states, c.atLeast, c.atMost)
				}
				got := r.sub.Subscriptions()[0]
				if got.Reason != c.reason || (got.Failures > 0) != c.failures {
					t.Errorf("%d failures: %q, want %q", got.Failures, got.Reason, c.reason)
				}
				if _, slow := r.sub.Slow("belta"); slow {
					t.Error("push counts as working")
				}
			})
		})
	}
}

func TestRefused(t *testing.T) {
	for name, refuse := range map[string]func(r *rig, asked *atomic.Int64){
		"by the client": func(r *rig, asked *atomic.Int64) {
			r.setup.Client = &http.Client{Transport: failing(func() error { asked.Add(1); return errGuard })}
		},
		"by the turn": func(r *rig, asked *atomic.Int64) {
			r.setup.Turn = func(context.Context, string) (func(), error) { asked.Add(1); return nil, errGuard }
		},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(r *rig) {
				var asked atomic.Int64
				refuse(r, &asked)
				r.start()
				for range 30 * 24 {
					r.sub.Discovered("belta", topic, hubURL)
					after(hour)
				}
				if got := r.one(); got.State != news.SubscriptionRefused || !strings.Contains(got.Reason, errGuard.Error()) {
					t.Errorf("%s: %s", got.State, got.Reason)
				}
				if n := asked.Load(); n < 29 || n > 31 {
					t.Errorf("tried %d times in thirty days", n)
				}
			})
		})
	}
	t.Run("a turn that is not to be had is no failure of the hub's, but waited for", func(t *testing.T) {
		bubble(t, func(r *rig) {
			var tries atomic.Int64
			r.setup.Turn = func(context.Context, string) (func(), error) {
				if tries.Add(1) < 5 {
					return nil, errors.New("the host wants no request")
				}
				return func() {}, nil
			}
			r.start()
			r.sub.Discovered("belta", topic, hubURL)
			after(39 * minute)
			if got := r.one(); tries.Load() != 4 || got.Failures != 0 || got.State != news.SubscriptionPending {
				t.Errorf("%d tries, %s with %d failures", tries.Load(), got.State, got.Failures)
			}
			after(2 * minute)
			if got := r.states(); got != "[active]" {
				t.Errorf("subscriptions are %s", got)
			}
		})
	})
}

type failing func() error

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f() }

func TestRetryAfter(t *testing.T) {
	t.Run("it is the host that wants no request, across a restart", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.hub.be(manners{before: 429, header: http.Header{"Retry-After": {"7200"}}})
			r.setup.Sources = []string{"belta", "tass"}
			r.start()
			r.sub.Discovered("belta", topic, hubURL)
			after(minute)
			r.start()
			r.sub.Discovered("tass", "https://tass.example/rss", hubURL+"other")
			after(2*hour - 2*minute)
			if n := r.hub.requests(""); n != 1 {
				t.Errorf("asked %d times", n)
			}
			r.hub.be(manners{})
			after(2 * minute)
			if got := r.states(); got != "[active active]" {
				t.Errorf("subscriptions are %s", got)
			}
		})
	})
	for field, want := range map[string]time.Duration{"120": 2 * minute, "": 10 * minute, "soon": 10 * minute, "4294967295": 30 * day} {
		t.Run(fmt.Sprintf("%q", field), func(t *testing.T) {
			bubble(t, func(r *rig) {
				r.hub.be(manners{before: 429, header: http.Header{"Retry-After": {field}}})
				_, err := submit(t.Context(), r.setup, hubURL, nil)
				var bad *HubError
				if !errors.As(err, &bad) || bad.RetryAfter.Sub(time.Now()) != want {
					t.Errorf("%v, until %v, want %v", err, bad.RetryAfter, want)
				}
			})
		})
	}
}

// TestEverNewHubs has a publisher that names another hub with every poll: it must not make us knock at doors.
func TestEverNewHubs(t *testing.T) {
	bubble(t, func(r *rig) {
		var asked atomic.Int64
		r.setup.Client = &http.Client{Transport: failing(func() error { asked.Add(1); return errors.New("refused") })}
		r.start()
		for i := range 7 * 24 * 4 {
			r.sub.Discovered("belta", topic, fmt.Sprintf("https://%d.example/", i))
			after(15 * minute)
		}
		if n := asked.Load(); n > 20 {
			t.Errorf("asked %d hubs in a week", n)
		}
		r.one()
	})
}

func TestStoreFails(t *testing.T) {
	t.Run("at the start", func(t *testing.T) {
		r := newRig(t)
		r.shelf.broken = true
		if _, err := New(r.shelf, r.setup, r.take, quiet()); !errors.Is(err, errShelf) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("later: it is told again", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.start()
			r.shelf.setBroken(true)
			r.sub.Discovered("belta", topic, hubURL)
			after(time.Second)
			if got := r.states(); got != "[active]" || len(r.shelf.subs) != 0 {
				t.Errorf("%s, %d stored", got, len(r.shelf.subs))
			}
			r.shelf.setBroken(false)
			after(storeAgain)
			if got := r.one(); got.State != news.SubscriptionActive {
				t.Errorf("stored as %s", got.State)
			}
		})
	})
	t.Run("nothing is written where nothing changes", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			before := r.shelf.writes
			for range 100 {
				after(15 * minute)
				r.sub.Discovered("belta", topic, hubURL)
				r.sub.Polled("belta", 0)
			}
			if r.shelf.writes != before {
				t.Errorf("%d writes", r.shelf.writes-before)
			}
		})
	})
}

func TestStop(t *testing.T) {
	bubble(t, func(r *rig) {
		r.setup.Client = &http.Client{Transport: hanging{}}
		r.start()
		r.sub.Discovered("belta", topic, hubURL)
		synctest.Wait()
		began := time.Now()
		r.stop() // the bubble fails if a goroutine is left
		if d := time.Since(began); d != 0 {
			t.Errorf("took %v", d)
		}
		if got := r.one(); got.Reason != "" {
			t.Errorf("the end of the program is the hub's fault: %s", got.Reason)
		}
		if got := r.one(); got.Failures != 1 || got.Requested.IsZero() {
			t.Error("what was under way is not recorded")
		}
	})
}

// hanging is a network that answers nothing.
type hanging struct{}

func (hanging) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestReasonOf(t *testing.T) {
	for text, want := range map[string]string{
		"": "", " a\r\n\tb ": "a b", "\xff\x00x\x1b[31m": "x [31m", strings.Repeat("я", 300): strings.Repeat("я", 200),
		url.QueryEscape("a b"): "a+b",
	} {
		if got := reasonOf(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
