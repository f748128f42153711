package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// faulty is a source and a config with it, for passes on a disk that fails.
type faulty struct {
	t      *testing.T
	config string
	n      *atomic.Int64 // of the source's items
}

func newFaulty(t *testing.T, folder string) faulty {
	f := faulty{t, filepath.Join(t.TempDir(), "config.yaml"), &atomic.Int64{}}
	f.n.Store(10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<rss version="2.0"><channel><title>Wire</title>`)
		for i := range f.n.Load() {
			fmt.Fprintf(w, `<item><guid>%d</guid><title>Council number %d meets</title><description>%s</description></item>`, i, i,
				strings.Repeat(fmt.Sprintf("The council of district %d met. ", i), 20))
		}
		fmt.Fprint(w, `</channel></rss>`)
	}))
	t.Cleanup(server.Close)
	text := fmt.Sprintf("store: {path: %q}\nhttp: {listen: \"127.0.0.1:0\"}\nadmin: {listen: \"127.0.0.1:0\"}\n"+
		"network: {allow: [127.0.0.1]}\nsources: [{id: wire, url: %q}]\n", filepath.Join(folder, "wire.db"), server.URL)
	if err := os.WriteFile(f.config, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return f
}

// run runs a program with arguments, and dateline's behind them. It returns the exit code and what was printed.
func (f faulty) run(before []string, args ...string) (int, string) {
	f.t.Helper()
	line := append(append(before, "dateline", "--config", f.config), args...)
	cmd := exec.Command(line[0], line[1:]...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		f.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String()
}

// items returns how many items are stored.
func (f faulty) items() int {
	_, out := f.run(nil, "export")
	n := 0
	for line := range strings.Lines(out) {
		if json.Valid([]byte(line)) {
			n++
		}
	}
	return n
}

// survives checks what a pass on a failing disk left behind: nothing that is damaged, all items where it said that all is well, and after
// a pass on a good disk all of them, once.
func (f faulty) survives(what string, code int, out string) {
	f.t.Helper()
	if strings.Contains(out, "internal error") || strings.Contains(out, "panic:") || code < 0 {
		f.t.Errorf("%s: exit %d: %s", what, code, out)
	}
	all := int(f.n.Load())
	if code == 0 && f.items() != all {
		f.t.Errorf("%s: exit 0 with %d items of %d", what, f.items(), all)
	}
	if code, out := f.run(nil, "db", "check"); code != 0 && code != int(exitNoInput) {
		f.t.Errorf("%s: db check: exit %d: %s", what, code, out)
	}
	if code, out := f.run(nil, "ingest", "--now"); code != 0 || f.items() != all {
		f.t.Errorf("%s: a pass on a good disk: exit %d, %d items of %d: %s", what, code, f.items(), all, out)
	}
}

// TestDiskFaults: a disk that fails at any write, sync or change of size of a pass loses nothing that was recorded, and no pass says that
// all is well where it is not.
func TestDiskFaults(t *testing.T) {
	if !scale(false, false, true) {
		t.Skip("DATELINE_LONG=1 runs it")
	}
	if _, err := exec.LookPath("strace"); err != nil {
		t.Skip("strace is not here")
	}
	for _, call := range []string{"pwrite64", "fdatasync", "ftruncate"} {
		for _, fault := range []string{"error=EIO", "error=ENOSPC"} {
			t.Run(call+" "+fault, func(t *testing.T) {
				t.Parallel()
				injected, failed := 0, 0
				for n := 1; n < 100; n++ {
					f := newFaulty(t, t.TempDir())
					seen := filepath.Join(t.TempDir(), "calls")
					code, out := f.run([]string{"strace", "-f", "-qq", "-o", seen, "-e", "trace=" + call, "-e", fmt.Sprintf("inject=%s:%s:when=%d",
						call, fault, n)}, "ingest")
					calls, err := os.ReadFile(seen)
					if err != nil {
						t.Skip("strace cannot trace here: ", out)
					}
					if !bytes.Contains(calls, []byte("INJECTED")) {
						break
					}
					injected++
					if code != 0 {
						failed++
					}
					f.survives(fmt.Sprintf("%s %s at the %dth", call, fault, n), code, out)
				}
				t.Logf("%d faults, %d passes said that they failed", injected, failed)
				if injected == 0 {
					t.Error("no fault was injected")
				}
			})
		}
	}
}

// TestSmallDisk: where a file may be no larger than so many KiB (ulimit -f), nothing is lost and no pass reports what it did not store.
func TestSmallDisk(t *testing.T) {
	if !scale(false, false, true) {
		t.Skip("DATELINE_LONG=1 runs it")
	}
	failed := 0
	for kib := 0; kib <= 64; kib += 4 {
		f := newFaulty(t, t.TempDir())
		code, out := f.run([]string{"bash", "-c", fmt.Sprintf(`ulimit -f %d; exec "$0" "$@"`, kib)}, "ingest")
		if code != 0 {
			failed++
		}
		f.survives(fmt.Sprintf("files of at most %d KiB", kib), code, out)
	}
	t.Logf("of 17 sizes %d were too small", failed)
	if failed == 0 || failed == 17 {
		t.Error("the limit was never met, or always")
	}
}
