package shared

import (
	"cmp"
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"dateline/aggregator/news"
	"dateline/store"
)

// Visit is what is recorded of a visit that was made under a lease. It ends the lease.
type Visit struct {
	Source string
	Lease  Lease
	Due    time.Time     // of the next visit; zero: there is none
	State  []byte        // what is remembered of the source
	Rev    uint64        // of what it was made of
	Gap    time.Duration // in which the host is not asked
}

// SetSources has exactly the given sources be polled. One that is polled already is due no later than before, and not earlier than now:
// another node may have visited it in between. The states of sources stay. It is called when a node starts or its config changes.
func (c *Cluster) SetSources(ctx context.Context, all []news.Poll) error {
	ids, hosts := []string{}, []string{} // not null, to PostgreSQL
	var due []*time.Time
	for _, s := range all {
		ids, hosts, due = append(ids, s.Source), append(hosts, s.Host), append(due, moment(s.Due))
	}
	return c.inTx(ctx, func(tx pgx.Tx) error {
		b := &pgx.Batch{}
		b.Queue("select pg_advisory_xact_lock(hashtext('dateline ' || $1))", c.space)
		b.Queue("set local plan_cache_mode = force_custom_plan") // of a hundred thousand sources
		b.Queue(`insert into source as s (id, host, due)
			select id, host, coalesce(due, 'infinity') from unnest($1::text[], $2::text[], $3::timestamptz[]) as u(id, host, due) order by id
			on conflict (id) do update set host = excluded.host, due = case
				when 'infinity' in (s.due, excluded.due) then excluded.due
				when excluded.due > now() then least(s.due, excluded.due)
				else s.due end
			where s.host <> excluded.host or s.due <> excluded.due`, ids, hosts, due)
		b.Queue(`update source set due = 'infinity' where due < 'infinity' and id <> all($1::text[])`, ids)
		b.Queue(`insert into host (name) select distinct host from source on conflict do nothing`)
		b.Queue(`
			with first as materialized (
				select h.name, coalesce(min(s.due), 'infinity') as due from host h left join source s on s.host = h.name group by h.name),
			locked as materialized (
				select h.name, f.due from host h join first f on h.name = f.name
				where h.due <> greatest(f.due, h.until, h.gap_until, h.paused_until) order by h.name for update of h)
			update host h set due = greatest(l.due, h.until, h.gap_until, h.paused_until) from locked l where h.name = l.name`)
		return tx.SendBatch(ctx, b).Close()
	})
}

// Postpone sets when a source is due, without a visit; zero: never.
func (c *Cluster) Postpone(ctx context.Context, source string, due time.Time) error {
	_, err := c.pool.Exec(ctx, "update source set due = coalesce($2::timestamptz, 'infinity') where id = $1", source, moment(due))
	return away(err)
}

// Finish records visits that changed nothing but the states of their sources, each under its lease. It returns the sources of those
// whose lease had ended: of them nothing is recorded. It returns [ErrMoved] where another node has changed a state: then none is recorded.
func (c *Cluster) Finish(ctx context.Context, visits ...Visit) (refused []string, err error) {
	b := &pgx.Batch{}
	c.queueVisits(b, visits, false)
	missing := map[string]bool{}
	for _, v := range visits {
		missing[v.Source] = true
	}
	err = c.inBatch(ctx, b, func(all pgx.BatchResults) error {
		rows, err := all.Query()
		if err != nil {
			return err
		}
		ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
		for _, id := range ids {
			delete(missing, id)
		}
		return err
	})
	for _, v := range visits {
		if missing[v.Source] {
			refused = append(refused, v.Source)
		}
	}
	return refused, err
}

// queueVisits records visits; strict: all of them, or the transaction fails.
func (c *Cluster) queueVisits(b *pgx.Batch, visits []Visit, strict bool) {
	if len(visits) == 0 {
		return
	}
	var ids, hosts []string
	var epochs []uint64
	var due []*time.Time
	var states [][]byte
	var gaps []time.Duration
	var revs []uint64
	for _, v := range visits {
		ids, hosts, epochs = append(ids, v.Source), append(hosts, v.Lease.Host), append(epochs, v.Lease.Epoch)
		due, states, gaps = append(due, moment(v.Due)), append(states, v.State), append(gaps, v.Gap)
		revs = append(revs, v.Rev)
	}
	if strict {
		b.Queue("select fence($1, $2, $3)", c.node, hosts, epochs)
	}
	b.Queue(lockLeased+`,
		freed as (
			update host h set owner = '', until = now(), gap_until = now() + v.gap,
				due = greatest(now() + v.gap, h.paused_until, least(v.due, (select min(s.due) from source s where s.host = h.name and s.id <> v.id)))
			from leased l join unnest($2::text[], $4::text[], $5::timestamptz[], $6::bytea[], $7::interval[], $8::bigint[])
				as v(host, id, due, state, gap, rev) on l.name = v.host
			where h.name = l.name returning v.*),
		recorded as (
			update source s set due = coalesce(v.due, 'infinity'), state = v.state, changed = pg_current_xact_id(), rev = s.rev + 1
			from freed v where s.id = v.id and s.rev = v.rev returning s.id)
		select id from freed where as_known((select count(*) from recorded) = (select count(*) from freed))`,
		c.node, hosts, epochs, ids, due, states, gaps, revs)
}

// Known is the state of a source, as this node knows it.
type Known struct {
	store.SourceState
	Rev uint64 // of what it was made of; as [Cluster.States] returns it: of itself
}

// queueStates puts the states of sources that were not visited under a lease.
func queueStates(b *pgx.Batch, states []Known) {
	if len(states) == 0 {
		return
	}
	var ids []string
	var due []*time.Time
	var all [][]byte
	var revs []uint64
	for _, st := range states {
		ids, due, all, revs = append(ids, st.Source), append(due, moment(st.Due)), append(all, st.State), append(revs, st.Rev)
	}
	b.Queue(`
		with put as (
			insert into source as s (id, host, due, state, rev)
			select id, '', 'infinity', state, rev + 1 from unnest($1::text[], $2::bytea[], $3::bigint[]) as u(id, state, rev) order by id
			on conflict (id) do update set state = excluded.state, changed = pg_current_xact_id(), rev = excluded.rev
				where s.rev = excluded.rev - 1
			returning id)
		select as_known((select count(*) from put) = cardinality($1))`, ids, all, revs)
	b.Queue(`update source s set due = u.due from unnest($1::text[], $2::timestamptz[]) as u(id, due)
		where s.id = u.id and s.due < 'infinity' and u.due is not null`, ids, due)
}

// PutStates records the states of sources that were not visited under a lease. One that is polled is due later or earlier with that. It
// returns [ErrMoved] where another node has changed one: then none is recorded.
func (c *Cluster) PutStates(ctx context.Context, states []Known) error {
	b := &pgx.Batch{}
	queueStates(b, states)
	return c.inBatch(ctx, b, func(all pgx.BatchResults) error {
		return nil
	})
}

// Moment is a point in the history of the states. The zero value is before all of them.
type Moment struct{ xmin uint64 } // every transaction before it has ended

// States returns the states that changed after since, some of those before too, and the moment up to which they are: all that committed
// before it is in them. A source that was forgotten has a nil state.
func (c *Cluster) States(ctx context.Context, since Moment) (changed map[string]Known, now Moment, err error) {
	changed = map[string]Known{}
	b := &pgx.Batch{}
	b.Queue("begin isolation level repeatable read read only")
	b.Queue("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
	b.Queue("select id, state, rev from source where changed >= $1::text::xid8", strconv.FormatUint(since.xmin, 10))
	b.Queue("commit")
	err = c.inBatch(ctx, b, func(all pgx.BatchResults) error {
		if _, err := all.Exec(); err != nil {
			return err
		}
		if err := all.QueryRow().Scan(&now.xmin); err != nil {
			return err
		}
		rows, err := all.Query()
		if err != nil {
			return err
		}
		var k Known
		_, err = pgx.ForEachRow(rows, []any{&k.Source, &k.State, &k.Rev}, func() error {
			changed[k.Source], k = k, Known{}
			return nil
		})
		if err != nil {
			return err
		}
		_, err = all.Exec()
		return err
	})
	return changed, now, err
}

// moment returns a time as PostgreSQL is given it; nil for zero.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// inBatch sends a batch, which is a transaction, and reads what is answered. It may be sent again: read then begins anew.
func (c *Cluster) inBatch(ctx context.Context, b *pgx.Batch, read func(pgx.BatchResults) error) error {
	if b.Len() == 0 {
		return nil
	}
	return away(retry(func() error {
		again := &pgx.Batch{} // one that was sent knows what its connection has prepared
		for _, q := range b.QueuedQueries {
			again.Queue(q.SQL, q.Arguments...)
		}
		all := c.pool.SendBatch(ctx, again)
		err := read(all)
		return cmp.Or(err, all.Close())
	}))
}
