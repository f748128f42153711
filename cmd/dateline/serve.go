package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"dateline/aggregator/config"
	"dateline/aggregator/control"
	"dateline/aggregator/platform"
	"dateline/cmd/dateline/daemon"
	"dateline/cmd/dateline/node"
	"dateline/store"
)

func (a *app) serveCommand() *cobra.Command {
	var only leaves
	cmd := &cobra.Command{
		Use: "serve", Short: "Poll, keep and publish until stopped (also what no command means)", Args: cobra.NoArgs,
		Long: "Poll, keep and publish until stopped (also what no command means). Of nodes that share a PostgreSQL (store.dsn) one\n" +
			"may do a part of it: --no-poll serves what the others poll, --no-http polls and has no public listener.",
		RunE: func(cmd *cobra.Command, _ []string) error { return a.serve(cmd.Context(), only) },
	}
	cmd.Flags().BoolVar(&only.noPoll, "no-poll", false, "poll no source: other nodes do")
	cmd.Flags().BoolVar(&only.noHTTP, "no-http", false, "open no public listener: other nodes serve")
	return cmd
}

// leaves is what a node leaves to others. The zero value leaves nothing.
type leaves struct{ noPoll, noHTTP bool }

// check returns a usage error unless a node with this config may leave that to others.
func (l leaves) check(cfg *config.Config) error {
	switch {
	case l.noPoll && l.noHTTP:
		return usage("--no-poll and --no-http together leave nothing to do")
	case (l.noPoll || l.noHTTP) && cfg.Store.DSN == "":
		return usage("--no-poll and --no-http are for nodes that share store.dsn: this one is alone")
	}
	return nil
}

// serve runs the daemon until ctx ends, and returns nil then.
func (a *app) serve(ctx context.Context, only leaves) error {
	if a.owned != nil {
		return usage("the daemon runs already")
	}
	cfg, err := a.config()
	if err != nil {
		return err
	}
	if err := only.check(cfg); err != nil {
		return err
	}
	return a.runDaemon(ctx, cfg, only, daemon.Options{Log: a.newLog(a.terminal), Serving: func(url string) {
		a.success("Dateline is at %s (%s subscribes a feed reader); Ctrl-C ends it", url, url+"feed.atom")
	}})
}

// copyEvery is how long after a copy of another node's store the next one may be taken by itself.
const copyEvery = 10 * time.Minute

// runDaemon opens the store and runs the daemon on it, or the part of it that this node does. Where the store cannot follow the log of
// other nodes any more it begins anew with a copy of another's.
func (a *app) runDaemon(ctx context.Context, cfg *config.Config, only leaves, o daemon.Options) error {
	ctx, end := context.WithCancel(ctx)
	defer end()
	hangup, stop := hangups(end)
	defer stop()
	o.Hangup, o.Answer, o.NoPoll = hangup, answer, only.noPoll
	for copied := (time.Time{}); ; copied = time.Now() {
		ran, err := a.runOnce(ctx, cfg, only, o)
		if !ran || !node.NeedsCopy(err) || time.Since(copied) < copyEvery {
			return clusterError(err, cfg.Store.Path)
		}
		o.Log.Error("the daemon begins anew, with a copy of another node's store", "err", err)
	}
}

// runOnce opens the store and runs the daemon on it, once. ran reports whether it came so far.
func (a *app) runOnce(ctx context.Context, cfg *config.Config, only leaves, o daemon.Options) (ran bool, err error) {
	st, cluster, err := a.openExclusive(ctx, cfg, o.Log)
	if err != nil {
		return false, err
	}
	a.open.Store(&openStore{"serve", st})
	if o.Listeners == nil {
		if o.Listeners, err = listen(cfg, only.noHTTP); err != nil {
			err = errors.Join(err, st.Close())
			cluster.Close()
			return false, err
		}
	}
	cfg.Bound(o.Listeners.PublicAddr())
	n, err := a.firstNode(cfg, st, cluster, o.Log)
	if err != nil {
		o.Listeners.Close()
		err = errors.Join(err, st.Close())
		cluster.Close()
		return false, err
	}
	n.Join(cluster, o.Listeners.Admin())
	return true, daemon.Run(ctx, n, o)
}

// firstNode returns the node of a daemon, by the config of the log where it shares one.
func (a *app) firstNode(own *config.Config, st *store.Store, cluster *node.Cluster, log *slog.Logger) (*node.Node, error) {
	if cluster == nil {
		return a.newNode(own, st, log)
	}
	cfg, rev, err := node.Begin(own, a.configPath, st)
	if err != nil {
		return nil, commonError(err)
	}
	n, err := a.newNode(cfg, st, log)
	if err == nil {
		n.ConfigRev = rev
	}
	return n, err
}

// commonError says what to do where a node has no config in common with others.
func commonError(err error) error {
	if errors.Is(err, node.ErrNoCommon) {
		return &exitError{err, exitConfig, "write feed, sources and all else into the config of the node that starts first"}
	}
	return formError(err)
}

// listen opens the listeners that cfg names; without HTTP the operator's alone.
func listen(cfg *config.Config, noHTTP bool) (*daemon.Listeners, error) {
	if noHTTP {
		return daemon.Listen("", cfg.Admin.Listen)
	}
	return daemon.Listen(cfg.HTTP.Listen, cfg.Admin.Listen)
}

// clusterError says what to do about an error that a store has with other nodes.
func clusterError(err error, path string) error {
	switch {
	case node.IsOther(err):
		return &exitError{err, exitData, "move " + path + " away to have a copy of another node's, or name another store.dsn"}
	case node.IsTooOld(err):
		return &exitError{err, exitData, "put the program in place that the other nodes run; the store is kept as it is"}
	case node.NeedsCopy(err):
		return &exitError{err, exitData, "start a node whose admin listener this one reaches, or restore its `db backup` in the place of " + path}
	case node.IsAway(err):
		return &exitError{err, exitTempFail, "a node without a store starts only while PostgreSQL answers: try again"}
	}
	return err
}

// hangups passes on each SIGHUP, from the first moment on: unheard it would end the daemon. Where the process had a controlling
// terminal when it began and has none now, that was closed: then end is called. A process that was begun to outlive its terminal, as
// nohup does, ignores SIGHUP and goes on.
func hangups(end func()) (reload <-chan os.Signal, stop func()) {
	attached := !signal.Ignored(syscall.SIGHUP) && !platform.TerminalGone()
	heard, out, done := make(chan os.Signal, 1), make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(heard, syscall.SIGHUP)
	go func() {
		for {
			select {
			case <-done:
				return
			case s := <-heard:
				if attached && platform.TerminalGone() {
					end()
					return
				}
				select {
				case out <- s:
				default: // one is waiting
				}
			}
		}
	}()
	return out, func() {
		signal.Stop(heard)
		close(done)
	}
}

// openExclusive opens the store for a daemon: a store that another process has open is not shared.
func (a *app) openExclusive(ctx context.Context, cfg *config.Config, log *slog.Logger) (*store.Store, *node.Cluster, error) {
	for began := time.Now(); ; {
		st, cluster, err := node.Open(ctx, cfg, log)
		switch path := cfg.Store.Path; {
		case !errors.Is(err, store.ErrBusy):
			return st, cluster, err
		case ctx.Err() != nil:
			return nil, nil, ctx.Err()
		case time.Since(began) > lockWait:
			return nil, nil, &busyError{store: path, pid: control.OwnerPid(path), err: err}
		}
	}
}
