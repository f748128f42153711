package fetch

import (
	"context"
	"encoding/binary"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

func TestJudge(t *testing.T) {
	refused := []string{
		"0.0.0.0", "0.1.2.3", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255",
		"192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1",
		"239.255.255.255", "240.0.0.1", "255.255.255.255",
		"::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "fc00::1", "fd12::1",
		"fe80::1",
		"fe80::1%eth0", "fec0::1", "ff02::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "4000::1", "5f00::1",
	}
	allowed := []string{"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.1",
		"192.167.255.255", "198.17.255.255", "198.20.0.0", "223.255.255.255", "::ffff:1.1.1.1", "2606:4700::1111", "2a00:1450::1",
		"2001:4860::8888", "2001:200::1"}
	g, err := newGuard(nil, []int{443})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range refused {
		t.Run(s, func(t *testing.T) {
			if why := g.judge(netip.MustParseAddr(s), 443); why.reason == "" || why.option != optionAllow {
				t.Errorf("%+v", why)
			}
		})
	}
	for _, s := range allowed {
		t.Run(s, func(t *testing.T) {
			if why := g.judge(netip.MustParseAddr(s), 443); why != (refusal{}) {
				t.Errorf("refused: %+v", why)
			}
			if why := g.judge(netip.MustParseAddr(s), 22); why.reason == "" || why.option != optionPorts {
				t.Errorf("port 22: %+v", why)
			}
		})
	}
}

func TestAllow(t *testing.T) {
	tests := []struct {
		name  string
		allow string
		host  string
		want  bool
	}{
		{"an address", "10.1.2.3", "10.1.2.3", true},
		{"an address, not its neighbour", "10.1.2.3", "10.1.2.4", false},
		{"an address, mapped to IPv6", "10.1.2.3", "::ffff:10.1.2.3", true},
		{"a mapped address", "::ffff:10.1.2.3", "10.1.2.3", true},
		{"an IPv6 address in brackets", "[fd00::1]", "fd00::1", true},
		{"a CIDR", "10.0.0.0/8", "10.200.0.1", true},
		{"a CIDR with bits to spare", "10.1.2.3/8", "10.200.0.1", true},
		{"a CIDR, not beyond", "10.0.0.0/8", "11.0.0.1", false},
		{"a name", "intranet.example", "Intranet.Example.", true},
		{"a name, not below", "example", "intranet.example", false},
		{"a name, not its address", "localhost", "127.0.0.1", false},
		{"an address, not its name", "127.0.0.1", "localhost", false},
		{"a name in Cyrillic", "пример.рф", "xn--e1afmkfd.xn--p1ai", true},
		{"a name with an underscore", "feed_farm", "feed_farm", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g, err := newGuard([]string{tt.allow}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := g.lets(tt.host); got != tt.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

// TestGuard shows where Get and the client for other requests do not go, over real sockets.
func TestGuard(t *testing.T) {
	reached := false
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		reached = true
		if to := r.URL.Query().Get("to"); to != "" {
			w.Header().Set("Location", to)
			w.WriteHeader(302)
		}
	})
	port := base[strings.LastIndex(base, ":"):]
	byName := "http://localhost" + port
	tests := []struct {
		name    string
		allow   []string
		url     string
		address string // of the GuardError; "": allowed
	}{
		{"loopback", []string{}, base, "127.0.0.1" + port},
		{"a name that stands for loopback", []string{}, byName, "127.0.0.1" + port},
		{"loopback let in by address", []string{"127.0.0.1"}, base, ""},
		{"loopback let in by CIDR, under a name", []string{"127.0.0.0/8", "::1"}, byName, ""},
		{"loopback let in by name", []string{"localhost"}, byName, ""},
		{"the address of a name let in", []string{"localhost"}, base, "127.0.0.1" + port},
		{"a redirect to a private address", []string{"127.0.0.1"}, base + "?to=http://10.0.0.1/", "10.0.0.1:80"},
		{"a redirect from a name to its address", []string{"localhost"}, byName + "?to=" + base, "127.0.0.1" + port},
		{"a redirect to the metadata service", []string{"127.0.0.1"}, base + "?to=http://169.254.169.254/latest", "169.254.169.254:80"},
		{"a redirect to a file", []string{"127.0.0.1"}, base + "?to=file:///etc/passwd", "file:"},
		{"a redirect to another scheme", []string{"127.0.0.1"}, base + "?to=gopher://127.0.0.1/", "gopher:"},
		{"a redirect to a port", []string{"127.0.0.1"}, base + "?to=http://1.1.1.1:25/", "1.1.1.1:25"},
		{"a redirect to no host", []string{"127.0.0.1"}, base + "?to=http:///x", "http:///x"},
		{"a scheme", nil, "ftp://127.0.0.1/", "ftp:"},
		{"a port that is none", nil, "http://127.0.0.1:0/", "127.0.0.1:0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			reached = false
			c := newClient(t, Options{Allow: tt.allow})
			_, err := c.Get(t.Context(), Request{URL: tt.url})
			wantRefusal(t, err, tt.address)
			if strings.Contains(tt.url, "?to=") != reached && tt.address != "" {
				t.Errorf("reached the server: %v", reached)
			}
		})
		if strings.Contains(tt.name, "redirect") {
			continue
		}
		t.Run("HTTP: "+tt.name, func(t *testing.T) {
			resp, err := newClient(t, Options{Allow: tt.allow}).HTTP().Post(tt.url, "text/plain", strings.NewReader("x"))
			wantRefusal(t, err, tt.address)
			if err == nil {
				resp.Body.Close()
			}
		})
	}
}

func wantRefusal(t *testing.T, err error, address string) {
	t.Helper()
	var e *GuardError
	switch {
	case address == "" && err != nil:
		t.Errorf("refused: %v", err)
	case address != "" && (!errors.As(err, &e) || strings.Replace(e.Address, "[::1]", "127.0.0.1", 1) != address):
		t.Errorf("got %v, want a refusal of %s", err, address)
	case address != "" && Problem(err) != map[bool]news.Problem{true: news.ProblemPort, false: news.ProblemGuard}[e.Option == optionPorts]:
		t.Errorf("problem %q, option %q", Problem(err), e.Option)
	}
}

// A name that is public when it is looked up first and private when it is looked up again does not
// get through: the very address dialled is judged.
func TestRebinding(t *testing.T) {
	reached := false
	base := serve(t, func(w http.ResponseWriter, r *http.Request) { reached = true })
	port := base[strings.LastIndex(base, ":"):]
	for _, address := range []string{"127.0.0.1", "10.0.0.1", "169.254.169.254"} {
		t.Run(address, func(t *testing.T) {
			var lookups atomic.Int32
			c := newClient(t, Options{Allow: []string{"::1"}}, func(c *Client) {
				c.guard.resolver = resolver(t, func() netip.Addr { lookups.Add(1); return netip.MustParseAddr(address) })
			})
			_, err := c.Get(t.Context(), Request{URL: "http://rebind.example" + port})
			var e *GuardError
			if !errors.As(err, &e) || e.Address != address+port || e.URL != "http://rebind.example"+port {
				t.Errorf("got %#v", err)
			}
			if lookups.Load() == 0 || reached {
				t.Errorf("%d lookups, reached %v", lookups.Load(), reached)
			}
		})
	}
	t.Run("a public address on a port that is not allowed", func(t *testing.T) {
		c := newClient(t, Options{}, func(c *Client) {
			c.guard.resolver = resolver(t, func() netip.Addr { return netip.MustParseAddr("1.1.1.1") })
		})
		_, err := c.Get(t.Context(), Request{URL: "http://public.example:25"})
		wantRefusal(t, err, "1.1.1.1:25")
	})
	t.Run("a name let in goes through", func(t *testing.T) {
		c := newClient(t, Options{Allow: []string{"rebind.example"}}, func(c *Client) {
			c.guard.resolver = resolver(t, func() netip.Addr { return netip.MustParseAddr("127.0.0.1") })
		})
		if _, err := c.Get(t.Context(), Request{URL: "http://rebind.example" + port}); err != nil || !reached {
			t.Errorf("%v, reached %v", err, reached)
		}
	})
}

// resolver returns a resolver whose only server, on loopback, answers every question for an IPv4 address by next.
func resolver(t *testing.T, next func() netip.Addr) *net.Resolver {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, 512)
		for {
			n, from, err := server.ReadFrom(buf)
			if err != nil {
				return
			}
			server.WriteTo(dnsAnswer(buf[:n], next), from)
		}
	}()
	t.Cleanup(func() { server.Close(); <-done })
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", server.LocalAddr().String())
	}}
}

// dnsAnswer answers the one question of a query (RFC 1035 section 4.1).
func dnsAnswer(query []byte, next func() netip.Addr) []byte {
	end := 12
	for query[end] != 0 {
		end += int(query[end]) + 1
	}
	question := query[12 : end+5]
	a := binary.BigEndian.Uint16(query[end+1:]) == 1
	head := []byte{query[0], query[1], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}
	if !a {
		return append(head, question...)
	}
	head[7] = 1
	ip := next().As4()
	return append(append(append(head, question...), 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4), ip[:]...)
}

// What an address is refused or read as never depends on how it is spelled, and nothing but http gets through.
func FuzzCheck(f *testing.F) {
	for _, s := range []string{"http://127.0.0.1/", "http://[::ffff:127.0.0.1]:80/", "HTTP://a.example", "http://a.example:25/", "//x",
		"http://[fe80::1%25x]/"} {
		f.Add(s)
	}
	g, err := newGuard(nil, []int{80, 443})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		u, err := parseURL(s)
		if err != nil || g.check(u) != nil {
			return
		}
		if u.Scheme != "http" && u.Scheme != "https" {
			t.Errorf("%q gets through", s)
		}
		if ip, err := netip.ParseAddr(u.Hostname()); err == nil && notPublic(ip.Unmap().WithZone("")) != "" {
			t.Errorf("%q gets through", s)
		}
		again, err := url.Parse(u.String())
		if err != nil || g.check(again) != nil {
			t.Errorf("%q gets through, %q does not: %v", s, u, err)
		}
		if key, err := hostKey(u); err != nil || key != strings.ToLower(key) {
			t.Errorf("%q: turn at %q, %v", s, key, err)
		}
	})
}

func TestReachable(t *testing.T) {
	c := newClient(t, Options{Allow: []string{"10.1.0.0/16"}})
	for _, tt := range []struct{ address, refused string }{
		{"http://a.example/x?y=z", ""},
		{"http://10.1.2.3:9999/", ""},
		{"http://10.2.3.4/", "10.2.3.4:80"},
		{"https://[::1]/", "127.0.0.1:443"}, // as wantRefusal writes it,
		{"ftp://a.example/", "ftp:"},
	} {
		t.Run(tt.address, func(t *testing.T) { wantRefusal(t, c.Reachable(tt.address), tt.refused) })
	}
	names := newClient(t, Options{Allow: []string{"desk.localhost"}})
	for _, tt := range []struct{ address, refused string }{
		{"http://a.example/", ""},
		{"http://localhost/feed", "localhost"},
		{"http://b.LOCALHOST./feed", "b.LOCALHOST."},
		{"http://desk.localhost:9999/feed", ""},
		{"http://a.example:9999/", "a.example:9999"},
	} {
		t.Run(tt.address, func(t *testing.T) { wantRefusal(t, names.Foreseeable(tt.address), tt.refused) })
	}
	t.Run("localhost where loopback addresses are let in", func(t *testing.T) {
		c := newClient(t, Options{Allow: []string{"127.0.0.0/8"}})
		wantRefusal(t, c.Foreseeable("http://localhost:9999/"), "")
	})
	t.Run("no address", func(t *testing.T) {
		if err := c.Reachable("http://a example/"); !errors.Is(err, ErrURL) {
			t.Errorf("error %v, want %v", err, ErrURL)
		}
	})
}

// TestWithDial: an address is asked for before it is connected to, and the error is that of the request; one that is not let in is not
// asked for.
func TestWithDial(t *testing.T) {
	t.Parallel()
	refused := errors.New("refused")
	for _, c := range []struct {
		fact     string
		allow    []string
		answer   error
		asked    []string
		requests int
	}{
		{"allowed", []string{"127.0.0.0/8"}, nil, []string{"127.0.0.1"}, 1},
		{"refused", []string{"127.0.0.0/8"}, refused, []string{"127.0.0.1"}, 0},
		{"not let in", nil, nil, nil, 0},
	} {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			s := feedtest.NewServer(t)
			client, err := New(Options{Allow: c.allow})
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			var asked []string
			ctx := WithDial(t.Context(), func(ip netip.Addr) error {
				asked = append(asked, ip.String())
				return c.answer
			})
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL, nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := client.HTTP().Do(req)
			if err == nil {
				resp.Body.Close()
			}
			if c.answer != nil && !errors.Is(err, c.answer) {
				t.Errorf("%v, want %v", err, c.answer)
			}
			feedtest.Same(t, "asked for", asked, c.asked)
			feedtest.Same(t, "requests", len(s.Requests("/")), c.requests)
		})
	}
}
