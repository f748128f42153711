package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"dateline/aggregator/platform/atomicfile"
	"dateline/cmd/dateline/daemon"
	"dateline/cmd/dateline/demo"
)

// stepEvery is how long the demonstration leaves each thing that happens to be seen.
const stepEvery = 4 * time.Second

func (a *app) demoCommand() *cobra.Command {
	var listen string
	cmd := &cobra.Command{
		Use: "demo", Short: "Run the daemon on a small composed wire on this machine, to see it work", Args: cobra.NoArgs,
		Long: "Run the daemon on a small composed wire: six feeds on loopback, in a temporary store that is removed at the end.\n" +
			"Reprints, edits and an outage arrive while you watch. The news on it is fiction.",
		RunE: func(cmd *cobra.Command, _ []string) error { return a.demo(cmd.Context(), listen) },
	}
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:0", "the `HOST:PORT` to serve at; port 0: a free one")
	return cmd
}

// demo runs wire and daemon until ctx ends.
func (a *app) demo(ctx context.Context, listen string) (err error) {
	if a.owned != nil {
		return usage("a demonstration has a store of its own")
	}
	dir, remove, err := atomicfile.TempDir("dateline-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	feeds, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer feeds.Close()
	at, err := daemon.Listen(listen, "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer at.Close()
	place := demo.Place{Wire: "http://" + feeds.Addr().String(), Store: filepath.Join(dir, "dateline.db"),
		Public: at.Public(), Admin: at.Admin()}
	a.configPath = filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(a.configPath, demo.Config(place), 0o644); err != nil {
		return err
	}
	a.say("open http://%s/ in a browser, or http://%s/feed.atom in a feed reader; Ctrl-C ends the demonstration", place.Public, place.Public)
	a.say("other commands work beside it, such as: dateline --config %s status", a.configPath)
	w := demo.New(time.Now())
	cfg, err := a.config()
	if err != nil {
		return err
	}
	return a.runDaemon(ctx, cfg, leaves{}, daemon.Options{Log: a.demoLog(), Listeners: at, Beside: []func(context.Context) error{
		func(ctx context.Context) error { return daemon.Serve(ctx, feeds, w) },
		func(ctx context.Context) error { return a.play(ctx, w, "http://"+place.Public+"/") },
	}})
}

// play lets one thing after the other happen on the wire, and says what; at the end it says what is worth a look, below the public address.
func (a *app) play(ctx context.Context, w *demo.Server, public string) error {
	tick := time.NewTicker(stepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		what, more := w.Step()
		if !more {
			a.say("wire: that was all; everything stays as it is until Ctrl-C. Have a look at")
			for _, s := range demo.Addresses() {
				a.say("  %s%s\n    %s", public, s.Path, s.What)
			}
			return nil
		}
		a.say("wire: %s", what)
	}
}

// say prints a line of the demonstration, unless errors only were asked for.
func (a *app) say(format string, args ...any) {
	if !a.quiet {
		a.printf(format+"\n", args...)
	}
}

// demoLog is the daemon's log among the lines of the demonstration: on standard output, without what is
// another in every run.
func (a *app) demoLog() *slog.Logger {
	return slog.New(slog.NewTextHandler(a.stdout, &slog.HandlerOptions{
		Level: a.level(),
		ReplaceAttr: func(_ []string, at slog.Attr) slog.Attr {
			switch at.Key {
			case slog.TimeKey, slog.LevelKey, "took", "next", "store":
				return slog.Attr{}
			}
			return at
		},
	}))
}
