package daemon

import (
	"container/list"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"dateline/aggregator/control"
)

// connections is a listener that limits its connections. One more than the limit closes the one that has been idle for
// longest, of the same client where the limit is that of a client; where none is idle the new one is closed.
type connections struct {
	net.Listener
	all, each int
	exempt    func(netip.Addr) bool // from each; nil: none is
	log       *slog.Logger

	mu     sync.Mutex // guards what follows
	open   map[net.Conn]*connection
	idle   list.List // of net.Conn, the one that has been idle for longest first
	of     map[netip.Prefix]int
	logged time.Time // when it was last logged that a limit was met
}

// connection is one that is open.
type connection struct {
	client netip.Prefix  // invalid: it is not limited by client
	idle   *list.Element // nil: a request is under way
}

// newConnections limits the connections of l, which goes on accepting after errors. A client is an IPv4 address or the
// first 64 bits of an IPv6 address; addresses of other networks, such as Unix sockets, are no clients.
func newConnections(l net.Listener, all, each int, exempt func(netip.Addr) bool, log *slog.Logger) *connections {
	return &connections{Listener: control.Persistent(l, log), all: all, each: each, exempt: exempt, log: log,
		open: map[net.Conn]*connection{}, of: map[netip.Prefix]int{}}
}

// Accept returns the next connection that is within the limits.
func (c *connections) Accept() (net.Conn, error) {
	for {
		conn, err := c.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if c.admit(conn) {
			return conn, nil
		}
		conn.Close()
	}
}

// admit makes room for a connection and notes it. It reports false where there is no room.
func (c *connections) admit(conn net.Conn) bool {
	client := c.client(conn.RemoteAddr())
	c.mu.Lock()
	defer c.mu.Unlock()
	if client.IsValid() && c.of[client] >= c.each && !c.shed(client) {
		return false
	}
	if len(c.open) >= c.all && !c.shed(netip.Prefix{}) {
		return false
	}
	if client.IsValid() {
		c.of[client]++
	}
	c.open[conn] = &connection{client: client, idle: c.idle.PushBack(conn)}
	return true
}

// client returns the client at an address; an invalid one where it is not limited.
func (c *connections) client(at net.Addr) netip.Prefix {
	tcp, ok := at.(*net.TCPAddr)
	if !ok {
		return netip.Prefix{}
	}
	ip := tcp.AddrPort().Addr().Unmap().WithZone("")
	if c.exempt != nil && c.exempt(ip) {
		return netip.Prefix{}
	}
	bits := ip.BitLen()
	if ip.Is6() {
		bits = 64
	}
	client, err := ip.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return client
}

// shed closes the connection that has been idle for longest, of a client where one is given. It reports false where
// none is idle. The caller holds the lock.
func (c *connections) shed(client netip.Prefix) bool {
	if now := time.Now(); c.logged.IsZero() || now.Sub(c.logged) >= time.Minute {
		c.logged = now
		c.log.Warn("connections are at their limit: idle ones are closed", "listen", c.Addr().String(), "open", len(c.open),
			"client", client.String())
	}
	for e := c.idle.Front(); e != nil; e = e.Next() {
		conn := e.Value.(net.Conn)
		if client.IsValid() && c.open[conn].client != client {
			continue
		}
		c.forget(conn)
		conn.Close()
		return true
	}
	return false
}

// state follows the connections; it is for [http.Server.ConnState].
func (c *connections) state(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	o := c.open[conn]
	if o == nil {
		return
	}
	switch state {
	case http.StateActive:
		if o.idle != nil {
			c.idle.Remove(o.idle)
			o.idle = nil
		}
	case http.StateIdle:
		if o.idle == nil {
			o.idle = c.idle.PushBack(conn)
		}
	case http.StateClosed, http.StateHijacked:
		c.forget(conn)
	}
}

// forget drops a connection. The caller holds the lock.
func (c *connections) forget(conn net.Conn) {
	o := c.open[conn]
	delete(c.open, conn)
	if o.idle != nil {
		c.idle.Remove(o.idle)
	}
	if !o.client.IsValid() {
		return
	}
	if c.of[o.client]--; c.of[o.client] == 0 {
		delete(c.of, o.client)
	}
}
