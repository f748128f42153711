package shared

import (
	"errors"
	"testing"
)

func TestStalledNodeLosesTheTurn(t *testing.T) {
	t.Parallel()
	nodes, ctx := cluster(t, 2), limit(t)
	a, b := nodes[0], nodes[1]
	add(t, a, 1)
	stalled, err := a.Begin(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, b, "current_setting('idle_in_transaction_session_timeout') = '2s'")
	stalled.quiet()              // as a halted process is
	turn, err := b.Begin(ctx, 1) // it is silent meanwhile
	if err != nil {
		t.Fatal(err)
	}
	if err := turn.Append(ctx, Commit{FeedID: "urn:feed", Writes: writes(1, 1)}); err != nil {
		t.Fatal(err)
	}
	if err := stalled.Append(ctx, Commit{FeedID: "urn:feed", Writes: writes(1, 1)}); !errors.Is(err, ErrLost) {
		t.Errorf("%v, want %v", err, ErrLost)
	}
	if groups, err := a.Read(ctx, 1); err != nil || len(groups) != 1 || groups[0].Node != "b" {
		t.Errorf("the log has %+v, %v", groups, err)
	}
	ended(t, a, 2)
}

// TestNodeHaltedWithinABatchLosesTheTurn, where PostgreSQL waits for the rest of the batch, and where it waits for the answer to be read.
func TestNodeHaltedWithinABatchLosesTheTurn(t *testing.T) {
	t.Parallel()
	for name, last := range map[string]string{
		"sends": "select 1",
		"reads": "select repeat('x', 1000000) from generate_series(1, 50)",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			nodes, ctx := cluster(t, 2), limit(t)
			halted, err := nodes[0].dial(ctx)
			if err != nil {
				t.Fatal(err)
			}
			defer halted.PgConn().Conn().Close() // without a word: it was halted
			batch := halted.PgConn().StartPipeline(ctx)
			for _, statement := range []string{"begin", readHead, last} {
				batch.SendQueryParams(statement, nil, nil, nil, nil)
			}
			batch.SendFlushRequest()
			if err := batch.Flush(); err != nil {
				t.Fatal(err)
			}
			pid := halted.PgConn().PID()
			eventually(t, nodes[1], "exists (select from pg_stat_activity where pid = $1 and state = 'active' and wait_event_type = 'Client')", pid)
			turn, err := nodes[1].Begin(ctx, 0)
			if err != nil {
				t.Fatal(err)
			}
			if err := turn.End(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestNodeAtWorkKeepsTheTurn for longer than a halted one, but not for ever.
func TestNodeAtWorkKeepsTheTurn(t *testing.T) {
	t.Parallel()
	nodes, ctx := cluster(t, 2), limit(t)
	a, b := nodes[0], nodes[1]
	add(t, a, 1)
	working, err := a.Begin(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, b, "exists (select from pg_stat_activity where pid = $1 and query = $2 and state = 'idle in transaction')",
		working.conn.Conn().PgConn().PID(), atWork)
	if err := working.Append(ctx, Commit{FeedID: "urn:feed", Writes: writes(1, 1)}); err != nil {
		t.Fatal(err)
	}
	endless, err := a.Begin(ctx, 2)
	if err != nil {
		t.Fatal(err)
	}
	ended(t, b, 2)
	if err := endless.Append(ctx, Commit{FeedID: "urn:feed", Writes: writes(2, 1)}); !errors.Is(err, ErrLost) {
		t.Errorf("%v, want %v", err, ErrLost)
	}
}
