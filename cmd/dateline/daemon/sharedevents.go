package daemon

import (
	"context"
	"time"

	"dateline/aggregator/news"
	"dateline/cmd/dateline/node"
)

const notifyEvery = 5 * time.Second // between two looks at the events of all nodes

// shareEvents hands what is pending to the node that notifies the operator for all. While PostgreSQL is away it stays pending.
func (d *daemon) shareEvents(ctx context.Context, n *node.Node) {
	d.events.mu.Lock()
	all := append([]news.Event{}, d.events.pending...)
	d.events.mu.Unlock()
	if len(all) == 0 {
		return
	}
	if err := n.AddEvents(ctx, all, d.mostEvents(n)); err != nil {
		if !node.IsAway(err) {
			d.log.Warn("the other nodes do not have these events yet", "events", len(all), "err", err)
		}
		return
	}
	d.events.note(all, true)
	if err := n.Store.PutEvents(all); err != nil {
		d.log.Warn("events are handed over again after a restart", "events", len(all), "err", err)
	}
}

// notifyForAll notifies the operator of the events of all nodes, until ctx ends. An event that was sent when PostgreSQL went away is sent
// again by the node that notifies next.
func (d *daemon) notifyForAll(ctx context.Context) {
	e := newEvents(nil)
	tick := time.NewTicker(notifyEvery)
	defer tick.Stop()
	for {
		n := d.node.Load()
		if all, err := n.UnsentEvents(ctx); err == nil { // else PostgreSQL is away, which is logged elsewhere
			e.goOn(all)
			d.send(ctx, e, func(sent []news.Event) error { return n.SetSent(context.WithoutCancel(ctx), sent) })
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// goOn has the events be pending that are stored as not sent yet.
func (e *events) goOn(stored []news.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.pending = stored
	for _, ev := range stored {
		for _, to := range ev.Had {
			e.delivered[to] = max(e.delivered[to], ev.Number)
		}
	}
}
