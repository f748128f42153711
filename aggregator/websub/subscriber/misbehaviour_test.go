package subscriber

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

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/aggregator/websub"
)

// deaf is a hub that fails to end subscriptions.
type deaf struct{ *feedtest.Hub }

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
	d.Hub.ServeHTTP(w, again)
}

// TestMisbehaviour asks hubs that do not do what they should, for thirty days; the one that is asked
// most, for four hours or in the long form a week.
func TestMisbehaviour(t *testing.T) {
	often := feedtest.Pick(4, 7*24) // hours
	redirect := func(to string) func(r *rig) {
		return func(r *rig) {
			r.hub.Behave(feedtest.HubBehaviour{Status: http.StatusTemporaryRedirect, Header: http.Header{"Location": {to}}})
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
		{"does not know us", func(r *rig) { r.hub.Behave(feedtest.HubBehaviour{Status: 404, Body: "no\tsuch <hub>\n"}) }, "[pending]", 30, 40,
			"answered with status 404: no such <hub>", true},
		{"is broken", func(r *rig) { r.hub.Behave(feedtest.HubBehaviour{Status: 500}) }, "[pending]", 30, 40,
			"answered with status 500", true},
		{"never comes back", func(r *rig) { r.hub.Behave(feedtest.HubBehaviour{Silent: true}) }, "[pending]", 30, 40, "", true},
		{"denies", func(r *rig) { r.hub.Behave(feedtest.HubBehaviour{Deny: "not for you"}) }, "[denied]", 2, 2, "not for you", true},
		{"sends on in a circle", redirect(hubURL), "[pending]", 30 * maxRedirects, 40 * maxRedirects,
			"answered with status 508: sent on too often", true},
		{"sends on to plain http", redirect("http://hub.example/"), "[pending]", 30, 40,
			"answered with status 307: sent on from https to http", true},
		{"sends on to a file", redirect("file:///etc/passwd"), "[pending]", 30, 40, "answered with status 307: sent on to no address",
			true},
		{"sends on to nowhere", func(r *rig) { r.hub.Behave(feedtest.HubBehaviour{Status: 308}) }, "[pending]", 30, 40,
			"answered with status 308: sent on to no address", true},
		{"wants no request for twelve days", func(r *rig) {
			r.hub.Behave(feedtest.HubBehaviour{Status: 503, Header: http.Header{"Retry-After": {"1036800"}}})
		}, "[pending]", 3, 3,
			"answered with status 503", true},
		{"wants no request until a date", func(r *rig) {
			r.hub.Behave(feedtest.HubBehaviour{Status: 429,
				Header: http.Header{"Retry-After": {time.Now().Add(29 * day).UTC().Format(http.TimeFormat)}}})
		}, "[pending]", 6, 9, "answered with status 429", true},
		{"is not there", func(r *rig) { r.net.Set("hub.example", nil) }, "[pending]", 0, 0, `Post "https://hub.example/": no host hub.example`,
			true},
		{"verifies before it answers", func(r *rig) { r.hub.Behave(feedtest.HubBehaviour{Inline: true}) }, "[active]", 6, 8, "", false},
		{"gives a lease of a second", func(r *rig) { r.hub.Behave(feedtest.HubBehaviour{Lease: "1"}) }, "[active]", often * 20, often * 28, "",
			false},
	} {
		t.Run(c.fact, func(t *testing.T) {
			bubble(t, func(r *rig) {
				c.make(r)
				r.start()
				r.sub.Discovered("belta", topic, hubURL)
				hours := 30 * 24
				if c.fact == "gives a lease of a second" {
					hours = often
				}
				for range hours * 4 {
					after(15 * minute)
					r.sub.Discovered("belta", topic, hubURL) // as every poll says
				}
				synctest.Wait()
				if r.states() != c.states {
					t.Errorf("subscriptions are %s, want %s", r.states(), c.states)
				}
				if n := r.asked("subscribe"); n < c.atLeast || n > c.atMost {
					t.Errorf("%d requests, want %d to %d", n, c.atLeast, c.atMost)
				}
				got := r.sub.Subscriptions()[0]
				if got.Reason != c.reason {
					t.Errorf("the reason is %q, want %q", got.Reason, c.reason)
				}
				if (got.Failures > 0) != c.failures {
					t.Errorf("%d failures, want some: %v", got.Failures, c.failures)
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
			got := r.one()
			feedtest.Same(t, "tries", tries.Load(), 4)
			feedtest.Same(t, "failures", got.Failures, 0)
			feedtest.Same(t, "state", got.State, news.SubscriptionPending)
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
			r.hub.Behave(feedtest.HubBehaviour{Status: 429, Header: http.Header{"Retry-After": {"7200"}}})
			r.setup.Sources = []string{"belta", "tass"}
			r.start()
			r.sub.Discovered("belta", topic, hubURL)
			after(minute)
			r.start()
			r.sub.Discovered("tass", "https://tass.example/rss", hubURL+"other")
			after(2*hour - 2*minute)
			if n := r.asked(""); n != 1 {
				t.Errorf("asked %d times", n)
			}
			r.hub.Behave(feedtest.HubBehaviour{})
			after(2 * minute)
			if got := r.states(); got != "[active active]" {
				t.Errorf("subscriptions are %s", got)
			}
		})
	})
	for field, want := range map[string]time.Duration{"120": 2 * minute, "": 10 * minute, "soon": 10 * minute, "4294967295": 30 * day} {
		t.Run(fmt.Sprintf("%q", field), func(t *testing.T) {
			bubble(t, func(r *rig) {
				r.hub.Behave(feedtest.HubBehaviour{Status: 429, Header: http.Header{"Retry-After": {field}}})
				_, err := submit(r.t.Context(), r.setup, hubURL, nil)
				var bad *websub.AnswerError
				if !errors.As(err, &bad) || time.Until(bad.RetryAt) != want {
					t.Errorf("%v, until %v, want %v", err, bad.RetryAt, want)
				}
			})
		})
	}
}

// TestEverNewHubs has a publisher that names another hub with every poll, for two days or in the long form a week: the hubs are
// asked hardly more often than one hub would be.
func TestEverNewHubs(t *testing.T) {
	days := feedtest.Pick(2, 7)
	bubble(t, func(r *rig) {
		var asked atomic.Int64
		r.setup.Client = &http.Client{Transport: failing(func() error { asked.Add(1); return errors.New("refused") })}
		r.start()
		for i := range days * 24 * 4 {
			r.sub.Discovered("belta", topic, fmt.Sprintf("https://%d.example/", i))
			after(15 * minute)
		}
		if n := int(asked.Load()); n < days || n > 8+2*days {
			t.Errorf("asked %d hubs in %d days", n, days)
		}
		r.one()
	})
}

func TestStoreFails(t *testing.T) {
	t.Run("at the start", func(t *testing.T) {
		r := newRig(t)
		r.store.fail(true)
		if _, err := New(r.store, r.setup, r.take, quiet()); !errors.Is(err, errStore) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("later: it is told again", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.start()
			r.store.fail(true)
			r.sub.Discovered("belta", topic, hubURL)
			after(time.Second)
			if got := r.states(); got != "[active]" || r.stored() != 0 {
				t.Errorf("%s, %d stored", got, r.stored())
			}
			r.store.fail(false)
			after(5 * time.Second)
			if got := r.one(); got.State != news.SubscriptionActive {
				t.Errorf("stored as %s", got.State)
			}
		})
	})
	t.Run("nothing is written where nothing changes", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			before := r.store.count()
			for range 100 {
				after(15 * minute)
				r.sub.Discovered("belta", topic, hubURL)
				r.sub.Polled("belta", 0)
			}
			if r.store.count() != before {
				t.Errorf("%d writes", r.store.count()-before)
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
