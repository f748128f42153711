package control

import (
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"
)

const (
	shortestWait = 5 * time.Millisecond // after an Accept that failed
	longestWait  = time.Second          // after many in a row
	logEvery     = time.Minute          // failures of one listener are logged at most this often
)

// Persistent returns a listener whose Accept returns no error but [net.ErrClosed]. After any other, such as that of a
// process out of descriptors, it waits between 5 milliseconds and a second, and tries again; the first is logged.
func Persistent(l net.Listener, log *slog.Logger) net.Listener {
	return &persistent{Listener: l, log: log, closed: make(chan struct{})}
}

type persistent struct {
	net.Listener
	log    *slog.Logger
	once   sync.Once
	closed chan struct{}

	mu     sync.Mutex
	logged time.Time // zero: no failure yet
}

func (p *persistent) Accept() (net.Conn, error) {
	for wait := shortestWait; ; wait = min(2*wait, longestWait) {
		c, err := p.Listener.Accept()
		if err == nil || errors.Is(err, net.ErrClosed) {
			return c, err
		}
		p.report(err)
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-p.closed:
			timer.Stop()
			return nil, net.ErrClosed
		}
	}
}

func (p *persistent) report(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := time.Now(); p.logged.IsZero() || now.Sub(p.logged) >= logEvery {
		p.logged = now
		p.log.Error("no connection can be accepted for now", "listen", p.Addr().String(), "err", err)
	}
}

// Close closes the listener and ends an Accept that waits.
func (p *persistent) Close() error {
	p.once.Do(func() { close(p.closed) })
	return p.Listener.Close()
}
