package subscriber

import (
	"net/http"
	"net/url"
	"testing"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// FuzzQuestion: the answer to any question of a hub is its challenge or nothing, and what is pending becomes active only with the
// topic, mode and challenge that belong to it.
func FuzzQuestion(f *testing.F) {
	f.Add("hub.mode=subscribe&hub.topic="+url.QueryEscape(topic)+"&hub.challenge=c&hub.lease_seconds=1", "pending")
	f.Add("hub.mode=unsubscribe&hub.topic="+url.QueryEscape(topic)+"&hub.challenge=c", "leaving")
	f.Add("hub.mode=denied&hub.topic="+url.QueryEscape(topic)+"&hub.reason=%FF%00", "active")
	f.Add("a;b&%zz=1&hub.topic", "pending")
	st := newStore(f)
	f.Fuzz(func(t *testing.T, query, state string) {
		before := news.SubscriptionState(state)
		switch before {
		case news.SubscriptionPending, news.SubscriptionActive, news.SubscriptionLeaving:
		default:
			before = news.SubscriptionPending
		}
		s := stillOn(t, st, before)
		w := question(s, "token", query)
		q, err := url.ParseQuery(query)
		if w.Body.Len() > 0 && (w.Code != http.StatusOK || w.Body.String() != q.Get("hub.challenge")) {
			t.Errorf("answered %d %q", w.Code, w.Body)
		}
		now := s.Subscriptions()
		unchanged := len(now) == 1 && now[0].State == before
		if w.Code != http.StatusOK && !unchanged {
			t.Errorf("answered %d, and is %v", w.Code, now)
		}
		if w.Code == http.StatusOK && (err != nil || q.Get("hub.topic") != topic) {
			t.Errorf("agreed to %q", query)
		}
		if len(now) == 1 && now[0].State == news.SubscriptionActive && w.Code == http.StatusOK {
			lease := now[0].Expires.Sub(now[0].Verified)
			feedtest.Same(t, "mode", q.Get("hub.mode"), "subscribe")
			if q.Get("hub.challenge") == "" {
				t.Errorf("active without a challenge: %q", query)
			}
			if lease < minLease || lease > maxLease {
				t.Errorf("active for %v after %q", lease, query)
			}
		}
		if len(now) == 1 && len([]rune(now[0].Reason)) > 200 {
			t.Errorf("a reason of %d characters", len(now[0].Reason))
		}
	})
}
