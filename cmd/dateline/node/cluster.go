package node

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"dateline/aggregator/config"
	"dateline/aggregator/news"
	"dateline/store"
	"dateline/store/shared"
)

// Cluster is what this node shares with others: the PostgreSQL that store.dsn names.
type Cluster struct {
	shared *shared.Cluster
	peer   *shared.Peer
	last   lastState
}

// Open opens the store of cfg to write to it. Where store.dsn names a PostgreSQL the store follows the log there, and the cluster, which
// is nil else, is closed after the store. A file that is missing, stale, ahead of the log or differs from it is replaced by a copy of
// another node's, and kept. Where PostgreSQL cannot be reached the store is opened as it is, and follows the log later. Its errors are
// those of both, and [ErrNoCopy].
func Open(ctx context.Context, cfg *config.Config, log *slog.Logger) (*store.Store, *Cluster, error) {
	if cfg.Store.DSN == "" {
		st, err := store.Open(cfg.Store.Path, store.Options{})
		return st, nil, err
	}
	dsn, _, err := config.Expand(cfg.Store.DSN)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: store.dsn: %w", ErrConfig, err)
	}
	c := &Cluster{}
	if c.shared, err = shared.Open(ctx, dsn, shared.Options{Node: nodeID(), Later: true}); err != nil {
		return nil, nil, fmt.Errorf("store.dsn: %w", err)
	}
	c.peer = shared.NewPeer(c.shared, time.Duration(cfg.Poll.Timeout))
	st, err := c.open(ctx, cfg.Store.Path, log)
	if err != nil {
		c.Close()
		return nil, nil, err
	}
	return st, c, nil
}

// open opens the store at path, of which it takes a copy first where it cannot follow the log.
func (c *Cluster) open(ctx context.Context, path string, log *slog.Logger) (*store.Store, error) {
	missing, err := c.needsFirst(ctx, path)
	if err != nil {
		return nil, err
	}
	if missing {
		if err := c.copyFrom(ctx, path, "missing", log); err != nil && !errors.Is(err, ErrNoCopy) {
			return nil, err
		} // else it reads the log, if that has its beginning still
	}
	st, err := store.Open(path, store.Options{Log: c.peer})
	why := reason(err)
	if why == "" {
		return st, err
	}
	log.Error("the store cannot follow the shared log: it is kept, and a copy of another node's takes its place", "path", path, "err", err)
	if copyErr := c.copyFrom(ctx, path, why, log); copyErr != nil {
		return nil, errors.Join(err, copyErr)
	}
	return store.Open(path, store.Options{Log: c.peer})
}

// nodeID returns the name of this process among the nodes: that of the machine, and a random end.
func nodeID() string {
	host, _ := os.Hostname()
	return cmp.Or(host, "node") + "-" + rand.Text()[:8]
}

// Close closes the connections. Of a nil cluster it does nothing.
func (c *Cluster) Close() {
	if c != nil {
		c.shared.Close()
	}
}

// Join has the visits and requests of n be those of one node of c, whose admin listener is at an address; empty: it has none. Call it
// before n is used; a nil cluster changes nothing.
func (n *Node) Join(c *Cluster, admin string) {
	if c == nil {
		return
	}
	n.cluster = c
	c.shared.SetAdmin(c.reachable(context.Background(), admin))
	n.Client.Hosts.Share(c.peer)
	n.Engine.Share(c.peer)
}

// Shared reports whether other nodes share the sources with this one.
func (n *Node) Shared() bool { return n.cluster != nil }

// RunCluster keeps the store up to date with the other nodes, and says that this one is there, until ctx ends. reach is called with the
// error whenever PostgreSQL cannot be reached, and with nil when it can again. It returns an error where the store can follow no more.
func (n *Node) RunCluster(ctx context.Context, reach func(error)) error {
	if err := n.cluster.peer.Run(ctx, n.Store, reach); err != nil {
		return fmt.Errorf("the shared log cannot be followed: %w", err)
	}
	return nil
}

// Perform calls do, until ctx ends, while this node is the one of all that has a duty; see [shared.Cluster.Perform].
func (n *Node) Perform(ctx context.Context, duty string, do func(context.Context)) {
	n.cluster.shared.Perform(ctx, duty, do)
}

// How long PostgreSQL may take with the events that nodes share.
const eventLimit = 5 * time.Second

// AddEvents adds events of which one of the nodes is to notify the operator; see [shared.Cluster.AddEvents].
func (n *Node) AddEvents(ctx context.Context, events []news.Event, keep int) error {
	ctx, cancel := context.WithTimeout(ctx, eventLimit)
	defer cancel()
	return n.cluster.shared.AddEvents(ctx, events, keep)
}

// UnsentEvents returns the events that no node has sent to all, the oldest first.
func (n *Node) UnsentEvents(ctx context.Context) ([]news.Event, error) {
	ctx, cancel := context.WithTimeout(ctx, eventLimit)
	defer cancel()
	return n.cluster.shared.UnsentEvents(ctx)
}

// SetSent records of events of all nodes to whom they were sent.
func (n *Node) SetSent(ctx context.Context, events []news.Event) error {
	ctx, cancel := context.WithTimeout(ctx, eventLimit)
	defer cancel()
	return n.cluster.shared.SetSent(ctx, events)
}

// IsAway reports whether an error says that the PostgreSQL of the nodes cannot be reached.
func IsAway(err error) bool { return errors.Is(err, shared.ErrAway) }

// NeedsCopy reports whether an error says that the file of the store cannot follow the log, and another node's can.
func NeedsCopy(err error) bool { return reason(err) != "" }

// IsTooOld reports whether an error says that a newer version than this one has written to the log, or made its tables.
func IsTooOld(err error) bool { return errors.Is(err, shared.ErrNewer) }

// IsOther reports whether an error says that the file of the store is that of another feed than the log.
func IsOther(err error) bool { return errors.Is(err, shared.ErrOtherFeed) }
