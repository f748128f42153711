package config_test

import (
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/config"
)

// TestBase: links lead to the listener where nothing else is said.
func TestBase(t *testing.T) {
	t.Parallel()
	for listen, want := range map[string]string{
		"127.0.0.1:7340": "http://127.0.0.1:7340/",
		"localhost:80":   "http://localhost/",
		":8080":          "http://localhost:8080/",
		"0.0.0.0:8080":   "http://localhost:8080/",
		"[::]:81":        "http://localhost:81/",
		"[::1]:8080":     "http://[::1]:8080/",
		"192.0.2.1:443":  "http://192.0.2.1:443/",
	} {
		c := parse(t, fmt.Sprintf("http: {listen: %q}", listen))
		if got := c.Base(); got != want || c.Effective().Feed.BaseURL != want || c.Feed.BaseURL != "" {
			t.Errorf("%s: %s", listen, got)
		}
	}
	free := parse(t, "http: {listen: '127.0.0.1:0'}")
	free.Bound(&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 7341})
	if got := free.Base(); got != "http://127.0.0.1:7341/" {
		t.Errorf("a port that was free: %s", got)
	}
	if got := parse(t, "{feed: {base_url: https://wire.example/x}, http: {listen: ':80'}}").Base(); got != "https://wire.example/x/" {
		t.Error(got)
	}
}

// TestWarningsOfAddresses: listeners and address of links are compared.
func TestWarningsOfAddresses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, text, want string }{
		{"one port", "feed: {base_url: http://localhost:7340/}\nhttp: {listen: 127.0.0.1:7340}", ""},
		{"two ports on loopback", "feed: {base_url: http://localhost/}\nhttp: {listen: 127.0.0.1:7340}",
			"1:18: base_url has port 80 and http.listen port 7340: leave base_url empty, and it follows"},
		{"a proxy between", "feed: {base_url: http://localhost/}\nhttp: {listen: 127.0.0.1:7340, trusted_proxies: [127.0.0.1]}", ""},
		{"public", "feed: {base_url: https://wire.example/}\nhttp: {listen: :7340}", ""},
		{"links to localhost for others", "http: {listen: :7340}",
			"1:16: http.listen is open to others and feed.base_url is empty: they cannot follow links to localhost:7340"},
		{"an address of this machine", "http: {listen: 192.0.2.1:7340}", ""},
		{"admin for others", "admin: {listen: :7341}",
			"1:17: admin.listen is reached from other machines: metrics, status and profiles are for you alone"},
		{"any free port", "http: {listen: 127.0.0.1:0}",
			"1:16: http.listen takes another free port at each start and feed.base_url is empty: only the daemon's own links lead to it"},
		{"a socket", "feed: {base_url: https://wire.example/}\nhttp: {listen: 'unix:/run/dateline/http.sock'}", ""},
		{"admin off", "admin: {listen: }", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, w := range parse(t, tt.text+"\nsources: [{id: a, name: A, url: 'https://a.example'}]").Warnings(nil) {
				got = append(got, strings.TrimPrefix(w.Error(), "config.yaml:"))
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestWarningOfAtLeast: what every source is promised fits in the document.
func TestWarningOfAtLeast(t *testing.T) {
	t.Parallel()
	c := config.Default()
	c.Feed.Entries, c.Feed.AtLeast = 10, 5
	for n := 1; n < 7; n++ {
		c.Sources = append(c.Sources, config.Source{ID: fmt.Sprint("s", n), Name: "S", URL: fmt.Sprint("https://a.example/", n), Enabled: true})
		if got := c.Warnings(nil); len(got) > 0 != (n > 4) {
			t.Errorf("%d sources: %v", n, got)
		}
	}
}
