package shared

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Lease is the right of one node to ask a host. It ends with the visit that is recorded under it, with [Cluster.Release], or by itself.
type Lease struct {
	Host  string    // host:port
	Epoch uint64    // of the lease: a later one of the same host has a higher one
	Until time.Time // when it ends by itself, by this node's clock and not too late
}

// Due is a source that is to be visited under a lease.
type Due struct {
	Lease
	Source string
	At     time.Time // since when it is due
	State  []byte    // what is remembered of it; nil: it was never visited
	Rev    uint64    // of State
}

// WaitError says that a host cannot be leased yet.
type WaitError struct {
	Host   string
	After  time.Duration // how long to wait before it is tried again
	Paused bool          // the host asked for a pause that is not over
}

func (e *WaitError) Error() string {
	return fmt.Sprintf("shared: %s cannot be leased for %s", e.Host, e.After.Round(time.Millisecond))
}

// LeaseDue leases at most n hosts at which a source is due, for so long, the longest due first, and returns of each the source that is due
// longest, with its state after the last visit that was recorded. Where none is due it returns nothing.
func (c *Cluster) LeaseDue(ctx context.Context, n int, term time.Duration) ([]Due, error) {
	began := time.Now()
	rows, err := c.pool.Query(ctx, fmt.Sprintf(`
		with due as materialized (
			select name from host where due <= now() and until <= now() order by due limit %d for update skip locked),
		leased as (
			update host h set epoch = h.epoch + 1, owner = $1, until = now() + $2
			from due where h.name = due.name returning h.name, h.epoch)
		select l.name, l.epoch, s.id, s.due, s.state, coalesce(s.rev, 0)
		from leased l left join first_due(array(select name from leased)) s on s.host = l.name`,
		n), c.node, term) // the number is known when the statement is planned
	if err != nil {
		return nil, away(err)
	}
	type found struct {
		Name  string
		Epoch uint64
		ID    *string
		Due   *time.Time
		State []byte
		Rev   uint64
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[found])
	if err != nil {
		return nil, away(err)
	}
	var due []Due
	var idle []Lease
	for _, f := range all {
		lease := Lease{Host: f.Name, Epoch: f.Epoch, Until: began.Add(term)}
		if f.ID == nil { // its source was visited, or left the config, in between
			idle = append(idle, lease)
			continue
		}
		due = append(due, Due{lease, *f.ID, *f.Due, f.State, f.Rev})
	}
	if len(idle) > 0 {
		err = c.Release(ctx, 0, idle...)
	}
	return due, err
}

// LeaseHost leases a host for so long, for a request that belongs to no source that is due there. It returns a [*WaitError].
func (c *Cluster) LeaseHost(ctx context.Context, host string, term time.Duration) (Lease, error) {
	l := Lease{Host: host, Until: time.Now().Add(term)}
	err := c.pool.QueryRow(ctx, `
		insert into host as h (name, epoch, owner, until) values ($1, 1, $2, now() + $3)
		on conflict (name) do update set epoch = h.epoch + 1, owner = $2, until = now() + $3
			where greatest(h.until, h.gap_until, h.paused_until) <= now()
		returning epoch`, host, c.node, term).Scan(&l.Epoch)
	if err == nil {
		return l, nil
	}
	if err != pgx.ErrNoRows {
		return Lease{}, away(err)
	}
	wait := &WaitError{Host: host}
	err = c.pool.QueryRow(ctx, `select greatest(until, gap_until, paused_until) - now(), paused_until > now() from host where name = $1`,
		host).Scan(&wait.After, &wait.Paused)
	if err != nil && err != pgx.ErrNoRows {
		return Lease{}, away(err)
	}
	return Lease{}, wait
}

// Renew has leases end so much later than now, and returns those that had not ended before.
func (c *Cluster) Renew(ctx context.Context, term time.Duration, leases ...Lease) ([]Lease, error) {
	began := time.Now()
	hosts, epochs := columns(leases)
	rows, err := c.pool.Query(ctx, lockLeased+`
		update host h set until = now() + $4 from leased l where h.name = l.name and h.until > now() returning h.name, h.epoch`,
		c.node, hosts, epochs, term)
	if err != nil {
		return nil, away(err)
	}
	kept, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (Lease, error) {
		l := Lease{Until: began.Add(term)}
		return l, r.Scan(&l.Host, &l.Epoch)
	})
	return kept, away(err)
}

// lockLeased locks those hosts of $2 that node $1 has leased in the epochs $3. What changes several hosts locks them in the order of their
// names first, else two such statements may wait for each other: an update locks them in the order in which it finds them.
const lockLeased = `
	with leased as materialized (
		select h.name from host h join unnest($2::text[], $3::bigint[]) as l(name, epoch) on h.name = l.name and h.epoch = l.epoch
		where h.owner = $1 order by h.name for update of h)`

// Release gives leases back of which no visit is recorded, with the gap after a request; 0: none was made. Those that have ended
// are passed over.
func (c *Cluster) Release(ctx context.Context, gap time.Duration, leases ...Lease) error {
	hosts, epochs := columns(leases)
	_, err := c.pool.Exec(ctx, lockLeased+`
		update host h set owner = '', until = now(), gap_until = now() + $4,
			due = greatest(now() + $4, h.paused_until, (select min(s.due) from source s where s.host = h.name))
		from leased l where h.name = l.name`, c.node, hosts, epochs, gap)
	return away(err)
}

// Pause lets no node ask a host for so long, counted from now. A pause that ends later stays.
func (c *Cluster) Pause(ctx context.Context, host string, d time.Duration) error {
	_, err := c.pool.Exec(ctx, `
		insert into host as h (name, paused_until) values ($1, now() + $2)
		on conflict (name) do update set paused_until = greatest(h.paused_until, now() + $2), due = greatest(h.due, now() + $2)`, host, d)
	return away(err)
}

// Next returns how long no host is due, those that are leased aside; false: none will be.
func (c *Cluster) Next(ctx context.Context) (wait time.Duration, any bool, err error) {
	err = c.pool.QueryRow(ctx, `select due - now() from host where due < 'infinity' and until <= now() order by due limit 1`).Scan(&wait)
	if err == pgx.ErrNoRows {
		return 0, false, nil
	}
	return max(wait, 0), err == nil, away(err)
}

func columns(leases []Lease) (hosts []string, epochs []uint64) {
	for _, l := range leases {
		hosts, epochs = append(hosts, l.Host), append(epochs, l.Epoch)
	}
	return hosts, epochs
}
