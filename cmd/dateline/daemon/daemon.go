// Package daemon is the running program: it visits the sources on their schedule, serves the documents and the operator's pages,
// follows the config file, answers the other commands through the control socket, and speaks to the service manager.
//
// [Run] starts its parts and waits for them. Everything that the config decides is in one [node.Node], which a reload replaces: each
// request and each scrape takes the node of the moment.
package daemon

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	sd "github.com/coreos/go-systemd/v22/daemon"

	"dateline/aggregator/config"
	"dateline/aggregator/control"
	"dateline/aggregator/news"
	"dateline/aggregator/platform"
	"dateline/aggregator/publish"
	"dateline/aggregator/websub/hub"
	"dateline/aggregator/websub/subscriber"
	"dateline/cmd/dateline/node"
	"dateline/store"
)

// Options are what a daemon is run with. The zero value of a field that says nothing else means none.
type Options struct {
	Log    *slog.Logger     // needed
	Hangup <-chan os.Signal // each signal has the config read again
	// Answer runs a command line that another process sent and returns its exit code. Needed.
	Answer func(ctx context.Context, n *node.Node, c control.Call, stdout, stderr io.Writer) int
	// Listeners are served and closed. Needed.
	Listeners *Listeners
	// NoPoll leaves the sources to other nodes. Of a daemon that shares them with none it must be false.
	NoPoll bool
	// Serving is called once a public listener is served, with its address; nil: it is not called.
	Serving func(url string)
	// Beside also run until the daemon ends. An error of one ends the daemon.
	Beside []func(context.Context) error
}

// Run runs the daemon on n until ctx ends, and returns nil then. It returns the error of the first part that fails, once all have
// ended. It closes n and its store, or the node that a reload has put in its place.
func Run(ctx context.Context, n *node.Node, o Options) error {
	d, err := newDaemon(n, o)
	if err != nil {
		return errors.Join(err, n.Close())
	}
	err = d.run(ctx, n)
	return errors.Join(err, d.node.Load().Close())
}

// daemon is the running program.
type daemon struct {
	Options
	node     atomic.Pointer[node.Node]
	handler  *publish.Handler
	push     *subscriber.Subscriber
	hub      *hub.Hub
	counters *counters
	notify   notifier
	events   *events
	unread   unread
	began    time.Time
	away     atomic.Bool // the PostgreSQL of the nodes
	pushed   sync.Mutex  // held while a config of the log is taken in
	refused  uint64      // the newest revision of it that was taken in, or refused; guarded by pushed
	log      *slog.Logger
	reload   sync.Mutex
	copying  sync.Mutex // held while another node is given a copy of the store
	at       *Listeners
	commands *control.Server
}

// newDaemon returns a daemon that does not run yet, with its documents rendered.
func newDaemon(n *node.Node, o Options) (*daemon, error) {
	d := &daemon{Options: o, log: o.Log, at: o.Listeners, counters: newCounters(), began: time.Now()}
	d.node.Store(n)
	stored, err := n.Store.Events()
	if err != nil {
		return nil, err
	}
	d.events = newEvents(stored)
	d.events.reloaded(nil) // it started with this config
	if d.notify, err = newNotifier(); err != nil {
		d.log.Warn("no signs of life for the service manager", "err", err)
	}
	if d.push, err = subscriber.New(n.Store, n.SubscriberSetup(), n.Engine.Deliver, d.log); err != nil {
		return nil, err
	}
	n.Engine.Subscribe(d.push)
	d.counters.taken(n.Engine.Sources(), time.Now())
	n.Engine.Observe(func(v news.Visit) {
		d.counters.visited(v)
		d.events.visited(v)
		d.unread.visited(v, d.node.Load().Engine.Sources(), d.log)
	})
	return d, d.publish(n)
}

func (d *daemon) run(ctx context.Context, n *node.Node) error {
	if own, err := config.Load(n.ConfigPath); err == nil && n.Shared() {
		d.logOthers(own, n.Config, n.ConfigPath)
	}
	if most := node.MaxVisits(platform.Descriptors()); most < n.Config.Poll.Concurrency {
		d.log.Warn("fewer visits at a time than poll.concurrency: the process may have few descriptors", "visits", most)
	}
	var err error
	if d.commands, err = control.Listen(n.Config.Store.Path, d.answer, d.log); err != nil {
		d.at.Close()
		return err
	}
	return d.serve(ctx, n)
}

// serve starts every part and waits until ctx ends or one of them fails.
func (d *daemon) serve(ctx context.Context, n *node.Node) error {
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
	if n.Shared() {
		d.startShared(start, n)
	} else {
		d.startAlone(start, n)
	}
	start("documents", d.refresh)
	start("config", d.follow)
	start("guard", d.guard)
	start("watchdog", d.beat)
	start("service manager", d.logStopping)
	start("events", d.notifyOperator)
	for _, part := range d.Beside {
		start("beside", part)
	}
	if schema, ok := n.Store.MigratedFrom(); ok {
		d.log.Info("the store was brought to this version", "from", schema, "to", store.Schema)
	}
	d.log.Info("serving", "url", n.Config.Base(), "listen", d.at.Public(), "admin", d.at.Admin(),
		"sources", len(n.Config.Sources), "store", n.Store.Path())
	if d.Serving != nil && d.at.public != nil {
		d.Serving(n.Config.Base())
	}
	d.inform(sd.SdNotifyReady, "STATUS="+summary(n))
	debug.FreeOSMemory() // reading the config of a thousand sources leaves 10 MB behind, which an idle daemon would keep
	if hung := all.wait(ctx); hung != nil {
		d.log.Error("parts do not end; the store is closed without them", "parts", hung)
	}
	if err := context.Cause(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	d.log.Info("stopped")
	return nil
}

// startAlone starts the parts of a daemon that shares its sources with no other.
func (d *daemon) startAlone(start func(string, func(context.Context) error), n *node.Node) {
	start("visits", n.Engine.Run)
	start("subscriptions", func(ctx context.Context) error {
		d.push.Run(ctx)
		return nil
	})
	start("hub", func(ctx context.Context) error {
		d.hub.Run(ctx)
		return nil
	})
}

// startShared starts the parts of a node that shares its sources with others. Any node answers subscribers and hubs; one asks hubs, and one
// delivers. Leases and duties are given back when the visits, requests and deliveries have ended. Without visits the other nodes prune and
// end embargoes too.
func (d *daemon) startShared(start func(string, func(context.Context) error), n *node.Node) {
	var under sync.WaitGroup
	under.Add(4)
	start("visits", func(ctx context.Context) error {
		defer under.Done()
		if d.NoPoll {
			<-ctx.Done()
			return nil
		}
		return n.Engine.Run(ctx)
	})
	start("subscriptions", func(ctx context.Context) error {
		defer under.Done()
		d.push.RunOneOf(ctx, func(ctx context.Context, do func(context.Context)) { n.Perform(ctx, "subscriptions", do) })
		return nil
	})
	start("hub", func(ctx context.Context) error {
		defer under.Done()
		d.hub.RunOneOf(ctx, func(ctx context.Context, do func(context.Context)) { n.Perform(ctx, "hub", do) })
		return nil
	})
	start("notify", func(ctx context.Context) error {
		defer under.Done()
		n.Perform(ctx, "notify", d.notifyForAll)
		return nil
	})
	start("cluster", func(ctx context.Context) error {
		ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
		defer cancel()
		go func() {
			under.Wait()
			cancel()
		}()
		return n.RunCluster(ctx, d.reached)
	})
}

// reached takes in whether the PostgreSQL of the nodes can be reached; nil: it can.
func (d *daemon) reached(err error) {
	switch was := d.away.Swap(err != nil); {
	case err != nil && !was:
		d.log.Error("PostgreSQL is away: what is stored is served, polls wait", "err", err)
	case err == nil && was:
		d.log.Info("PostgreSQL is back")
	}
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
	d.inform(sd.SdNotifyStopping)
	return nil
}

// public routes what everybody may ask for: the documents, the hub, and the callbacks at which other hubs deliver.
func (d *daemon) public() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", d.handler)
	mux.HandleFunc("/readyz", d.readyz)
	mux.Handle("/hub", d.hub)
	mux.Handle("/websub/{token}", d.push)
	return mux
}

// publish makes n the node that is served.
func (d *daemon) publish(n *node.Node) error {
	err := n.View(func(v store.View) error {
		p, err := n.Publisher(v)
		if err != nil {
			return err
		}
		if d.handler == nil {
			d.handler = n.Handler(p)
			if n.Shared() {
				d.handler.Outdated = d.takePushed
			}
		}
		d.handler.Use(p)
		return nil
	})
	if err != nil {
		return err
	}
	if d.hub == nil {
		documents := node.Feeds{Handler: d.handler, Config: func() *config.Config { return d.node.Load().Config }}
		if d.hub, err = hub.New(n.Store, documents, n.HubSetup(), d.log); err != nil {
			return err
		}
	}
	n.Refresh = d.render
	d.node.Store(n)
	return d.update()
}

// render renders the documents of what is stored under the config that belongs to it.
func (d *daemon) render() error {
	d.takePushed()
	return d.update()
}

// update renders the documents of what is stored, and has the hub look what is new in them.
func (d *daemon) update() error {
	if err := d.handler.Refresh(); err != nil {
		return err
	}
	d.hub.Changed()
	return nil
}

// answer runs a command for another process on the node of the moment.
func (d *daemon) answer(ctx context.Context, c control.Call, stdout, stderr io.Writer) int {
	return d.Answer(ctx, d.node.Load(), c, stdout, stderr)
}

// refresh renders the documents again whenever something was published.
func (d *daemon) refresh(ctx context.Context) error {
	changed, stop := d.node.Load().Store.Watch()
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

const checkEvery = 5 * time.Second // between two looks whether the store's file is still there

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
			st := d.node.Load().Store
			if err := st.Intact(); err != nil {
				return err
			}
			// What is open for writing stays so, regardless of the file's mode; but the next start would fail.
			was := sealed
			if sealed = d.node.Load().StoreState() == node.StoreReadOnly; sealed && !was {
				d.log.Warn("the store's file has become read-only: this process goes on, the next start will fail", "path", st.Path())
			}
		}
	}
}
