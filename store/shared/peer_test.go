package shared

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"dateline/aggregator/news"
	"dateline/store"
	"dateline/store/storetest"
)

// rig is a node with its file.
type rig struct {
	*store.Store
	p    *Peer
	path string
}

// open opens the file of a node, new or as it was left.
func open(t testing.TB, c *Cluster, path string) *rig {
	t.Helper()
	r := &rig{p: NewPeer(c, time.Minute), path: path}
	var err error
	if r.Store, err = store.Open(path, store.Options{Log: r.p}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// rigs returns so many nodes with new files.
func rigs(t testing.TB, n int) (all []*rig) {
	t.Helper()
	for _, c := range cluster(t, n) {
		all = append(all, open(t, c, filepath.Join(t.TempDir(), c.node)))
	}
	return all
}

func (r *rig) put(v storetest.Visit) error {
	return r.Update(v.Now, func(tx *store.Tx) error { return v.Put(tx) })
}

// look gives read a snapshot of a store.
func look(t testing.TB, st *store.Store, read func(store.View) error) {
	t.Helper()
	if err := st.View(read); err != nil {
		t.Fatal(err)
	}
}

// agree checks that nodes have the same once they have caught up, so many updates each.
func agree(t *testing.T, seq uint64, all ...*rig) {
	t.Helper()
	var digests [][32]byte
	for _, r := range all {
		if err := r.CatchUp(); err != nil {
			t.Fatal(err)
		}
		look(t, r.Store, func(v store.View) error {
			if v.Seq() != seq {
				t.Errorf("node %s has %d updates, want %d", r.p.c.node, v.Seq(), seq)
			}
			d, err := v.Digest()
			digests = append(digests, d)
			return err
		})
		if err := r.Check(func(f store.Fault) { t.Errorf("node %s: %s", r.p.c.node, f) }); err != nil {
			t.Error(err)
		}
	}
	for i, d := range digests {
		if d != digests[0] {
			t.Errorf("node %s differs", all[i].p.c.node)
		}
	}
}

// TestThreeNodesAgree: what three nodes write at the same time is the same on each.
func TestThreeNodesAgree(t *testing.T) {
	t.Parallel()
	const each = 10
	nodes := rigs(t, 3)
	var all sync.WaitGroup
	for i, r := range nodes {
		all.Go(func() {
			random := rand.New(rand.NewPCG(uint64(i), 7))
			for n := range each {
				if err := r.put(visit(random, 1000*i+n, 1+random.IntN(5))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	agree(t, 3*each+1, nodes...)
	late := open(t, nodes[0].p.c, filepath.Join(t.TempDir(), "late"))
	agree(t, 3*each+1, nodes[0], late)
}

// dying is a node that ends between the commit of the log and that of its file.
type dying struct {
	*Peer
	ends bool
}

type dyingTurn struct {
	store.Turn
	d *dying
}

var errDead = errors.New("the node was killed")

func (d *dying) Begin(seq uint64) (store.Turn, error) {
	turn, err := d.Peer.Begin(seq)
	return &dyingTurn{turn, d}, err
}

func (t *dyingTurn) Append(feedID string, all []store.Writes, states []store.SourceState) error {
	err := t.Turn.Append(feedID, all, states)
	if err == nil && t.d.ends {
		return errDead
	}
	return err
}

func TestNodeKilledBetweenTheCommitsIsRepaired(t *testing.T) {
	t.Parallel()
	nodes, random := rigs(t, 2), rand.New(rand.NewPCG(1, 7))
	d := &dying{Peer: nodes[0].p}
	if err := nodes[0].Close(); err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(nodes[0].path, store.Options{Log: d})
	if err != nil {
		t.Fatal(err)
	}
	d.ends = true
	v := visit(random, 1, 3)
	if err := st.Update(v.Now, func(tx *store.Tx) error { return v.Put(tx) }); !errors.Is(err, errDead) {
		t.Fatalf("%v, want %v", err, errDead)
	}
	look(t, st, func(v store.View) error {
		if v.Seq() != 1 {
			t.Errorf("the file has %d updates, want its beginning alone", v.Seq())
		}
		return nil
	})
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	agree(t, 2, open(t, nodes[0].p.c, nodes[0].path), nodes[1])
}

// followLog returns the row of a file that names the log which it follows, and has it be another; nil: as it is.
func followLog(t *testing.T, path string, row []byte) (was []byte) {
	t.Helper()
	db, err := bbolt.Open(path, 0o640, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		meta := tx.Bucket([]byte("meta"))
		if was = bytes.Clone(meta.Get([]byte("log"))); row == nil {
			return nil
		}
		return meta.Put([]byte("log"), row)
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	return was
}

// TestNodeThatDiffersStops: a file that was changed without the log follows it no more.
func TestNodeThatDiffersStops(t *testing.T) {
	t.Parallel()
	nodes, random := rigs(t, 2), rand.New(rand.NewPCG(1, 7))
	if err := nodes[0].put(visit(random, 1, 3)); err != nil {
		t.Fatal(err)
	}
	agree(t, 2, nodes...)
	if err := nodes[1].Close(); err != nil {
		t.Fatal(err)
	}
	was := followLog(t, nodes[1].path, nil)
	alone, err := store.Open(nodes[1].path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	v := visit(random, 2, 1)
	if err := errors.Join(alone.Update(v.Now, func(tx *store.Tx) error { return v.Put(tx) }), alone.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(nodes[1].path, store.Options{Log: nodes[1].p}); !errors.Is(err, ErrAhead) {
		t.Errorf("%v, want %v", err, ErrAhead)
	}
	if err := nodes[0].put(visit(random, 3, 3)); err != nil { // now both have as many updates
		t.Fatal(err)
	}
	var diverged *store.DivergedError
	if _, err := store.Open(nodes[1].path, store.Options{Log: nodes[1].p}); !errors.As(err, &diverged) {
		t.Errorf("%v, want a *store.DivergedError", err)
	}
	followLog(t, nodes[1].path, was) // as if it had not been used alone
	st := open(t, nodes[1].p.c, nodes[1].path)
	failed := make(chan error)
	go func() { failed <- st.p.Run(limit(t), st.Store, func(error) {}) }()
	if err := nodes[0].put(visit(random, 4, 3)); err != nil {
		t.Fatal(err)
	}
	if err := <-failed; err == nil || errors.Is(err, ErrAway) {
		t.Errorf("%v: it follows on", err)
	}
}

// TestNodesShareSources: a source is visited by one node; its state is on the others within moments; a visit that was not recorded is due
// again.
func TestNodesShareSources(t *testing.T) {
	t.Parallel()
	nodes := rigs(t, 2)
	a, b := nodes[0], nodes[1]
	ctx, cancel := context.WithCancel(limit(t))
	var ended sync.WaitGroup
	ended.Go(func() {
		if err := b.p.Run(ctx, b.Store, func(error) {}); err != nil {
			t.Error(err)
		}
	})
	if err := a.p.SetSources([]news.Poll{poll("belta", "h:443", time.Unix(1, 0))}); err != nil {
		t.Fatal(err)
	}
	leased := func(r *rig) int {
		t.Helper()
		all, err := r.p.Lease(5)
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	if leased(a) != 1 || leased(b) != 0 {
		t.Error("both nodes visit the source")
	}
	release, _, err := a.p.Ask(ctx, "h:443")
	if err != nil {
		t.Fatal(err)
	}
	release(0)
	if err := a.p.Done("belta", time.Unix(2, 0)); err != nil {
		t.Fatal(err)
	}
	if leased(a) != 1 {
		t.Error("a visit that was not recorded is not made again")
	}
	state := news.State{Name: "BelTA", Due: time.Now().Add(long)}
	err = a.UpdateStates(time.Now(), func(tx *store.Tx) error { return tx.PutState("belta", state) })
	if err != nil {
		t.Fatal(err)
	}
	if wait, any, err := b.p.Next(); err != nil || !any || wait < long/2 {
		t.Errorf("due in %s, %v, %v", wait, any, err)
	}
	for name := ""; name != state.Name && ctx.Err() == nil; {
		look(t, b.Store, func(v store.View) error {
			st, err := v.State("belta")
			name = st.Name
			return err
		})
		sleep(ctx, time.Millisecond)
	}
	if err := a.p.Pause("h:443", time.Now().Add(long)); err != nil {
		t.Fatal(err)
	}
	if _, paused, err := b.p.Ask(ctx, "h:443"); err != nil || time.Until(paused) < long/2 {
		t.Errorf("paused until %s, %v", paused, err)
	}
	cancel()
	ended.Wait()
	if all, err := a.p.c.Nodes(limit(t)); err != nil || len(all) > 0 {
		t.Errorf("%+v, %v: it has not left", all, err)
	}
}

// TestLateVisitOfANode: a node whose lease was taken by another cannot record, and the visits beside it can.
func TestLateVisitOfANode(t *testing.T) {
	t.Parallel()
	nodes := rigs(t, 2)
	a, b := nodes[0], nodes[1]
	var sources []news.Poll
	for i := range 2 {
		sources = append(sources, poll(fmt.Sprint("s", i), fmt.Sprintf("h%d:443", i), time.Unix(int64(i), 0)))
	}
	if err := a.p.SetSources(sources); err != nil {
		t.Fatal(err)
	}
	if all, err := a.p.Lease(5); err != nil || len(all) != 2 {
		t.Fatal(all, err)
	}
	exec(t, a.p.c, "update host set until = now(), due = now() where name = 'h0:443'")
	if all, err := b.p.Lease(5); err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	keep := func(source string) error {
		return a.UpdateStates(time.Now(), func(tx *store.Tx) error { return tx.PutState(source, news.State{Name: source}) })
	}
	if err := keep("s0"); !errors.Is(err, ErrFenced) {
		t.Errorf("%v, want %v", err, ErrFenced)
	}
	if err := keep("s1"); err != nil {
		t.Error(err)
	}
	v := visit(rand.New(rand.NewPCG(1, 7)), 1, 1)
	v.Source, v.State = "s0", &news.State{Name: "late"}
	if err := a.put(v); !errors.Is(err, ErrFenced) {
		t.Errorf("%v, want %v", err, ErrFenced)
	}
	agree(t, 1, a, b)
}

// TestHostThatIsLeasedAgain: where a lease has ended and the same node leases the host for another source, the late visit of the first is
// refused, and that of the second is recorded.
func TestHostThatIsLeasedAgain(t *testing.T) {
	t.Parallel()
	a := rigs(t, 1)[0]
	if err := a.p.SetSources([]news.Poll{poll("s0", "h:443", time.Unix(0, 0)), poll("s1", "h:443", time.Unix(1, 0))}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"s0", "s1"} {
		if all, err := a.p.Lease(5); err != nil || len(all) != 1 || all[0] != want {
			t.Fatalf("leased %v, %v, want %s", all, err, want)
		}
		if want == "s0" {
			exec(t, a.p.c, "update host set until = now(), due = now()")
			exec(t, a.p.c, "update source set due = now() + interval '1 hour' where id = 's0'")
		}
	}
	for _, tt := range []struct {
		source string
		want   error
	}{{"s0", ErrFenced}, {"s1", nil}} {
		err := a.UpdateStates(time.Now(), func(tx *store.Tx) error { return tx.PutState(tt.source, news.State{Name: tt.source}) })
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.source, err, tt.want)
		}
	}
}
