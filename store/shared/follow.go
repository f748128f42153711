package shared

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// lookEvery is how often the log is read though no notification arrived.
const lookEvery = time.Second

// mostRead bounds the groups that are read at a time.
const mostRead = 256

// channel returns the name under which appended writes are notified.
func (c *Cluster) channel() string { return "dateline_" + c.space }

// Read returns the groups after writes number after, at most a few hundred, the earliest first; none: the log has no more. It returns
// [ErrStale] where the log no longer has the next one, [ErrNewer] and [ErrCorrupt].
func (c *Cluster) Read(ctx context.Context, after uint64) ([]Group, error) {
	rows, err := c.pool.Query(ctx, readLog, after, mostRead)
	if err != nil {
		return nil, away(err)
	}
	all, err := c.collectRows(rows, after)
	return all, away(err)
}

// Head returns the newest position of the log.
func (c *Cluster) Head(ctx context.Context) (h Head, err error) {
	err = c.pool.QueryRow(ctx, "select seq, feed_id from head").Scan(&h.Seq, &h.FeedID)
	return h, away(err)
}

// ID returns what distinguishes the log from every other: the moment at which its tables were made.
func (c *Cluster) ID(ctx context.Context) (id string, err error) {
	err = c.pool.QueryRow(ctx, "select to_char(created at time zone 'UTC', 'YYYYMMDD\"T\"HH24MISS.US') from head").Scan(&id)
	return id, away(err)
}

// Join returns the head of the log for a file of a feed that has the writes up to seq, and has an empty log begin with that file: then
// founded is true. It returns [ErrOtherFeed], [ErrAhead], or [ErrStale] where the log no longer has what the file lacks. A file without a
// feed id joins any.
func (c *Cluster) Join(ctx context.Context, feedID string, seq uint64) (h Head, founded bool, err error) {
	err = c.inTx(ctx, func(tx pgx.Tx) error {
		founded = false
		if err := tx.QueryRow(ctx, readHead).Scan(&h.Seq, &h.FeedID); err != nil {
			return err
		}
		switch {
		case h.FeedID == "" && feedID != "":
			h, founded = Head{seq, feedID}, true
			_, err := tx.Exec(ctx, "update head set seq = $1, feed_id = $2", seq, feedID)
			return err
		case feedID != "" && feedID != h.FeedID:
			return ErrOtherFeed
		}
		rows, err := tx.Query(ctx, readLog, seq, 1)
		if err != nil {
			return err
		}
		next, err := c.collectRows(rows, seq)
		if err != nil || len(next) > 0 {
			return err
		}
		return standing(h, seq)
	})
	return h, founded, err
}

// Follow calls changed whenever something was appended, and at least once a second, until ctx ends. Each call begins after the one
// before has returned. reach is called with the error whenever PostgreSQL cannot be reached, and with nil when it can again.
func (c *Cluster) Follow(ctx context.Context, changed func(), reach func(error)) {
	for ctx.Err() == nil {
		err := c.listen(ctx, changed, func() { reach(nil) })
		if ctx.Err() != nil {
			return
		}
		reach(err)
		changed()
		sleep(ctx, lookEvery)
	}
}

// listen calls changed until the connection ends; begun is called once it listens.
func (c *Cluster) listen(ctx context.Context, changed, begun func()) error {
	conn, err := c.dial(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "listen "+pgx.Identifier{c.channel()}.Sanitize(), pgx.QueryExecModeSimpleProtocol); err != nil {
		return away(err)
	}
	begun()
	for {
		changed()
		wait, cancel := context.WithTimeout(ctx, lookEvery)
		_, err := conn.WaitForNotification(wait)
		late := wait.Err() != nil
		cancel()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil && late { // nothing came: see whether the connection is alive
			alive, cancel := context.WithTimeout(ctx, connectLimit)
			err = conn.Ping(alive)
			cancel()
		}
		if err != nil {
			return away(err)
		}
	}
}

// sleep waits for d, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
