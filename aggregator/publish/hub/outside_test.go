package hub

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const outside = "https://hub.example/push"

// elsewhere is a hub that is told of changes.
type elsewhere struct {
	mu     sync.Mutex
	told   []string // topics
	status int
}

func (e *elsewhere) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	form, err := url.ParseQuery(string(body))
	e.mu.Lock()
	defer e.mu.Unlock()
	if err != nil || form.Get("hub.mode") != "publish" || form.Get("hub.url") != form.Get("hub.topic") || r.Method != http.MethodPost ||
		r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
		e.told = append(e.told, "not a ping: "+string(body))
	}
	e.told = append(e.told, form.Get("hub.url"))
	w.WriteHeader(max(e.status, 200))
}

func (e *elsewhere) answer(status int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.status = status
}

// since returns what was told since the last time, in order.
func (e *elsewhere) since() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	told := e.told
	e.told = nil
	slices.Sort(told)
	return told
}

// outsideBubble is a bubble with a hub elsewhere that knows of the two topics there are.
func outsideBubble(t *testing.T, test func(r *rig, e *elsewhere)) {
	bubble(t, func(r *rig) {
		e := &elsewhere{}
		r.net.set("hub.example", e)
		r.desk.publish("/sources/belta/feed.atom", 1, atom, "<feed/>")
		r.desk.publish("/search.atom?q=rain", 1, atom, "<feed/>")
		r.setup.Outside = outside
		r.hub.Apply(r.setup)
		after(debounce)
		if d := cmp.Diff([]string{base + "feed.atom", base + "sources/belta/feed.atom"}, e.since()); d != "" {
			t.Fatalf("told at first: %s\n%s", d, r.log)
		}
		test(r, e)
	})
}

func TestOutside(t *testing.T) {
	t.Run("each change of a topic is told once", func(t *testing.T) {
		outsideBubble(t, func(r *rig, e *elsewhere) {
			r.hub.Changed()
			after(time.Hour)
			r.change(2)
			after(time.Hour)
			if d := cmp.Diff([]string{base + "feed.atom"}, e.since()); d != "" {
				t.Error(d)
			}
			r.start()
			after(time.Hour)
			if d := cmp.Diff([]string(nil), e.since()); d != "" {
				t.Errorf("after a restart: %s", d)
			}
		})
	})
	for _, status := range []int{500, 410} {
		t.Run(fmt.Sprint("a hub that fails is told again, a restart between: ", status), func(t *testing.T) {
			outsideBubble(t, func(r *rig, e *elsewhere) {
				e.answer(status)
				r.change(2) // and again after a minute
				after(time.Minute)
				r.start()
				after(time.Minute)
				e.answer(204)
				after(5 * time.Minute)
				if d := cmp.Diff([]string{base + "feed.atom", base + "feed.atom", base + "feed.atom"}, e.since()); d != "" {
					t.Error(d)
				}
			})
		})
	}
	t.Run("what waits to be verified is not asked any more", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.reader.be(manners{late: 10 * time.Second})
			r.request("subscribe", callback)
			r.request("subscribe", callback+"2")
			r.setup.Outside = outside
			r.hub.Apply(r.setup)
			after(time.Minute)
			if n, s := len(r.reader.questions()), r.hub.Stats(); n != 1 || s.Waiting != 0 {
				t.Errorf("%d questions, %+v", n, s)
			}
		})
	})
	t.Run("there is no hub here then", func(t *testing.T) {
		outsideBubble(t, func(r *rig, e *elsewhere) {
			if resp := r.ask("hub.mode", "subscribe", "hub.topic", topic, "hub.callback", callback); resp.StatusCode != http.StatusNotFound {
				t.Errorf("answered %d", resp.StatusCode)
			}
		})
	})
	t.Run("subscribers are not served, and are again when we are the hub again", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			r.net.set("hub.example", &elsewhere{})
			r.setup.Outside = outside
			r.hub.Apply(r.setup)
			r.change(2)
			delivered(r)
			if n := len(r.kept()); n != 2 {
				t.Errorf("%d kept", n)
			}
			r.setup.Outside = ""
			r.hub.Apply(r.setup)
			after(debounce)
			delivered(r, "/c <feed>2</feed>")
			if n := len(r.kept()); n != 1 {
				t.Errorf("%d kept", n)
			}
		})
	})
	t.Run("another hub is told all, a topic that is gone is forgotten", func(t *testing.T) {
		outsideBubble(t, func(r *rig, e *elsewhere) {
			r.desk.remove("/sources/belta/feed.atom")
			other := &elsewhere{}
			r.net.set("other.example", other)
			r.setup.Outside = "https://other.example/"
			r.hub.Apply(r.setup)
			after(debounce)
			if d := cmp.Diff([]string{base + "feed.atom"}, other.since()); d != "" || len(e.since()) != 0 {
				t.Error(d)
			}
			if kept := r.kept(); len(kept) != 1 || kept[0].Callback != "https://other.example/" {
				t.Errorf("kept %+v", kept)
			}
		})
	})
}

// TestFlush is what a process does that does not stay.
func TestFlush(t *testing.T) {
	outsideBubble(t, func(r *rig, e *elsewhere) {
		r.open()
		r.desk.publish("/feed.atom", 7, atom, "<feed/>")
		r.hub.Flush(r.t.Context())
		if d := cmp.Diff([]string{base + "feed.atom"}, e.since()); d != "" {
			t.Error(d)
		}
		e.answer(500)
		r.open()
		r.desk.publish("/feed.atom", 8, atom, "<feed/>")
		r.hub.Flush(r.t.Context())
		r.hub.Flush(r.t.Context()) // it has failed a moment ago
		if n := len(e.since()); n != 1 {
			t.Errorf("told %d times", n)
		}
		e.answer(0)
		after(time.Minute)
		r.open()
		called, off := context.WithCancel(r.t.Context())
		off()
		r.hub.Flush(called)
		if n := len(e.since()); n != 0 {
			t.Errorf("told %d times after the end", n)
		}
		r.hub.Flush(r.t.Context())
		if n := len(e.since()); n != 1 {
			t.Errorf("told %d times in the next pass", n)
		}
		for _, sub := range r.kept() {
			if sub.Topic == "/feed.atom" && sub.Position != 8 {
				t.Errorf("kept %+v", sub)
			}
		}
	})
}
