package daemon

import (
	"context"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"dateline/aggregator/platform"
	"dateline/aggregator/status"
	"dateline/cmd/dateline/node"
)

// notifier tells the service manager how the daemon is, by the protocol of sd_notify(3). The zero notifier does nothing.
type notifier struct {
	socket   string        // of the manager; empty: there is none
	watchdog time.Duration // how often it wants to hear that the daemon is alive; 0: never
}

// newNotifier reads what the manager left in the environment.
func newNotifier(env func(string) string) notifier {
	n := notifier{socket: env("NOTIFY_SOCKET")}
	if pid := env("WATCHDOG_PID"); pid == "" || pid == strconv.Itoa(os.Getpid()) {
		if usec, err := strconv.ParseInt(env("WATCHDOG_USEC"), 10, 64); err == nil && usec > 0 {
			n.watchdog = time.Duration(usec) * time.Microsecond
		}
	}
	return n
}

// send sends assignments, such as READY=1. A manager that does not listen is not waited for: it will act on its silence.
func (n notifier) send(assignments ...string) error {
	if n.socket == "" {
		return nil
	}
	name := n.socket
	if strings.HasPrefix(name, "@") { // the abstract namespace (unix(7))
		name = "\x00" + name[1:]
	}
	c, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = c.Write([]byte(strings.Join(assignments, "\n")))
	return err
}

// reloading says that the config is being taken in; READY=1 ends it.
func (n notifier) reloading() error {
	up, err := platform.Monotonic()
	if err != nil {
		return err
	}
	return n.send("RELOADING=1", fmt.Sprintf("MONOTONIC_USEC=%d", up.Microseconds()))
}

// say tells the manager, and the log where it cannot.
func (d *daemon) say(send error) {
	if send != nil {
		d.log.Warn("the service manager was not told", "err", send)
	}
}

// beat lets the manager know that the daemon is alive, as long as the engine's dispatcher moves: a process that answers
// requests and visits no source is not.
func (d *daemon) beat(ctx context.Context) error {
	if d.notify.socket == "" || d.notify.watchdog == 0 {
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
		err := n.Engine.Ping(asked)
		cancel()
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			d.log.Error("the dispatcher does not move: the service manager is not told that all is well", "err", err)
		default:
			d.say(d.notify.send("WATCHDOG=1", "STATUS="+summary(n)))
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
