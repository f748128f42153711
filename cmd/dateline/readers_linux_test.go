package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"sync"
	"syscall"
	"testing"
)

// peak returns the most memory that a process has had resident, in MiB.
func peak(t *testing.T, pid int) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	kib, err := strconv.Atoi(string(regexp.MustCompile(`VmHWM:\s*(\d+)`).FindSubmatch(status)[1]))
	if err != nil {
		t.Fatal(err)
	}
	return kib >> 10
}

// TestManyReaders: 800 clients that ask for one search at once, and 800 that each ask for another, take little memory: one render is
// shared, few are done at a time, and those too many are asked to come again.
func TestManyReaders(t *testing.T) {
	longDisk(t)
	f := newFaulty(t, t.TempDir())
	f.n.Store(2000)
	if code, out := f.run(nil, "ingest"); code != 0 {
		t.Fatalf("exit %d: %s", code, out)
	}
	p := begin(t, exec.Command("dateline", "--config", f.config, "serve"))
	before := peak(t, p.cmd.Process.Pid)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 800}}
	const clients = 800
	for what, query := range map[string]func(int) string{
		"one search":   func(int) string { return "council" },
		"another each": func(i int) string { return fmt.Sprintf("council+%d", i) },
	} {
		var mu sync.Mutex
		codes := map[int]int{}
		var all sync.WaitGroup
		for i := range clients {
			all.Go(func() {
				answer, err := client.Get("http://" + p.listen + "/search.atom?q=" + query(i))
				if err != nil {
					t.Error(err)
					return
				}
				defer answer.Body.Close()
				if _, err := io.Copy(io.Discard, answer.Body); err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				if codes[answer.StatusCode]++; answer.StatusCode == http.StatusServiceUnavailable && answer.Header.Get("Retry-After") == "" {
					t.Error("503 without Retry-After")
				}
			})
		}
		all.Wait()
		now := peak(t, p.cmd.Process.Pid)
		t.Logf("%s: %v, at most %d MiB; %d MiB before", what, codes, now, before)
		if now > 512 || codes[http.StatusOK] == 0 || codes[http.StatusOK]+codes[http.StatusServiceUnavailable] != clients {
			t.Errorf("%s: %v, %d MiB", what, codes, now)
		}
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-p.ended
}
