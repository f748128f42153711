package daemon

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/config"
	"dateline/aggregator/news"
	"dateline/aggregator/status"
	"dateline/cmd/dateline/node"
)

// TestEventsAreDamped: a source is told of once in each state and again after an hour at the earliest, and once when it is well again.
func TestEventsAreDamped(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)
	e := newEvents()
	for _, step := range []struct {
		after time.Duration
		state status.State
		want  string // the events of this step
	}{
		{0, status.Silent, ""}, // as it was at the start
		{time.Minute, status.OK, "recovered ok"},
		{2 * time.Minute, status.Broken, "state broken"},
		{3 * time.Minute, status.Broken, ""},
		{4 * time.Minute, status.Waiting, ""},
		{5 * time.Minute, status.Broken, ""},
		{6 * time.Minute, status.OK, ""}, // recovered an hour ago at most
		{7 * time.Minute, status.Broken, ""},
		{62 * time.Minute, status.OK, "recovered ok"},
		{63 * time.Minute, status.Late, ""},
		{64 * time.Minute, status.Broken, "state broken"},
		{65 * time.Minute, status.Blocked, "state blocked"},
	} {
		before := len(e.feed)
		e.look([]node.SourceStatus{{ID: "belta", State: step.state, LastError: "status 500"}}, began.Add(step.after))
		var got []string
		for _, ev := range e.feed[before:] {
			got = append(got, ev.Kind+" "+ev.State)
		}
		if diff := cmp.Diff(step.want, strings.Join(got, ", ")); diff != "" {
			t.Errorf("after %v, %s: %s", step.after, step.state, diff)
		}
	}
	e.look(nil, began.Add(2*time.Hour))
	if len(e.state)+len(e.sent) != 0 {
		t.Errorf("a source that was removed is remembered: %v %v", e.state, e.sent)
	}
}

// TestEventsOfVisits: gaps are told of once a day, what a source takes back each time, a refused config until one is accepted.
func TestEventsOfVisits(t *testing.T) {
	t.Parallel()
	e := newEvents()
	for range 3 {
		e.visited(news.Visit{Source: "belta", Gap: true, Withdrawn: 2})
		e.reloaded(errors.New("config.yaml:1:1: bad"))
	}
	e.reloaded(nil)
	e.reloaded(nil)
	count := map[string]int{}
	for _, ev := range e.feed {
		count[ev.title()]++
	}
	want := map[string]int{"belta: gap": 1, "belta: withdrawn": 3, "config refused": 1, "config accepted": 1}
	if diff := cmp.Diff(want, count); diff != "" {
		t.Error(diff)
	}
	for range 2 * maxPending {
		e.visited(news.Visit{Source: "belta", Withdrawn: 1})
	}
	if len(e.feed) != maxEvents || len(e.pending) != maxPending {
		t.Errorf("%d in the feed, %d wait", len(e.feed), len(e.pending))
	}
}

// TestNotify: program and address get the events as JSON, once; what could not be told is told with what comes next.
func TestNotify(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("hook\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var got [][]event
	refuse := true
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct{ Events []event }
		b, err := io.ReadAll(r.Body)
		if err = errors.Join(err, json.Unmarshal(b, &body)); err != nil || r.Method != "POST" || r.URL.Path != "/hook" {
			t.Errorf("%s %s: %v: %s", r.Method, r.URL, err, b)
		}
		if refuse {
			w.WriteHeader(503)
			return
		}
		got = append(got, body.Events)
	}))
	defer hook.Close()
	d := newTestDaemon(t, demoConfig(t, newServer(t).url))
	to := config.Notify{URL: hook.URL + "/${file:" + secret + "}"}
	d.events.visited(news.Visit{Source: "belta", Withdrawn: 2})
	d.notifyPending(t.Context(), to)
	refuse = false
	d.events.reloaded(errors.New("bad"))
	d.notifyPending(t.Context(), to)
	d.notifyPending(t.Context(), to)
	if len(got) != 1 || len(got[0]) != 2 || got[0][0].Source != "belta" || got[0][1].State != "refused" {
		t.Errorf("%+v", got)
	}
	answer := httptest.NewRecorder()
	d.admin().ServeHTTP(answer, httptest.NewRequest("GET", "/events.atom", nil))
	var feed eventFeed
	if err := xml.Unmarshal(answer.Body.Bytes(), &feed); err != nil || len(feed.Entries) != 2 || feed.Entries[0].Title != "config refused" ||
		feed.Entries[0].ID == feed.Entries[1].ID || feed.Updated != feed.Entries[0].Updated {
		t.Errorf("%v: %s", err, answer.Body)
	}
}
