package daemon

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	sd "github.com/coreos/go-systemd/v22/daemon"
	"github.com/fsnotify/fsnotify"

	"dateline/aggregator/config"
	"dateline/cmd/dateline/node"
)

const (
	debounce = 200 * time.Millisecond // an editor makes several changes to save once
	compare  = time.Minute            // for what no event reports, such as a replaced folder
)

// follow takes in the config when its file changes or SIGHUP asks for it.
//
// The folder is watched, not the file: editors rename a new file over the old one, and Kubernetes swaps a
// link called ..data, for which no event names the file. So any event but those of the store makes the file's
// hash be compared.
func (d *daemon) follow(ctx context.Context) error {
	events := make(chan fsnotify.Event)
	if w, err := fsnotify.NewWatcher(); err != nil {
		d.log.Warn("the config's folder cannot be watched; it is looked at once a minute", "err", err)
	} else {
		defer w.Close()
		events = w.Events
		d.watch(w)
		defer func() { go drainErrors(w) }()
	}
	last := d.hash()
	if d.isChanged() {
		d.reloadConfig()
	}
	quiet := time.NewTimer(compare)
	defer quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-d.Hangup:
			last = d.hash()
			d.reloadConfig()
			continue
		case e, open := <-events:
			if !open {
				events = nil
			} else if !d.ofStore(e.Name) {
				quiet.Reset(debounce)
			}
			continue
		case <-quiet.C:
		}
		quiet.Reset(compare)
		if now := d.hash(); now != last {
			last = now
			d.reloadConfig()
		}
	}
}

// watch watches the folder of the config and, where the config is a link, the folder it leads to.
func (d *daemon) watch(w *fsnotify.Watcher) {
	path := d.node.Load().ConfigPath
	dirs := []string{filepath.Dir(path)}
	if real, err := filepath.EvalSymlinks(path); err == nil && filepath.Dir(real) != dirs[0] {
		dirs = append(dirs, filepath.Dir(real))
	}
	for _, dir := range dirs {
		if err := w.Add(dir); err != nil {
			d.log.Warn("folder cannot be watched; the config is looked at once a minute", "path", dir, "err", err)
		}
	}
}

// ofStore reports whether an event is about the store, which may be in the same folder and changes at
// every visit.
func (d *daemon) ofStore(name string) bool {
	return strings.HasPrefix(filepath.Base(name), filepath.Base(d.node.Load().Config.Store.Path))
}

// isChanged reports whether the config's file was changed after the config was loaded from it, before its folder was watched.
func (d *daemon) isChanged() bool {
	n := d.node.Load()
	info, err := os.Stat(n.ConfigPath)
	return err == nil && !n.Config.Changed().IsZero() && !info.ModTime().Equal(n.Config.Changed())
}

// hash is that of the config's bytes; zero for a file that cannot be read.
func (d *daemon) hash() [sha256.Size]byte {
	b, err := os.ReadFile(d.node.Load().ConfigPath)
	if err != nil {
		return [sha256.Size]byte{}
	}
	return sha256.Sum256(b)
}

// reloadConfig takes in the config whole, or refuses it whole and says why: then the old one goes on.
func (d *daemon) reloadConfig() {
	d.reload.Lock()
	defer d.reload.Unlock()
	d.inform(sd.SdNotifyReloading, strings.TrimSpace(sd.SdNotifyMonotonicUsec()))
	before := d.node.Load().Config
	err := d.replace()
	d.inform(sd.SdNotifyReady)
	d.events.reloaded(err)
	var errs config.Errors
	if err != nil {
		d.counters.refused()
	}
	switch {
	case errors.As(err, &errs):
		for _, e := range errs {
			d.log.Error("config refused, the old one goes on", "err", e)
		}
	case err != nil:
		d.log.Error("config refused, the old one goes on", "err", err)
	default:
		d.counters.taken(d.node.Load().Engine.Sources(), time.Now())
		c := d.node.Load().Config.Since(before)
		d.log.Info("config taken in", "sources", len(d.node.Load().Config.Sources), "added", few(c.Added), "removed", few(c.Removed),
			"changed", few(c.Changed), "keys", few(c.Keys))
	}
}

// few is a list for a line of the log: the first twenty, and how many more there are.
func few(all []string) string {
	const most = 20
	if len(all) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(all[:most], " "), len(all)-most)
	}
	return strings.Join(all, " ")
}

func (d *daemon) replace() error {
	old := d.node.Load()
	cfg, rev, err := d.load(old)
	if err != nil {
		return err
	}
	for _, fixed := range []struct{ key, was, is string }{
		{"store.path", old.Config.Store.Path, cfg.Store.Path},
		{"store.dsn", old.Config.Redact().Store.DSN, cfg.Redact().Store.DSN},
		{"http.listen", old.Config.HTTP.Listen, cfg.HTTP.Listen},
		{"admin.listen", old.Config.Admin.Listen, cfg.Admin.Listen},
	} {
		if fixed.was != fixed.is {
			return fmt.Errorf("%s moves from %q to %q: restart the daemon for that", fixed.key, fixed.was, fixed.is)
		}
	}
	cfg.BoundAs(old.Config)
	n, err := old.With(cfg)
	if err != nil {
		return err
	}
	n.ConfigRev = rev
	if err := n.Engine.Apply(n.Setup()); err != nil {
		return err
	}
	d.push.Apply(n.SubscriberSetup())
	if err := d.publish(n); err != nil {
		return err
	}
	d.hub.Apply(n.HubSetup())
	old.Retire(n)
	return nil
}

// load reads the config: of a node that shares its sources, what it has in common with the others from the log. Keys of the file that
// say otherwise are logged.
func (d *daemon) load(n *node.Node) (cfg *config.Config, rev uint64, err error) {
	own, err := config.Load(n.ConfigPath)
	if err != nil || !n.Shared() {
		return own, 0, err
	}
	if cfg, rev, err = node.InForce(own, n.Store); err == nil {
		d.logOthers(own, cfg, n.ConfigPath)
	}
	return cfg, rev, err
}

// logOthers says which keys of the file of a node are not those that it goes by.
func (d *daemon) logOthers(own, cfg *config.Config, path string) {
	if keys := own.OthersThan(cfg); len(keys) > 0 {
		d.log.Warn("keys of the config file are not in force: the nodes go by the config that was pushed", "path", path, "keys", few(keys))
	}
}

// takePushed takes in the config that was pushed, where there is a newer one than the node goes by and it was not refused before. It
// reports whether the newest one was refused.
func (d *daemon) takePushed() (refused bool) {
	d.pushed.Lock() // a caller that meets another here goes on under the newer config too
	defer d.pushed.Unlock()
	if rev, older := d.node.Load().Outdated(); older && d.refused != rev {
		d.refused = rev
		d.reloadConfig()
	}
	rev, older := d.node.Load().Outdated()
	return older && rev == d.refused
}

// drainErrors lets a closed watcher's last words go.
func drainErrors(w *fsnotify.Watcher) {
	for range w.Errors {
	}
}
