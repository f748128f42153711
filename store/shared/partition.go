package shared

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// Retention is how long the log is kept at least. A node that was away for longer takes a copy of another's file.
const Retention = 7 * 24 * time.Hour

// ahead is for how many days after today the log has partitions at least.
const ahead = 2

const dayName = "log_20060102"

// days remembers for which days the log has partitions.
type days struct {
	mu    sync.Mutex
	until time.Time // end of the last one
}

// MakePartitions makes the partitions of the log that the next days need. It is called before one is missing by [Cluster.Begin].
func (c *Cluster) MakePartitions(ctx context.Context) error {
	return c.inTx(ctx, func(tx pgx.Tx) error {
		var now time.Time
		if err := tx.QueryRow(ctx, "select now()").Scan(&now); err != nil {
			return err
		}
		today := now.UTC().Truncate(24 * time.Hour)
		var b strings.Builder
		fmt.Fprintf(&b, "set local timezone = 'UTC'; select pg_advisory_xact_lock(hashtext('dateline %s'));", c.space)
		for i := range ahead + 1 {
			from := today.AddDate(0, 0, i)
			fmt.Fprintf(&b, "create table if not exists %s partition of log for values from ('%s') to ('%s');",
				from.Format(dayName), from.Format(time.DateOnly), from.AddDate(0, 0, 1).Format(time.DateOnly))
		}
		_, err := tx.Exec(ctx, b.String(), pgx.QueryExecModeSimpleProtocol)
		if err == nil {
			c.days.made(today.AddDate(0, 0, ahead+1))
		}
		return err
	})
}

// DropPartitions drops the partitions of the log of which everything is older than [Retention] at now, and returns how many.
func (c *Cluster) DropPartitions(ctx context.Context, now time.Time) (dropped int, err error) {
	err = c.inTx(ctx, func(tx pgx.Tx) error {
		dropped = 0
		rows, err := tx.Query(ctx, `
			select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'log'::regclass`)
		if err != nil {
			return err
		}
		names, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return err
		}
		statements := "set local lock_timeout = '2s';" // who reads the log waits behind it
		for _, name := range names {
			if day, err := time.Parse(dayName, name); err == nil && !day.AddDate(0, 0, 1).Add(Retention).After(now) {
				statements += "drop table " + name + ";"
				dropped++
			}
		}
		_, err = tx.Exec(ctx, statements, pgx.QueryExecModeSimpleProtocol)
		return err
	})
	return dropped, err
}

func (d *days) made(until time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.until = until
}

// missing reports whether the partition of tomorrow may be missing.
func (d *days) missing(now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return now.Add(24 * time.Hour).After(d.until)
}
