package shared

import (
	"bufio"
	"encoding/binary"
	"io"
	"net"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
)

// proxy is between a node and PostgreSQL. It forwards every message, until it is asked for something else.
type proxy struct {
	l        net.Listener
	to       string
	trips    atomic.Int64 // round trips: how often PostgreSQL was ready for another statement
	mute     atomic.Bool  // notifications are not forwarded, as by a pooler in transaction mode
	refuse   atomic.Bool  // no new connection
	cutSend  atomic.Bool  // the next message of the node is not forwarded, and its connection ends
	cutReply atomic.Bool  // likewise the next one of PostgreSQL

	mu   sync.Mutex
	ends []func() // of the connections
}

// drop ends all connections.
func (p *proxy) drop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, end := range p.ends {
		end()
	}
}

// through returns a proxy and the URL that leads through it.
func through(t testing.TB, dsn string) (*proxy, string) {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{to: u.Host}
	if p.l, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.l.Close() })
	go p.serve()
	u.Host = net.JoinHostPort("127.0.0.1", strconv.Itoa(p.l.Addr().(*net.TCPAddr).Port))
	return p, u.String()
}

func (p *proxy) serve() {
	for {
		node, err := p.l.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.to)
		if err != nil || p.refuse.Load() {
			node.Close()
			continue
		}
		end := func() { node.Close(); server.Close() }
		p.mu.Lock()
		p.ends = append(p.ends, end)
		p.mu.Unlock()
		go func() {
			defer end()
			r := bufio.NewReader(node)
			if b, err := message(r, 0); err != nil || write(server, b) != nil { // the startup message has no type
				return
			}
			for {
				b, err := message(r, 1)
				if err != nil || p.cutSend.CompareAndSwap(true, false) || write(server, b) != nil {
					return
				}
			}
		}()
		go func() {
			defer end()
			r := bufio.NewReader(server)
			for {
				b, err := message(r, 1)
				if err != nil || p.cutReply.CompareAndSwap(true, false) {
					return
				}
				if b[0] == 'Z' {
					p.trips.Add(1)
				}
				if b[0] == 'A' && p.mute.Load() {
					continue
				}
				if write(node, b) != nil {
					return
				}
			}
		}()
	}
}

// message reads a message: its type, if it has one, and its length, which counts itself, are before it.
func message(r *bufio.Reader, kind int) ([]byte, error) {
	head := make([]byte, kind+4)
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, err
	}
	b := append(head, make([]byte, binary.BigEndian.Uint32(head[kind:])-4)...)
	_, err := io.ReadFull(r, b[kind+4:])
	return b, err
}

func write(w io.Writer, b []byte) error {
	_, err := w.Write(b)
	return err
}
