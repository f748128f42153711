package daemon

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
	"dateline/aggregator/status"
	"dateline/cmd/dateline/node"
)

// titles are those of events that are noted and not stored yet.
func titles(e *events) (all []string) {
	for _, ev := range e.noted {
		all = append(all, eventTitle(ev))
	}
	return all
}

// TestEventsAreDamped: a source is reported once in each state and again after an hour at the earliest, and once when it is well again;
// whether the daemon was restarted before a step or not.
func TestEventsAreDamped(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)
	for _, restarts := range []bool{false, true} {
		e := newEvents(nil)
		for _, step := range []struct {
			after time.Duration
			state status.State
			want  string // the event of this step
		}{
			{0, status.New, ""},
			{time.Minute, status.Silent, "belta is silent"},
			{2 * time.Minute, status.OK, "belta: recovered"},
			{3 * time.Minute, status.Broken, "belta is broken"},
			{4 * time.Minute, status.Broken, ""},
			{5 * time.Minute, status.Waiting, ""},
			{6 * time.Minute, status.Broken, ""},
			{7 * time.Minute, status.OK, ""}, // recovered an hour ago at most
			{8 * time.Minute, status.Broken, ""},
			{63 * time.Minute, status.OK, "belta: recovered"},
			{64 * time.Minute, status.Late, ""},
			{65 * time.Minute, status.Broken, "belta is broken"},
			{66 * time.Minute, status.Blocked, "belta is blocked"},
		} {
			had := len(e.noted)
			if restarts {
				e = newEvents(e.noted)
				e.noted, had = e.pending, len(e.pending)
			}
			e.look([]node.SourceStatus{{ID: "belta", State: step.state, LastError: "status 500"}}, began.Add(step.after))
			if diff := cmp.Diff(step.want, strings.Join(titles(e)[had:], ", ")); diff != "" {
				t.Errorf("restarts %v, after %v, %s: %s", restarts, step.after, step.state, diff)
			}
		}
		e.look(nil, began.Add(2*time.Hour))
		if len(e.state)+len(e.sent) != 0 {
			t.Errorf("a source that was removed is remembered: %v %v", e.state, e.sent)
		}
	}
}

// TestEventsOfVisits: gaps are reported once a day, what a source takes back each time, a refused config until one is accepted.
func TestEventsOfVisits(t *testing.T) {
	t.Parallel()
	e := newEvents(nil)
	for range 3 {
		e.visited(news.Visit{Source: "belta", Gap: true, Withdrawn: bridge})
		e.reloaded(errors.New("config.yaml:1:1: bad"))
		all := e.noted
		e = newEvents(all)
		e.noted = all
	}
	e.reloaded(nil)
	e.reloaded(nil)
	count := map[string]int{}
	for _, title := range titles(e) {
		count[title]++
	}
	want := map[string]int{"belta: gap": 1, "belta took back: Bridge opens": 3, "config refused": 1, "config accepted": 1}
	if diff := cmp.Diff(want, count); diff != "" {
		t.Error(diff)
	}
}

// TestEventsAreBounded: the store keeps so many events, and so many wait to be sent.
func TestEventsAreBounded(t *testing.T) {
	t.Parallel()
	d := newTestDaemon(t, demoConfig(t, newServer(t).url))
	const keep = 30
	for range 3 {
		for range keep {
			d.events.visited(news.Visit{Source: "belta", Withdrawn: bridge})
		}
		if err := d.events.save(d.node.Load().Store, keep, false); err != nil {
			t.Fatal(err)
		}
	}
	stored, err := d.node.Load().Store.Events()
	if err != nil || len(stored) != keep || len(d.events.pending) != keep || len(d.events.noted) != 0 || stored[0].Number != 2*keep+1 {
		t.Errorf("%d stored, %d pending, %d noted (%v)", len(stored), len(d.events.pending), len(d.events.noted), err)
	}
}

// bridge is what a source takes back.
var bridge = []news.Retraction{{Entry: news.ItemKey("belta", "1"), Title: "Bridge opens", URL: "https://a.example/1"}}

// TestRetractionsAreNamed: an event for each entry that a source takes back names it; of many the first, and how many more there are.
func TestRetractionsAreNamed(t *testing.T) {
	t.Parallel()
	e := newEvents(nil)
	many := slices.Repeat(bridge, maxWithdrawn+5)
	many[1] = news.Retraction{Entry: bridge[0].Entry} // neither title nor address
	e.visited(news.Visit{Source: "belta", Withdrawn: many})
	key := bridge[0].Entry.String()
	if len(e.noted) != maxWithdrawn+1 {
		t.Fatalf("%d events", len(e.noted))
	}
	got := []string{e.noted[0].Message, e.noted[0].Hint, e.noted[0].URL, e.noted[0].Entry.String(), e.noted[1].Message,
		e.noted[maxWithdrawn].Message}
	want := []string{"it took back: Bridge opens", "`dateline show " + key + "` shows what it said", "https://a.example/1", key,
		"it took back: " + key, "it took back 5 more"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// hook is an address of `notify` that keeps what it is sent.
type hook struct {
	*httptest.Server
	refuse  bool
	refused int      // requests
	agent   string   // of the last one
	got     []string // for each request its address and the titles of the events
}

func newHook(t *testing.T) *hook {
	h := &hook{}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			Events []struct{ Kind, Source, State, Title string }
		}
		h.agent = r.UserAgent()
		b, err := io.ReadAll(r.Body)
		if err = errors.Join(err, json.Unmarshal(b, &body)); err != nil || r.Method != "POST" {
			t.Errorf("%s %s: %v: %s", r.Method, r.URL, err, b)
		}
		if h.refuse {
			h.refused++
			w.WriteHeader(503)
			return
		}
		line := r.URL.String()
		for _, ev := range body.Events {
			line += ", " + eventTitle(news.Event{Kind: news.EventKind(ev.Kind), Source: ev.Source, State: ev.State, Title: ev.Title})
		}
		h.got = append(h.got, line)
	}))
	t.Cleanup(h.Close)
	return h
}

// TestNotify: an address gets the events as JSON, once, over restarts too; what could not be sent is sent with what comes next.
func TestNotify(t *testing.T) {
	t.Parallel()
	dir, h := t.TempDir(), newHook(t)
	secret := filepath.Join(dir, "secret")
	if err := os.WriteFile(secret, []byte("hook\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg := demoConfig(t, newServer(t).url)
	cfg.Notify.URL = h.URL + "/${file:" + secret + "}"
	d := newTestDaemonIn(t, dir, cfg)
	send := func() {
		d.storeEvents()
		d.notifyPending(t.Context())
	}
	restart := func() {
		if err := d.node.Load().Close(); err != nil {
			t.Fatal(err)
		}
		d = newTestDaemonIn(t, dir, cfg)
	}
	d.events.visited(news.Visit{Source: "belta", Withdrawn: bridge})
	h.refuse = true
	send()
	send()
	if h.refused != 1 || h.agent != node.UserAgent(cfg, d.node.Load().Version) {
		t.Errorf("%d requests to an address that fails, the last by %s", h.refused, h.agent)
	}
	h.refuse = false
	restart()
	d.events.visited(news.Visit{Source: "tass", Gap: true})
	send()
	send()
	restart()
	send()
	if diff := cmp.Diff([]string{"/hook, belta took back: Bridge opens, tass: gap"}, h.got); diff != "" {
		t.Error(diff)
	}
}

// TestNotifyWaits: an address that fails is asked again a minute later, then later still, whatever happens meanwhile.
func TestNotifyWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := newEvents(nil)
		tried, fails := 0, true
		send := func() error {
			return e.deliver("https://desk.example/", []news.Event{{Number: uint64(tried + 1)}}, func([]byte) error {
				if tried++; fails {
					return errors.New("status 500")
				}
				return nil
			})
		}
		var at []time.Duration
		for began := time.Now(); time.Since(began) < time.Hour; time.Sleep(10 * time.Second) {
			if had := tried; !errors.Is(send(), errRetry) && tried > had {
				at = append(at, time.Since(began))
			}
		}
		if diff := cmp.Diff([]time.Duration{0, time.Minute, 3 * time.Minute, 7 * time.Minute, 15 * time.Minute, 30 * time.Minute,
			45 * time.Minute}, at); diff != "" {
			t.Error(diff)
		}
		fails = false
		time.Sleep(maxRetry)
		if err := send(); err != nil {
			t.Error(err)
		}
		if err := send(); err != nil || len(e.failed) != 0 {
			t.Error(err, e.failed)
		}
	})
}

// TestNotifyOfTwo: what a program received is not sent to it again because an address cannot be reached, over a restart too; another
// program gets it.
func TestNotifyOfTwo(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("tee"); err != nil {
		t.Skip("no program tee here")
	}
	dir, h := t.TempDir(), newHook(t)
	out, second := filepath.Join(dir, "told"), filepath.Join(dir, "second")
	cfg := demoConfig(t, newServer(t).url)
	cfg.Notify.URL, cfg.Notify.Command = h.URL, "tee -a "+out
	d := newTestDaemonIn(t, dir, cfg)
	restart := func(command string) {
		if err := d.node.Load().Close(); err != nil {
			t.Fatal(err)
		}
		cfg.Notify.Command = command
		d = newTestDaemonIn(t, dir, cfg)
	}
	d.events.visited(news.Visit{Source: "belta", Withdrawn: bridge})
	h.refuse = true
	d.storeEvents()
	d.notifyPending(t.Context())
	d.notifyPending(t.Context())
	restart(cfg.Notify.Command)
	d.notifyPending(t.Context())
	restart("tee -a " + second)
	d.notifyPending(t.Context())
	if b, err := os.ReadFile(second); err != nil || strings.Count(string(b), `"kind":"withdrawn"`) != 1 {
		t.Errorf("the other program was told %s (%v)", b, err)
	}
	restart("tee -a " + out)
	h.refuse = false
	d.events.visited(news.Visit{Source: "tass", Gap: true})
	d.storeEvents()
	d.notifyPending(t.Context())
	b, err := os.ReadFile(out)
	if err != nil || strings.Count(string(b), `"kind":"withdrawn"`) != 1 || strings.Count(string(b), `"kind":"gap"`) != 1 {
		t.Errorf("the program was told %s (%v)", b, err)
	}
	if diff := cmp.Diff([]string{"/, belta took back: Bridge opens, tass: gap"}, h.got); diff != "" {
		t.Error(diff)
	}
}

// TestNotifyThroughProxy: network.proxy is on the way to the address of notify.
func TestNotifyThroughProxy(t *testing.T) {
	t.Parallel()
	proxy := newHook(t)
	cfg := demoConfig(t, newServer(t).url)
	cfg.Network.Proxy, cfg.Notify.URL = proxy.URL, "http://desk.invalid/hook"
	d := newTestDaemon(t, cfg)
	d.events.visited(news.Visit{Source: "belta", Withdrawn: bridge})
	d.storeEvents()
	d.notifyPending(t.Context())
	if diff := cmp.Diff([]string{"http://desk.invalid/hook, belta took back: Bridge opens"}, proxy.got); diff != "" {
		t.Error(diff)
	}
}

// TestEventsFeed: the feed has the newest events first, and after a restart the same ones under the same ids.
func TestEventsFeed(t *testing.T) {
	t.Parallel()
	dir, cfg := t.TempDir(), demoConfig(t, newServer(t).url)
	read := func(d *daemon) string {
		answer := httptest.NewRecorder()
		d.admin().ServeHTTP(answer, httptest.NewRequest("GET", "http://localhost/events.atom", nil))
		return answer.Body.String()
	}
	d := newTestDaemonIn(t, dir, cfg)
	d.events.visited(news.Visit{Source: "belta", Withdrawn: bridge})
	d.events.reloaded(errors.New("bad\x1b"))
	d.storeEvents()
	before := read(d)
	var feed eventFeed
	if err := xml.Unmarshal([]byte(before), &feed); err != nil || len(feed.Entries) != 2 || feed.Entries[0].Title != "config refused" ||
		feed.Entries[0].ID == feed.Entries[1].ID || feed.Updated != feed.Entries[0].Updated {
		t.Errorf("%v: %s", err, before)
	}
	if err := d.node.Load().Close(); err != nil {
		t.Fatal(err)
	}
	was := cfg.Feed.Title
	cfg.Feed.Title = "another"
	d = newTestDaemonIn(t, dir, cfg)
	if diff := cmp.Diff(strings.Replace(before, was, cfg.Feed.Title, 1), read(d)); diff != "" {
		t.Error(diff)
	}
	d.storeEvents() // the config was accepted at the start
	if after := read(d); !strings.Contains(after, "<title>config accepted</title>") || !strings.Contains(after, feed.Entries[0].ID) {
		t.Error(after)
	}
}
