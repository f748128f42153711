package shared

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"dateline/aggregator/news"
	"dateline/store"
)

// long is a term that does not end in a test.
const long = time.Hour

// farm returns so many nodes of a cluster in which each of n hosts has one source that is due.
func farm(t testing.TB, nodes, n int) []*Cluster {
	t.Helper()
	all := cluster(t, nodes)
	var sources []news.Poll
	for i := range n {
		sources = append(sources, news.Poll{Source: fmt.Sprint("s", i), Host: fmt.Sprintf("h%d:443", i), Due: time.Unix(int64(i), 0)})
	}
	if err := all[0].SetSources(limit(t), sources); err != nil {
		t.Fatal(err)
	}
	return all
}

func lease(t testing.TB, c *Cluster, n int, term time.Duration) []Due {
	t.Helper()
	due, err := c.LeaseDue(limit(t), n, term)
	if err != nil {
		t.Fatal(err)
	}
	return due
}

// finish records a visit that was made under a lease.
func finish(t *testing.T, c *Cluster, d Due) {
	t.Helper()
	v := Visit{Source: d.Source, Lease: d.Lease, Due: time.Now().Add(long), State: []byte(d.Source), Rev: d.Rev}
	if refused, err := c.Finish(limit(t), v); err != nil || len(refused) > 0 {
		t.Fatal(refused, err)
	}
}

func sourcesOf(due []Due) (ids []string) {
	for _, d := range due {
		ids = append(ids, d.Source)
	}
	slices.Sort(ids)
	return ids
}

func TestLeasesAreOfOneNode(t *testing.T) {
	t.Parallel()
	nodes := farm(t, 2, 5)
	if got := sourcesOf(lease(t, nodes[0], 3, long)); !slices.Equal(got, []string{"s0", "s1", "s2"}) {
		t.Errorf("leased %v, want what is due longest", got)
	}
	if got := sourcesOf(lease(t, nodes[1], 9, long)); !slices.Equal(got, []string{"s3", "s4"}) {
		t.Errorf("leased %v, want what is left", got)
	}
	var wait *WaitError
	if _, err := nodes[1].LeaseHost(limit(t), "h0:443", long); !errors.As(err, &wait) || wait.Paused || wait.After < long/2 {
		t.Errorf("%v, want a wait for the end of the lease", err)
	}
}

// TestLateVisitIsRefused: what a node visited under a lease that has ended is recorded neither alone nor with writes.
func TestLateVisitIsRefused(t *testing.T) {
	t.Parallel()
	nodes, ctx := farm(t, 2, 1), limit(t)
	late := lease(t, nodes[0], 1, 0)[0]
	exec(t, nodes[0], "update host set due = now()") // as when its lease has ended by itself
	now := lease(t, nodes[1], 1, long)[0]
	if now.Epoch != late.Epoch+1 {
		t.Errorf("epoch %d after %d", now.Epoch, late.Epoch)
	}
	visit := func(d Due, state string) Visit {
		return Visit{Source: d.Source, Lease: d.Lease, Due: time.Now().Add(long), State: []byte(state), Rev: d.Rev}
	}
	if refused, err := nodes[0].Finish(ctx, visit(late, "late")); err != nil || !slices.Equal(refused, []string{"s0"}) {
		t.Errorf("refused %v, %v", refused, err)
	}
	if kept, err := nodes[0].Renew(ctx, long, late.Lease); err != nil || len(kept) != 0 {
		t.Errorf("renewed %v, %v", kept, err)
	}
	turn, err := nodes[0].Begin(ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := turn.Append(ctx, Commit{Writes: writes(0, 1), Visits: []Visit{visit(late, "late")}}); !errors.Is(err, ErrFenced) {
		t.Errorf("%v, want %v", err, ErrFenced)
	}
	if turn, err = nodes[1].Begin(ctx, 0); err != nil {
		t.Fatal(err)
	}
	if err := turn.Append(ctx, Commit{Writes: writes(0, 1), Visits: []Visit{visit(now, "now")}}); err != nil {
		t.Error(err)
	}
	if refused, err := nodes[1].Finish(ctx, visit(now, "twice")); err != nil || len(refused) != 1 {
		t.Errorf("a visit recorded twice: refused %v, %v", refused, err)
	}
	if states, _, err := nodes[0].States(ctx, Moment{}); err != nil || string(states["s0"].State) != "now" {
		t.Errorf("state %q, %v", states["s0"].State, err)
	}
}

func TestVisitFreesItsHost(t *testing.T) {
	t.Parallel()
	c, ctx := cluster(t, 1)[0], limit(t)
	old := time.Unix(9, 0)
	sources := []news.Poll{poll("a", "h:443", old), poll("b", "h:443", old.Add(time.Second)), poll("off", "h:443", time.Time{})}
	if err := c.SetSources(ctx, sources); err != nil {
		t.Fatal(err)
	}
	next := func(want string) Due {
		t.Helper()
		due := lease(t, c, 9, long)
		if len(due) != 1 || due[0].Source != want {
			t.Fatalf("due %+v, want %s", due, want)
		}
		return due[0]
	}
	for _, id := range []string{"a", "b"} {
		finish(t, c, next(id))
	}
	if due := lease(t, c, 9, long); len(due) > 0 {
		t.Errorf("due %+v", due)
	}
	if wait, any, err := c.Next(ctx); err != nil || !any || wait < long/2 || wait > long {
		t.Errorf("next in %s, %v, %v", wait, any, err)
	}
	l, err := c.LeaseHost(ctx, "h:443", long)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Release(ctx, long, l); err != nil {
		t.Fatal(err)
	}
	var wait *WaitError
	if _, err := c.LeaseHost(ctx, "h:443", long); !errors.As(err, &wait) || wait.After < long/2 {
		t.Errorf("%v, want a wait for the gap", err)
	}
	if err := c.Pause(ctx, "other:443", long); err != nil {
		t.Fatal(err)
	}
	if _, err := c.LeaseHost(ctx, "other:443", long); !errors.As(err, &wait) || !wait.Paused {
		t.Errorf("%v, want a pause", err)
	}
}

func TestSourcesChangeWithTheConfig(t *testing.T) {
	t.Parallel()
	c, ctx := farm(t, 1, 3)[0], limit(t)
	if err := c.PutStates(ctx, []Known{{SourceState: store.SourceState{Source: "s0", State: []byte("x")}}}); err != nil {
		t.Fatal(err)
	}
	if err := c.SetSources(ctx, []news.Poll{poll("s0", "moved:443", time.Unix(1, 0)), poll("s2", "h2:443", time.Unix(2, 0))}); err != nil {
		t.Fatal(err)
	}
	due := lease(t, c, 9, long)
	if got := sourcesOf(due); !slices.Equal(got, []string{"s0", "s2"}) {
		t.Fatalf("due %v, s1 is not in the config", got)
	}
	for _, d := range due {
		if d.Source == "s0" && (d.Host != "moved:443" || string(d.State) != "x") {
			t.Errorf("%+v, want the state it had, at its new host", d)
		}
	}
}

// TestSourceIsNotDueAgain: another node starts, or takes a new config in, and knows nothing of the last visit yet.
func TestSourceIsNotDueAgain(t *testing.T) {
	t.Parallel()
	c, ctx := farm(t, 1, 1)[0], limit(t)
	finish(t, c, lease(t, c, 1, long)[0])
	for _, tt := range []struct{ due, least, most time.Duration }{
		{-long, long - time.Minute, long},          // what it computed from the visit before
		{long / 2, long/2 - time.Minute, long / 2}, // a shorter every
		{2 * long, long/2 - time.Minute, long / 2}, // a longer one, after the next visit
	} {
		if err := c.SetSources(ctx, []news.Poll{poll("s0", "h0:443", time.Now().Add(tt.due))}); err != nil {
			t.Fatal(err)
		}
		if wait, any, err := c.Next(ctx); err != nil || !any || wait < tt.least || wait > tt.most {
			t.Errorf("set to be due in %s: it is in %s, %v, %v", tt.due, wait, any, err)
		}
	}
	if err := c.SetSources(ctx, nil); err != nil {
		t.Fatal(err)
	}
	if wait, any, err := c.Next(ctx); err != nil || any {
		t.Errorf("without sources: %s, %v, %v", wait, any, err)
	}
}

// TestStatesAreFollowed: a transaction that commits after a later one is not missed.
func TestStatesAreFollowed(t *testing.T) {
	t.Parallel()
	c, ctx := cluster(t, 1)[0], limit(t)
	slow, err := c.pool.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := slow.Exec(ctx, "insert into source (id, host, state) values ('slow', '', 'x')"); err != nil {
		t.Fatal(err)
	}
	quick := store.SourceState{Source: "quick", State: []byte("1")}
	if err := c.PutStates(ctx, []Known{{SourceState: quick}, {SourceState: store.SourceState{Source: "gone"}}}); err != nil {
		t.Fatal(err)
	}
	states, now, err := c.States(ctx, Moment{})
	if err != nil || len(states) != 2 || string(states["quick"].State) != "1" || states["gone"].State != nil {
		t.Fatalf("%v, %v", states, err)
	}
	if err := slow.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	if states, now, err = c.States(ctx, now); err != nil || string(states["slow"].State) != "x" {
		t.Errorf("%v, %v: a state is missed", states, err)
	}
	for len(states) > 0 { // until the transactions of other tests have ended that were open then
		if states, now, err = c.States(ctx, now); err != nil {
			t.Fatal(err)
		}
	}
}

// TestLeaseHasTheStateAfterTheLastVisit, though that was recorded after the statement that leases had begun.
func TestLeaseHasTheStateAfterTheLastVisit(t *testing.T) {
	t.Parallel()
	nodes, ctx := farm(t, 2, 1), limit(t)
	first := lease(t, nodes[0], 1, long)[0]
	gate, err := nodes[0].dial(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer gate.Close(ctx)
	if _, err := gate.Exec(ctx, "select pg_advisory_lock(hashtext(current_schema()))"); err != nil {
		t.Fatal(err)
	}
	type found struct {
		state string
		rev   uint64
		err   error
	}
	leased := make(chan found)
	go func() {
		var f found
		f.err = nodes[1].pool.QueryRow(ctx, `
			with begun as materialized (select pg_advisory_xact_lock(hashtext(current_schema())))
			select convert_from(state, 'UTF8'), rev from first_due(array(select $1 from begun))`, first.Host).Scan(&f.state, &f.rev)
		leased <- f
	}()
	eventually(t, nodes[0], `exists (select from pg_stat_activity where wait_event = 'advisory'
		and $1 = any(pg_blocking_pids(pid)))`, gate.PgConn().PID())
	visit := Visit{Source: first.Source, Lease: first.Lease, Due: time.Unix(0, 0), State: []byte("last"), Rev: first.Rev}
	if refused, err := nodes[0].Finish(ctx, visit); err != nil || len(refused) > 0 {
		t.Fatal(refused, err)
	}
	if _, err := gate.Exec(ctx, "select pg_advisory_unlock(hashtext(current_schema()))"); err != nil {
		t.Fatal(err)
	}
	if f := <-leased; f.err != nil || f.state != "last" || f.rev != first.Rev+1 {
		t.Errorf("%+v, want the state after the visit, of revision %d", f, first.Rev+1)
	}
}

// TestLeasesOverKills: over four nodes that are killed now and then, no host is asked by two at a time.
func TestLeasesOverKills(t *testing.T) {
	t.Parallel()
	total := 400
	if os.Getenv("DATELINE_LONG") == "1" {
		total = 10_000
	}
	const hosts = 64
	nodes := farm(t, 4, hosts)
	ctx, cancel := context.WithCancel(limit(t))
	defer cancel()
	b := &books{asking: map[string]int{}, total: total, done: cancel}
	var all sync.WaitGroup
	for i, c := range nodes {
		all.Go(func() {
			r := rand.New(rand.NewPCG(uint64(i), 5))
			for round := 1; ctx.Err() == nil; round++ {
				if err := b.work(ctx, c, 1+r.IntN(8), round%10 == 0); err != nil && ctx.Err() == nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	t.Logf("%d leases, %d kills, %d visits refused", b.leases, b.kills, b.refused)
	if b.overlaps > 0 || b.leases < total || b.kills == 0 || b.refused == 0 {
		t.Errorf("%d leases, %d kills, %d refused, %d overlaps", b.leases, b.kills, b.refused, b.overlaps)
	}
}

// books count who asks which host.
type books struct {
	mu                               sync.Mutex
	asking                           map[string]int
	total                            int
	leases, kills, refused, overlaps int
	done                             func()
}

func (b *books) ask(due []Due, change int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, d := range due {
		if b.asking[d.Host] += change; b.asking[d.Host] > 1 {
			b.overlaps++
		}
		if b.leases += max(change, 0); b.leases == b.total {
			b.done()
		}
	}
}

// work leases at most n hosts, asks them and records the visits. A node that is killed records its visits, as one does that was halted,
// when its leases have ended and others had some time to lease the hosts.
func (b *books) work(ctx context.Context, c *Cluster, n int, killed bool) error {
	due, err := c.LeaseDue(ctx, n, long)
	if err != nil || len(due) == 0 {
		return err
	}
	b.ask(due, 1)
	var visits []Visit
	for _, d := range due {
		visits = append(visits, Visit{Source: d.Source, Lease: d.Lease, Due: time.Unix(0, 0), State: []byte("x"), Rev: d.Rev})
	}
	if killed {
		sleep(ctx, 20*time.Millisecond)
	}
	b.ask(due, -1)
	if killed {
		if err := lose(ctx, c, due); err != nil {
			return err
		}
	}
	refused, err := c.Finish(ctx, visits...)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refused += len(refused)
	if killed {
		b.kills++
	}
	return err
}

// lose ends the leases of a node, and waits until another one has leased a host of these, or for half a second: all may be killed.
func lose(ctx context.Context, c *Cluster, due []Due) error {
	hosts, epochs := columns(leasesOf(due))
	_, err := c.pool.Exec(ctx, `update host set until = now(), due = now() where name in (
		select name from host where owner = $1 and name = any($2) order by name for update)`, c.node, hosts)
	for another, tries := false, 50; err == nil && !another && tries > 0; tries-- {
		sleep(ctx, 10*time.Millisecond)
		err = c.pool.QueryRow(ctx, `select exists (
			select from host natural join unnest($1::text[], $2::bigint[]) as l(name, was) where epoch > was)`, hosts, epochs).Scan(&another)
	}
	return err
}

func leasesOf(due []Due) (all []Lease) {
	for _, d := range due {
		all = append(all, d.Lease)
	}
	return all
}
