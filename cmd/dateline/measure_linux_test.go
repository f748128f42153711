package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"
	"golang.org/x/sys/unix"
)

// measuring is a run of the built program against a farm. It prints a row for each figure.
type measuring struct {
	t         *testing.T
	farm      *farm
	program   string
	dir       string
	n         int // sources
	yardstick float64
}

// TestMeasure prints what the built program costs: docs/measuring.md says how to read it. DATELINE_MEASURE is the number of sources;
// without it nothing is measured.
func TestMeasure(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("DATELINE_MEASURE"))
	if err != nil {
		t.Skip("DATELINE_MEASURE=1000 runs it on so many sources")
	}
	t.Setenv("GOGC", "100") // as the program is run: TestMain has another for all that the tests start
	m := &measuring{t: t, farm: newFarm(t, n, 1), dir: t.TempDir(), n: n}
	if m.program = os.Getenv("DATELINE_MEASURE_PROGRAM"); m.program == "" {
		m.program = filepath.Join(m.dir, "dateline")
		if out, err := exec.Command("go", "build", "-o", m.program, "dateline/cmd/dateline").CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	m.measureYardstick()
	only := os.Getenv("DATELINE_MEASURE_ONLY")
	for _, part := range []struct {
		name string
		do   func()
	}{{"pass", m.passes}, {"daemon", m.daemon}, {"check", m.check}, {"serve", m.serving}, {"hosts", m.slowHosts}} {
		if only == "" || strings.Contains(only, part.name) {
			part.do()
		}
	}
}

// row prints a figure.
func (m *measuring) row(what, format string, args ...any) {
	m.t.Logf("| %s | %s |", what, fmt.Sprintf(format, args...))
}

// visits prints CPU time a visit, as measured and as a calm machine would have it: there gofeed takes 3.1 ms for a feed.
func (m *measuring) visits(what string, cpu time.Duration, visits int) {
	each := ms(cpu) / float64(max(1, visits))
	m.row(what, "%.2f ms CPU a visit, scaled %.2f (%d visits)", each, each*3.1/m.yardstick, visits)
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// measureYardstick measures how long gofeed alone takes to parse the farm's feeds.
func (m *measuring) measureYardstick() {
	const feeds = 40
	var documents [][]byte
	for i := range feeds {
		documents = append(documents, m.farm.document(i, 0, 0))
	}
	before := cpuOf(m.t, os.Getpid())
	for _, b := range documents {
		if _, err := gofeed.NewParser().Parse(bytes.NewReader(b)); err != nil {
			m.t.Fatal(err)
		}
	}
	m.yardstick = ms(cpuOf(m.t, os.Getpid())-before) / feeds
	m.row("yardstick: gofeed alone", "%.2f ms CPU a feed of %d bytes", m.yardstick, len(documents[0]))
}

// cpuOf returns the CPU time that a process has used, user and system.
func cpuOf(t *testing.T, pid int) time.Duration {
	t.Helper()
	var ts unix.Timespec
	if err := unix.ClockGettime(int32(^pid<<3|2), &ts); err != nil { // the clock of a process, as clock_getcpuclockid(3) makes it
		t.Fatal(err)
	}
	return time.Duration(ts.Nano())
}

// run runs a command of the program and returns its CPU time and the most memory it had, in bytes. The latter is read while it runs: what
// wait4(2) says has the memory of this process in it, from the moment between fork and exec.
func (m *measuring) run(config string, args ...string) (cpu time.Duration, rss int64) {
	m.t.Helper()
	var out bytes.Buffer
	cmd := exec.Command(m.program, append([]string{"--config", config}, args...)...)
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		m.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			if err != nil {
				m.t.Fatalf("%v: %v: %.2000s", args, err, &out)
			}
			return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), rss
		case <-tick.C:
			rss = max(rss, memoryOf(cmd.Process.Pid, "VmHWM:"))
		}
	}
}

// memoryOf returns what the kernel says of a process's memory, in bytes; 0: the process has ended.
func memoryOf(pid int, what string) int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(b), what)
	number, _, _ := strings.Cut(strings.TrimSpace(after), " ")
	kb, _ := strconv.ParseInt(number, 10, 64)
	return kb << 10
}

// passes measures passes over all sources, each a process of its own.
func (m *measuring) passes() {
	config := m.farm.config(m.t, m.dir, m.n, "")
	pass := func(what string) (rss int64) {
		cpu, rss := m.run(config, "ingest", "--now")
		m.visits("pass: "+what, cpu, m.n)
		return rss
	}
	rss := pass("cold")
	m.row("peak RSS of the cold pass", "%d MB", rss/1e6)
	pass("304")
	m.farm.validators.Store(false)
	pass("same bytes")
	m.farm.stamping.Store(true)
	pass("only lastBuildDate changed")
	m.farm.stamping.Store(false)
	m.farm.advancing.Store(true)
	pass("5 new of 50")
	m.farm.advancing.Store(false)
	m.farm.validators.Store(true)
}

// visitsASecond is how many visits a second the daemon makes on its schedule.
const visitsASecond = 10

// daemon measures a daemon on the store that the passes left.
func (m *measuring) daemon() {
	config := m.farm.config(m.t, m.dir, m.n, "")
	m.run(config, "ingest", "--now")
	d := begin(m.t, exec.Command(m.program, "--config", config, "serve"))
	m.idle(d)
	m.pages(d)
	m.alone(d, config)
	m.end(d)
	config = m.farm.config(m.t, m.dir, m.n, fmt.Sprintf("poll: {every: %ds, floor: 1s, concurrency: 2}", max(1, m.n/visitsASecond)))
	d = begin(m.t, exec.Command(m.program, "--config", config, "serve"))
	defer m.end(d)
	m.spread()
	m.scheduled(d, "304")
	m.farm.advancing.Store(true)
	m.scheduled(d, "5 new of 50")
	m.farm.advancing.Store(false)
}

// spread waits for the first round of visits, which answers spread over the whole of the sources' interval: the sources are due as
// they were visited last, all at once.
func (m *measuring) spread() {
	m.farm.delay.Store(int64(2 * time.Second / visitsASecond))
	defer m.farm.delay.Store(0)
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for end := m.farm.requests.Load() + int64(m.n); m.farm.requests.Load() < end; {
		<-tick.C
	}
}

func (m *measuring) end(d *process) {
	_ = d.cmd.Process.Signal(syscall.SIGTERM)
	<-d.ended
}

// idle prints the memory of a daemon that has nothing to do, five seconds after its start.
func (m *measuring) idle(d *process) {
	<-time.After(5 * time.Second)
	m.row("idle, anonymous memory", "%d kB", memoryOf(d.cmd.Process.Pid, "RssAnon:")>>10)
}

// cost returns the CPU time that the daemon uses until do returns.
func (m *measuring) cost(d *process, do func()) time.Duration {
	before := cpuOf(m.t, d.cmd.Process.Pid)
	do()
	return cpuOf(m.t, d.cmd.Process.Pid) - before
}

// pages prints what the first answer of each page costs, and the size of the merged feed.
func (m *measuring) pages(d *process) {
	for _, url := range []string{"http://" + d.listen + "/sources", "http://" + d.admin + "/status", "http://" + d.admin + "/metrics"} {
		cpu := m.cost(d, func() { m.get(url, "") })
		m.row("first "+url[strings.LastIndexByte(url, '/'):], "%.0f ms CPU, scaled %.0f", ms(cpu), ms(cpu)*3.1/m.yardstick)
	}
	feed := "http://" + d.listen + "/feed.atom"
	cpu := m.cost(d, func() { m.get(feed, "") })
	b, _ := m.get(feed, "")
	m.row("merged feed", "%d bytes, %d entries, first answer %.1f ms CPU", len(b), bytes.Count(b, []byte("<entry")), ms(cpu))
}

// get returns the body of an answer and its entity tag. With a tag of the last answer it asks for gzip, and for nothing where that is
// the document still.
func (m *measuring) get(url, etag string) ([]byte, string) {
	m.t.Helper()
	r, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		m.t.Fatal(err)
	}
	if etag != "" {
		r.Header.Set("Accept-Encoding", "gzip")
		r.Header.Set("If-None-Match", etag)
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		m.t.Fatal(err)
	}
	defer answer.Body.Close()
	var body io.Reader = answer.Body
	if answer.Header.Get("Content-Encoding") == "gzip" && etag != "" {
		if body, err = gzip.NewReader(answer.Body); err != nil {
			m.t.Fatal(err)
		}
	}
	b, err := io.ReadAll(body)
	if err != nil || answer.StatusCode != http.StatusOK && answer.StatusCode != http.StatusNotModified {
		m.t.Fatal(url, answer.Status, err)
	}
	return b, answer.Header.Get("Etag")
}

// client returns a function that asks for the merged feed and the page as a client does that has them.
func (m *measuring) client(d *process) func() {
	feed, page := `"none"`, `"none"`
	return func() {
		_, feed = m.get("http://"+d.listen+"/feed.atom", feed)
		_, page = m.get("http://"+d.listen+"/", page)
	}
}

// alone measures single visits that `ingest` hands over; a client has asked for the documents after each.
func (m *measuring) alone(d *process, config string) {
	const times = 20
	ask := m.client(d)
	ask()
	for _, what := range []string{"304", "5 new of 50"} {
		m.farm.advancing.Store(what != "304")
		var visit, client time.Duration
		for i := range times {
			visit += m.cost(d, func() { m.run(config, "ingest", "--now", fmt.Sprintf("s%d", i%m.n)) })
			client += m.cost(d, ask)
		}
		m.visits("daemon: "+what+" alone, handed over by ingest", visit, times)
		m.visits("daemon: "+what+" alone, with the documents asked for after it", visit+client, times)
	}
	m.farm.advancing.Store(false)
}

// scheduled measures the daemon on its schedule, while a client asks for the documents once a second.
func (m *measuring) scheduled(d *process, what string) {
	ask := m.client(d)
	ask()
	began, requests := time.Now(), m.farm.requests.Load()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	cpu := m.cost(d, func() {
		for range 20 {
			<-tick.C
			ask()
		}
	})
	visits := int(m.farm.requests.Load() - requests)
	rate := float64(visits) / time.Since(began).Seconds()
	m.visits(fmt.Sprintf("daemon: %s, on schedule (%.1f visits a second), documents current", what, rate), cpu, visits)
}

// check measures `check` of configs of many sources.
func (m *measuring) check() {
	for _, n := range []int{5_000, 20_000, 50_000} {
		var b strings.Builder
		b.WriteString("sources:\n")
		for i := range n {
			fmt.Fprintf(&b, "  - {id: s%d, name: Agency %d, url: 'https://s%d.example/f'}\n", i, i, i)
		}
		config := filepath.Join(m.dir, "check.yaml")
		if err := os.WriteFile(config, []byte(b.String()), 0o644); err != nil {
			m.t.Fatal(err)
		}
		cmd := exec.Command(m.program, "--config", config, "check")
		out, err := cmd.CombinedOutput()
		if err != nil {
			m.row(fmt.Sprintf("check of %d sources", n), "%v: %.200s", err, out)
			continue
		}
		m.row(fmt.Sprintf("check of %d sources", n), "%.2f s CPU", (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds())
	}
}

// slowHosts measures passes over feeds that are on many hosts, each of which answers after 100 ms.
func (m *measuring) slowHosts() {
	m.farm = newFarm(m.t, m.n, m.n)
	dir := m.t.TempDir()
	m.run(m.farm.config(m.t, dir, m.n, ""), "ingest")
	m.farm.delay.Store(int64(100 * time.Millisecond))
	for what, edits := range map[string]string{"the default": "", "256": "poll: {concurrency: 256}"} {
		config := m.farm.config(m.t, dir, m.n, edits)
		began := time.Now()
		cpu, _ := m.run(config, "ingest", "--now")
		m.row(fmt.Sprintf("%d hosts that answer in 100 ms, concurrency %s", m.n, what), "%.2f s wall, %.2f ms CPU a visit",
			time.Since(began).Seconds(), ms(cpu)/float64(m.n))
	}
}
