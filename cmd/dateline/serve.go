package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
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
	"dateline/aggregator/platform"
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

const checkEvery = 5 * time.Second // how often it is looked whether the store's file is still there

// daemon is the running program. What the config decides stands in one wire, which a reload replaces.
type daemon struct {
	app      *app
	deps     atomic.Pointer[deps]
	handler  *publish.Handler
	push     *push.Subscriber
	hub      *hub.Hub
	counters *counters
	notify   notifier
	log      *slog.Logger
	reload   sync.Mutex
	hup      chan os.Signal                // SIGHUP: take in the config
	at       *listeners                    // nil: they are opened where the config says
	extra    []func(context.Context) error // what else runs until the daemon ends; an error ends it
	commands *control.Server
}

// serve runs the daemon until ctx ends, and returns nil then.
func (a *app) serve(ctx context.Context) error {
	if a.owned != nil {
		return usage("the daemon runs already")
	}
	d := &daemon{app: a, log: a.newLog(a.terminal), notify: newNotifier(os.Getenv)}
	return d.open(ctx)
}

// open opens the store and runs the daemon on it.
func (d *daemon) open(ctx context.Context) error {
	d.hup = make(chan os.Signal, 1)
	signal.Notify(d.hup, syscall.SIGHUP) // from the first moment on: unheard it would end the daemon
	defer signal.Stop(d.hup)
	cfg, err := d.app.config()
	if err != nil {
		return err
	}
	st, err := d.app.openExclusive(ctx, cfg.Store.Path)
	if err != nil {
		return err
	}
	w, err := newDeps(cfg, d.app.configPath, st, d.log)
	if err != nil {
		return errors.Join(err, st.Close())
	}
	d.deps.Store(w)
	d.app.open.Store(&openStore{"serve", st})
	if d.push, err = push.New(st, w.pushSetup(), w.engine.Deliver, d.log); err != nil {
		return errors.Join(err, w.close())
	}
	w.engine.Subscribe(d.push)
	d.count(w)
	err = d.run(ctx, w)
	return errors.Join(err, d.deps.Load().close())
}

// count begins to count what w does.
func (d *daemon) count(w *deps) {
	d.counters = newCounters()
	d.counters.taken(w.engine.Sources(), time.Now())
	w.engine.Observe(d.counters.visited)
}

// openExclusive opens the store for a daemon: a store that somebody holds is not shared.
func (a *app) openExclusive(ctx context.Context, path string) (*store.Store, error) {
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

func (d *daemon) run(ctx context.Context, w *deps) error {
	if err := d.publish(w); err != nil {
		return err
	}
	if d.at == nil {
		at, err := openListeners(w.cfg.HTTP.Listen, w.cfg.Admin.Listen)
		if err != nil {
			return err
		}
		d.at = at
	}
	if most := maxVisits(platform.Descriptors()); most < w.cfg.Poll.Concurrency {
		d.log.Warn("fewer visits at a time than poll.concurrency: the process may have few descriptors", "visits", most)
	}
	var err error
	if d.commands, err = control.Listen(w.cfg.Store.Path, d.answer, d.log); err != nil {
		d.at.close()
		return err
	}
	return d.serve(ctx, w)
}

// serve listens, polls and follows the config until ctx ends or one of them fails.
func (d *daemon) serve(ctx context.Context, w *deps) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var all parts
	start := func(name string, part func(context.Context) error) {
		all.start(name, func() {
			if err := part(ctx); err != nil {
				cancel(err)
			}
		})
	}
	start("public listener", d.servePublic)
	start("admin listener", d.serveAdmin)
	start("commands", d.endCommands)
	start("visits", w.engine.Run)
	start("subscriptions", func(ctx context.Context) error {
		d.push.Run(ctx)
		return nil
	})
	start("hub", func(ctx context.Context) error {
		d.hub.Run(ctx)
		return nil
	})
	start("documents", d.refresh)
	start("config", d.follow)
	start("guard", d.guard)
	start("watchdog", d.beat)
	start("service manager", d.logStopping)
	for _, part := range d.extra {
		start("beside", part)
	}
	d.log.Info("serving", "url", w.cfg.Base(), "listen", address(d.at.public), "admin", address(d.at.admin),
		"sources", len(w.cfg.Sources), "store", w.store.Path())
	d.say(d.notify.send("READY=1", "STATUS="+w.summary()))
	if hung := all.wait(ctx); hung != nil {
		d.log.Error("parts do not end; the store is closed without them", "parts", hung)
	}
	if err := context.Cause(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	d.log.Info("stopped")
	return nil
}

// endCommands waits for the end and then for the commands of other processes.
func (d *daemon) endCommands(ctx context.Context) error {
	<-ctx.Done()
	hurry, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	return d.commands.Close(hurry)
}

// logStopping says that the daemon was asked to end.
func (d *daemon) logStopping(ctx context.Context) error {
	<-ctx.Done()
	d.log.Info("stopping")
	d.say(d.notify.send("STOPPING=1"))
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
func (d *daemon) publish(w *deps) error {
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
		documents := feeds{d.handler, func() *config.Config { return d.deps.Load().cfg }}
		if d.hub, err = hub.New(w.store, documents, w.hubSetup(), d.log); err != nil {
			return err
		}
	}
	w.refresh = d.render
	d.deps.Store(w)
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
	return d.deps.Load().answer(ctx, c, stdout, stderr)
}

// refresh renders the documents again whenever something was published.
func (d *daemon) refresh(ctx context.Context) error {
	changed, stop := d.deps.Load().store.Watch()
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
			st := d.deps.Load().store
			if err := st.Intact(); err != nil {
				return err
			}
			// What is open for writing stays so, regardless of the file's mode; but the next start would fail.
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
