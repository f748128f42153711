package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"dateline/store"
	"dateline/store/shared"
	"dateline/store/storetest"
)

// TestNodeCrashReplay rebuilds the file of a node as TestCrashReplay does that of a store of its own. Each is whole, has what was recorded
// last or just before, follows the log in PostgreSQL from there, and then has the digest of another node's file.
func TestNodeCrashReplay(t *testing.T) {
	if !scale(false, false, true) {
		t.Skip("DATELINE_LONG=1 runs it")
	}
	if _, err := exec.LookPath("strace"); err != nil {
		t.Skip("strace is not here")
	}
	dsn := storetest.Database(t)
	r, rng := newReplay(t, fmt.Sprintf(", dsn: %q", dsn)), seeded(t)
	r.capture()
	r.digest()
	want := r.otherNode()
	cluster, err := shared.Open(context.Background(), dsn, shared.Options{Node: "replayed"})
	if err != nil {
		t.Fatal(err)
	}
	defer cluster.Close()
	states, n, behind := make(chan crashed), 0, 0
	go func() {
		defer close(states)
		r.kills(states)
		r.cuts(rng, max(2_000-len(r.changes), 1_000), states)
	}()
	path := filepath.Join(t.TempDir(), "new.db")
	if err := follow(cluster, path); err != nil { // as without any of the changes
		t.Fatal(err)
	}
	if digest, faults, _, err := look(path); err != nil || len(faults) > 0 || digest != want {
		t.Fatalf("a new file: digest %.8s, want %.8s; %q, %v", digest, want, faults, err)
	}
	path = filepath.Join(t.TempDir(), "wire.db")
	for s := range states {
		n++
		if err := os.WriteFile(path, s.file, 0o640); err != nil {
			t.Fatal(err)
		}
		digest, faults, _, err := look(path)
		if err != nil || len(faults) > 0 || !slices.Contains(s.may, digest) {
			t.Errorf("%s: digest %.8s, want one of %.8s; %q, %v", s.what, digest, s.may, faults, err)
			continue
		}
		if digest != want {
			behind++
		}
		if err := follow(cluster, path); err != nil {
			t.Errorf("%s: %v", s.what, err)
			continue
		}
		if digest, faults, _, err = look(path); err != nil || len(faults) > 0 || digest != want {
			t.Errorf("%s: after it followed: digest %.8s, want %.8s; %q, %v", s.what, digest, want, faults, err)
		}
	}
	if behind < n/2 {
		t.Errorf("%d of %d files were behind the log", behind, n)
	}
	t.Logf("%d states of %d changes with %d syncs, %d of them behind the log", n, len(r.changes), len(r.syncs), behind)
}

// otherNode has another node, with a file of its own, read what the wire brings more, and returns the digest of its file.
func (r *replay) otherNode() string {
	r.t.Helper()
	text, err := os.ReadFile(r.config)
	if err != nil {
		r.t.Fatal(err)
	}
	dir := r.t.TempDir()
	path, config := r.path, r.config
	defer func() { r.path, r.config = path, config }()
	r.path, r.config = filepath.Join(dir, "wire.db"), filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(r.config, text, 0o644); err != nil {
		r.t.Fatal(err)
	}
	r.served("", 2)
	digest, faults, _, err := look(r.path)
	if err != nil || len(faults) > 0 {
		r.t.Fatalf("the other node: %q, %v", faults, err)
	}
	return digest
}

// follow has a file follow the log to its end.
func follow(c *shared.Cluster, path string) error {
	s, err := store.Open(path, store.Options{Log: shared.NewPeer(c, time.Minute)})
	if err != nil {
		return err
	}
	defer s.Close()
	return s.CatchUp()
}
