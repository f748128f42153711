package subscriber

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"dateline/aggregator/internal/feedtest"
)

func TestLeaseOf(t *testing.T) {
	for _, c := range []struct {
		fact, seconds string
		want          time.Duration
	}{
		{"as the hub says", "3600", hour},
		{"none", "", 10 * day},
		{"zero", "0", 10 * day},
		{"negative", "-5", 10 * day},
		{"no number", "1e3", 10 * day},
		{"less than five minutes", "1", 5 * minute},
		{"more than a month", "31536000", 30 * day},
		{"more than a duration holds", "9223372036854775807", 30 * day},
		{"more than a number holds", "99999999999999999999999", 10 * day},
	} {
		t.Run(c.fact, func(t *testing.T) {
			if got := leaseOf(c.seconds, 10*day); got != c.want {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

func TestLeaseAskedIsBoundedToo(t *testing.T) {
	if got := leaseOf("", 365*day); got != 30*day {
		t.Errorf("%v", got)
	}
}

func TestRenewal(t *testing.T) {
	seen := map[time.Duration]bool{}
	for i := range 100 {
		d := renewal(fmt.Sprint(i), 10*day)
		if d > 5*day || d < 5*day-12*hour {
			t.Errorf("renewed after %v of ten days", d)
		}
		if d != renewal(fmt.Sprint(i), 10*day) {
			t.Error("not the same every time")
		}
		seen[d.Truncate(hour)] = true
	}
	if len(seen) < 10 {
		t.Errorf("a hundred are renewed in %d different hours", len(seen))
	}
}

func TestBackOff(t *testing.T) {
	for i, want := range []time.Duration{10 * minute, 10 * minute, 20 * minute, 40 * minute, 80 * minute, 160 * minute, 320 * minute,
		640 * minute, 1280 * minute, day, day} {
		if got := backOff("token", i); got < want || got > want+want/10 {
			t.Errorf("after %d failures %v, want %v and up to a tenth more", i, got, want)
		}
	}
	if got := backOff("token", 1<<40); got < day || got > day+day/10 {
		t.Errorf("%v after very many", got)
	}
}

// TestWeeks runs a source at a hub with leases of a week for two months or in the long form a year, with a restart every eleven
// days. At every hour the hub delivers, at one callback but for the moment of a renewal.
func TestWeeks(t *testing.T) {
	days := feedtest.Pick(61, 365)
	bubble(t, func(r *rig) {
		r.hub.Behave(feedtest.HubBehaviour{Lease: "604800"})
		r.subscribe()
		delivered := 0
		for h := range days * 24 {
			after(hour)
			if h%(11*24) == 0 {
				before := r.asked("")
				r.start()
				synctest.Wait()
				if r.asked("") != before {
					t.Fatalf("asked %d times because of a restart", r.asked("")-before)
				}
			}
			if n := len(r.hub.Callbacks()); n != 1 {
				t.Fatalf("day %d: the hub delivers to %d callbacks", h/24, n)
			}
			if h%24 == 0 {
				r.hub.Deliver(t, "sha256", fmt.Sprint(h))
				delivered++
			}
		}
		synctest.Wait()
		if len(r.got()) != delivered {
			t.Errorf("%d of %d deliveries came in", len(r.got()), delivered)
		}
		subscribed, ended := r.asked("subscribe"), r.asked("unsubscribe")
		if subscribed < days/4 || subscribed > days*2/6 {
			t.Errorf("%d subscriptions in %d days", subscribed, days)
		}
		feedtest.Same(t, "ended", ended, subscribed-1)
		feedtest.Same(t, "refused", r.hub.Refused(), 0)
		callbacks, secrets := map[string]bool{}, map[string]bool{}
		for _, form := range r.hub.Requests("") {
			if form.Get("hub.mode") == "subscribe" {
				callbacks[form.Get("hub.callback")], secrets[form.Get("hub.secret")] = true, true
			}
		}
		if len(callbacks) != subscribed || len(secrets) != subscribed {
			t.Errorf("%d callbacks and %d secrets in %d subscriptions", len(callbacks), len(secrets), subscribed)
		}
		r.one()
	})
}

func TestRenew(t *testing.T) {
	t.Run("the old callback is good until the new one is verified, then gone", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			old := r.one()
			r.hub.Behave(feedtest.HubBehaviour{Delay: minute})
			time.Sleep(time.Until(old.Due))
			synctest.Wait()
			if got := r.states(); got != "[active pending]" {
				t.Fatalf("subscriptions are %s", got)
			}
			r.hub.Deliver(t, "sha1", "between")
			after(minute)
			if status := r.hub.Post(t, old.Callback, feedtest.Signature("sha1", old.Secret, "late"), "late"); status != 410 {
				t.Errorf("the old callback answers %d", status)
			}
			after(minute)
			if r.one().Token == old.Token {
				t.Error("the token is the old one")
			}
			feedtest.Same(t, "callbacks", len(r.hub.Callbacks()), 1)
			feedtest.Same(t, "deliveries", len(r.got()), 1)
		})
	})
	t.Run("a hub that is away for two days keeps its subscriber", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			time.Sleep(time.Until(r.one().Due) - minute)
			r.hub.Behave(feedtest.HubBehaviour{Status: 500})
			after(2 * day)
			r.hub.Behave(feedtest.HubBehaviour{})
			after(2 * day)
			got := r.states()
			feedtest.Same(t, "states", got, "[active]")
			feedtest.Same(t, "failures", r.one().Failures, 0)
			feedtest.Same(t, "reason", r.one().Reason, "")
		})
	})
	t.Run("a hub that stays away is asked on, once a day", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			r.hub.Behave(feedtest.HubBehaviour{Status: 500})
			after(40 * day)
			if got := r.states(); got != "[pending]" {
				t.Errorf("subscriptions are %s after the end of the lease", got)
			}
			before := r.asked("")
			after(10 * day)
			if n := r.asked("") - before; n < 8 || n > 10 {
				t.Errorf("asked %d times in ten days", n)
			}
		})
	})
	t.Run("a hub that denies the renewal delivers until the end, and is not asked on", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			r.hub.Behave(feedtest.HubBehaviour{Deny: "enough"})
			after(9 * day)
			if got := r.states(); got != "[active denied]" || r.asked("") != 2 {
				t.Errorf("%s after %d requests", got, r.asked(""))
			}
			after(20 * day)
			if got := r.states(); got != "[denied]" || r.asked("") != 2 {
				t.Errorf("%s after %d requests", got, r.asked(""))
			}
		})
	})
	t.Run("a hub that does not confirm the end is not asked again", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			old := r.one()
			time.Sleep(time.Until(old.Due) - minute)
			r.hub.Behave(feedtest.HubBehaviour{Inline: true}) // so that the renewal is verified before the hub falls silent
			r.net.Set("hub.example", deaf{r.hub})
			after(2 * minute)
			if got := r.states(); got != "[leaving active]" {
				t.Fatalf("subscriptions are %s", got)
			}
			after(time.Until(old.Expires) - minute)
			if n := r.asked("unsubscribe"); n != 0 {
				t.Errorf("took %d", n)
			}
			after(2 * minute)
			for _, sub := range r.sub.Subscriptions() {
				if sub.State == "leaving" && sub.Expires.Before(time.Now()) {
					t.Error("kept beyond the lease")
				}
			}
		})
	})
}
