package shared

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"dateline/aggregator/news"
	"dateline/store"
)

// TestHostsAreLockedInOrder: a statement that changes several hosts has not locked a later one while it waits for an earlier one, in
// whatever order it is given them and they lie in the table. Two such statements cannot wait for each other.
func TestHostsAreLockedInOrder(t *testing.T) {
	t.Parallel()
	due := time.Unix(1, 0)
	for name, change := range map[string]func(context.Context, *Cluster, []Due) error{
		"visits": func(ctx context.Context, c *Cluster, all []Due) error {
			var visits []Visit
			for _, d := range all {
				visits = append(visits, Visit{Source: d.Source, Lease: d.Lease, Due: due, Rev: d.Rev})
			}
			_, err := c.Finish(ctx, visits...)
			return err
		},
		"given back": func(ctx context.Context, c *Cluster, all []Due) error { return c.Release(ctx, 0, leasesOf(all)...) },
		"renewed": func(ctx context.Context, c *Cluster, all []Due) error {
			_, err := c.Renew(ctx, long, leasesOf(all)...)
			return err
		},
		"node leaves": func(ctx context.Context, c *Cluster, all []Due) error { return c.Leave(ctx) },
		"new sources": func(ctx context.Context, c *Cluster, all []Due) error { return c.SetSources(ctx, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, ctx := cluster(t, 1)[0], limit(t)
			second := poll("s2", "h2:443", due.Add(-time.Second))
			for _, all := range [][]news.Poll{{second}, {poll("s1", "h1:443", due), second}} { // h2 is before h1 in the table
				if err := c.SetSources(ctx, all); err != nil {
					t.Fatal(err)
				}
			}
			leased := lease(t, c, 2, long)
			if len(leased) != 2 || leased[0].Source != "s2" {
				t.Fatalf("leased %+v", leased)
			}
			other, err := c.dial(ctx)
			if err != nil {
				t.Fatal(err)
			}
			defer other.Close(context.WithoutCancel(ctx))
			if _, err := other.Exec(ctx, "begin; select from host where name = 'h1:443' for update", pgx.QueryExecModeSimpleProtocol); err != nil {
				t.Fatal(err)
			}
			changed := make(chan error)
			go func() { changed <- change(ctx, c, leased) }()
			eventually(t, c, "exists (select from pg_stat_activity where $1 = any(pg_blocking_pids(pid)))", other.PgConn().PID())
			if _, err := other.Exec(ctx, "select from host where name = 'h2:443' for update nowait"); err != nil {
				t.Errorf("the second host while the first is waited for: %v", err)
			}
			if _, err := other.Exec(ctx, "rollback"); err != nil {
				t.Fatal(err)
			}
			if err := <-changed; err != nil {
				t.Error(err)
			}
		})
	}
}

// TestDeadlockIsTriedAgain: what PostgreSQL ends because two transactions wait for each other is run again, and is no change of a state.
func TestDeadlockIsTriedAgain(t *testing.T) {
	t.Parallel()
	c, ctx := cluster(t, 1)[0], limit(t)
	states := func(of1 string, rev uint64) []Known {
		return []Known{{store.SourceState{Source: "s1", State: []byte(of1)}, rev}, {store.SourceState{Source: "s2"}, rev}}
	}
	if err := c.PutStates(ctx, states("", 0)); err != nil {
		t.Fatal(err)
	}
	other, err := c.dial(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close(context.WithoutCancel(ctx))
	lock := "set deadlock_timeout = '1h'; begin; select from source where id = 's2' for update" // it is not the one that is ended
	if _, err := other.Exec(ctx, lock, pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatal(err)
	}
	put := make(chan error)
	go func() { put <- c.PutStates(ctx, states("x", 1)) }()
	eventually(t, c, "exists (select from pg_stat_activity where $1 = any(pg_blocking_pids(pid)))", other.PgConn().PID())
	if _, err := other.Exec(ctx, "select from source where id = 's1' for update"); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Exec(ctx, "rollback"); err != nil {
		t.Fatal(err)
	}
	if err := <-put; err != nil {
		t.Error(err)
	}
	if states, _, err := c.States(ctx, Moment{}); err != nil || string(states["s1"].State) != "x" {
		t.Errorf("%v, %v", states, err)
	}
}
