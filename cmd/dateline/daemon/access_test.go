package daemon

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

func TestClient(t *testing.T) {
	t.Parallel()
	trusted := []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, c := range []struct {
		fact    string
		peer    string
		forward []string
		want    string
	}{
		{"nobody in front", "203.0.113.7:5000", nil, "203.0.113.7"},
		{"a stranger's claim counts for nothing", "203.0.113.7:5000", []string{"198.51.100.1"}, "203.0.113.7"},
		{"a trusted proxy tells", "127.0.0.1:5000", []string{"203.0.113.7"}, "203.0.113.7"},
		{"a trusted proxy that tells nothing", "127.0.0.1:5000", nil, "127.0.0.1"},
		{"what the client claimed stands to the left", "127.0.0.1:5000", []string{"198.51.100.1, 203.0.113.7"}, "203.0.113.7"},
		{"two trusted proxies", "127.0.0.1:5000", []string{"198.51.100.1, 203.0.113.7, 10.1.2.3"}, "203.0.113.7"},
		{"in two fields", "127.0.0.1:5000", []string{"203.0.113.7", "10.1.2.3"}, "203.0.113.7"},
		{"all trusted: the farthest", "127.0.0.1:5000", []string{"10.0.0.1, 10.0.0.2"}, "10.0.0.1"},
		{"what is no address ends the search", "127.0.0.1:5000", []string{"203.0.113.7, unknown, 10.1.2.3"}, "10.1.2.3"},
		{"with a port", "127.0.0.1:5000", []string{"203.0.113.7:4711"}, "203.0.113.7"},
		{"IPv6", "[fd00::1]:5000", []string{"2001:db8::7"}, "2001:db8::7"},
		{"IPv6 in brackets", "[fd00::1]:5000", []string{"[2001:db8::7]"}, "2001:db8::7"},
		{"IPv4 in IPv6", "[::ffff:127.0.0.1]:5000", []string{"203.0.113.7"}, "203.0.113.7"},
		{"the other end of a socket tells", "@", []string{"198.51.100.1, 203.0.113.7"}, "203.0.113.7"},
		{"the other end of a socket, and a trusted proxy", "", []string{"203.0.113.7, 10.1.2.3"}, "203.0.113.7"},
		{"the other end of a socket tells nothing", "@", nil, "@"},
		{"the other end of a socket, without a name", "", []string{"unknown"}, "unix"},
	} {
		t.Run(c.fact, func(t *testing.T) {
			r := httptest.NewRequest("GET", "/", nil)
			r.RemoteAddr = c.peer
			r.Header["X-Forwarded-For"] = c.forward
			if got := client(r, trusted); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestAccessLog(t *testing.T) {
	t.Parallel()
	feeds := newServer(t)
	d := newTestDaemon(t, demoConfig(t, feeds.url, "\nhttp:\n", "\nhttp:\n  trusted_proxies: [192.0.2.0/24]\n"))
	var log bytes.Buffer
	d.log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var seen string
	h := d.access(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r.RemoteAddr
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusTeapot)
	}))
	r := httptest.NewRequest("GET", "/feed.atom?x=1", nil) // from 192.0.2.1
	r.Header.Set("X-Forwarded-For", "203.0.113.7")
	h.ServeHTTP(httptest.NewRecorder(), r)
	if want := "client=203.0.113.7 method=GET url=\"/feed.atom?x=1\" status=418"; !strings.Contains(log.String(), want) ||
		seen != "203.0.113.7" {
		t.Errorf("no %s in %s; behind it %s", want, &log, seen)
	}
	log.Reset()
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/websub/s3cret", nil))
	if strings.Contains(log.String(), "s3cret") || !strings.Contains(log.String(), "url=/websub/{}") {
		t.Errorf("the log names a token: %s", &log)
	}
	if r.RemoteAddr != "192.0.2.1:1234" {
		t.Error("the server's own request was changed")
	}
}
