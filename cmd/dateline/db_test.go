package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/news"
	"dateline/store"
	"dateline/store/storetest"
)

func TestFaultsArePrinted(t *testing.T) {
	t.Parallel()
	faults := []store.Fault{{Where: "log 7", What: "follows 5"}, {Where: "pages", What: "page 3: unreachable unfreed"}}
	for asJSON, want := range map[bool]string{
		false: "log 7: follows 5\npages: page 3: unreachable unfreed\n",
		true:  `{"faults":[{"where":"log 7","what":"follows 5"},{"where":"pages","what":"page 3: unreachable unfreed"}]}` + "\n",
	} {
		var out bytes.Buffer
		a := &app{stdout: &out, stderr: &out}
		err := a.printFaults("wire.db", faults, asJSON)
		if out.String() != want {
			t.Errorf("got %s want %s", &out, want)
		}
		if code, hint := judge(err); code != exitData || !strings.Contains(hint, "backup") {
			t.Errorf("exit %d, hint %q", code, hint)
		}
	}
}

// TestDBKill kills each command that writes files at random moments: what it worked on is whole afterwards, with all
// that was in it, and the next run succeeds. A run that ends before it is killed does not count, and the later ones are
// given half the time.
func TestDBKill(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "config.yaml"), []byte("store: {path: wire.db}\nsources: []\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	rng, ws := seeded(t), newWorkers(t)
	kills := scale(1, 3, 50)
	fillStore(t, filepath.Join(dir, "wire.db"), scale(500, 1000, 4000), rng)
	must := func(args ...string) []byte {
		t.Helper()
		out, err := ws.run(job{Dir: dir, Tmp: dir, Args: args})
		if err != nil || out.Code != 0 {
			t.Fatalf("%s: exit %d, %v\n%s", args, out.Code, err, out.Stderr)
		}
		return out.Stdout
	}
	want := must("feed")
	must("db", "backup", "copy.db")
	for _, command := range [][]string{{"db", "compact"}, {"db", "backup", "copy.db"}, {"db", "restore", "copy.db"}} {
		t.Run(command[1], func(t *testing.T) {
			began := time.Now()
			must(command...)
			most := max(time.Since(began), time.Millisecond)
			for killed := 0; killed < kills; {
				c := exec.Command("dateline", command...)
				c.Dir = dir
				if err := c.Start(); err != nil {
					t.Fatal(err)
				}
				timer := time.AfterFunc(upTo(rng, most), func() { _ = c.Process.Kill() }) // it may have ended
				if c.Wait() != nil {
					killed++
				} else {
					most = max(most/2, 1)
				}
				timer.Stop()
				if got := must("feed"); !bytes.Equal(got, want) {
					t.Fatal("the feed has changed")
				}
				if err := store.Verify(filepath.Join(dir, "copy.db")); err != nil {
					t.Fatal("the backup that was there before:", err)
				}
			}
			must(command...)
			must("db", "check")
			clearKept(t, dir)
		})
	}
}

// clearKept removes what restoring keeps.
func clearKept(t *testing.T, dir string) {
	t.Helper()
	kept, err := filepath.Glob(filepath.Join(dir, "wire.db.until-*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range kept {
		if err := os.Remove(name); err != nil {
			t.Error(err)
		}
	}
}

// fillStore makes a store with n items.
func fillStore(t *testing.T, path string, n int, rng *rand.Rand) {
	t.Helper()
	st, err := store.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w := storetest.Visit{Source: "belta", Now: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC), State: &news.State{}}
	for i := range n {
		k := news.ItemKey("belta", fmt.Sprint(i))
		w.Items = append(w.Items, news.Item{Key: k, Entry: k, Source: "belta", Title: fmt.Sprint("Bulletin ", i), Revision: 1,
			FirstSeen: w.Now, Content: fmt.Sprintf("%x", rng.Uint64())})
		w.Entries = append(w.Entries, news.Entry{Key: k})
		w.Log = append(w.Log, news.LogRecord{Entry: k, Kind: news.RecordNew, Revision: 1})
	}
	err = st.Update(w.Now, func(t *store.Tx) error { return w.Put(t) })
	if err := st.Close(); err != nil {
		t.Error(err)
	}
	if err != nil {
		t.Fatal(err)
	}
}
