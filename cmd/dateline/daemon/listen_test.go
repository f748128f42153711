package daemon

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestBelowBase: a proxy may take the path of base_url off or not; what leads somewhere as it is, is served so.
func TestBelowBase(t *testing.T) {
	t.Parallel()
	d := newTestDaemon(t, demoConfig(t, newServer(t).url))
	h := d.belowBase(d.public())
	for _, c := range []struct {
		base, path string
		want       int
		location   string
	}{
		{"https://x.example/", "/feed.atom", 200, ""},
		{"https://x.example/", "/wire/feed.atom", 404, ""},
		{"https://x.example/wire/", "/feed.atom", 200, ""},
		{"https://x.example/wire/", "/wire/feed.atom", 200, ""},
		{"https://x.example/wire/", "/wire/sources/belta/feed.atom", 200, ""},
		{"https://x.example/wire/", "/wire/", 200, ""},
		{"https://x.example/wire/", "/wire", 308, "https://x.example/wire/"},
		{"https://x.example/wire/", "/wirefeed.atom", 404, ""},
		{"https://x.example/wire/", "/wire/wire/feed.atom", 404, ""},
		{"https://x.example/wire/", "/wire/hub", 405, ""},
		{"https://x.example/a/b/", "/a/b/feed.atom", 200, ""},
		{"https://x.example/a/b/", "/a/feed.atom", 404, ""},
		{"https://x.example/sources/", "/sources/belta/feed.atom", 200, ""},
		{"https://x.example/sources/", "/sources/sources/belta/feed.atom", 200, ""},
	} {
		d.node.Load().Config.Feed.BaseURL = c.base
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, c.path, nil))
		if answer.Code != c.want || answer.Header().Get("Location") != c.location {
			t.Errorf("%s below %s: %d, %s", c.path, c.base, answer.Code, answer.Header().Get("Location"))
		}
	}
}
