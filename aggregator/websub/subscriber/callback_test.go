package subscriber

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/fetch"
	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/aggregator/websub"
)

// TestQuestion asks at the callback of a subscription in a given state.
func TestQuestion(t *testing.T) {
	subscribe := url.Values{"hub.mode": {"subscribe"}, "hub.topic": {topic}, "hub.challenge": {"<b>ü &"}, "hub.lease_seconds": {"3600"}}
	unsubscribe := with(subscribe, "hub.mode", "unsubscribe")
	denied := url.Values{"hub.mode": {"denied"}, "hub.topic": {topic}, "hub.reason": {"not\x00 for\nyou"}}
	for _, c := range []struct {
		fact  string
		state news.SubscriptionState
		q     url.Values
		ok    bool
		then  string
	}{
		{"what was asked for", "pending", subscribe, true, "[active]"},
		{"again, since the answer may be lost", "active", subscribe, true, "[active]"},
		{"another topic", "pending", with(subscribe, "hub.topic", topic+"/"), false, "[pending]"},
		{"no topic", "pending", without(subscribe, "hub.topic"), false, "[pending]"},
		{"two topics", "pending", with(subscribe, "hub.topic", topic, topic), false, "[pending]"},
		{"no challenge", "pending", without(subscribe, "hub.challenge"), false, "[pending]"},
		{"two challenges", "pending", with(subscribe, "hub.challenge", "a", "b"), false, "[pending]"},
		{"a challenge of more than 4096 bytes", "pending", with(subscribe, "hub.challenge", strings.Repeat("c", 4097)), false, "[pending]"},
		{"a challenge of 4096 bytes", "pending", with(subscribe, "hub.challenge", strings.Repeat("c", 4096)), true, "[active]"},
		{"no mode", "pending", without(subscribe, "hub.mode"), false, "[pending]"},
		{"an unknown mode", "pending", with(subscribe, "hub.mode", "publish"), false, "[pending]"},
		{"an end that was not asked for", "active", unsubscribe, false, "[active]"},
		{"an end before the beginning", "pending", unsubscribe, false, "[pending]"},
		{"the end that was asked for", "leaving", unsubscribe, true, "[]"},
		{"a beginning after the end", "leaving", subscribe, false, "[leaving]"},
		{"a denial", "pending", denied, true, "[denied]"},
		{"a denial later on", "active", denied, true, "[denied]"},
		{"a denial of what is given up", "leaving", denied, true, "[]"},
		{"a denial of another topic", "active", with(denied, "hub.topic", "x"), false, "[active]"},
		{"a beginning after a denial", "denied", subscribe, false, "[denied]"},
		{"one at a hub that we do not go to", "refused", subscribe, false, "[refused]"},
	} {
		t.Run(c.fact, func(t *testing.T) {
			s := still(t, c.state)
			w := question(s, "token", c.q.Encode())
			status, body := http.StatusNotFound, ""
			if c.ok {
				status = http.StatusOK
			}
			if c.ok && c.q.Get("hub.mode") != "denied" {
				body = c.q.Get("hub.challenge")
			}
			if w.Code != status || w.Body.String() != body {
				t.Errorf("answered %d %q, want %d %q", w.Code, w.Body.String(), status, body)
			}
			if got := (&rig{sub: s}).states(); got != c.then {
				t.Errorf("subscriptions are %s, want %s", got, c.then)
			}
			if got := w.Header().Get("Content-Type") + w.Header().Get("X-Content-Type-Options"); got != "text/plain; charset=utf-8nosniff" {
				t.Errorf("sent as %s", got)
			}
		})
	}
	t.Run("the reason of a denial is one short line", func(t *testing.T) {
		s := still(t, "pending")
		question(s, "token", denied.Encode())
		if got := s.Subscriptions()[0].Reason; got != "not for you" {
			t.Errorf("%q", got)
		}
	})
	t.Run("a denial ends the lease", func(t *testing.T) {
		s := still(t, "active")
		ends := s.Subscriptions()[0].Expires
		question(s, "token", denied.Encode())
		due := 0
		s.start = func(func(context.Context)) { due++ }
		if wait := s.look(ends.Add(hour)); due != 0 || wait != websub.RestAtMost {
			t.Errorf("%d due, the next in %v", due, wait)
		}
	})
	t.Run("a callback that is none", func(t *testing.T) {
		if w := question(still(t, "pending"), "tokem", subscribe.Encode()); w.Code != http.StatusNotFound {
			t.Errorf("answered %d", w.Code)
		}
	})
	t.Run("before anything was asked for", func(t *testing.T) {
		s := still(t, "pending")
		s.book.byToken["token"].Requested = time.Time{}
		if w := question(s, "token", subscribe.Encode()); w.Code != http.StatusNotFound {
			t.Errorf("answered %d", w.Code)
		}
	})
	t.Run("another method", func(t *testing.T) {
		w := httptest.NewRecorder()
		still(t, "pending").ServeHTTP(w, httptest.NewRequest(http.MethodHead, "/websub/token", nil))
		if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, POST" {
			t.Errorf("answered %d, Allow %q", w.Code, w.Header().Get("Allow"))
		}
	})
}

func question(s *Subscriber, token, query string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/websub/"+token, nil)
	r.URL.RawQuery = query
	s.ServeHTTP(w, r)
	return w
}

func with(q url.Values, name string, values ...string) url.Values {
	out := without(q, name)
	out[name] = values
	return out
}

func without(q url.Values, name string) url.Values {
	out := url.Values{}
	for k, v := range q {
		if k != name {
			out[k] = v
		}
	}
	return out
}

// still returns a subscriber that does not run, with one subscription in a state, on a store of its own.
func still(tb testing.TB, state news.SubscriptionState) *Subscriber {
	tb.Helper()
	return stillOn(tb, newStore(tb), state)
}

func stillOn(tb testing.TB, st Store, state news.SubscriptionState) *Subscriber {
	tb.Helper()
	now := time.Now().UTC()
	sub := news.Subscription{Token: "token", Source: "belta", Topic: topic, Hub: hubURL, Secret: "secret", State: state,
		Callback: base + "websub/token", Requested: now}
	if state == news.SubscriptionActive || state == news.SubscriptionLeaving {
		sub.Verified, sub.Expires = now, now.Add(day)
	}
	if err := put(st, sub); err != nil {
		tb.Fatal(err)
	}
	var r rig
	s, err := New(st, Setup{Base: base, Sources: []string{"belta"}, Peer: websub.Peer{Client: &http.Client{}, Host: fetch.Host},
		MaxBody: 1 << 20}, r.take,
		quiet())
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func TestReceive(t *testing.T) {
	const body = "<feed/>"
	good := feedtest.Signature("sha256", "secret", body)
	for _, c := range []struct {
		fact    string
		state   news.SubscriptionState
		field   []string
		body    io.Reader
		encoded string
		status  int
		waits   int
		ignored uint64
	}{
		{"signed as agreed", "active", []string{good}, strings.NewReader(body), "", 202, 1, 0},
		{"signed as agreed, of unknown length", "active", []string{good}, io.MultiReader(strings.NewReader(body)), "", 202, 1, 0},
		{"digits in capitals", "active", []string{"sha256=" + strings.ToUpper(good[7:])}, strings.NewReader(body), "", 202, 1, 0},
		{"signed for what was verified before a crash", "pending", []string{good}, strings.NewReader(body), "", 202, 1, 0},
		{"another body", "active", []string{good}, strings.NewReader("<feed />"), "", 202, 0, 1},
		{"no signature", "active", nil, strings.NewReader(body), "", 202, 0, 1},
		{"an empty signature", "active", []string{""}, strings.NewReader(body), "", 202, 0, 1},
		{"two signatures", "active", []string{good, good}, strings.NewReader(body), "", 202, 0, 1},
		{"an unknown method", "active", []string{"md5" + good[6:]}, strings.NewReader(body), "", 202, 0, 1},
		{"given up", "leaving", []string{good}, strings.NewReader(body), "", 410, 0, 0},
		{"a coding", "active", []string{good}, strings.NewReader(body), "gzip", 415, 0, 0},
		{"too large", "active", []string{good}, bytes.NewReader(make([]byte, 1<<20+1)), "", 413, 0, 0},
		{"too large, of unknown length", "active", []string{good}, io.MultiReader(bytes.NewReader(make([]byte, 1<<20+1))), "", 413, 0, 0},
		{"as large as it may be", "active", []string{feedtest.Signature("sha1", "secret", strings.Repeat("\x00", 1<<20))},
			io.MultiReader(bytes.NewReader(make([]byte, 1<<20))), "", 202, 1, 0},
		{"cut off", "active", []string{good}, io.MultiReader(strings.NewReader(body), broken{}), "", 400, 0, 0},
	} {
		t.Run(c.fact, func(t *testing.T) {
			s := still(t, c.state)
			r := httptest.NewRequest(http.MethodPost, "/websub/token", c.body)
			r.Header["X-Hub-Signature"] = c.field
			if c.encoded != "" {
				r.Header.Set("Content-Encoding", c.encoded)
			}
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			if w.Code != c.status || w.Body.Len() != 0 {
				t.Errorf("answered %d %q, want %d", w.Code, w.Body, c.status)
			}
			if got := len(s.queue.waiting["belta"]); got != c.waits {
				t.Errorf("%d wait, want %d", got, c.waits)
			}
			if got := s.Subscriptions()[0].Ignored; got != c.ignored {
				t.Errorf("%d ignored, want %d", got, c.ignored)
			}
			if c.waits == 0 && (s.queue.count != 0 || s.queue.bytes != 0 || len(s.queue.reserved) != 0) {
				t.Errorf("%d deliveries and %d bytes are still reserved", s.queue.count, s.queue.bytes)
			}
		})
	}
	t.Run("at a callback that is none", func(t *testing.T) {
		w := httptest.NewRecorder()
		still(t, "active").ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/websub/", strings.NewReader(body)))
		if w.Code != http.StatusGone {
			t.Errorf("answered %d", w.Code)
		}
	})
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("connection reset") }

// TestDelivery hands deliveries on.
func TestDelivery(t *testing.T) {
	t.Run("the callback says whose it is, not the Link fields", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.setup.Sources = []string{"belta", "tass"}
			r.start()
			r.sub.Discovered("belta", topic, hubURL)
			r.sub.Discovered("tass", "https://tass.example/rss", hubURL)
			synctest.Wait()
			for _, callback := range r.hub.Callbacks() {
				of, secret := r.hub.Lease(callback)
				r.hub.Post(t, callback, feedtest.Signature("sha512", secret, of), of)
				synctest.Wait()
			}
			got := strings.Join(r.got(), "\n")
			if !strings.Contains(got, "belta application/atom+xml "+topic) ||
				!strings.Contains(got, "tass application/atom+xml https://tass.example/rss") {
				t.Error(got)
			}
		})
	})
	t.Run("one after the other, four at a time, the rest is put off", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			r.mu.Lock() // the first one is not done
			for i := range 6 {
				want := []int{http.StatusAccepted}
				if i >= maxOfSource {
					want = []int{http.StatusServiceUnavailable}
				}
				if d := cmp.Diff(want, r.hub.Deliver(t, "sha1", string(rune('a'+i)))); d != "" {
					t.Error(d)
				}
			}
			r.mu.Unlock()
			synctest.Wait()
			want := []string{"belta application/atom+xml a", "belta application/atom+xml b", "belta application/atom+xml c",
				"belta application/atom+xml d"}
			if d := cmp.Diff(want, r.got()); d != "" {
				t.Error(d)
			}
			r.hub.Deliver(t, "sha1", "e")
			synctest.Wait()
			if len(r.got()) != 5 {
				t.Error("no room was made")
			}
		})
	})
	t.Run("what cannot be used proves nothing", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			r.fail = errors.New("not a feed")
			r.hub.Deliver(t, "sha1", "<html>")
			synctest.Wait()
			if _, slow := r.sub.Slow("belta"); slow {
				t.Error("push counts as working")
			}
		})
	})
}

func TestQueue(t *testing.T) {
	t.Run("bytes", func(t *testing.T) {
		q := newQueue()
		if !q.reserve("a", maxBytes) || q.reserve("b", 1) {
			t.Error("more than fits, or nothing")
		}
		q.put(delivery{source: "a", body: make([]byte, 10)}, maxBytes)
		feedtest.Same(t, "bytes", q.bytes, 10)
		if !q.reserve("b", maxBytes-10) {
			t.Error("what is left cannot be reserved")
		}
		if q.reserve("b", 1) {
			t.Error("more than is left can be reserved")
		}
		q.free("b", maxBytes-10)
		d := q.first(<-q.ready)
		q.done(d)
		feedtest.Same(t, "bytes", q.bytes, 0)
		feedtest.Same(t, "count", q.count, 0)
		feedtest.Same(t, "waiting", len(q.waiting), 0)
		feedtest.Same(t, "reserved", len(q.reserved), 0)
	})
	t.Run("a body larger than all is taken alone", func(t *testing.T) {
		if !newQueue().reserve("a", 2*maxBytes) {
			t.Error("never")
		}
	})
	t.Run("deliveries of all sources", func(t *testing.T) {
		q := newQueue()
		for i := range maxReserved {
			d := delivery{source: string(rune('a' + i/maxOfSource))}
			if !q.reserve(d.source, 0) {
				t.Fatalf("no room for the %dth", i+1)
			}
			q.put(d, 0)
		}
		if q.reserve("one more", 0) {
			t.Error("one too many")
		}
	})
}
