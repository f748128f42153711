package daemon

import (
	"net/http/httptest"
	"testing"
)

// TestAdminHosts: the operator's listener answers an IP address, localhost and the names of admin.hosts alone, and no page of another
// site.
func TestAdminHosts(t *testing.T) {
	t.Parallel()
	cfg := demoConfig(t, newServer(t).url)
	cfg.Admin.Hosts = []string{"News.example.org"}
	h := newTestDaemon(t, cfg).admin()
	for _, c := range []struct {
		host, site string
		want       int
	}{
		{"127.0.0.1:8081", "", 200},
		{"10.1.2.3", "", 200},
		{"[::1]:8081", "", 200},
		{"[::1]", "", 200},
		{"localhost:8081", "same-origin", 200},
		{"LOCALHOST.", "none", 200},
		{"news.example.org:8081", "", 200},
		{"127.0.0.1:8081", "cross-site", 403},
		{"127.0.0.1:8081", "same-site", 200},
		{"rebound.example", "", 421},
		{"localhost.rebound.example:8081", "", 421},
		{"127.0.0.1.rebound.example", "", 421},
		{"x.news.example.org", "", 421},
		{"", "", 421},
	} {
		for _, path := range []string{"/status.json", "/metrics", "/debug/pprof/cmdline"} {
			r := httptest.NewRequest("GET", path, nil)
			r.Host = c.host
			r.Header.Set("Sec-Fetch-Site", c.site)
			answer := httptest.NewRecorder()
			h.ServeHTTP(answer, r)
			if answer.Code != c.want || answer.Header().Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s as %q, %q: %d, want %d; %v", path, c.host, c.site, answer.Code, c.want, answer.Header())
			}
		}
	}
}
