package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"time"

	"dateline/aggregator/platform"
)

// listeners are the daemon's two, of which admin is nil where there is none.
type listeners struct{ public, admin net.Listener }

func openListeners(public, admin string) (*listeners, error) {
	var at listeners
	var err error
	if at.public, err = net.Listen("tcp", public); err != nil {
		return nil, fmt.Errorf("http.listen: %w", err)
	}
	if admin == "" {
		return &at, nil
	}
	if at.admin, err = net.Listen("tcp", admin); err != nil {
		return nil, errors.Join(fmt.Errorf("admin.listen: %w", err), at.public.Close())
	}
	return &at, nil
}

// close closes what is still open.
func (at *listeners) close() {
	at.public.Close()
	if at.admin != nil {
		at.admin.Close()
	}
}

func address(l net.Listener) string {
	if l == nil {
		return ""
	}
	return l.Addr().String()
}

// servePublic serves the public listener, with the limits of its connections.
func (d *daemon) servePublic(ctx context.Context) error {
	all, each := connectionLimits(platform.Descriptors())
	trusted := func(a netip.Addr) bool { return within(d.deps.Load().trusted, a) }
	return serveHTTP(ctx, newConnections(d.at.public, all, each, trusted, d.log), d.access(d.public()))
}

// serveAdmin serves the admin listener, if there is one.
func (d *daemon) serveAdmin(ctx context.Context) error {
	if d.at.admin == nil {
		return nil
	}
	all := adminConnections(platform.Descriptors())
	return serveHTTP(ctx, newConnections(d.at.admin, all, all, nil, d.log), d.admin())
}

// serveHTTP serves until ctx ends, then lets answers under way finish.
func serveHTTP(ctx context.Context, l net.Listener, h http.Handler) error {
	s := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      2 * time.Minute,
		IdleTimeout:       30 * time.Second,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug), // what clients do wrong
	}
	if c, limited := l.(*connections); limited {
		s.ConnState = c.state
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(l) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	hurry, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	if err := s.Shutdown(hurry); err != nil {
		return errors.Join(s.Close(), os.ErrDeadlineExceeded)
	}
	return nil
}
