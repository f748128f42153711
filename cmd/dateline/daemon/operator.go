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
}

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
	keep := max(minEvents, 2*len(n.Config.Sources))
	if err := d.events.save(n.Store, keep, n.Config.Notify == config.Notify{}); err != nil {
		d.log.Warn("events are not stored yet", "err", err)
	}
}

// notifyPending hands what is not sent yet to the program and the address of `notify`.
func (d *daemon) notifyPending(ctx context.Context) {
	d.events.mu.Lock()
	all := slices.Clone(d.events.pending)
	d.events.mu.Unlock()
	if len(all) == 0 {
		return
	}
	n := d.node.Load()
	err := d.notifyAll(ctx, n.Config, all)
	if err != nil {
		d.log.Warn("the operator was not notified", "events", len(all), "err", err)
	}
	if !d.events.note(all, err == nil) {
		return
	}
	if err := n.Store.PutEvents(all); err != nil {
		d.log.Warn("the operator will be notified again after a restart", "events", len(all), "err", err)
	}
}

// notifyAll runs the program and makes the request, each where there is one, with the events that it has not had.
func (d *daemon) notifyAll(ctx context.Context, cfg *config.Config, all []news.Event) error {
	ctx, cancel := context.WithTimeout(ctx, notifyTime)
	defer cancel()
	return errors.Join(
		d.events.deliver(cfg.Notify.Command, all, func(b []byte) error { return runProgram(ctx, cfg.Notify.Command, b) }),
		d.events.deliver(cfg.Notify.URL, all, func(b []byte) error { return post(ctx, cfg.Notify.URL, cfg.Network.Proxy, b) }))
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

// deliver sends a program or an address the events that it has not had; to an empty one nothing is sent.
func (e *events) deliver(to string, all []news.Event, send func([]byte) error) error {
	name := digest(to)
	rows := make([]eventRow, 0, len(all))
	for _, ev := range all {
		if ev.Number > e.delivered[name] {
			rows = append(rows, eventRow{node.Moment(ev.At), ev.Kind, ev.Source, ev.State, ev.Message, ev.Hint})
		}
	}
	if to == "" || len(rows) == 0 {
		return nil
	}
	b, err := json.Marshal(map[string][]eventRow{"events": rows})
	if err != nil {
		return err
	}
	if err := send(b); err != nil {
		return err
	}
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

// post sends the JSON to an address, through a proxy unless that is empty. Secrets that they name are put in their places; no error
// shows them. Redirects are not followed.
func post(ctx context.Context, address, proxy string, b []byte) error {
	to, _, err := config.Expand(address)
	if err != nil {
		return fmt.Errorf("notify.url: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(b))
	if err != nil {
		return errors.New("notify.url: no address")
	}
	r.Header.Set("Content-Type", "application/json")
	t := &http.Transport{DisableKeepAlives: true}
	if proxy != "" {
		text, _, err := config.Expand(proxy)
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
