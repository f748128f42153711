package daemon

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"

	"dateline/aggregator/config"
	"dateline/aggregator/platform"
	"dateline/cmd/dateline/node"
)

// Listeners are the two of a daemon, each of which may be missing.
type Listeners struct{ public, admin net.Listener }

// Listen opens the listeners at two addresses, HOST:PORT, the public one also unix:PATH. An empty address means none.
// The errors are those of net.Listen; after one no listener is open.
func Listen(public, admin string) (*Listeners, error) {
	var at Listeners
	var err error
	path, socket := config.Socket(public)
	switch {
	case public == "":
	case socket:
		at.public, err = listenSocket(path)
	default:
		at.public, err = net.Listen("tcp", public)
	}
	if err != nil {
		return nil, fmt.Errorf("http.listen: %w", err)
	}
	if admin == "" {
		return &at, nil
	}
	if at.admin, err = net.Listen("tcp", admin); err != nil {
		at.Close()
		return nil, fmt.Errorf("admin.listen: %w", err)
	}
	return &at, nil
}

// OpSocket is the Op of an error that says that something else is where a socket should be.
const OpSocket = "no socket"

// listenSocket opens a socket to which every user of the machine may connect, as to a port on loopback. One that a process left behind
// when it was killed is replaced; one that is listened at, and a file of another kind, are errors.
func listenSocket(path string) (net.Listener, error) {
	l, err := net.Listen("unix", path)
	if err != nil {
		conn, dialErr := net.Dial("unix", path)
		if dialErr == nil {
			return nil, errors.Join(err, conn.Close())
		}
		info, statErr := os.Lstat(path)
		switch {
		case statErr == nil && info.Mode().Type() != os.ModeSocket:
			return nil, &fs.PathError{Op: OpSocket, Path: path, Err: fs.ErrExist}
		case statErr != nil || !platform.IsRefused(dialErr):
			return nil, err
		}
		if err := os.Remove(path); err != nil {
			return nil, err
		}
		if l, err = net.Listen("unix", path); err != nil {
			return nil, err
		}
	}
	if err := os.Chmod(path, 0o666); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// Close closes what is still open.
func (at *Listeners) Close() {
	for _, l := range []net.Listener{at.public, at.admin} {
		if l != nil {
			l.Close()
		}
	}
}

// Public returns the address of the public listener, as http.listen would name it, empty where there is none.
func (at *Listeners) Public() string {
	if at.public == nil {
		return ""
	}
	if a := at.public.Addr(); a.Network() == "unix" {
		return "unix:" + a.String()
	}
	return at.public.Addr().String()
}

// PublicAddr returns the address of the public listener, nil where there is none.
func (at *Listeners) PublicAddr() net.Addr {
	if at.public == nil {
		return nil
	}
	return at.public.Addr()
}

// Admin returns the address of the operator's listener, empty where there is none.
func (at *Listeners) Admin() string {
	if at.admin == nil {
		return ""
	}
	return at.admin.Addr().String()
}

// servePublic serves the public listener, if there is one, with the limits of its connections.
func (d *daemon) servePublic(ctx context.Context) error {
	if d.at.public == nil {
		return nil
	}
	all, each := node.PublicConnections(platform.Descriptors())
	trusted := func(a netip.Addr) bool { return within(d.node.Load().Proxies, a) }
	return Serve(ctx, newConnections(d.at.public, all, each, trusted, d.log), d.belowBase(d.access(d.public())))
}

// belowBase takes the path of base_url off what is asked for, where the proxy in front has not done so: what leads nowhere as it is.
// That path itself, without the slash at its end, leads to the first page.
func (d *daemon) belowBase(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		base, err := url.Parse(d.node.Load().Config.Base())
		if err != nil || base.Path == "/" || !strings.HasPrefix(r.URL.Path+"/", base.Path) || d.pattern(r.URL.Path) != none {
			next.ServeHTTP(w, r)
			return
		}
		if r.URL.Path+"/" == base.Path {
			http.Redirect(w, r, base.String(), http.StatusPermanentRedirect)
			return
		}
		http.StripPrefix(strings.TrimSuffix(base.Path, "/"), next).ServeHTTP(w, r)
	})
}

// serveAdmin serves the admin listener, if there is one.
func (d *daemon) serveAdmin(ctx context.Context) error {
	if d.at.admin == nil {
		return nil
	}
	all := node.AdminConnections(platform.Descriptors())
	return Serve(ctx, newConnections(d.at.admin, all, all, nil, d.log), d.admin())
}

// Serve serves h at l until ctx ends and closes l; answers under way may finish, for 8 s. It returns nil once they have,
// [os.ErrDeadlineExceeded] where they were cut off, and else what ended the listener.
func Serve(ctx context.Context, l net.Listener, h http.Handler) error {
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
