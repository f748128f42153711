package daemon

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"time"

	"dateline/aggregator/config"
	"dateline/aggregator/news"
	"dateline/cmd/dateline/node"
)

const notifyTime = 30 * time.Second // for the program, or the answer to a request

// eventRow is an event as the program or the address of `notify` gets it.
type eventRow struct {
	At      node.Moment    `json:"at"`
	Kind    news.EventKind `json:"kind"`
	Source  string         `json:"source"`
	State   string         `json:"state"`
	Message string         `json:"message"`
	Hint    string         `json:"hint"`
	Entry   string         `json:"entry"` // of what was withdrawn; empty: it is about none
	Title   string         `json:"title"`
	URL     string         `json:"url"`
}

// retry is when a program or an address that failed gets the next events.
type retry struct {
	failures int
	at       time.Time
}

// Between two tries of a program or an address that failed: the shortest time, which doubles, and the longest.
const (
	minRetry = time.Minute
	maxRetry = 15 * time.Minute
)

// errRetry says that a program or an address failed, and is not tried yet.
var errRetry = errors.New("notify: it failed before and waits")

// notifyOperator looks at the sources and reports what is new, until ctx ends. What cannot be delivered goes with what comes next.
func (d *daemon) notifyOperator(ctx context.Context) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		n := d.node.Load()
		now := time.Now()
		if all, err := n.Status(now); err == nil { // a store that cannot be read is logged elsewhere
			d.events.look(all, now)
		}
		for waiting := true; waiting; {
			d.storeEvents()
			d.notifyPending(ctx)
			select {
			case <-ctx.Done():
				d.storeEvents()
				if n.Shared() {
					d.shareEvents(context.WithoutCancel(ctx), n)
				}
				return nil
			case <-tick.C:
				waiting = false
			case <-d.events.wake:
			}
		}
	}
}

// storeEvents stores what was noted.
func (d *daemon) storeEvents() {
	n := d.node.Load()
	if err := d.events.save(n.Store, d.mostEvents(n), n.Config.Notify == config.Notify{}); err != nil {
		d.log.Warn("events are not stored yet", "err", err)
	}
}

// mostEvents returns how many events are kept.
func (d *daemon) mostEvents(n *node.Node) int { return max(minEvents, 2*len(n.Config.Sources)) }

// notifyPending hands what is not sent yet to the program and the address of `notify`, or to the node that does so for all.
func (d *daemon) notifyPending(ctx context.Context) {
	n := d.node.Load()
	if n.Shared() {
		d.shareEvents(ctx, n)
		return
	}
	d.send(ctx, d.events, n.Store.PutEvents)
}

// send hands the pending events of e to the program and the address of `notify`, and has put store who had them.
func (d *daemon) send(ctx context.Context, e *events, put func([]news.Event) error) {
	e.mu.Lock()
	all := slices.Clone(e.pending)
	e.mu.Unlock()
	if len(all) == 0 {
		return
	}
	err := d.notifyAll(ctx, e, all)
	if err != nil && !errors.Is(err, errRetry) {
		d.log.Warn("the operator was not notified", "events", len(all), "err", err)
	}
	if !e.note(all, err == nil) {
		return
	}
	if err := put(all); err != nil {
		d.log.Warn("the operator will be notified again after a restart", "events", len(all), "err", err)
	}
}

// notifyAll runs the program and makes the request, each where there is one, with the events that it has not had.
func (d *daemon) notifyAll(ctx context.Context, e *events, all []news.Event) error {
	n := d.node.Load()
	cfg, agent := n.Config, node.UserAgent(n.Config, n.Version)
	return errors.Join(
		e.deliver(cfg.Notify.Command, all, inTime(ctx, func(ctx context.Context, b []byte) error {
			return runProgram(ctx, cfg.Notify.Command, b)
		})),
		e.deliver(cfg.Notify.URL, all, inTime(ctx, func(ctx context.Context, b []byte) error { return post(ctx, cfg, agent, b) })))
}

// inTime gives each use of send [notifyTime] of its own, so that a program that hangs takes none from the address.
func inTime(ctx context.Context, send func(context.Context, []byte) error) func([]byte) error {
	return func(b []byte) error {
		ctx, cancel := context.WithTimeout(ctx, notifyTime)
		defer cancel()
		return send(ctx, b)
	}
}

// digest names a program or an address of notify without its secrets.
func digest(to string) string {
	sum := sha256.Sum256([]byte(to))
	return hex.EncodeToString(sum[:8])
}

// note writes into events, the oldest of those that are pending, what was delivered of them, and takes them off where sent says that all
// was. It reports whether that is more than is stored.
func (e *events) note(all []news.Event, sent bool) (changed bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if sent {
		for i := range all {
			all[i].Sent, all[i].Had = true, nil
		}
		e.pending = slices.Clone(e.pending[len(all):]) // only the goroutine that calls this adds to them
		return true
	}
	for i, ev := range all {
		var had []string
		for _, to := range slices.Sorted(maps.Keys(e.delivered)) {
			if ev.Number <= e.delivered[to] {
				had = append(had, to)
			}
		}
		changed = changed || !slices.Equal(had, ev.Had)
		all[i].Had = had
	}
	copy(e.pending, all)
	return changed
}

// entryKey returns the key of an entry as text; empty: there is none.
func entryKey(k news.Key) string {
	if k.IsZero() {
		return ""
	}
	return k.String()
}

// deliver sends a program or an address the events that it has not had; to an empty one nothing is sent. One that fails waits, whatever
// happens meanwhile: then the error is [errRetry].
func (e *events) deliver(to string, all []news.Event, send func([]byte) error) error {
	name := digest(to)
	rows := make([]eventRow, 0, len(all))
	for _, ev := range all {
		if ev.Number > e.delivered[name] {
			rows = append(rows, eventRow{node.Moment(ev.At), ev.Kind, ev.Source, ev.State, ev.Message, ev.Hint,
				entryKey(ev.Entry), ev.Title, ev.URL})
		}
	}
	now := time.Now()
	switch wait := e.failed[name]; {
	case to == "" || len(rows) == 0:
		return nil
	case now.Before(wait.at):
		return errRetry
	}
	b, err := json.Marshal(map[string][]eventRow{"events": rows})
	if err != nil {
		return err
	}
	if err := send(b); err != nil {
		n := e.failed[name].failures
		e.failed[name] = retry{n + 1, now.Add(min(minRetry<<min(n, 10), maxRetry))}
		return err
	}
	delete(e.failed, name)
	e.delivered[name] = all[len(all)-1].Number
	return nil
}

// runProgram gives a program the JSON on its standard input.
func runProgram(ctx context.Context, command string, b []byte) error {
	argv := strings.Fields(command)
	c := exec.CommandContext(ctx, argv[0], argv[1:]...)
	c.Stdin, c.WaitDelay = bytes.NewReader(b), time.Second
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("notify.command: %w: %.200q", err, out)
	}
	return nil
}

// post sends the JSON to the address of notify, through network.proxy unless that is empty. Secrets that they name are put in their
// places; no error shows them. Redirects are not followed.
func post(ctx context.Context, cfg *config.Config, agent string, b []byte) error {
	to, _, err := config.Expand(cfg.Notify.URL)
	if err != nil {
		return fmt.Errorf("notify.url: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(b))
	if err != nil {
		return errors.New("notify.url: no address")
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", agent)
	t := &http.Transport{DisableKeepAlives: true}
	if cfg.Network.Proxy != "" {
		text, _, err := config.Expand(cfg.Network.Proxy)
		if err != nil {
			return fmt.Errorf("network.proxy: %w", err)
		}
		through, err := url.Parse(text)
		if err != nil {
			return errors.New("network.proxy: no address")
		}
		t.Proxy = http.ProxyURL(through)
	}
	answer, err := t.RoundTrip(r)
	if err != nil {
		return fmt.Errorf("notify.url: %w", err)
	}
	answer.Body.Close()
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return fmt.Errorf("notify.url: status %s", answer.Status)
	}
	return nil
}
