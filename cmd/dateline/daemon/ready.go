package daemon

import (
	"fmt"
	"net/http"

	"dateline/cmd/dateline/node"
)

// readyz says whether the daemon can do its work: 503 while the disk of the store is full, or PostgreSQL is away. A node that shares its
// sources says too how far it is behind the others.
func (d *daemon) readyz(w http.ResponseWriter, r *http.Request) {
	n := d.node.Load()
	cluster, err := n.ClusterStatus(r.Context())
	why := ""
	switch {
	case n.Store.Full():
		why = "the store's disk is full"
	case err != nil:
		why = "the store cannot be read"
	case d.away.Load() || cluster != nil && cluster.State == node.ClusterAway:
		why = "PostgreSQL is away"
	case cluster != nil:
		w.Header().Set("Cache-Control", "no-store")
		fmt.Fprintf(w, "ready\nlag: %d writes\nturns: %d in %.3f s\nlog: %d bytes\n", cluster.Lag, cluster.Turns, cluster.TurnWait,
			cluster.LogBytes)
		return
	default:
		d.handler.ServeHTTP(w, r)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Retry-After", "60")
	http.Error(w, why, http.StatusServiceUnavailable)
}
