package node

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"time"

	"dateline/aggregator/config"
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
// is nil else, is closed after the store. Its errors are those of both.
func Open(ctx context.Context, cfg *config.Config) (*store.Store, *Cluster, error) {
	if cfg.Store.DSN == "" {
		st, err := store.Open(cfg.Store.Path, store.Options{})
		return st, nil, err
	}
	dsn, _, err := config.Expand(cfg.Store.DSN)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: store.dsn: %w", ErrConfig, err)
	}
	c := &Cluster{}
	if c.shared, err = shared.Open(ctx, dsn, shared.Options{Node: nodeID()}); err != nil {
		return nil, nil, fmt.Errorf("store.dsn: %w", err)
	}
	c.peer = shared.NewPeer(c.shared, time.Duration(cfg.Poll.Timeout))
	st, err := store.Open(cfg.Store.Path, store.Options{Log: c.peer})
	if err != nil {
		c.Close()
		return nil, nil, err
	}
	return st, c, nil
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
	c.shared.SetAdmin(admin)
	n.Client.Hosts.Share(c.peer)
	n.Engine.Share(c.peer)
}

// Shared reports whether other nodes share the sources with this one.
func (n *Node) Shared() bool { return n.cluster != nil }

// RunCluster keeps the store up to date with the other nodes, and says that this one is there, until ctx ends. reach is called with the
// error whenever PostgreSQL cannot be reached, and with nil when it can again. It returns an error where the store can follow no more.
func (n *Node) RunCluster(ctx context.Context, reach func(error)) error {
	err := n.cluster.peer.Run(ctx, n.Store, reach)
	if err != nil && !errors.Is(err, shared.ErrNewer) {
		err = fmt.Errorf("%w: %w", ErrDiffers, err)
	}
	return err
}

// Perform calls do, until ctx ends, while this node is the one of all that has a duty; see [shared.Cluster.Perform].
func (n *Node) Perform(ctx context.Context, duty string, do func(context.Context)) {
	n.cluster.shared.Perform(ctx, duty, do)
}

// IsAway reports whether an error says that the PostgreSQL of the nodes cannot be reached.
func IsAway(err error) bool { return errors.Is(err, shared.ErrAway) }

// ErrDiffers marks the error of a store that has not the history of the other nodes.
var ErrDiffers = errors.New("the store has another history than the other nodes")

// NeedsCopy reports whether an error says that the file of the store has not the history of the other nodes.
func NeedsCopy(err error) bool {
	var diverged *store.DivergedError
	return errors.Is(err, ErrDiffers) || errors.As(err, &diverged) ||
		errors.Is(err, shared.ErrAhead) || errors.Is(err, shared.ErrStale) || errors.Is(err, shared.ErrOtherFeed)
}
