package daemon

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
)

// caller is a connection in memory from an address.
type caller struct {
	net.Conn
	at     net.Addr
	closed bool
}

func (c *caller) RemoteAddr() net.Addr { return c.at }
func (c *caller) Close() error         { c.closed = true; return nil }

func from(ip string) *caller {
	return &caller{at: net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(ip), 1234))}
}

// noListener has an address and no connections.
type noListener struct{ net.Listener }

func (noListener) Addr() net.Addr { return &net.TCPAddr{Port: 80} }

func limited(all, each int) (*connections, *strings.Builder) {
	trusted := func(a netip.Addr) bool { return a == netip.MustParseAddr("192.0.2.9") }
	var said strings.Builder
	return newConnections(noListener{}, all, each, trusted, slog.New(slog.NewTextHandler(&said, nil))), &said
}

// admitAll admits callers and returns, for each, `+` where it is open in the end, `-` where it was shed or not let in.
func admitAll(c *connections, callers ...*caller) string {
	for _, conn := range callers {
		if !c.admit(conn) {
			conn.closed = true
		}
	}
	var b strings.Builder
	for _, conn := range callers {
		b.WriteString(map[bool]string{true: "-", false: "+"}[conn.closed])
	}
	return b.String()
}

func manyFrom(n int, ip string) (all []*caller) {
	for range n {
		all = append(all, from(ip))
	}
	return all
}

func TestConnectionLimits(t *testing.T) {
	t.Parallel()
	unix := &net.UnixAddr{Name: "@"}
	tests := []struct {
		name    string
		callers []*caller
		want    string
	}{
		{"one client has fewer than all", manyFrom(6, "192.0.2.1"), "---+++"},
		{"clients do not shed each other", append(manyFrom(3, "192.0.2.1"), manyFrom(4, "192.0.2.2")...), "+++-+++"},
		{"all clients together", slices.Concat(manyFrom(3, "192.0.2.1"), manyFrom(3, "192.0.2.2"), manyFrom(4, "192.0.2.9")), "--++++++++"},
		{"a proxy in front has as many as all", manyFrom(9, "192.0.2.9"), "-++++++++"},
		{"a client with a network of IPv6 is one",
			[]*caller{from("2001:db8::1"), from("2001:db8::2"), from("2001:db8::3"), from("2001:db8::4"), from("2001:db8:0:1::")}, "-++++"},
		{"IPv4 in IPv6 is IPv4", append(manyFrom(3, "192.0.2.1"), from("::ffff:192.0.2.1"), from("::ffff:192.0.2.2")), "-++++"},
		{"a Unix socket is no client", []*caller{{at: unix}, {at: unix}, {at: unix}, {at: unix}}, "++++"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, said := limited(8, 3)
			if got := admitAll(c, tt.callers...); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if n := strings.Count(said.String(), "\n"); n != min(strings.Count(tt.want, "-"), 1) {
				t.Errorf("%d lines: %s", n, said)
			}
		})
	}
}

// A connection on which a request is under way is never shed; the one idle for longest is shed first, counted from its
// last answer.
func TestIdleConnectionsAreShedFirst(t *testing.T) {
	t.Parallel()
	c, _ := limited(8, 3)
	all := manyFrom(3, "192.0.2.1")
	admitAll(c, all...)
	for _, conn := range all {
		c.state(conn, http.StateActive)
	}
	late := from("192.0.2.1")
	if c.admit(late) {
		t.Error("one more than all that are in use was let in")
	}
	c.state(all[1], http.StateIdle)
	c.state(all[0], http.StateIdle)
	if !c.admit(late) || !all[1].closed || all[0].closed || all[2].closed {
		t.Errorf("%+v", all)
	}
	c.state(all[1], http.StateClosed) // as its server reports afterwards
	c.state(all[0], http.StateClosed)
	if next := from("192.0.2.1"); !c.admit(next) || late.closed {
		t.Error("the place of one that was closed was not free")
	}
	for conn := range c.open {
		c.state(conn, http.StateClosed)
	}
	if len(c.open) != 0 || c.idle.Len() != 0 || len(c.of) != 0 {
		t.Errorf("left: %d open, %d idle, %v", len(c.open), c.idle.Len(), c.of)
	}
}

// The limits hold for real connections: many that say nothing do not keep another client's request, nor one of their own.
func TestIdleConnectionsOverSockets(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := newConnections(l, 16, 4, nil, slog.New(slog.DiscardHandler))
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") }), ConnState: c.state}
	served := make(chan error, 1)
	go func() { served <- s.Serve(c) }()
	for range 40 {
		idle, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer idle.Close()
	}
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	answer, err := client.Get("http://" + l.Addr().String() + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if body, err := io.ReadAll(answer.Body); string(body) != "ok" || err != nil {
		t.Errorf("%q, %v", body, err)
	}
	c.mu.Lock()
	if len(c.open) > 4 {
		t.Errorf("%d are open", len(c.open))
	}
	c.mu.Unlock()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	<-served
}
