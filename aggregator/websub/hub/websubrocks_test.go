package hub

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/internal/feedtest"
)

// TestWebSubRocks holds the hub cases that https://websub.rocks/hub lists, by number and name.
func TestWebSubRocks(t *testing.T) {
	t.Run("100 Typical subscriber request", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			q := r.reader.Questions()[0]
			if len(q.Get("hub.challenge")) < 26 {
				t.Errorf("challenge %q", q.Get("hub.challenge"))
			}
			q.Del("hub.challenge")
			want := url.Values{"hub.mode": {"subscribe"}, "hub.topic": {topic}, "hub.lease_seconds": {"864000"}}
			if d := cmp.Diff(want, q); d != "" {
				t.Error(d)
			}
			r.change(2)
			delivered(r, "/c <feed>2</feed>")
			h := r.lastHeader()
			if got := h.Get("Content-Type"); got != atom {
				t.Errorf("Content-Type %s", got)
			}
			if got, want := h.Get("Link"), `<https://wire.example.org/hub>; rel="hub", <https://wire.example.org/feed.atom>; rel="self"`; got != want {
				t.Errorf("Link %s", got)
			}
			if h["X-Hub-Signature"] != nil {
				t.Error("signed without a secret")
			}
		})
	})
	t.Run("101 Subscriber includes a secret", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe("hub.secret", "пароль")
			r.change(2)
			mac := hmac.New(sha256.New, []byte("пароль"))
			mac.Write([]byte("<feed>2</feed>"))
			if got, want := r.lastHeader().Get("X-Hub-Signature"), "sha256="+hex.EncodeToString(mac.Sum(nil)); got != want {
				t.Errorf("signed %s, want %s", got, want)
			}
		})
	})
	t.Run("102 Subscriber sends additional parameters", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe("hub.foo", "1", "hub.foo", "2", "foo", "hub")
			r.change(2)
			delivered(r, "/c <feed>2</feed>")
		})
	})
	t.Run("103 Subscriber re-subscribes before the subscription expires", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe("hub.lease_seconds", "7200", "hub.secret", "one")
			first := r.kept()[0].Expires
			r.subscribe("hub.lease_seconds", "7200", "hub.secret", "two")
			again := r.kept()
			if len(again) != 1 || !again[0].Expires.After(first) || again[0].Secret != "two" {
				t.Errorf("kept %+v", again)
			}
			r.change(2)
			delivered(r, "/c <feed>2</feed>") // once
		})
	})
	t.Run("104 Unsubscription request", func(t *testing.T) {
		bubble(t, func(r *rig) {
			r.subscribe()
			r.request("unsubscribe", callback)
			q := r.reader.Questions()
			feedtest.Same(t, "mode", q[1].Get("hub.mode"), "unsubscribe")
			feedtest.Same(t, "topic", q[1].Get("hub.topic"), topic)
			if q[1].Get("hub.challenge") == q[0].Get("hub.challenge") {
				t.Errorf("asked %v", q[1])
			}
			r.change(2)
			delivered(r)
			if kept := r.kept(); len(kept) != 0 {
				t.Errorf("kept %+v", kept)
			}
		})
	})
	for _, c := range []struct{ name, contentType, text string }{
		{"105 Plaintext content delivery", "text/plain; charset=utf-8", "Дождь.\r\n"},
		{"106 JSON content delivery", "application/feed+json; charset=utf-8", `{"items":[]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			bubble(t, func(r *rig) {
				r.subscribe()
				r.documents.publish("/feed.atom", 2, c.contentType, c.text)
				r.hub.Changed()
				after(debounce)
				delivered(r, "/c "+c.text)
				if got := r.lastHeader().Get("Content-Type"); got != c.contentType {
					t.Errorf("Content-Type %s", got)
				}
			})
		})
	}
}

// delivered checks all that the reader has got.
func delivered(r *rig, want ...string) {
	r.t.Helper()
	if d := cmp.Diff(want, texts(r.reader)); d != "" {
		r.t.Errorf("delivered: %s\n%s", d, r.log)
	}
}
