package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"dateline/store"
	"dateline/store/storetest"
)

// cluster is three nodes, each a process, over a PostgreSQL with a synchronous standby.
type cluster struct {
	t     *testing.T
	news  *torrent
	pg    *storetest.Pair
	dirs  []string
	nodes []*process
	rng   *rand.Rand

	kills, halts, servers, failovers int
	longest                          time.Duration // that nothing was appended while a node was halted
}

func newCluster(t *testing.T) *cluster {
	t.Helper()
	pg, err := storetest.StartPair(false)
	if err != nil {
		t.Skipf("no PostgreSQL with a standby: %v", err)
	}
	t.Cleanup(pg.Remove)
	c := &cluster{t: t, news: newTorrent(t, 96), pg: pg, rng: seeded(t)}
	for i := range 3 {
		c.dirs = append(c.dirs, t.TempDir())
		c.nodes = append(c.nodes, nil)
		if err := os.WriteFile(c.config(i), []byte(c.text(i)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		for _, p := range c.nodes {
			if p != nil {
				_ = p.cmd.Process.Kill() // a test that failed
				<-p.ended
			}
		}
	})
	for i := range c.dirs {
		c.start(i)
	}
	return c
}

func (c *cluster) config(i int) string { return filepath.Join(c.dirs[i], "config.yaml") }
func (c *cluster) file(i int) string   { return filepath.Join(c.dirs[i], "wire.db") }

func (c *cluster) text(i int) string {
	var b strings.Builder
	b.WriteString("feed: {title: Torrent, base_url: http://wire.example/}\n")
	b.WriteString("http: {listen: \"127.0.0.1:0\"}\nadmin: {listen: \"127.0.0.1:0\"}\n")
	fmt.Fprintf(&b, "store: {path: %q, dsn: %q}\npoll: {every: 1s, floor: 1s, timeout: 2s}\n", c.file(i), c.pg.URL())
	fmt.Fprintf(&b, "network: {allow: [127.0.0.1]}\nsources:\n")
	for n, url := range c.news.urls {
		fmt.Fprintf(&b, "  - {id: s%d, name: Desk %d, url: %q, every: 1s, language: en}\n", n, n, url)
	}
	return b.String()
}

func (c *cluster) start(i int) {
	c.t.Helper()
	c.nodes[i] = begin(c.t, exec.Command("dateline", "--config", c.config(i), "serve"))
}

// kill kills a node at once.
func (c *cluster) kill(i int) {
	p := c.nodes[i]
	_ = p.cmd.Process.Kill() // where it has ended, that is seen when it is started
	<-p.ended
	c.sane(p)
	c.nodes[i] = nil
	c.kills++
}

// sane checks what a process said.
func (c *cluster) sane(p *process) {
	c.t.Helper()
	for _, bad := range []string{"DATA RACE", "panic", "visit broke", "internal error", "another history"} {
		if strings.Contains(p.said.String(), bad) {
			c.t.Fatalf("a node said %q:\n%s", bad, &p.said)
		}
	}
}

// get returns what a node serves at a path, and the position of its log.
func (c *cluster) get(i int, path string) (body string, position int) {
	resp, err := http.Get("http://" + c.nodes[i].listen + path)
	if err != nil {
		return "", 0
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		return "", 0
	}
	number, _, _ := strings.Cut(strings.Trim(resp.Header.Get("ETag"), `"`), ".")
	position, _ = strconv.Atoi(number)
	return string(b), position
}

// halt stops a node for eight seconds, perhaps while it has the turn, and notes how long the others append nothing.
func (c *cluster) halt(i int) {
	c.t.Helper()
	head := func() string {
		out, err := c.pg.Primary.Query("select seq from " + c.schema() + ".head")
		if err != nil {
			c.t.Error(out, err)
		}
		return out
	}
	_ = c.nodes[i].cmd.Process.Signal(syscall.SIGSTOP)
	last, moved := head(), time.Now()
	for end := time.Now().Add(8 * time.Second); time.Now().Before(end); {
		<-time.After(50 * time.Millisecond)
		if now := head(); now != last {
			last, moved = now, time.Now()
		}
		c.longest = max(c.longest, time.Since(moved))
	}
	_ = c.nodes[i].cmd.Process.Signal(syscall.SIGCONT)
	c.halts++
}

func (c *cluster) schema() string {
	_, name, _ := strings.Cut(c.pg.URL(), "search_path=")
	return name
}

// strike does one thing that happens to a cluster.
func (c *cluster) strike(n int) {
	c.t.Helper()
	victim := c.rng.IntN(len(c.nodes))
	switch {
	case n%40 == 39:
		if err := c.pg.Failover(); err != nil {
			c.t.Fatal(err)
		}
		c.failovers++
	case n%10 == 4:
		c.pg.Primary.Kill()
		if n%20 == 4 {
			c.kill(victim)
		}
		<-time.After(upTo(c.rng, 2*time.Second))
		if err := c.pg.Primary.Start(); err != nil {
			c.t.Fatal(err)
		}
		c.servers++
	case n%10 == 7:
		c.halt(victim)
	default:
		c.kill(victim)
		if c.rng.IntN(4) == 0 { // a second one
			if other := (victim + 1) % len(c.nodes); c.nodes[other] != nil {
				c.kill(other)
			}
		}
	}
	for i, p := range c.nodes {
		if p == nil {
			c.start(i)
		}
	}
}

// TestClusterStorm: three nodes over a PostgreSQL with a synchronous standby bring in many items while nodes are killed and halted, and the
// server is killed and replaced by its standby. Nothing is lost or doubled, no text is in two entries, and the files and documents of the
// nodes are the same. In its whole form it goes on for 200 kills of nodes, 20 halts of one, 20 kills of the server, 5 failovers and 200,000
// positions.
func TestClusterStorm(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("three nodes and two PostgreSQL")
	}
	c := newCluster(t)
	kills, halts, servers, failovers := scale(0, 3, 200), scale(0, 0, 20), scale(0, 1, 20), scale(0, 0, 5)
	positions, at := scale(0, 500, 200_000), 0
	for n := 0; c.kills < kills || c.halts < halts || c.servers < servers || c.failovers < failovers || at < positions; n++ {
		<-time.After(upTo(c.rng, scale(0, 2*time.Second, 8*time.Second)))
		c.strike(n)
		_, now := c.get(c.rng.IntN(len(c.nodes)), "/feed.atom")
		if at = max(at, now); n%20 == 0 {
			t.Logf("%s: %d kills, %d halts (at most %s without an append), %d servers, %d failovers, position %d",
				time.Now().Format(time.TimeOnly), c.kills, c.halts, c.longest, c.servers, c.failovers, at)
		}
	}
	items := c.news.stop()
	end := time.Now().Add(scale[time.Duration](patience, 2*patience, 10*patience))
	for !c.news.recorded() { // the leases of killed nodes have to end
		if <-time.After(time.Second); time.Now().After(end) {
			t.Fatal("not all that was brought is recorded")
		}
	}
	c.agree()
	for i, p := range c.nodes {
		_ = p.cmd.Process.Signal(syscall.SIGTERM)
		<-p.ended
		c.sane(p)
		if c.nodes[i] = nil; p.cmd.ProcessState.ExitCode() != 0 {
			t.Errorf("exit %d\n%s", p.cmd.ProcessState.ExitCode(), &p.said)
		}
	}
	c.equal()
	c.complete(items)
	t.Logf("%d kills, %d halts (at most %s without an append), %d servers, %d failovers, position %d", c.kills, c.halts, c.longest, c.servers,
		c.failovers, at)
	if c.longest > 3500*time.Millisecond {
		t.Errorf("nothing was appended for %s while a node was halted", c.longest)
	}
}

// agree waits until all nodes serve the same, and compares their documents.
func (c *cluster) agree() {
	c.t.Helper()
	same := func(path string) bool {
		first, _ := c.get(0, path)
		for i := 1; i < len(c.nodes); i++ {
			if other, _ := c.get(i, path); other != first {
				return false
			}
		}
		return first != ""
	}
	for _, path := range []string{"/feed.atom", "/feed.rss", "/feed.json", "/changes.atom", "/sources/s1/feed.atom", "/archive/0.atom",
		"/archive/1.json", "/"} {
		if !eventually(func() bool { return same(path) }) {
			c.t.Errorf("the nodes serve different documents at %s", path)
		}
	}
}

// equal compares the files of nodes that have ended.
func (c *cluster) equal() {
	c.t.Helper()
	var first [32]byte
	for i := range c.dirs {
		st, err := store.Open(c.file(i), store.Options{ReadOnly: true})
		if err != nil {
			c.t.Fatal(err)
		}
		var digest [32]byte
		err = st.View(func(v store.View) (err error) {
			digest, err = v.Digest()
			return err
		})
		if err := st.Check(func(f store.Fault) { c.t.Errorf("node %d: %s", i, f) }); err != nil {
			c.t.Error(err)
		}
		st.Close()
		if i == 0 {
			first = digest
		}
		if err != nil || digest != first {
			c.t.Errorf("node %d: digest %x, the first has %x, %v", i, digest, first, err)
		}
	}
}

// complete checks that each item that was brought is stored once, and that items of one text are in one entry.
func (c *cluster) complete(items []int) {
	c.t.Helper()
	out, err := exec.Command("dateline", "--config", c.config(0), "export").Output()
	if err != nil {
		c.t.Fatal(err)
	}
	stored, entryOf, joined := map[string]int{}, map[string]string{}, 0
	for line := range strings.Lines(string(out)) {
		var it struct{ GUID, Entry string }
		var source, n int
		if err := json.Unmarshal([]byte(line), &it); err != nil {
			c.t.Fatal(err)
		}
		if _, err := fmt.Sscanf(it.GUID, "%d-%d", &source, &n); err != nil {
			c.t.Fatal(err)
		}
		if stored[it.GUID]++; stored[it.GUID] == 2 {
			c.t.Errorf("%s is stored twice", it.GUID)
		}
		text := torrentText(source, n)
		if other, ok := entryOf[text]; ok && other != it.Entry {
			c.t.Errorf("%s is in an entry of its own, its text is in another", it.GUID)
		} else if ok {
			joined++
		}
		entryOf[text] = it.Entry
	}
	all := 0
	for source, n := range items {
		all += n
		for k := range n {
			if guid := fmt.Sprintf("%d-%d", source, k); stored[guid] == 0 {
				c.t.Errorf("%s is lost", guid)
			}
		}
	}
	c.t.Logf("%d items brought, %d stored, %d of them joined another", all, len(stored), joined)
	if joined == 0 {
		c.t.Error("no item has joined another")
	}
}
