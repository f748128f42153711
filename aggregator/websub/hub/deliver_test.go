package hub

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/internal/feedtest"
)

func TestOneDeliveryForEachChange(t *testing.T) {
	bubble(t, func(r *rig) {
		r.subscribe()
		r.documents.publish("/feed.atom", 1, atom, "<feed>1, with a new carrier</feed>")
		r.hub.Changed()
		after(time.Hour)
		delivered(r) // no position was taken
		for i := range 5 {
			r.documents.publish("/feed.atom", uint64(2+i), atom, fmt.Sprintf("<feed>%d</feed>", 2+i))
			r.hub.Changed()
			after(300 * time.Millisecond)
		}
		after(time.Hour)
		delivered(r, "/c <feed>6</feed>")
		r.hub.Changed()
		after(time.Hour)
		delivered(r, "/c <feed>6</feed>")
	})
}

// TestSlowReader has versions overtaken while the reader takes its time, and the next one wait for it.
func TestSlowReader(t *testing.T) {
	bubble(t, func(r *rig) {
		r.subscribe()
		r.reader.Behave(feedtest.CallbackBehaviour{Delay: 10 * time.Second})
		r.change(2)
		r.change(3)
		r.change(4)
		after(time.Minute)
		delivered(r, "/c <feed>2</feed>", "/c <feed>4</feed>")
		if r.reader.MostTogether() != 1 {
			t.Errorf("%d requests at a time", r.reader.MostTogether())
		}
	})
}

// TestNewerThanLookedAt has a delivery bring a version that the hub has not been notified of yet: it is not brought again.
func TestNewerThanLookedAt(t *testing.T) {
	bubble(t, func(r *rig) {
		r.subscribe()
		r.request("subscribe", "https://reader.example/d")
		after(time.Minute)
		r.reader.Behave(feedtest.CallbackBehaviour{Delay: 5 * time.Second})
		r.change(2)
		r.documents.publish("/feed.atom", 3, atom, "<feed>3</feed>")
		after(time.Minute) // the second one waited for the first, and gets the newer one
		r.hub.Changed()
		after(time.Minute)
		threes := 0
		for _, d := range texts(r.reader) {
			if strings.HasSuffix(d, "<feed>3</feed>") {
				threes++
			}
		}
		if n := len(texts(r.reader)); n != 3 || threes != 2 {
			t.Errorf("delivered %q", texts(r.reader))
		}
	})
}

// TestFailures holds readers that do not take what is delivered.
func TestFailures(t *testing.T) {
	for _, c := range []struct {
		fact string
		m    feedtest.CallbackBehaviour
	}{
		{"500", feedtest.CallbackBehaviour{Status: 500}},
		{"404", feedtest.CallbackBehaviour{Status: 404}},
		{"a redirect to itself", feedtest.CallbackBehaviour{Status: 308, Header: http.Header{"Location": {callback}}}},
		{"no answer in time", feedtest.CallbackBehaviour{Delay: 16 * time.Second}},
		{"a Retry-After that is over", feedtest.CallbackBehaviour{Status: 503, Header: http.Header{"Retry-After": {"0"}}}},
	} {
		t.Run(c.fact, func(t *testing.T) {
			bubble(t, func(r *rig) {
				r.subscribe()
				r.reader.Behave(c.m)
				r.change(2)
				after(24 * time.Hour)
				// At 0, 1, 3, 7, 15, 31, 63, 127, 255, 511 and 871 minutes, and 1231.
				if n := len(texts(r.reader)); n != 12 {
					t.Errorf("tried %d times in a day", n)
				}
				if strings.Contains(r.log.String(), "/c") {
					t.Errorf("the log names the callback:\n%s", r.log)
				}
				r.reader.Behave(feedtest.CallbackBehaviour{})
				r.change(3)
				after(waits.Longest)
				all := texts(r.reader)
				if n := len(all); n != 13 || all[12] != "/c <feed>3</feed>" {
					t.Errorf("delivered %q", all)
				}
				kept := r.kept()[0]
				feedtest.Same(t, "failures", kept.Failures, 0)
				if !kept.RetryAt.IsZero() {
					t.Errorf("kept %+v", kept)
				}
				feedtest.Same(t, "position", kept.Position, 3)
			})
		})
	}
	t.Run("it is tried until the lease ends, and no longer", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			r.reader.Behave(feedtest.CallbackBehaviour{Status: 500})
			r.change(2)
			after(usualLease)
			n := len(texts(r.reader))
			if n < 40 {
				t.Errorf("tried %d times", n)
			}
			after(usualLease)
			if len(texts(r.reader)) != n || len(r.kept()) != 0 {
				t.Error("not over")
			}
		})
	})
	t.Run("a callback that is verified again is tried at once", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			r.reader.Behave(feedtest.CallbackBehaviour{Status: 500})
			r.change(2)
			after(time.Hour)
			r.reader.Behave(feedtest.CallbackBehaviour{})
			r.subscribe()
			all := texts(r.reader)
			if all[len(all)-1] != "/c <feed>2</feed>" || r.kept()[0].Position != 2 {
				t.Errorf("delivered %q", all)
			}
		})
	})
	t.Run("410 ends the subscription", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			r.reader.Behave(feedtest.CallbackBehaviour{Status: 410})
			r.change(2)
			s := r.hub.Stats()
			feedtest.Same(t, "subscribers", s.Subscribers, 0)
			feedtest.Same(t, "deliveries gone", s.Deliveries["gone"], 1)
			feedtest.Same(t, "subscriptions kept", len(r.kept()), 0)
		})
	})
	for _, c := range []struct {
		fact, field string
		wait        time.Duration
	}{
		{"seconds", "7200", 2 * time.Hour},
		{"a date", time.Date(2000, 1, 1, 5, 0, 5, 0, time.UTC).Format(http.TimeFormat), 5 * time.Hour}, // bubbles begin at that midnight
		{"longer than a lease", "31536000", usualLease},
	} {
		t.Run("Retry-After in "+c.fact, func(t *testing.T) {
			bubble(t, func(r *rig) {
				r.subscribe()
				r.reader.Behave(feedtest.CallbackBehaviour{Status: 429, Header: http.Header{"Retry-After": {c.field}}})
				r.change(2)
				r.reader.Behave(feedtest.CallbackBehaviour{})
				after(c.wait - time.Minute)
				r.change(3)
				if n := len(texts(r.reader)); n != 1 {
					t.Errorf("%d deliveries before", n)
				}
				after(2 * time.Minute)
				if n := len(texts(r.reader)); (n == 2) != (c.wait < usualLease) {
					t.Errorf("%d deliveries after", n)
				}
			})
		})
	}
	t.Run("an answer without end is not read", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			r.reader.Behave(feedtest.CallbackBehaviour{Endless: true})
			r.change(2)
			delivered(r, "/c <feed>2</feed>")
			if s := r.hub.Stats(); s.Deliveries["taken"] != 1 {
				t.Errorf("%+v", s)
			}
		})
	})
}

// TestRestart ends the program at various moments. Nothing is lost, and nothing that was noted comes twice.
func TestRestart(t *testing.T) {
	t.Run("what was published meanwhile is delivered at the start", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			r.change(2)
			r.stop()
			r.documents.publish("/feed.atom", 5, atom, "<feed>5</feed>")
			r.start()
			delivered(r, "/c <feed>2</feed>", "/c <feed>5</feed>")
			r.start()
			after(time.Hour)
			delivered(r, "/c <feed>2</feed>", "/c <feed>5</feed>")
		})
	})
	t.Run("a wait after failures goes on", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			r.reader.Behave(feedtest.CallbackBehaviour{Status: 503, Header: http.Header{"Retry-After": {"3600"}}})
			r.change(2)
			r.reader.Behave(feedtest.CallbackBehaviour{})
			r.start()
			after(time.Hour - time.Minute)
			delivered(r, "/c <feed>2</feed>")
			after(time.Minute)
			delivered(r, "/c <feed>2</feed>", "/c <feed>2</feed>")
		})
	})
	t.Run("a delivery under way may end", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			r.reader.Behave(feedtest.CallbackBehaviour{Delay: 4 * time.Second})
			r.change(2)
			r.stop()
			r.start()
			after(time.Hour)
			delivered(r, "/c <feed>2</feed>")
		})
	})
	t.Run("but not take long, and is made again", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			r.reader.Behave(feedtest.CallbackBehaviour{Delay: 14 * time.Second})
			r.change(2)
			began := time.Now()
			r.stop()
			if took := time.Since(began); took != grace {
				t.Errorf("took %v to stop", took)
			}
			r.start() // at once: that it was called off is no failure
			delivered(r, "/c <feed>2</feed>", "/c <feed>2</feed>")
			after(time.Hour)
			delivered(r, "/c <feed>2</feed>", "/c <feed>2</feed>")
		})
	})
	t.Run("a new public address", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			r.setup.Base = "https://new.example"
			r.hub.Apply(r.setup)
			r.change(2)
			delivered(r, "/c <feed>2</feed>")
			if got, want := r.lastHeader().Get("Link"),
				`<https://new.example/hub>; rel="hub", <https://new.example/feed.atom>; rel="self"`; got != want {
				t.Errorf("Link %s", got)
			}
		})
	})
}

// TestTopicGone has a topic leave and come back before the lease ends.
func TestTopicGone(t *testing.T) {
	bubble(t, func(r *rig) {
		r.subscribe()
		r.documents.remove("/feed.atom")
		r.hub.Changed()
		after(time.Hour)
		delivered(r)
		r.change(2)
		delivered(r, "/c <feed>2</feed>")
	})
}

// TestDocumentsBroken has documents that cannot be rendered for a while.
func TestDocumentsBroken(t *testing.T) {
	bubble(t, func(r *rig) {
		r.subscribe()
		r.documents.fail(errors.New("disk on fire"))
		r.change(2)
		r.request("subscribe", callback+"2")
		delivered(r)
		if !strings.Contains(r.log.String(), "disk on fire") {
			t.Errorf("the log says\n%s", r.log)
		}
		r.documents.fail(nil)
		r.change(3)
		delivered(r, "/c <feed>3</feed>")
	})
}

// TestBetweenRequestAndAnswer publishes while the callback takes its time to agree: that is delivered too.
func TestBetweenRequestAndAnswer(t *testing.T) {
	bubble(t, func(r *rig) {
		r.reader.Behave(feedtest.CallbackBehaviour{Delay: 10 * time.Second})
		r.request("subscribe", callback)
		r.change(2)
		r.reader.Behave(feedtest.CallbackBehaviour{})
		after(time.Minute)
		delivered(r, "/c <feed>2</feed>")
	})
}

// TestHosts has a host that is slow: its callbacks wait for each other, and no other callback for it.
func TestHosts(t *testing.T) {
	bubble(t, func(r *rig) {
		other := &feedtest.Callback{}
		r.net.Set("other.example", other)
		for i := range 3 {
			r.request("subscribe", fmt.Sprintf("%s%d", callback, i))
			r.request("subscribe", fmt.Sprintf("https://other.example/%d", i))
		}
		after(time.Minute)
		r.reader.Behave(feedtest.CallbackBehaviour{Delay: 10 * time.Second})
		r.change(2)
		if got := texts(other); len(got) != 3 {
			t.Errorf("delivered at once: %q", got)
		}
		after(30 * time.Second)
		got := texts(r.reader)
		slices.Sort(got)
		if d := cmp.Diff([]string{"/c0 <feed>2</feed>", "/c1 <feed>2</feed>", "/c2 <feed>2</feed>"}, got); d != "" ||
			r.reader.MostTogether() != 1 {
			t.Errorf("%d at a time, %s", r.reader.MostTogether(), d)
		}
	})
}
