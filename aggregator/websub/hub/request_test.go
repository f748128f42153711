package hub

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"dateline/aggregator/fetch"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/websub"
)

// TestBadRequest holds requests that are not taken; no callback is asked because of them.
func TestBadRequest(t *testing.T) {
	form := func(name, value string) string {
		q := url.Values{"hub.mode": {"subscribe"}, "hub.topic": {topic}, "hub.callback": {callback}}
		if q.Set(name, value); value == "" {
			q.Del(name)
		}
		return q.Encode()
	}
	for _, c := range []struct {
		fact, body string
		status     int
		says       string
	}{
		{"no mode", form("hub.mode", ""), 400, "hub.mode: is neither"},
		{"another mode", form("hub.mode", "Subscribe"), 400, "hub.mode: is neither"},
		{"publishing", form("hub.mode", "publish"), 400, "hub.mode: this hub has one publisher"},
		{"no topic", form("hub.topic", ""), 400, "hub.topic: is no feed below " + base},
		{"a topic elsewhere", form("hub.topic", "https://other.example/feed.atom"), 400, "hub.topic: is no feed"},
		{"a topic of another scheme", form("hub.topic", "http://wire.example.org/feed.atom"), 400, "hub.topic: is no feed"},
		{"a topic of a longer host", form("hub.topic", "https://wire.example.org.evil.example/feed.atom"), 400, "hub.topic: is no feed"},
		{"a topic that is too long", form("hub.topic", topic+"?q="+strings.Repeat("a", maxAddress)), 400, "hub.topic: is no feed"},
		{"no callback", form("hub.callback", ""), 400, "hub.callback: is missing"},
		{"a callback of another scheme", form("hub.callback", "gopher://reader.example/"), 400, "hub.callback: is no http"},
		{"a callback without a host", form("hub.callback", "https:///c"), 400, "hub.callback: is no http"},
		{"a callback that is none", form("hub.callback", "https://reader example/"), 400, "hub.callback: is no http"},
		{"a callback with a line break", form("hub.callback", "https://reader.example/\r\nHost: x"), 400, "hub.callback: is no http"},
		{"a callback with a password", form("hub.callback", "https://u:p@reader.example/"), 400, "hub.callback: has a user"},
		{"a callback with a fragment", form("hub.callback", callback+"#f"), 400, "hub.callback: has a user or a fragment"},
		{"a callback that is too long", form("hub.callback", callback+strings.Repeat("a", maxAddress)), 400,
			"hub.callback: has more than 2048 bytes"},
		{"a callback on loopback", form("hub.callback", "http://127.0.0.1/c"), 403,
			"hub.callback: http://127.0.0.1/c: 127.0.0.1:80 is not allowed: loopback"},
		{"a callback on a private address", form("hub.callback", "http://[fd00::1]/c"), 403, "private"},
		{"a callback on an IPv4 address in IPv6", form("hub.callback", "http://[::ffff:10.0.0.1]/c"), 403, "private"},
		{"a callback on another port", form("hub.callback", "http://reader.example:25/"), 403, "port 25 is none of the allowed ones"},
		{"a secret of 200 bytes", form("hub.secret", strings.Repeat("я", 100)), 400, "hub.secret: has more than 199 bytes"},
		{"a secret that is not UTF-8", form("hub.secret", "\xff"), 400, "hub.secret: is not UTF-8"},
		{"a lease of no seconds", form("hub.lease_seconds", "0"), 400, "hub.lease_seconds: is no positive"},
		{"a negative lease", form("hub.lease_seconds", "-1"), 400, "hub.lease_seconds: is no positive"},
		{"a lease in words", form("hub.lease_seconds", "10d"), 400, "hub.lease_seconds: is no positive"},
		{"a callback given twice", form("hub.mode", "subscribe") + "&hub.callback=" + url.QueryEscape("https://other.example/"), 400,
			"hub.callback: is given more than once"},
		{"no form", "hub.mode=%zz", 400, "not a form"},
		{"semicolons", "hub.mode=subscribe;hub.topic=x", 400, "not a form"},
		{"more than is read", strings.Repeat("a", maxForm+1), 413, "a request has at most"},
	} {
		t.Run(c.fact, func(t *testing.T) {
			bubble(t, func(r *rig) {
				resp := r.post(c.body)
				text, _ := io.ReadAll(resp.Body)
				if resp.StatusCode != c.status || !strings.Contains(string(text), c.says) {
					t.Errorf("answered %d %s", resp.StatusCode, text)
				}
				if got := resp.Header.Get("Content-Type"); got != "text/plain; charset=utf-8" {
					t.Errorf("Content-Type %s", got)
				}
				synctest.Wait()
				if n := len(r.reader.Questions()); n != 0 || r.hub.Stats().Requests["refused"] != 1 {
					t.Errorf("%d questions, %+v", n, r.hub.Stats())
				}
			})
		})
	}
	for _, c := range []struct {
		fact, method, contentType, body string
		status                          int
	}{
		{"GET", http.MethodGet, "", "", 405},
		{"PUT", http.MethodPut, "application/x-www-form-urlencoded", form("hub.mode", "subscribe"), 405},
		{"parameters in the address alone", http.MethodPost, "application/x-www-form-urlencoded", "", 400},
		{"JSON", http.MethodPost, "application/json", "{}", 415},
		{"no type", http.MethodPost, "", form("hub.mode", "subscribe"), 415},
	} {
		t.Run(c.fact, func(t *testing.T) {
			bubble(t, func(r *rig) {
				req := httptest.NewRequest(c.method, base+"hub?"+form("hub.mode", "subscribe"), strings.NewReader(c.body))
				req.Header["Content-Type"] = []string{c.contentType}
				w := httptest.NewRecorder()
				r.hub.ServeHTTP(w, req)
				if w.Code != c.status || (c.status == 405) != (w.Header().Get("Allow") == "POST") {
					t.Errorf("answered %d, Allow %q", w.Code, w.Header().Get("Allow"))
				}
			})
		})
	}
}

func TestLease(t *testing.T) {
	for _, c := range []struct{ asked, given string }{
		{"", "240h0m0s"},
		{"1", "1h0m0s"},
		{"3599", "1h0m0s"},
		{"7200", "2h0m0s"},
		{"2592000", "720h0m0s"},
		{"2592001", "720h0m0s"},
		{"99999999999999999999", "720h0m0s"},
	} {
		t.Run(c.asked, func(t *testing.T) {
			if got, err := leaseOf(c.asked); err != nil || got.String() != c.given {
				t.Errorf("%v, %v", got, err)
			}
		})
	}
	t.Run("it is what the callback is told, and then it ends", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe("hub.lease_seconds", "60")
			if got := r.reader.Questions()[0].Get("hub.lease_seconds"); got != "3600" {
				t.Errorf("told %s", got)
			}
			after(time.Hour - 10*time.Second)
			r.change(2)
			after(10 * time.Second)
			r.change(3)
			delivered(r, "/c <feed>2</feed>")
			if kept := r.kept(); len(kept) != 0 {
				t.Errorf("kept %+v", kept)
			}
		})
	})
}

// TestVerification holds callbacks that do not agree.
func TestVerification(t *testing.T) {
	for _, c := range []struct {
		fact string
		m    feedtest.CallbackBehaviour
	}{
		{"404", feedtest.CallbackBehaviour{Status: 404}},
		{"500", feedtest.CallbackBehaviour{Status: 500}},
		{"a redirect", feedtest.CallbackBehaviour{Status: 307, Header: http.Header{"Location": {"https://reader.example/other"}}}},
		{"another word", feedtest.CallbackBehaviour{Echo: "yes"}},
		{"an answer without end", feedtest.CallbackBehaviour{Endless: true}},
		{"no answer in time", feedtest.CallbackBehaviour{Delay: time.Minute}},
	} {
		t.Run(c.fact, func(t *testing.T) {
			bubble(t, func(r *rig) {
				r.reader.Behave(c.m)
				r.request("subscribe", callback)
				after(2 * time.Minute)
				s := r.hub.Stats()
				feedtest.Same(t, "requests unverified", s.Requests["unverified"], 1)
				feedtest.Same(t, "subscribers and waiting", s.Subscribers+s.Waiting, 0)
				feedtest.Same(t, "subscriptions kept", len(r.kept()), 0)
				if n := len(r.reader.Questions()); n != 1 {
					t.Errorf("asked %d times", n)
				}
				if strings.Contains(r.log.String(), "/c") {
					t.Errorf("the log names the callback:\n%s", r.log)
				}
				r.reader.Behave(feedtest.CallbackBehaviour{})
				r.subscribe()
				r.reader.Behave(c.m)
				r.request("unsubscribe", callback)
				after(2 * time.Minute)
				if len(r.kept()) != 1 {
					t.Error("a request that was not verified ended the subscription")
				}
			})
		})
	}
	t.Run("the callback's own query comes first", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.request("subscribe", "https://reader.example/c?a=%62&hub.foo=;")
			r.change(2)
			delivered(r, "/c?a=%62&hub.foo=; <feed>2</feed>")
		})
	})
	t.Run("a topic that is not there is denied", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.ask("hub.mode", "subscribe", "hub.topic", base+"sources/none/feed.atom", "hub.callback", callback)
			synctest.Wait()
			q := r.reader.Questions()
			if len(q) != 1 || q[0].Get("hub.mode") != "denied" || q[0].Get("hub.topic") != base+"sources/none/feed.atom" ||
				q[0].Get("hub.reason") == "" {
				t.Errorf("told %v", q)
			}
			if s := r.hub.Stats(); s.Requests["denied"] != 1 || s.Subscribers != 0 {
				t.Errorf("%+v", s)
			}
		})
	})
	t.Run("of two requests at a time the later one counts", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.reader.Behave(feedtest.CallbackBehaviour{Delay: time.Second})
			r.request("subscribe", callback, "hub.secret", "one")
			r.request("unsubscribe", callback)
			r.request("subscribe", callback, "hub.secret", "two")
			after(5 * time.Second)
			if kept := r.kept(); len(kept) != 1 || kept[0].Secret != "two" {
				t.Errorf("kept %+v", kept)
			}
			if r.reader.MostTogether() != 1 || len(r.reader.Questions()) != 2 {
				t.Errorf("%d questions, %d together", len(r.reader.Questions()), r.reader.MostTogether())
			}
		})
	})
}

func TestLimits(t *testing.T) {
	status := func(r *rig, topic, callback string) string {
		resp := r.ask("hub.mode", "subscribe", "hub.topic", topic, "hub.callback", callback)
		return fmt.Sprint(resp.StatusCode, " ", resp.Header.Get("Retry-After"))
	}
	t.Run("requests for one host in a minute", func(t *testing.T) {
		bubble(t, func(r *rig) {
			at := time.Now().Truncate(time.Minute).Add(time.Minute + 20*time.Second)
			after(time.Until(at))
			for range maxHostRate {
				if got := status(r, topic, callback); got != "202 " {
					t.Fatal(got)
				}
				synctest.Wait()
			}
			if got := status(r, topic, callback); got != "429 40" {
				t.Error(got)
			}
			if got := status(r, topic, "https://other.example/"); got != "202 " {
				t.Error(got)
			}
			after(40 * time.Second)
			if got := status(r, topic, callback); got != "202 " {
				t.Error(got)
			}
		})
	})
	t.Run("requests in a minute", func(t *testing.T) {
		bubble(t, func(r *rig) {
			after(time.Until(time.Now().Truncate(time.Minute).Add(time.Minute)))
			for i := range maxRate {
				r.client = i % 10
				if got := status(r, topic, fmt.Sprintf("https://h%d.example/", i)); got != "202 " {
					t.Fatal(got)
				}
			}
			if got := status(r, topic, callback); got != "429 60" {
				t.Error(got)
			}
		})
	})
	t.Run("requests of one client in a minute", func(t *testing.T) {
		bubble(t, func(r *rig) {
			after(time.Until(time.Now().Truncate(time.Minute).Add(time.Minute)))
			for i := range maxClientRate {
				if got := status(r, topic, fmt.Sprintf("https://h%d.example/", i)); got != "202 " {
					t.Fatal(got)
				}
			}
			if got := status(r, topic, callback); got != "429 60" {
				t.Error(got)
			}
			r.client++
			if got := status(r, topic, callback); got != "202 " {
				t.Error(got)
			}
		})
	})
	t.Run("requests that wait", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.stop()
			r.open() // Run is not called: nothing is verified
			defer r.stop()
			for i := 0; r.hub.Stats().Waiting < maxRequests; i++ {
				if got := status(r, topic, fmt.Sprintf("https://h%d.example/", i)); strings.HasPrefix(got, "429") {
					after(time.Minute)
				} else if got != "202 " {
					t.Fatal(got)
				}
			}
			after(time.Minute)
			if got := status(r, topic, callback); got != "503 60" {
				t.Error(got)
			}
			if got := status(r, topic, "https://h0.example/"); got != "202 " { // in place of the one before
				t.Error(got)
			}
		})
	})
	full := func(limit int, topicOf, callbackOf func(i int) string) func(t *testing.T) {
		return func(t *testing.T) {
			bubble(t, func(r *rig) {
				for i := range limit {
					k := key{topicOf(i), callbackOf(i)}
					m := &member{host: r.setup.HostOf(k.callback)}
					m.Topic, m.Callback, m.Expires = k.topic, k.callback, time.Now().Add(time.Hour)
					r.hub.mu.Lock()
					r.hub.put(k, m)
					r.hub.mu.Unlock()
				}
				if got := status(r, base+topicOf(limit)[1:], callbackOf(limit)); got != "503 3600" {
					t.Errorf("one more: %s", got)
				}
				if got := status(r, base+topicOf(0)[1:], callbackOf(0)); got != "202 " {
					t.Errorf("a renewal: %s", got)
				}
				if resp := r.ask("hub.mode", "unsubscribe", "hub.topic", topic, "hub.callback", callbackOf(limit)); resp.StatusCode != 202 {
					t.Errorf("an unsubscription: %d", resp.StatusCode)
				}
			})
		}
	}
	merged := func(int) string { return "/feed.atom" }
	t.Run("subscriptions", full(maxMembers, merged, func(i int) string { return fmt.Sprintf("https://h%d.example/", i) }))
	t.Run("subscriptions of one host", full(maxOfHost, merged, func(i int) string { return fmt.Sprintf("%s/%d", callback, i) }))
	t.Run("subscriptions of one site, under many names and ports", full(maxOfHost, merged, func(i int) string {
		return fmt.Sprintf("https://h%d.example.com:%d/", i, []int{443, 8443}[i%2])
	}))
	t.Run("subscriptions of one network", full(maxOfHost, merged, func(i int) string { return fmt.Sprintf("http://[2a02:6b8::%x]/", i+1) }))
	t.Run("searches", full(maxQueries, func(i int) string { return fmt.Sprintf("/search.atom?q=%d", i) },
		func(int) string { return callback }))
}

// FuzzRequest: what is taken keeps every bound, and what is not says why.
func FuzzRequest(f *testing.F) {
	f.Add("hub.mode=subscribe&hub.topic=" + url.QueryEscape(topic) + "&hub.callback=" + url.QueryEscape(callback) + "&hub.lease_seconds=60")
	f.Add("hub.mode=unsubscribe&hub.topic=https%3A%2F%2Fwire.example.org%2F&hub.callback=http://[::1%25eth0]/%00&hub.secret=%ff")
	setup := Setup{Base: base, Peer: websub.Peer{Host: fetch.Host}, Reachable: func(string) error { return nil }}
	f.Fuzz(func(t *testing.T, body string) {
		r := httptest.NewRequest(http.MethodPost, base+"hub", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		form, bad := readForm(httptest.NewRecorder(), r)
		var req *request
		if bad == nil {
			req, bad = parse(form, setup)
		}
		if bad != nil {
			if bad.Status < 400 || bad.Status > 499 || bad.Reason == "" {
				t.Errorf("%+v", bad)
			}
			return
		}
		u, err := url.Parse(req.callback)
		if err != nil || u.Host == "" || req.host != setup.HostOf(req.callback) || u.User != nil {
			t.Errorf("callback %q", req.callback)
		}
		feedtest.Same(t, "topic", base+req.topic[1:], req.named)
		if !utf8.ValidString(req.named + req.secret + req.callback) {
			t.Errorf("%+v", req)
		}
		if len(req.secret) >= 200 {
			t.Errorf("%+v", req)
		}
		if req.subscribe && (req.lease < minLease || req.lease > maxLease) {
			t.Errorf("lease %v", req.lease)
		}
		if _, err := http.NewRequest(http.MethodGet, req.callback, nil); err != nil {
			t.Error(err)
		}
	})
}
