package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"dateline/aggregator/config"
	"dateline/aggregator/control"
	"dateline/aggregator/publish"
	"dateline/aggregator/publish/hub"
	"dateline/aggregator/push"
	"dateline/store"
)

func (a *app) serveCommand() *cobra.Command {
	return &cobra.Command{
		Use: "serve", Short: "Poll, keep and publish until told to stop (also what no command means)", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.serve(cmd.Context()) },
	}
}

const (
	drain      = 10 * time.Second // how long readers may take to finish once the daemon is asked to end
	checkEvery = 5 * time.Second  // how often it is looked whether the store's file is still there
)

// daemon is the running program. What the config decides stands in one wire, which a reload replaces.
type daemon struct {
	app      *app
	wire     atomic.Pointer[wire]
	handler  *publish.Handler
	push     *push.Subscriber
	hub      *hub.Hub
	counters *counters
	notify   notifier
	log      *slog.Logger
	reload   sync.Mutex
	hup      chan os.Signal                // SIGHUP: take in the config
	at       *listeners                    // nil: they are opened where the config says
	beside   []func(context.Context) error // what else runs until the daemon ends; an error ends it
}

// serve runs the daemon until ctx ends, and returns nil then.
func (a *app) serve(ctx context.Context) error {
	if a.held != nil {
		return usage("the daemon runs already")
	}
	d := &daemon{app: a, log: a.newLog(a.terminal), notify: newNotifier(os.Getenv)}
	return d.hold(ctx)
}

// hold opens the store and runs the daemon on it.
func (d *daemon) hold(ctx context.Context) error {
	d.hup = make(chan os.Signal, 1)
	signal.Notify(d.hup, syscall.SIGHUP) // from the first moment on: unheard it would end the daemon
	defer signal.Stop(d.hup)
	cfg, err := d.app.config()
	if err != nil {
		return err
	}
	st, err := d.app.openAlone(ctx, cfg.Store.Path)
	if err != nil {
		return err
	}
	w, err := newWire(cfg, d.app.configPath, st, d.log)
	if err != nil {
		return errors.Join(err, st.Close())
	}
	d.wire.Store(w)
	if d.push, err = push.New(st, w.pushSetup(), w.engine.Deliver, d.log); err != nil {
		return errors.Join(err, w.close())
	}
	w.engine.Subscribe(d.push)
	d.count(w)
	err = d.run(ctx, w)
	return errors.Join(err, d.wire.Load().close())
}

// count begins to count what w does.
func (d *daemon) count(w *wire) {
	d.counters = newCounters()
	d.counters.taken(w.engine.Sources(), time.Now())
	w.engine.Observe(d.counters.visited)
}

// openAlone opens the store for a daemon: a store that somebody holds is not shared.
func (a *app) openAlone(ctx context.Context, path string) (*store.Store, error) {
	for began := time.Now(); ; {
		st, err := store.Open(path, store.Options{})
		if !errors.Is(err, store.ErrBusy) {
			return st, err
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if time.Since(began) > lockWait {
			return nil, &busyError{store: path, pid: control.HolderPid(path), err: err}
		}
	}
}

func (d *daemon) run(ctx context.Context, w *wire) error {
	if err := d.publish(w); err != nil {
		return err
	}
	server, err := control.Listen(w.cfg.Store.Path, d.answer)
	if err != nil {
		return err
	}
	err = d.serve(ctx, w)
	hurry, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	return errors.Join(err, server.Close(hurry))
}

// serve listens, polls and follows the config until ctx ends or one of them fails.
func (d *daemon) serve(ctx context.Context, w *wire) error {
	if d.at == nil {
		at, err := openListeners(w.cfg.HTTP.Listen, w.cfg.Admin.Listen)
		if err != nil {
			return err
		}
		d.at = at
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var parts sync.WaitGroup
	start := func(part func(context.Context) error) {
		parts.Go(func() {
			if err := part(ctx); err != nil {
				cancel(err)
			}
		})
	}
	start(func(ctx context.Context) error { return serveHTTP(ctx, d.at.public, d.access(d.public())) })
	start(func(ctx context.Context) error { return serveHTTP(ctx, d.at.admin, d.admin()) })
	start(w.engine.Run)
	start(func(ctx context.Context) error {
		d.push.Run(ctx)
		return nil
	})
	start(func(ctx context.Context) error {
		d.hub.Run(ctx)
		return nil
	})
	start(d.refresh)
	start(d.follow)
	start(d.guard)
	start(d.beat)
	start(func(ctx context.Context) error {
		<-ctx.Done()
		d.log.Info("stopping")
		d.say(d.notify.tell("STOPPING=1"))
		return nil
	})
	for _, part := range d.beside {
		start(part)
	}
	d.log.Info("serving", "url", w.cfg.Feed.BaseURL, "listen", address(d.at.public), "admin", address(d.at.admin),
		"sources", len(w.cfg.Sources), "store", w.store.Path())
	d.say(d.notify.tell("READY=1", "STATUS="+w.summary()))
	parts.Wait()
	if err := context.Cause(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	d.log.Info("stopped")
	return nil
}

// public serves what everybody may ask for: the documents, the hub, and the callbacks that other hubs know.
func (d *daemon) public() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/websub/") {
			d.push.ServeHTTP(w, r)
			return
		}
		if r.URL.Path == "/hub" {
			d.hub.ServeHTTP(w, r)
			return
		}
		d.handler.ServeHTTP(w, r)
	})
}

// publish makes w the wire that is served.
func (d *daemon) publish(w *wire) error {
	err := w.view(func(v store.View) error {
		p, err := w.publisher(v)
		if err != nil {
			return err
		}
		if d.handler == nil {
			d.handler = w.newHandler(p)
		}
		d.handler.Use(p)
		return nil
	})
	if err != nil {
		return err
	}
	if d.hub == nil {
		documents := feeds{d.handler, func() *config.Config { return d.wire.Load().cfg }}
		if d.hub, err = hub.New(w.store, documents, w.hubSetup(), d.log); err != nil {
			return err
		}
	}
	w.refresh = d.render
	d.wire.Store(w)
	return d.render()
}

// render makes what is stored be served, and the hub see what is new in it.
func (d *daemon) render() error {
	if err := d.handler.Refresh(); err != nil {
		return err
	}
	d.hub.Changed()
	return nil
}

// answer runs a command for a caller on the wire as it is now.
func (d *daemon) answer(ctx context.Context, c control.Call, stdout, stderr io.Writer) int {
	return d.wire.Load().answer(ctx, c, stdout, stderr)
}

// refresh renders the documents again whenever something was published.
func (d *daemon) refresh(ctx context.Context) error {
	changed, stop := d.wire.Load().store.Watch()
	defer stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case _, open := <-changed:
			if !open {
				return nil
			}
			if err := d.render(); err != nil {
				d.log.Error("documents not rendered, the old ones are served", "err", err)
			}
		}
	}
}

// guard ends the daemon when its store's file is no longer there: what it would go on to record is lost.
func (d *daemon) guard(ctx context.Context) error {
	tick := time.NewTicker(checkEvery)
	defer tick.Stop()
	sealed := false
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			st := d.wire.Load().store
			if err := st.Intact(); err != nil {
				return err
			}
			// What is open for writing stays so, whatever the file's mode; but the next start would fail.
			was := sealed
			if sealed = isSealed(st.Path()); sealed && !was {
				d.log.Warn("the store's file has become read-only: this process goes on, the next start will fail", "path", st.Path())
			}
		}
	}
}

func isSealed(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().Perm()&0o200 == 0
}

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

// serveHTTP serves until ctx ends, then lets answers under way finish.
func serveHTTP(ctx context.Context, l net.Listener, h http.Handler) error {
	if l == nil {
		return nil
	}
	s := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      2 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug), // what clients do wrong
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
