package shared

import (
	"math/rand/v2"
	"testing"
	"time"

	"dateline/aggregator/news"
	"dateline/store"
)

// TestStateOfTwoNodes: what one node changes of the state of a source on what another changed a moment before is added to it: alone, with
// writes, and where one visits the source under a lease.
func TestStateOfTwoNodes(t *testing.T) {
	t.Parallel()
	nodes := rigs(t, 2)
	a, b := nodes[0], nodes[1]
	if err := a.p.SetSources([]news.Poll{poll("belta", "h:443", time.Unix(1, 0))}); err != nil {
		t.Fatal(err)
	}
	count := func(tx *store.Tx) error {
		st, err := tx.State("belta")
		st.Gaps++
		if err != nil {
			return err
		}
		return tx.PutState("belta", st)
	}
	r := rand.New(rand.NewPCG(1, 9))
	want := uint64(0)
	for i := range 3 {
		for _, node := range nodes {
			if err := node.UpdateStates(time.Now(), count); err != nil {
				t.Fatal(err)
			}
			v := visit(r, 2*i+int(want%2), 1)
			err := node.Update(v.Now, func(tx *store.Tx) error {
				if err := v.Put(tx); err != nil {
					return err
				}
				return count(tx)
			})
			if err != nil {
				t.Fatal(err)
			}
			want += 2
		}
	}
	if leased, err := a.p.Lease(1); err != nil || len(leased) != 1 {
		t.Fatal(leased, err)
	}
	for _, node := range []*rig{b, a} { // a records its visit last
		if err := node.UpdateStates(time.Now(), count); err != nil {
			t.Fatal(err)
		}
		want++
	}
	for _, node := range nodes {
		node.p.looked = time.Time{}
		if err := node.CatchUp(); err != nil {
			t.Fatal(err)
		}
		look(t, node.Store, func(v store.View) error {
			st, err := v.State("belta")
			if st.Gaps != want {
				t.Errorf("node %s knows %d changes, want %d", node.p.c.node, st.Gaps, want)
			}
			return err
		})
	}
	if due, err := a.p.c.LeaseDue(limit(t), 1, time.Minute); err != nil || len(due) > 0 {
		t.Errorf("due after its visit: %v, %v", due, err)
	}
}
