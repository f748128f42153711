package shared

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"dateline/store"
)

// mostMissed bounds the groups that a turn begins with: they are applied while all other nodes wait.
const mostMissed = 64

const (
	readHead = "select seq, feed_id from head for update"
	readLog  = "select seq, at, node, format, sum, body from log where seq > $1 order by seq limit $2"
)

// Head is the newest position of the log.
type Head struct {
	Seq    uint64 // of the newest writes; 0: none were appended
	FeedID string // of the feed; empty: it has not begun
}

// A node that works within its turn says so every saysEvery, up to mostSaid times: at most so long it has the turn, and stallLimit more.
const (
	saysEvery = 500 * time.Millisecond
	mostSaid  = 8
	atWork    = "select 'at work'"
)

// Turn is the right to append to the log, which one node has at a time. It ends with [Turn.Append] or [Turn.End]; PostgreSQL gives it to
// another node two seconds after this process was halted, or six seconds after it began. It is used by one goroutine.
type Turn struct {
	Head   Head
	Missed []Group // what others appended after the writes that it was begun with

	c     *Cluster
	conn  *pgxpool.Conn
	quiet func() // has the node say no more that it works; nil: it never said so
}

// Begin waits for the turn of a node that has the writes up to after. It returns [ErrBehind] where too much was appended since for
// others to wait while it is applied, and the errors of [Cluster.Read].
func (c *Cluster) Begin(ctx context.Context, after uint64) (*Turn, error) {
	if c.days.missing(time.Now()) {
		if err := c.MakePartitions(ctx); err != nil {
			return nil, err
		}
	}
	conn, err := c.pool.Acquire(ctx)
	if err != nil {
		return nil, away(err)
	}
	t := &Turn{c: c, conn: conn}
	waiting, begun := context.WithCancel(ctx)
	go c.endStalled(waiting)
	err = t.begin(ctx, after)
	begun()
	if err != nil {
		return nil, errors.Join(away(err), t.End())
	}
	t.say()
	return t, nil
}

// endStalled ends the sessions that have the turn and were silent for stallLimit, until ctx ends. PostgreSQL does so itself only between
// two batches: it waits for the rest of a batch, and for a client that does not read its answer, without limit.
func (c *Cluster) endStalled(ctx context.Context) {
	for sleep(ctx, stallLimit); ctx.Err() == nil; sleep(ctx, saysEvery) {
		_, _ = c.pool.Exec(ctx, `
			select pg_terminate_backend(a.pid) from pg_stat_activity a join pg_locks l on l.pid = a.pid
			where l.relation = 'head'::regclass and l.mode = 'RowShareLock' and l.granted
				and a.wait_event_type = 'Client' and a.state_change < clock_timestamp() - $1::interval`, stallLimit) // it is tried again
	}
}

// say has PostgreSQL see that the node works, until quiet is called.
func (t *Turn) say() {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	t.quiet = func() {
		cancel()
		<-ended
	}
	conn := t.conn
	go func() {
		defer close(ended)
		for range mostSaid {
			if sleep(ctx, saysEvery); ctx.Err() != nil {
				return
			}
			limit, end := within(stallLimit)
			_, err := conn.Exec(limit, atWork, pgx.QueryExecModeSimpleProtocol)
			if end(); err != nil { // the turn was lost: what is done with it next shows that
				return
			}
		}
	}()
}

// begin takes the turn in one round trip. The log is read by a statement of its own: a statement sees what was committed before it began,
// and the first one began before it had the lock.
func (t *Turn) begin(ctx context.Context, after uint64) error {
	b := &pgx.Batch{}
	b.Queue("begin")
	b.Queue(readHead)
	b.Queue(readLog, after, mostMissed+1)
	all := t.conn.SendBatch(ctx, b)
	defer all.Close()
	if _, err := all.Exec(); err != nil {
		return err
	}
	if err := all.QueryRow().Scan(&t.Head.Seq, &t.Head.FeedID); err != nil {
		return err
	}
	rows, err := all.Query()
	if err != nil {
		return err
	}
	if t.Missed, err = t.c.collectRows(rows, after); err != nil {
		return err
	}
	if len(t.Missed) > mostMissed {
		return ErrBehind
	}
	if n := len(t.Missed); n > 0 {
		after = t.Missed[n-1].Seq
	}
	return standing(t.Head, after)
}

// standing returns an error unless a file that has the writes up to after has all that the log has, and no more.
func standing(h Head, after uint64) error {
	switch {
	case after > h.Seq:
		return fmt.Errorf("%w: it has %d, the log %d", ErrAhead, after, h.Seq)
	case after < h.Seq:
		return fmt.Errorf("%w: it has %d, the log begins after %d", ErrStale, after, h.Seq)
	}
	return nil
}

// End gives the turn back; nothing was appended. After [Turn.Append] it does nothing.
func (t *Turn) End() error {
	if t.conn == nil {
		return nil
	}
	if t.quiet != nil {
		t.quiet()
	}
	ctx, cancel := context.WithTimeout(context.Background(), stallLimit)
	defer cancel()
	var err error
	if t.conn.Conn().PgConn().TxStatus() != 'I' && !t.conn.Conn().IsClosed() {
		_, err = t.conn.Exec(ctx, "rollback", pgx.QueryExecModeSimpleProtocol)
	}
	t.conn.Release()
	t.conn = nil
	return away(err)
}

// Commit is what a turn ends with.
type Commit struct {
	FeedID string // of the feed; the one with which the log begins where it has none
	Writes []store.Writes
	Visits []Visit // whose states are recorded with the writes, under the leases of their hosts
	States []Known // of sources without a lease
}

// Append appends to the log and ends the turn. When it returns nil the log has the writes, and the states are recorded. When it returns
// [ErrUnknown] PostgreSQL went away before it answered, or did not answer before ctx ended: the log shows later whether it has them. After
// any other error it has not: [ErrLost] where the turn had ended before, [ErrFenced] where a lease had, [ErrMoved] where another node has
// changed a state.
func (t *Turn) Append(ctx context.Context, k Commit) error {
	defer t.End()
	t.quiet()
	body, err := pack(k.Writes)
	if err != nil {
		return err
	}
	last := k.Writes[len(k.Writes)-1]
	if first := k.Writes[0].Seq; first != t.seq()+1 {
		return fmt.Errorf("shared: writes %d do not follow %d", first, t.seq())
	}
	b := &pgx.Batch{}
	t.c.queueVisits(b, k.Visits, true)
	queueStates(b, k.States)
	b.Queue("insert into log (seq, node, format, items, sum, body) values ($1, $2, $3, $4, $5, $6)",
		last.Seq, t.c.node, last.Format, last.Items, sumOf(body), body)
	queueErasures(b, k.Writes)
	b.Queue("update head set seq = $1, feed_id = $2", last.Seq, k.FeedID)
	b.Queue("select pg_notify($1, $2)", t.c.channel(), fmt.Sprint(last.Seq))
	b.Queue("commit")
	err = t.send(ctx, b)
	var said *pgconn.PgError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &said) && said.Code == "DL001":
		return ErrFenced
	case isDeadlock(err):
		return fmt.Errorf("%w: %w", ErrLost, err)
	case errors.As(err, &said) && !isGoing(said):
		return away(err)
	}
	return t.outcome(ctx, last.Seq, away(err))
}

// send sends the batch that ends with the commit. When ctx ends before the answer it returns, but calls nothing off: PostgreSQL would end
// the wait for a standby and show others a commit that a failover loses.
func (t *Turn) send(ctx context.Context, b *pgx.Batch) error {
	conn, answered := t.conn, make(chan error, 1)
	go func() {
		err := conn.SendBatch(context.WithoutCancel(ctx), b).Close()
		conn.Release()
		answered <- err
	}()
	t.conn = nil
	select {
	case err := <-answered:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// seq returns the number of the newest writes of the log.
func (t *Turn) seq() uint64 { return t.Head.Seq }

// outcome returns nil where the log has what was to be appended, [ErrLost] where it has not and will not, else [ErrUnknown]; why is
// what happened to the connection.
func (t *Turn) outcome(ctx context.Context, seq uint64, why error) error {
	if ctx.Err() != nil { // it may be on its way
		return fmt.Errorf("%w: %w", ErrUnknown, why)
	}
	var found bool
	err := t.c.inTx(ctx, func(tx pgx.Tx) error {
		var h Head
		if err := tx.QueryRow(ctx, readHead).Scan(&h.Seq, &h.FeedID); err != nil { // waits until the other transaction has ended
			return err
		}
		return tx.QueryRow(ctx, "select exists (select from log where seq = $1 and node = $2)", seq, t.c.node).Scan(&found)
	})
	switch {
	case err != nil:
		return fmt.Errorf("%w: %w", ErrUnknown, why)
	case !found:
		return fmt.Errorf("%w: %w", ErrLost, why)
	}
	return nil
}
