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

	"dateline/aggregator/internal/feedtest"
)

const outside = "https://hub.example/push"

// elsewhere is a hub that is notified of changes.
type elsewhere struct {
	mu     sync.Mutex
	pinged []string // topics
	status int
}

func (e *elsewhere) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	form, err := url.ParseQuery(string(body))
	e.mu.Lock()
	defer e.mu.Unlock()
	if err != nil || form.Get("hub.mode") != "publish" || form.Get("hub.url") != form.Get("hub.topic") || r.Method != http.MethodPost ||
		r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
		e.pinged = append(e.pinged, "not a ping: "+string(body))
	}
	e.pinged = append(e.pinged, form.Get("hub.url"))
	w.WriteHeader(max(e.status, 200))
}

func (e *elsewhere) answer(status int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.status = status
}

// since returns the pings since the last time, in order.
func (e *elsewhere) since() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	pinged := e.pinged
	e.pinged = nil
	slices.Sort(pinged)
	return pinged
}

// outsideBubble is a bubble with a hub elsewhere that knows of the two topics there are.
func outsideBubble(t *testing.T, test func(r *rig, e *elsewhere)) {
	bubble(t, func(r *rig) {
		e := &elsewhere{}
		r.net.Set("hub.example", e)
		r.documents.publish("/sources/belta/feed.atom", 1, atom, "<feed/>")
		r.documents.publish("/search.atom?q=rain", 1, atom, "<feed/>")
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
			r.reader.Behave(feedtest.CallbackBehaviour{Delay: 10 * time.Second})
			r.request("subscribe", callback)
			r.request("subscribe", callback+"2")
			r.setup.Outside = outside
			r.hub.Apply(r.setup)
			after(time.Minute)
			if n, s := len(r.reader.Questions()), r.hub.Stats(); n != 1 || s.Waiting != 0 {
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
			r.net.Set("hub.example", &elsewhere{})
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
	t.Run("another hub is told all that there is, and the one before is forgotten", func(t *testing.T) {
		outsideBubble(t, func(r *rig, e *elsewhere) {
			r.documents.remove("/sources/belta/feed.atom")
			other := &elsewhere{}
			r.net.Set("other.example", other)
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

// TestPing is what a process does that does not stay.
func TestPing(t *testing.T) {
	outsideBubble(t, func(r *rig, e *elsewhere) {
		pass := func(position uint64) []string {
			r.open()
			r.documents.publish("/feed.atom", position, atom, "<feed/>")
			r.hub.Ping(r.t.Context())
			return e.since()
		}
		pinged := []string{base + "feed.atom"}
		for _, step := range []struct {
			name     string
			position uint64
			wait     time.Duration
			answer   int
			want     []string
		}{
			{"what is new", 7, 0, 0, pinged},
			{"what is new, and the hub fails", 8, 0, 500, pinged},
			{"it has failed a moment ago", 9, 0, 0, nil},
			{"what failed", 9, time.Minute, 0, pinged},
			{"nothing is new", 9, time.Hour, 0, nil},
		} {
			time.Sleep(step.wait)
			e.answer(step.answer)
			if d := cmp.Diff(step.want, pass(step.position)); d != "" {
				t.Errorf("%s: %s", step.name, d)
			}
		}
		called, off := context.WithCancel(r.t.Context())
		off()
		r.documents.publish("/feed.atom", 10, atom, "<feed/>")
		r.hub.Ping(called)
		after(0)
		e.since() // the request may have gone out
		if d := cmp.Diff(pinged, pass(10)); d != "" {
			t.Errorf("what was called off is no failure: %s", d)
		}
		if all := r.kept(); len(all) != 1 || all[0].Position != 10 {
			t.Errorf("kept %+v", all)
		}
	})
}
