package daemon

import (
	"context"
	"errors"
	"io/fs"
	"net/http/httptest"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"dateline/aggregator/status"
	"dateline/store"
)

// TestFullDisk: while the store's disk is full the daemon is not ready and its status says so; a source is not late for that, and is
// due when it will be visited.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	d := newTestDaemon(t, demoConfig(t, newServer(t).url))
	n := d.node.Load()
	ctx, stop := context.WithCancel(t.Context())
	var under sync.WaitGroup
	defer under.Wait()
	defer stop()
	under.Go(func() { _ = n.Engine.Run(ctx) }) // how it ends is of no interest here
	if !eventually(func() bool { return visited(d, "belta") }) {
		t.Fatal("belta was not visited")
	}
	ready := func() int {
		answer := httptest.NewRecorder()
		d.public().ServeHTTP(answer, httptest.NewRequest("GET", "/readyz", nil))
		return answer.Code
	}
	shown := func(path string) string {
		answer := httptest.NewRecorder()
		d.admin().ServeHTTP(answer, httptest.NewRequest("GET", "http://localhost"+path, nil))
		return answer.Body.String()
	}
	if code := ready(); code != 200 || !strings.HasPrefix(shown("/status.json"), `{"store":{"state":"ok"}`) {
		t.Errorf("%d, %.60s", code, shown("/status.json"))
	}
	err := n.Store.Update(time.Now(), func(tx *store.Tx) error { // as after a visit that could not be recorded
		st, err := tx.State("belta")
		st.Due = st.Due.Add(-2 * time.Hour)
		return errors.Join(err, tx.PutState("belta", st))
	})
	if all, _ := n.Status(time.Now()); err != nil || all[0].ID != "belta" || all[0].State != status.Late {
		t.Fatalf("%v, %s is %s", err, all[0].ID, all[0].State)
	}
	full := &fs.PathError{Op: "write", Err: syscall.ENOSPC}
	if err := n.Store.Update(time.Now(), func(*store.Tx) error { return full }); err == nil {
		t.Fatal("there was room")
	}
	if code := ready(); code != 503 || !strings.HasPrefix(shown("/status.json"), `{"store":{"state":"full"}`) ||
		!strings.Contains(shown("/status"), "disk is full") {
		t.Errorf("%d, %.60s", code, shown("/status.json"))
	}
	due, _ := n.Engine.Due("belta")
	all, err := n.Status(time.Now())
	if err != nil || !time.Time(all[0].NextDue).Equal(due) || all[0].State != status.OK {
		t.Errorf("%v: %s is %s, due %v, not %v", err, all[0].ID, all[0].State, all[0].NextDue, due)
	}
	if err := n.Store.Update(time.Now(), func(*store.Tx) error { return nil }); err != nil || ready() != 200 {
		t.Errorf("%v, %d", err, ready())
	}
}

// visited reports whether a source was read.
func visited(d *daemon, source string) bool {
	all, err := d.node.Load().Status(time.Now())
	if err != nil {
		return false
	}
	for _, s := range all {
		if s.ID == source {
			return !time.Time(s.LastSuccess).IsZero()
		}
	}
	return false
}
