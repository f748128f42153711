package daemon

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"time"

	"dateline/cmd/dateline/node"
	"dateline/store"
)

const (
	copyStall = 30 * time.Second // for a write to the other node; also what is given to a copy of a small store
	copyPace  = 1 << 20          // bytes a second that a copy has to reach
)

// copyStore answers another node with a copy of the store, one at a time. A reader that stalls, or is slower than a megabyte a second, is
// cut off: pages that are freed meanwhile are not used again before the copy ends.
func (d *daemon) copyStore(w http.ResponseWriter, r *http.Request) {
	n := d.node.Load()
	if !n.Shared() {
		http.NotFound(w, r)
		return
	}
	switch valid, err := n.TakeTicket(r); {
	case err != nil:
		http.Error(w, "PostgreSQL is away", http.StatusServiceUnavailable)
		return
	case !valid:
		http.Error(w, "not asked by a node of the same store.dsn", http.StatusForbidden)
		return
	}
	if !d.copying.TryLock() {
		http.Error(w, "another copy is being made", http.StatusServiceUnavailable)
		return
	}
	defer d.copying.Unlock()
	size, err := giveCopy(r.Context(), w, n.Store)
	if err != nil {
		d.log.Error("another node got no copy of the store", "err", err)
		panic(http.ErrAbortHandler) // the other side sees that it was cut off
	}
	d.log.Info("another node has a copy of the store", "bytes", size)
}

// giveCopy writes a store and its sum, within the time that its size allows.
func giveCopy(ctx context.Context, w http.ResponseWriter, st *store.Store) (size int64, err error) {
	size, _ = st.Space()
	ctx, cancel := context.WithTimeout(ctx, copyStall+time.Duration(size/copyPace)*time.Second)
	defer cancel()
	limit := http.NewResponseController(w)
	_ = limit.SetReadDeadline(time.Time{}) // it has been read; only connections of the standard library have none, in tests
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Trailer", node.SumField)
	sum := sha256.New()
	err = st.Copy(ctx, io.MultiWriter(sum, paced{w, limit}), nil)
	w.Header().Set(node.SumField, hex.EncodeToString(sum.Sum(nil)))
	return size, err
}

// paced gives each write a limit of its own.
type paced struct {
	http.ResponseWriter
	limit *http.ResponseController
}

func (p paced) Write(b []byte) (int, error) {
	_ = p.limit.SetWriteDeadline(time.Now().Add(copyStall)) // see SetReadDeadline
	return p.ResponseWriter.Write(b)
}
