package main

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// largeSources serves n feeds, each of so many bytes on a host of its own, and returns a config with them.
func largeSources(t *testing.T, n, size, item int) (config string) {
	t.Helper()
	feed := func(id int) []byte {
		r := rand.New(rand.NewPCG(uint64(id), 1))
		b := []byte(`<rss version="2.0"><channel><title>Wire</title>`)
		for i := 0; len(b) < size; i++ {
			b = fmt.Appendf(b, `<item><guid>%d-%d</guid><title>Report %d of district %d</title><description>`, id, i, i, id)
			for from := len(b); len(b)-from < item; {
				b = append(strconv.AppendUint(append(b, 'w'), r.Uint64N(50_000), 16), ' ')
				if r.IntN(9) == 0 {
					b = append(b, "met. The "...)
				}
			}
			b = append(b, `</description></item>`...)
		}
		return append(b, `</channel></rss>`...)
	}
	dir := t.TempDir()
	var text strings.Builder
	fmt.Fprintf(&text, "store: {path: %q}\nnetwork: {allow: [127.0.0.0/8]}\nsources:\n", filepath.Join(dir, "wire.db"))
	for id := range n {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.%d.%d:0", id/250, 1+id%250))
		if err != nil {
			t.Fatal(err)
		}
		body := feed(id)
		server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) })}
		go server.Serve(l)
		t.Cleanup(func() { server.Close() })
		fmt.Fprintf(&text, "  - {id: s%d, url: 'http://%s/feed'}\n", id, l.Addr())
	}
	config = filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(config, []byte(text.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return config
}

// memoryGroup makes a cgroup below that of this process, and returns the folder of it and the file that holds the most that it used. It
// needs root, and cgroup v1 or a v2 tree that lets it; else the test is skipped.
func memoryGroup(t *testing.T, name string, limit int) (folder, most string) {
	t.Helper()
	max := strconv.Itoa(limit)
	for _, v := range []struct{ root, limit, most string }{
		{"/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.max_usage_in_bytes"},
		{"/sys/fs/cgroup", "memory.max", "memory.peak"},
	} {
		folder := filepath.Join(v.root, "dateline-"+name+"-"+strconv.Itoa(os.Getpid()))
		if os.Mkdir(folder, 0o755) != nil {
			continue
		}
		t.Cleanup(func() { _ = os.Remove(folder) }) // it is empty once its process has ended
		if limit == 0 || os.WriteFile(filepath.Join(folder, v.limit), []byte(max), 0) == nil {
			if _, err := os.Stat(filepath.Join(folder, v.most)); err == nil {
				return folder, filepath.Join(folder, v.most)
			}
		}
	}
	t.Skip("no cgroup can be made here: it takes root")
	return "", ""
}

// TestMemory: a pass over sixteen documents of 9.9 MB stays within 512 MB where nothing limits it, and is not killed in a cgroup of 256 MB;
// one over a thousand sources is not in one of 200 MB. All are read.
func TestMemory(t *testing.T) {
	if !scale(false, false, true) {
		t.Skip("DATELINE_LONG=1 runs it")
	}
	for _, tt := range []struct {
		name                 string
		sources, size, limit int
	}{
		{"sixteen", 16, 9_900_000, 0},
		{"sixteen-256MB", 16, 9_900_000, 256 << 20},
		{"thousand-200MB", 1000, 60_000, 200 << 20},
	} {
		t.Run(tt.name, func(t *testing.T) {
			folder, most := memoryGroup(t, tt.name, tt.limit)
			config := largeSources(t, tt.sources, tt.size, 20_000)
			cmd := exec.Command("bash", "-c", `echo $$ > "$0"/cgroup.procs; exec dateline --config "$1" ingest`, folder, config)
			cmd.Env = append(os.Environ(), "GOGC=100")
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Errorf("%v: %s", err, out)
			}
			used, err := os.ReadFile(most)
			if err != nil {
				t.Fatal(err)
			}
			n, err := strconv.ParseInt(strings.TrimSpace(string(used)), 10, 64)
			t.Logf("%d sources of %d bytes: %d MB, the kernel's pages of the store among them; user %v", tt.sources, tt.size, n/1e6,
				cmd.ProcessState.UserTime())
			if most := int64(512 << 20); err != nil || tt.limit == 0 && n > most { // the kernel sees to a limit, and kills
				t.Errorf("%d bytes, more than %d, or %v", n, most, err)
			}
		})
	}
}
