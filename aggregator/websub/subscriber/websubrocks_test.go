package subscriber

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// TestWebSubRocks holds the subscriber cases that https://websub.rocks/subscriber lists, by number and name. The links of a header
// and of a document are found where those are read; here it is decided which of them count.
func TestWebSubRocks(t *testing.T) {
	named := Links{Hubs: []string{hubURL}, Self: topic}
	other := Links{Hubs: []string{"https://other.example/hub"}, Self: "https://other.example/"}
	for _, c := range []struct {
		name             string
		header, document Links
	}{
		{"100 HTTP header discovery", named, Links{}},
		{"102 Atom feed discovery", Links{}, named},
		{"103 RSS feed discovery", Links{}, named},
		{"104 Discovery priority", named, other},
		{"200 Subscribing to a URL that reports a different rel=self", Links{}, named},
		// The poll follows the redirect; what counts is what the answer at its end names.
		{"201 Subscribing to a topic URL that sends an HTTP 302 temporary redirect", named, Links{}},
		{"202 Subscribing to a topic URL that sends an HTTP 301 permanent redirect", named, Links{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			bubble(t, func(r *rig) {
				r.start()
				discoveredTopic, discoveredHub := Discover(c.header, c.document)
				r.sub.Discovered("belta", discoveredTopic, discoveredHub)
				synctest.Wait()
				if got := r.states(); got != "[active]" {
					t.Errorf("subscriptions are %s", got)
				}
				if got := r.lastAsked().Get("hub.topic"); got != topic {
					t.Errorf("asked for %s", got)
				}
			})
		})
	}
	t.Run("101 HTML tag discovery", func(t *testing.T) {
		t.Skip("not applicable: an HTML page is no feed, and is not polled")
	})
	for _, c := range []struct {
		name   string
		status int
	}{
		{"203 Subscribing to a hub that sends a 307 temporary redirect", 307},
		{"204 Subscribing to a hub that sends a 308 permanent redirect", 308},
		{"203 as earlier reports name it: a hub that sends a 302", 302},
		{"204 as earlier reports name it: a hub that sends a 301", 301},
	} {
		t.Run(c.name, func(t *testing.T) { bubble(t, func(r *rig) { redirectedHub(r, c.status) }) })
	}
	t.Run("205 Rejects a verification request with an invalid topic URL", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.hub.Behave(feedtest.HubBehaviour{Silent: true})
			r.start()
			r.sub.Discovered("belta", topic, hubURL)
			synctest.Wait()
			q := url.Values{"hub.mode": {"subscribe"}, "hub.topic": {topic + "-other"}, "hub.challenge": {"c"}, "hub.lease_seconds": {"3600"}}
			if status, body := r.hub.Get(r.lastAsked().Get("hub.callback"), q); status != http.StatusNotFound || body != "" {
				t.Errorf("answered %d %q", status, body)
			}
			if got := r.states(); got != "[pending]" {
				t.Errorf("subscriptions are %s", got)
			}
		})
	})
	for _, method := range []string{"sha1", "sha256", "sha384", "sha512"} {
		t.Run("300 Returns HTTP 2xx when the notification payload is delivered, signed with "+method, func(t *testing.T) {
			bubble(t, func(r *rig) { delivers(r, method, []string{"belta application/atom+xml <feed/>"}) })
		})
	}
	t.Run("301 Rejects a distribution request with an invalid signature", func(t *testing.T) {
		bubble(t, func(r *rig) { delivers(r, feedtest.Signature("sha256", "another secret", "<feed/>"), nil) })
	})
	t.Run("302 Rejects a distribution request with no signature when the subscription was made with a secret", func(t *testing.T) {
		bubble(t, func(r *rig) { delivers(r, "", nil) })
	})
}

// delivers has the hub deliver a document, signed by a method or with a signature as given.
func delivers(r *rig, method string, want []string) {
	r.subscribe()
	if d := cmp.Diff([]int{http.StatusAccepted}, r.hub.Deliver(r.t, method, "<feed/>")); d != "" {
		r.t.Error(d)
	}
	synctest.Wait()
	if d := cmp.Diff(want, r.got()); d != "" {
		r.t.Error(d)
	}
	sub := r.sub.Subscriptions()[0]
	if ignored := len(want) == 0; ignored != (sub.Ignored == 1) || ignored != sub.LastDelivery.IsZero() {
		r.t.Errorf("ignored %d, last delivery %v", sub.Ignored, sub.LastDelivery)
	}
}

func redirectedHub(r *rig, status int) {
	r.net.Set("old.example", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", hubURL+"subscribe")
		w.WriteHeader(status)
	}))
	r.start()
	r.sub.Discovered("belta", topic, "https://old.example/hub")
	synctest.Wait()
	if got := r.one(); got.State != news.SubscriptionActive || got.Hub != "https://old.example/hub" {
		r.t.Errorf("%s at %s", got.State, got.Hub)
	}
	form := r.lastAsked()
	feedtest.Same(r.t, "mode", form.Get("hub.mode"), "subscribe")
	feedtest.Same(r.t, "topic", form.Get("hub.topic"), topic)
	if form.Get("hub.secret") == "" {
		r.t.Errorf("sent on with %v", form)
	}
}

func TestRequest(t *testing.T) {
	bubble(t, func(r *rig) {
		r.subscribe()
		form := r.lastAsked()
		sub := r.one()
		want := url.Values{"hub.mode": {"subscribe"}, "hub.topic": {topic}, "hub.callback": {base + "websub/" + sub.Token},
			"hub.lease_seconds": {"864000"}, "hub.secret": {sub.Secret}}
		if d := cmp.Diff(want, form); d != "" {
			t.Error(d)
		}
		if d := cmp.Diff([]string{"application/x-www-form-urlencoded"}, r.hub.ContentTypes()); d != "" {
			t.Error(d)
		}
		if len(sub.Token) < 26 || len(sub.Secret) < 26 || len(sub.Secret) >= 200 || strings.Contains(sub.Secret, sub.Token) {
			t.Errorf("token of %d characters, secret of %d", len(sub.Token), len(sub.Secret))
		}
	})
}
