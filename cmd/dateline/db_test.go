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
)

func TestFaultsArePrinted(t *testing.T) {
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

func TestSize(t *testing.T) {
	for n, want := range map[int64]string{0: "0 B", 1023: "1023 B", 1536: "1.5 KiB", 5 << 30: "5.0 GiB", 3 << 50: "3072.0 TiB"} {
		if got := size(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}

// TestDBKill kills each command that writes files at random moments: what it worked on is whole afterwards, with all
// that was in it, and the next run succeeds.
func TestDBKill(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "config.yaml"), []byte("store: {path: wire.db}\nsources: []\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	items, kills := 4000, 8
	if testing.Short() {
		items, kills = 500, 3
	}
	fillStore(t, filepath.Join(dir, "wire.db"), items)
	run := func(args ...string) ([]byte, error) {
		c := exec.Command("dateline", args...)
		c.Dir = dir
		return c.CombinedOutput()
	}
	must := func(args ...string) []byte {
		t.Helper()
		out, err := run(args...)
		if err != nil {
			t.Fatalf("%s: %v\n%s", args, err, out)
		}
		return out
	}
	want := must("feed")
	must("db", "backup", "copy.db")
	rng := rand.New(rand.NewPCG(5, 9))
	for _, command := range [][]string{{"db", "compact"}, {"db", "backup", "copy.db"}, {"db", "restore", "copy.db"}} {
		t.Run(command[1], func(t *testing.T) {
			began := time.Now()
			must(command...)
			took := time.Since(began)
			killed := 0
			for range kills {
				c := exec.Command("dateline", command...)
				c.Dir = dir
				if err := c.Start(); err != nil {
					t.Fatal(err)
				}
				timer := time.AfterFunc(time.Duration(rng.Int64N(int64(took))), func() { _ = c.Process.Kill() }) // it may have ended
				if c.Wait() != nil {
					killed++
				}
				timer.Stop()
				if got := must("feed"); !bytes.Equal(got, want) {
					t.Fatal("the feed has changed")
				}
				if err := store.Verify(filepath.Join(dir, "copy.db")); err != nil {
					t.Fatal("the backup that was there before:", err)
				}
			}
			if killed == 0 && !testing.Short() {
				t.Error("nothing was killed: no test")
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
func fillStore(t *testing.T, path string, n int) {
	t.Helper()
	st, err := store.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w := store.Writes{Source: "belta", Now: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC), State: &news.State{}}
	for i := range n {
		k := news.ItemKey("belta", fmt.Sprint(i))
		w.Items = append(w.Items, news.Item{Key: k, Entry: k, Source: "belta", Title: fmt.Sprint("Bulletin ", i), Revision: 1,
			FirstSeen: w.Now, Content: fmt.Sprintf("%x", rand.Uint64())})
		w.Entries = append(w.Entries, news.Entry{Key: k})
		w.Log = append(w.Log, news.Record{Entry: k, Kind: news.RecordNew, Revision: 1})
	}
	err = st.Commit(func(store.View) (store.Writes, error) { return w, nil })
	if err := st.Close(); err != nil {
		t.Error(err)
	}
	if err != nil {
		t.Fatal(err)
	}
}
