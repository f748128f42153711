package subscriber

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

func TestDiscovered(t *testing.T) {
	t.Run("again: the loop is not woken", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := still(t, news.SubscriptionActive)
			steps := 0
			ctx, end := context.WithCancel(t.Context())
			defer end()
			go s.loop.Run(ctx, func() time.Duration { steps++; return hour })
			synctest.Wait()
			before := steps
			s.Discovered("belta", topic, hubURL)
			if synctest.Wait(); steps != before {
				t.Error("woken")
			}
			s.Discovered("belta", topic+"?2", hubURL)
			if synctest.Wait(); steps == before {
				t.Error("another topic does not wake it")
			}
		})
	})
	t.Run("again: nothing", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			r.sub.Discovered("belta", topic, hubURL)
			after(minute)
			if n := r.asked(""); n != 1 {
				t.Errorf("asked %d times", n)
			}
		})
	})
	for _, c := range []struct{ fact, topic, hub string }{
		{"another hub", topic, "https://other.example/"},
		{"another topic", topic + "?2", hubURL},
	} {
		t.Run(c.fact+": it moves, and is given back where it was", func(t *testing.T) {
			bubble(t, func(r *rig) {
				other := feedtest.NewHub(r.client)
				other.Behave(feedtest.HubBehaviour{Delay: minute})
				r.hub.Behave(feedtest.HubBehaviour{Delay: minute})
				r.net.Set("other.example", other)
				r.start()
				r.sub.Discovered("belta", topic, hubURL)
				after(2 * minute)
				r.sub.Discovered("belta", c.topic, c.hub)
				after(time.Second)
				if got := r.states(); got != "[active pending]" {
					t.Errorf("subscriptions are %s", got)
				}
				after(3 * minute)
				got := r.one()
				feedtest.Same(t, "state", got.State, news.SubscriptionActive)
				feedtest.Same(t, "topic", got.Topic, c.topic)
				feedtest.Same(t, "hub", got.Hub, c.hub)
				if n := len(r.hub.Callbacks()) + len(other.Callbacks()); n != 1 {
					t.Errorf("%d callbacks are delivered to", n)
				}
			})
		})
	}
	t.Run("back again before the other hub answered: it stays", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			token := r.one().Token
			other := feedtest.NewHub(r.client)
			other.Behave(feedtest.HubBehaviour{Silent: true})
			r.net.Set("other.example", other)
			r.sub.Discovered("belta", topic, "https://other.example/")
			after(minute)
			r.sub.Discovered("belta", topic, hubURL)
			after(minute)
			if got := r.one(); got.Token != token || r.asked("") != 1 {
				t.Errorf("asked %d times", r.asked(""))
			}
		})
	})
	for fact, address := range map[string]string{
		"none any more": "", "one that is no address": "hub", "one with a password": "https://u:p@hub.example/", "a file": "file:///hub",
		"one without end": hubURL + strings.Repeat("a", maxAddress),
	} {
		t.Run(fact+": it ends", func(t *testing.T) {
			bubble(t, func(r *rig) {
				r.subscribe()
				r.sub.Discovered("belta", topic, address)
				after(minute)
				got := r.states()
				feedtest.Same(t, "states", got, "[]")
				feedtest.Same(t, "asked unsubscribe", r.asked("unsubscribe"), 1)
				feedtest.Same(t, "callbacks", len(r.hub.Callbacks()), 0)
				feedtest.Same(t, "stored", r.stored(), 0)
			})
		})
	}
	t.Run("the way out of a denial is another hub, at once", func(t *testing.T) {
		bubble(t, func(r *rig) {
			other := feedtest.NewHub(r.client)
			other.Behave(feedtest.HubBehaviour{Deny: "no"})
			r.net.Set("other.example", other)
			r.start()
			r.sub.Discovered("belta", topic, "https://other.example/")
			after(time.Second)
			r.sub.Discovered("belta", topic, hubURL)
			after(time.Second)
			if got := r.states(); got != "[active]" {
				t.Errorf("subscriptions are %s", got)
			}
		})
	})
	t.Run("a source that is not in the list", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.start()
			r.sub.Discovered("tass", topic, hubURL)
			r.sub.Polled("tass", 5)
			after(minute)
			feedtest.Same(t, "asked", r.asked(""), 0)
			feedtest.Same(t, "stored", r.stored(), 0)
			feedtest.Same(t, "sources polled", len(r.sub.polled), 0)
		})
	})
}

func TestApply(t *testing.T) {
	t.Run("a source removed: its subscription is given back", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			r.sub.Polled("belta", 1)
			r.setup.Sources = nil
			r.sub.Apply(r.setup)
			after(minute)
			got := r.states()
			feedtest.Same(t, "states", got, "[]")
			feedtest.Same(t, "asked unsubscribe", r.asked("unsubscribe"), 1)
			feedtest.Same(t, "stored", r.stored(), 0)
			feedtest.Same(t, "sources polled", len(r.sub.polled), 0)
		})
	})
	t.Run("a source removed while we were away", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			r.setup.Sources = nil
			r.start()
			after(minute)
			if len(r.hub.Callbacks()) != 0 || r.stored() != 0 {
				t.Error("the hub still delivers")
			}
		})
	})
	t.Run("another address of ours: renewed there", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			r.setup.Base = "http://news.example.org/wire"
			r.net.Set("news.example.org", r.sub)
			r.sub.Apply(r.setup)
			after(minute)
			if got := r.hub.Callbacks(); len(got) != 1 || !strings.HasPrefix(got[0], "http://news.example.org/wire/websub/") {
				t.Errorf("the hub delivers to %v", got)
			}
			if n := r.asked("subscribe"); n != 2 {
				t.Errorf("%d subscriptions", n)
			}
		})
	})
	t.Run("no public address: nothing is kept, asked or taken", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			old := r.one()
			r.setup.Base = "http://127.0.0.1:8080/"
			r.sub.Apply(r.setup)
			r.sub.Discovered("belta", topic, hubURL)
			after(day)
			if r.stored() != 0 || r.asked("") != 1 {
				t.Errorf("%d stored, asked %d times", r.stored(), r.asked(""))
			}
			if status := r.hub.Post(t, old.Callback, feedtest.Signature("sha1", old.Secret, "a"), "a"); status != 410 {
				t.Errorf("the callback answers %d", status)
			}
			if _, slow := r.sub.Slow("belta"); slow {
				t.Error("push counts as working")
			}
		})
	})
	t.Run("the lease asked for", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			if got := r.lastAsked().Get("hub.lease_seconds"); got != "864000" {
				t.Errorf("%s seconds", got)
			}
		})
	})
}

// TestTrust follows a hub from the subscription on: when polls may be rare, and when not.
func TestTrust(t *testing.T) {
	slow := func(r *rig, want bool, when string) {
		r.t.Helper()
		d, got := r.sub.Slow("belta")
		if got != want || (d == hour) != want {
			r.t.Errorf("%s: %v, %v", when, d, got)
		}
	}
	poll := func(r *rig, found int) {
		after(15 * minute)
		r.sub.Polled("belta", found)
		after(time.Second)
	}
	t.Run("nothing is proven before the first delivery", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			slow(r, false, "verified")
			r.hub.Deliver(t, "sha256", "a")
			synctest.Wait()
			slow(r, true, "delivered")
			r.start()
			slow(r, true, "after a restart")
			time.Sleep(time.Until(r.one().Expires))
			slow(r, true, "long after, renewed")
		})
	})
	t.Run("polls that find nothing new cost nothing", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			r.hub.Deliver(t, "sha256", "a")
			for range 10 {
				poll(r, 0)
			}
			slow(r, true, "ten polls")
		})
	})
	t.Run("a poll tells only from the second on", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			r.hub.Deliver(t, "sha256", "a")
			poll(r, 3) // may have been published before the hub knew us
			slow(r, true, "first poll")
			poll(r, 1)
			slow(r, false, "second poll")
			r.hub.Deliver(t, "sha256", "b")
			synctest.Wait()
			slow(r, true, "delivered again")
		})
	})
	t.Run("nor does one before the hub knew us", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.start()
			poll(r, 2)
			r.sub.Discovered("belta", topic, hubURL)
			synctest.Wait()
			r.hub.Deliver(t, "sha256", "a")
			poll(r, 3)
			slow(r, true, "first poll after the verification")
		})
	})
	t.Run("a hub that delivers nothing is dead, and asked anew, once", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			r.hub.Deliver(t, "sha256", "a")
			poll(r, 0)
			for i := range 3 {
				if got := r.one(); !got.DeadSince.IsZero() || r.asked("") != 1 {
					t.Errorf("dead after %d", i)
				}
				poll(r, 1)
			}
			got := r.one()
			if got.DeadSince.IsZero() {
				t.Error("it is not dead")
			}
			feedtest.Same(t, "misses", got.Misses, 3)
			feedtest.Same(t, "asked subscribe", r.asked("subscribe"), 2)
			for range 10 {
				poll(r, 1)
			}
			slow(r, false, "it verifies, but has not delivered")
			if n := r.asked("subscribe"); n != 2 {
				t.Errorf("asked %d times", n)
			}
			r.hub.Deliver(t, "sha256", "b")
			synctest.Wait()
			slow(r, true, "it delivers")
			if got := r.one(); !got.DeadSince.IsZero() || got.Misses != 0 {
				t.Errorf("%d misses, dead since %v", got.Misses, got.DeadSince)
			}
		})
	})
	t.Run("a hub that moved has to prove itself", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			r.hub.Deliver(t, "sha256", "a")
			r.net.Set("other.example", feedtest.NewHub(r.client))
			r.sub.Discovered("belta", topic, "https://other.example/")
			after(minute)
			slow(r, false, "another hub")
		})
	})
}

// TestCrash starts on what a crash between two writes leaves behind.
func TestCrash(t *testing.T) {
	t.Run("two that are active: the later one stays", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			old := r.one()
			time.Sleep(time.Until(old.Due))
			after(minute)
			next := r.one()
			r.put(old)
			r.start()
			after(minute)
			if got := r.one(); got.Token != next.Token || r.hub.Refused() != 0 {
				t.Errorf("%s, %d questions not confirmed", got.State, r.hub.Refused())
			}
		})
	})
	t.Run("one that is pending though the hub delivers: asked for again, the same", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			lost := r.one()
			lost.State, lost.Verified, lost.Expires = news.SubscriptionPending, time.Time{}, time.Time{}
			lost.Due = time.Now().Add(10 * minute)
			r.put(lost)
			r.start()
			r.hub.Deliver(t, "sha1", "a")
			after(11 * minute)
			got := r.one()
			feedtest.Same(t, "state", got.State, news.SubscriptionActive)
			feedtest.Same(t, "token", got.Token, lost.Token)
			feedtest.Same(t, "deliveries", len(r.got()), 1)
		})
	})
}

func TestSubscriptionsShowNoSecret(t *testing.T) {
	bubble(t, func(r *rig) {
		r.subscribe()
		got := r.sub.Subscriptions()[0]
		feedtest.Same(t, "token, callback and secret", got.Token+got.Callback+got.Secret, "")
		feedtest.Same(t, "topic", got.Topic, topic)
		if r.one().Secret == "" {
			t.Error("the store has no secret")
		}
	})
}
