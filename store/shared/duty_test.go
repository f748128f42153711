package shared

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"dateline/store"
)

func TestDutyIsOfOneNode(t *testing.T) {
	t.Parallel()
	nodes, ctx := cluster(t, 2), limit(t)
	has := func(c *Cluster) bool {
		t.Helper()
		has, err := c.takeDuty(ctx, "hub")
		if err != nil {
			t.Fatal(err)
		}
		return has
	}
	if !has(nodes[0]) || has(nodes[1]) {
		t.Error("it is not that of the first node")
	}
	if !has(nodes[0]) {
		t.Error("the first node cannot go on with it")
	}
	exec(t, nodes[0], "update duty set until = now()") // as 20 s after the node was killed
	if !has(nodes[1]) || has(nodes[0]) {
		t.Error("the second node has not taken it over")
	}
	all, err := nodes[0].Duties(ctx)
	if err != nil || len(all) != 1 || all[0].Name != "hub" || all[0].Owner != "b" || all[0].Left <= 0 || all[0].Left > dutyTerm {
		t.Errorf("%+v, %v", all, err)
	}
}

// TestDutyIsPerformed: a node that ends lets another begin at once; one that loses a duty stops.
func TestDutyIsPerformed(t *testing.T) {
	t.Parallel()
	nodes := cluster(t, 1)
	ctx, cancel := context.WithCancel(limit(t))
	began, ended := make(chan bool, 9), make(chan bool)
	go func() {
		nodes[0].Perform(ctx, "hub", func(ctx context.Context) {
			began <- true
			<-ctx.Done()
		})
		close(ended)
	}()
	<-began
	cancel()
	<-ended
	if all, err := nodes[0].Duties(limit(t)); err != nil || len(all) != 1 || all[0].Left > 0 {
		t.Errorf("%+v, %v: another node has to wait", all, err)
	}
}

func TestDutyThatIsLostEnds(t *testing.T) {
	t.Parallel()
	c := cluster(t, 1)[0]
	ended := make(chan bool)
	go func() {
		c.perform(limit(t), "hub", time.Now().Add(dutyTerm), func(ctx context.Context) { <-ctx.Done() })
		close(ended)
	}()
	exec(t, c, "insert into duty values ('hub', 'other', 7, now() + interval '1 hour')")
	<-ended
}

func TestNodesGreetAndLeave(t *testing.T) {
	t.Parallel()
	nodes, ctx := farm(t, 2, 1), limit(t)
	for i, c := range nodes {
		if err := c.Greet(ctx, uint64(i+7)); err != nil {
			t.Fatal(err)
		}
	}
	lease(t, nodes[1], 1, long)
	if _, err := nodes[1].takeDuty(ctx, "hub"); err != nil {
		t.Fatal(err)
	}
	all, err := nodes[0].Nodes(ctx)
	if err != nil || len(all) != 2 || all[1].Ago > time.Minute {
		t.Fatalf("%+v, %v", all, err)
	}
	all[1].Ago = 0
	if want := (Node{ID: "b", Addr: "b:8081", Seq: 8, Format: 1}); all[1] != want {
		t.Errorf("%+v, want %+v", all[1], want)
	}
	add(t, nodes[0], 3)
	state, err := nodes[0].State(ctx)
	if err != nil || state.Seq != 3 || state.LogSize < 8<<10 || len(state.Nodes) != 2 {
		t.Errorf("%+v, %v", state, err)
	}
	if len(state.Duties) != 1 || state.Duties[0].Owner != "b" {
		t.Errorf("%+v", state.Duties)
	}
	if err := nodes[1].Leave(ctx); err != nil {
		t.Fatal(err)
	}
	if all, err := nodes[0].Nodes(ctx); err != nil || len(all) != 1 {
		t.Errorf("%+v, %v", all, err)
	}
	if due := lease(t, nodes[0], 1, long); len(due) != 1 {
		t.Error("its lease has not ended")
	}
	if has, err := nodes[0].takeDuty(ctx, "hub"); err != nil || !has {
		t.Errorf("its duty has not ended: %v", err)
	}
}

// TestNodesOfTwoVersions: what all nodes can read is written until the last older one has left. An older one that meets what is newer
// stops.
func TestNodesOfTwoVersions(t *testing.T) {
	t.Parallel()
	nodes, ctx := cluster(t, 2), limit(t)
	older, newer := nodes[0], nodes[1]
	newer.format = store.WritesFormat + 1
	greet := func(want uint64, all ...*Cluster) {
		t.Helper()
		for _, c := range all {
			if err := c.Greet(ctx, 0); err != nil {
				t.Fatal(err)
			}
		}
		if got := NewPeer(newer, time.Minute).Format(); got != want {
			t.Errorf("the newer node writes version %d, want %d", got, want)
		}
	}
	greet(store.WritesFormat, older, newer)
	add(t, newer, 1)
	heard := func(ago string) { // of the older one, which was killed
		t.Helper()
		if _, err := newer.pool.Exec(ctx, "update node set seen = now() - $1::text::interval where id = $2", ago, older.node); err != nil {
			t.Fatal(err)
		}
	}
	heard("9 minutes")
	greet(store.WritesFormat, newer)
	heard("11 minutes")
	greet(store.WritesFormat+1, newer)
	turn, err := newer.Begin(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	w := writes(1, 1)
	w[0].Format = newer.format
	if err := turn.Append(ctx, Commit{FeedID: "urn:feed", Writes: w}); err != nil {
		t.Fatal(err)
	}
	if all, err := older.Read(ctx, 0); !errors.Is(err, ErrNewer) || !isFatal(err) || !strings.Contains(err.Error(), "upgrade this node") {
		t.Errorf("the older node reads %v, %v", all, err)
	}
	if _, err := older.Begin(ctx, 1); !errors.Is(err, ErrNewer) {
		t.Errorf("the older node takes the turn: %v", err)
	}
}

func TestPartitionsAreDroppedAfterSevenDays(t *testing.T) {
	t.Parallel()
	c, ctx := cluster(t, 1)[0], limit(t)
	now := time.Now().UTC()
	today := now.Truncate(24 * time.Hour)
	for _, ago := range []int{8, 7, 9} {
		from := today.AddDate(0, 0, -ago)
		exec(t, c, "create table "+from.Format(dayName)+" partition of log for values from ('"+from.Format(time.DateOnly)+"') to ('"+
			from.AddDate(0, 0, 1).Format(time.DateOnly)+"')")
	}
	if n, err := c.DropPartitions(ctx, now); err != nil || n != 2 {
		t.Errorf("dropped %d, %v, want those of the eighth and ninth day before", n, err)
	}
	add(t, c, 1)
	if _, err := c.Read(ctx, 0); err != nil {
		t.Error(err)
	}
	c.days.made(now) // as a day before the last one ends
	exec(t, c, "drop table "+today.AddDate(0, 0, ahead).Format(dayName))
	add(t, c, 1)
	eventually(t, c, "to_regclass($1) is not null", today.AddDate(0, 0, ahead).Format(dayName))
	var storage string
	err := c.pool.QueryRow(ctx, "select attstorage::text from pg_attribute where attrelid = $1::text::regclass and attname = 'body'",
		today.Format(dayName)).Scan(&storage)
	if err != nil || storage != "e" {
		t.Errorf("storage %q, %v: zstd would be compressed again", storage, err)
	}
}
