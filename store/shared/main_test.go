package shared

import (
	"context"
	"flag"
	"fmt"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"dateline/aggregator/news"
	"dateline/store"
	"dateline/store/storetest"
)

func TestMain(m *testing.M) {
	flag.Parse()
	_ = flag.Set("test.parallel", "8") // they wait more than they work
	code := m.Run()
	storetest.StopPostgres()
	os.Exit(code)
}

// limit ends a test that hangs.
func limit(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// connect returns a node of the cluster at a URL.
func connect(t testing.TB, dsn, node string) *Cluster {
	t.Helper()
	c, err := Open(limit(t), dsn, Options{Node: node})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	c.SetAdmin(node + ":8081")
	return c
}

// cluster returns so many nodes of a new cluster, named a, b, c and so on.
func cluster(t testing.TB, nodes int) []*Cluster {
	t.Helper()
	dsn := storetest.Database(t)
	t.Cleanup(func() { drop(t, dsn) })
	var all []*Cluster
	for i := range nodes {
		all = append(all, connect(t, dsn, string(rune('a'+i))))
	}
	return all
}

// drop removes the tables at a URL.
func drop(t testing.TB, dsn string) {
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(context.Background(), "drop schema if exists "+u.Query().Get("search_path")+" cascade"); err != nil {
		t.Error(err)
	}
}

// writes returns n writes that follow seq.
func writes(seq uint64, n int) []store.Writes {
	var all []store.Writes
	for i := range n {
		all = append(all, store.Writes{Format: store.WritesFormat, Seq: seq + uint64(i) + 1, Items: seq, Now: 7})
	}
	return all
}

func poll(source, host string, due time.Time) news.Poll {
	return news.Poll{Source: source, Host: host, Due: due}
}

// add appends n writes after all that there are.
func add(t testing.TB, c *Cluster, n int) {
	t.Helper()
	ctx := limit(t)
	h, err := c.Head(ctx)
	if err != nil {
		t.Fatal(err)
	}
	turn, err := c.Begin(ctx, h.Seq)
	if err != nil {
		t.Fatal(err)
	}
	if err := turn.Append(ctx, Commit{FeedID: "urn:feed", Writes: writes(h.Seq, n)}); err != nil {
		t.Fatal(err)
	}
}

// exec runs a statement in the database of a cluster.
func exec(t testing.TB, c *Cluster, statement string, args ...any) {
	t.Helper()
	if _, err := c.pool.Exec(limit(t), statement, args...); err != nil {
		t.Fatal(err)
	}
}

// eventually waits until the database says that a condition holds.
func eventually(t testing.TB, c *Cluster, condition string, args ...any) {
	t.Helper()
	ctx := limit(t)
	for yes := false; !yes; {
		if err := c.pool.QueryRow(ctx, "select "+condition+" from pg_sleep(0.02)", args...).Scan(&yes); err != nil {
			t.Fatal(fmt.Errorf("%s: %w", condition, err))
		}
	}
}
