package shared

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// Node is a process that works on the cluster, as it said last.
type Node struct {
	ID     string
	Addr   string        // of its admin listener; empty: it has none
	Seq    uint64        // of the newest writes that it has
	Format int           // of the newest writes that it can read
	Ago    time.Duration // since it was heard of
}

// nodeTerm is how long a node that is heard of no more counts: so long the others write what it can read. One that comes back later and
// is too old for what was written meanwhile stops with [ErrNewer].
const nodeTerm = 10 * time.Minute

// Greet says that this node is there and has the writes up to seq, and learns what all nodes can read. A node that was not heard of for
// ten minutes is forgotten.
func (c *Cluster) Greet(ctx context.Context, seq uint64) error {
	b := &pgx.Batch{}
	b.Queue(`insert into node (id, addr, seq, version, seen) values ($1, $2, $3, $4, now())
		on conflict (id) do update set addr = $2, seq = $3, version = $4, seen = now()`, c.node, c.addr, seq, c.format)
	b.Queue("delete from node where seen < now() - $1::interval", nodeTerm)
	b.Queue("select min(version) from node")
	return c.inBatch(ctx, b, func(all pgx.BatchResults) error {
		var common uint64
		_, err := all.Exec()
		_, err2 := all.Exec()
		if err := errors.Join(err, err2, all.QueryRow().Scan(&common)); err != nil {
			return err
		}
		c.common.Store(common)
		return nil
	})
}

// Leave forgets this node, and lets others have its leases and duties at once.
func (c *Cluster) Leave(ctx context.Context) error {
	b := &pgx.Batch{}
	b.Queue("delete from node where id = $1", c.node)
	b.Queue("update duty set until = now() where owner = $1", c.node)
	b.Queue(`
		with leased as materialized (select name from host where owner = $1 order by name for update)
		update host h set owner = '', until = now(), due = least(h.due, now()) from leased l where h.name = l.name`, c.node)
	return c.inBatch(ctx, b, func(pgx.BatchResults) error { return nil })
}

// Nodes returns the nodes that were heard of within ten minutes, by id.
func (c *Cluster) Nodes(ctx context.Context) ([]Node, error) {
	rows, err := c.pool.Query(ctx, "select id, addr, seq, version, now() - seen from node order by id")
	if err != nil {
		return nil, away(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Node])
	return all, away(err)
}

// State is what the nodes of a cluster say of themselves and have of each other.
type State struct {
	Seq     uint64 // of the newest writes of the log
	LogSize int64  // bytes of the log in PostgreSQL, with its indexes
	Nodes   []Node
	Duties  []Duty
}

// State returns how the cluster is: its nodes and duties as [Cluster.Nodes] and [Cluster.Duties] return them.
func (c *Cluster) State(ctx context.Context) (s State, err error) {
	err = c.pool.QueryRow(ctx, `
		select seq, (select coalesce(sum(pg_total_relation_size(inhrelid)), 0)::bigint from pg_inherits where inhparent = 'log'::regclass)
		from head`).Scan(&s.Seq, &s.LogSize)
	if err != nil {
		return s, away(err)
	}
	if s.Nodes, err = c.Nodes(ctx); err != nil {
		return s, err
	}
	s.Duties, err = c.Duties(ctx)
	return s, err
}
