package daemon

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	sd "github.com/coreos/go-systemd/v22/daemon"

	"dateline/aggregator/status"
	"dateline/cmd/dateline/node"
)

// notifier reports to the service manager how the daemon is, by the protocol of sd_notify(3). The zero notifier does nothing.
type notifier struct {
	send     func(state string) error // nil: there is no manager
	watchdog time.Duration            // how often it wants to hear that the daemon is alive; 0: never
}

// newNotifier reads what the manager left in the environment.
func newNotifier() (notifier, error) {
	if os.Getenv("NOTIFY_SOCKET") == "" {
		return notifier{}, nil
	}
	watchdog, err := sd.SdWatchdogEnabled(false)
	return notifier{watchdog: watchdog, send: func(state string) error {
		_, err := sd.SdNotify(false, state)
		return err
	}}, err
}

// inform sends assignments, such as READY=1. A manager that does not listen is not waited for: it will act on its silence.
func (d *daemon) inform(assignments ...string) {
	if d.notify.send == nil {
		return
	}
	if err := d.notify.send(strings.Join(assignments, "\n")); err != nil {
		d.log.Warn("the service manager was not notified", "err", err)
	}
}

// beat lets the manager know that the daemon is alive, as long as the engine's dispatcher moves: a process that answers
// requests and visits no source is not, unless it is to visit none.
func (d *daemon) beat(ctx context.Context) error {
	if d.notify.send == nil || d.notify.watchdog == 0 {
		return nil
	}
	tick := time.NewTicker(d.notify.watchdog / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		n := d.node.Load()
		asked, cancel := context.WithTimeout(ctx, d.notify.watchdog/3)
		var err error
		if !d.NoPoll {
			err = n.Engine.Ping(asked)
		}
		cancel()
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			d.log.Error("the dispatcher does not move: the service manager is not notified that all is well", "err", err)
		default:
			d.inform(sd.SdNotifyWatchdog, "STATUS="+summary(n))
		}
	}
}

// summary says in one line how the sources are.
func summary(n *node.Node) string {
	all, err := n.Status(time.Now())
	if err != nil {
		return "the store cannot be read"
	}
	count := map[status.State]int{}
	for _, s := range all {
		count[s.State]++
	}
	text := fmt.Sprintf("%d sources", len(all))
	for _, state := range status.States {
		if count[state] > 0 {
			text += fmt.Sprintf(", %d %s", count[state], state)
		}
	}
	return text
}
