package node

import "testing"

// The descriptors suffice for all that may be open at once.
func TestDescriptorsAreDivided(t *testing.T) {
	t.Parallel()
	for _, n := range []int{256, 512, 1024, 1 << 16, 1 << 20} {
		all, each := PublicConnections(n)
		if each >= all || all > maxConnections {
			t.Errorf("%d: %d connections, %d of each client", n, all, each)
		}
		if used := all + AdminConnections(n) + 2*MaxVisits(n) + 2*idleConnections(n); used > n-n/16 {
			t.Errorf("%d: %d may be open", n, used)
		}
	}
}
