package main

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"dateline/store"
)

var replayWorkers = flag.Int("replay.workers", 1, "how many states TestCrashReplay tries at a time")

// change is a call that changes a file, or waits until what was changed is on disk.
type change struct {
	sync bool
	at   int64 // of a write; of a change of size the size
	data []byte
}

// apply makes the change.
func (c change) apply(file []byte) []byte {
	switch {
	case c.sync:
	case c.data == nil:
		file = append(file, make([]byte, max(0, int(c.at)-len(file)))...)[:c.at]
	default:
		file = append(file, make([]byte, max(0, int(c.at)+len(c.data)-len(file)))...)
		copy(file[c.at:], c.data)
	}
	return file
}

// torn returns the change with a random part of its sectors.
func (c change) torn(rng *rand.Rand) (all []change) {
	const sector = 512
	for at := 0; at < len(c.data); at += sector {
		if rng.IntN(2) == 0 {
			all = append(all, change{at: c.at + int64(at), data: c.data[at:min(at+sector, len(c.data))]})
		}
	}
	return all
}

// replay is the changes that the program made to a store while passes and a daemon ran, and a folder with the config.
type replay struct {
	t       *testing.T
	step    atomic.Int64 // of the source
	config  string
	node    bool   // the store is that of a node
	path    string // of the store
	before  []byte
	changes []change
	syncs   []int    // places of the syncs in changes
	digests []string // of the store as it is behind each of them; the first is that of before
}

// replaySteps is how often the source changes.
const replaySteps = 6

// wantedItems returns the titles of the source's items by their guids, as the last step has them.
func wantedItems() map[string]string {
	all := map[string]string{}
	for i := range 5 + 3*replaySteps {
		all[fmt.Sprint(i)] = replayTitle(i, replaySteps)
	}
	return all
}

// replayTitle is that of an item: every fourth is revised in the step after it came.
func replayTitle(i, step int) string {
	if i%4 == 0 && step > i/3 {
		return fmt.Sprintf("Council number %d meets again", i)
	}
	return fmt.Sprintf("Council number %d meets", i)
}

// newReplay makes a wire and a config; store is more keys of its store, with a comma before.
func newReplay(t *testing.T, store string) *replay {
	t.Helper()
	dir := t.TempDir()
	r := &replay{t: t, node: store != "", config: filepath.Join(dir, "config.yaml"), path: filepath.Join(dir, "wire.db")}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		step := int(r.step.Load())
		fmt.Fprint(w, `<rss version="2.0"><channel><title>Wire</title>`)
		for i := range 5 + 3*step {
			fmt.Fprintf(w, `<item><guid>%d</guid><title>%s</title><description>%s</description></item>`, i, replayTitle(i, step),
				strings.Repeat(fmt.Sprintf("The council of district %d met. ", i), 20))
		}
		fmt.Fprint(w, `</channel></rss>`)
	}))
	t.Cleanup(server.Close)
	text := fmt.Sprintf("feed: {base_url: \"http://wire.example/\"}\nstore: {path: wire.db%s}\nhttp: {listen: \"127.0.0.1:0\"}\n"+
		"admin: {listen: \"\"}\nnetwork: {allow: [127.0.0.1]}\nsources: [{id: wire, url: %q}]\n", store, server.URL)
	if err := os.WriteFile(r.config, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return r
}

// dateline returns the command line, under strace where trace is a file.
func (r *replay) dateline(trace string, args ...string) *exec.Cmd {
	line := append([]string{"dateline", "--config", r.config}, args...)
	if trace != "" {
		line = append([]string{"strace", "-f", "-qq", "-xx", "-s", "16777216", "-P", r.path, "-e",
			"trace=pwrite64,ftruncate,fdatasync,fsync", "-o", trace}, line...)
	}
	cmd := exec.Command(line[0], line[1:]...)
	cmd.Dir = filepath.Dir(r.config)
	return cmd
}

func (r *replay) pass(trace string) {
	r.t.Helper()
	if out, err := r.dateline(trace, "ingest", "--now").CombinedOutput(); err != nil {
		r.t.Fatalf("%v: %s", err, out)
	}
}

// served runs a daemon, under strace where trace is a file, beside which passes are asked for, each behind another change of the source.
func (r *replay) served(trace string, passes int) {
	r.t.Helper()
	daemon := begin(r.t, r.dateline(trace, "serve"))
	for range passes {
		r.step.Add(1)
		r.pass("")
	}
	pid, err := os.ReadFile(r.path + ".pid")
	if err != nil {
		r.t.Fatal(err)
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(pid)))
	if err != nil {
		r.t.Fatal(err)
	}
	if err := syscall.Kill(n, syscall.SIGTERM); err != nil {
		r.t.Fatal(err)
	}
	<-daemon.ended
}

// capture runs two passes, unless it is that of a node, and a daemon beside which passes are asked for, and reads what they did to the
// file from the second run on.
func (r *replay) capture() {
	r.t.Helper()
	if r.node {
		r.served("", 1)
	} else {
		r.pass("")
	}
	before, err := os.ReadFile(r.path)
	if err != nil {
		r.t.Fatal(err)
	}
	r.before = before
	traces := []string{filepath.Join(r.t.TempDir(), "daemon")}
	if !r.node {
		traces = append([]string{filepath.Join(r.t.TempDir(), "pass")}, traces...)
		r.step.Add(1)
		r.pass(traces[0])
	}
	r.served(traces[len(traces)-1], replaySteps-1)
	for _, name := range traces {
		r.read(name)
	}
	after, err := os.ReadFile(r.path)
	if err != nil {
		r.t.Fatal(err)
	}
	is := bytes.Clone(r.before)
	for _, c := range r.changes {
		is = c.apply(is)
	}
	if !bytes.Equal(is, after) {
		r.t.Fatalf("%d changes do not make the file that there is: %d bytes, not %d", len(r.changes), len(is), len(after))
	}
}

// digest notes the digests of the store behind each sync.
func (r *replay) digest() {
	r.t.Helper()
	path, file := filepath.Join(r.t.TempDir(), "wire.db"), bytes.Clone(r.before)
	for i, c := range append([]change{{sync: true}}, r.changes...) {
		if file = c.apply(file); !c.sync {
			continue
		}
		if err := os.WriteFile(path, file, 0o640); err != nil {
			r.t.Fatal(err)
		}
		digest, faults, _, err := look(path)
		if err != nil || len(faults) > 0 {
			r.t.Fatalf("after change %d: %q, %v", i-1, faults, err)
		}
		r.digests = append(r.digests, digest)
	}
}

var tracedCall = regexp.MustCompile(`^\d+ +(pwrite64|ftruncate|fdatasync|fsync)\(\d+(?:<[^>]*>)?` +
	`(?:, "((?:\\x[0-9a-f]{2})*)", (\d+), (\d+)|, (\d+))?[ )]`)

// read reads a trace.
func (r *replay) read(name string) {
	r.t.Helper()
	trace, err := os.ReadFile(name)
	if err != nil {
		r.t.Skip("strace cannot trace here: ", err)
	}
	for line := range strings.Lines(string(trace)) {
		m := tracedCall.FindStringSubmatch(line)
		switch {
		case m == nil:
			if !slices.ContainsFunc([]string{"resumed>", "<detached", "+++", "---"}, func(s string) bool { return strings.Contains(line, s) }) {
				r.t.Fatalf("a line of another form: %.200s", line)
			}
		case m[1] == "pwrite64":
			data := unhex(m[2])
			if strconv.Itoa(len(data)) != m[3] {
				r.t.Fatalf("%d bytes of %s were traced", len(data), m[3])
			}
			at, _ := strconv.ParseInt(m[4], 10, 64)
			r.changes = append(r.changes, change{at: at, data: data})
		case m[1] == "ftruncate":
			size, _ := strconv.ParseInt(m[5], 10, 64)
			r.changes = append(r.changes, change{at: size})
		default:
			r.syncs = append(r.syncs, len(r.changes))
			r.changes = append(r.changes, change{sync: true})
		}
	}
}

// unhex reads what strace prints of bytes: \x and two digits for each.
func unhex(s string) []byte {
	b := make([]byte, 0, len(s)/4)
	for i := 0; i+3 < len(s); i += 4 {
		n, _ := strconv.ParseUint(s[i+2:i+4], 16, 8)
		b = append(b, byte(n))
	}
	return b
}

// crashed is a file as a crash may leave it, and the digests that its store may have.
type crashed struct {
	what string
	file []byte
	may  []string
}

// kills sends the file after every change: a process was killed there.
func (r *replay) kills(states chan<- crashed) {
	file, done := bytes.Clone(r.before), 0
	for i, c := range r.changes {
		if file = c.apply(file); c.sync {
			done++
		}
		states <- crashed{fmt.Sprintf("killed after change %d", i), bytes.Clone(file), r.around(done)}
	}
}

// around returns the digests that a store may have between two syncs.
func (r *replay) around(done int) []string { return r.digests[done:min(done+2, len(r.digests))] }

// cuts sends n files as a power cut may leave them: what was synced, and of the rest some changes, whole or in part.
func (r *replay) cuts(rng *rand.Rand, n int, states chan<- crashed) {
	durable, from := bytes.Clone(r.before), 0
	for i, sync := range r.syncs {
		open := r.changes[from:sync]
		for k := range n*(i+1)/len(r.syncs) - n*i/len(r.syncs) {
			file := bytes.Clone(durable)
			for _, c := range open[:rng.IntN(len(open)+1)] {
				switch rng.IntN(3) {
				case 0:
					file = c.apply(file)
				case 1:
					for _, part := range c.torn(rng) {
						file = part.apply(file)
					}
				}
			}
			states <- crashed{fmt.Sprintf("power cut %d before sync %d", k, i), file, r.around(i)}
		}
		for _, c := range open {
			durable = c.apply(durable)
		}
		from = sync + 1
	}
}

// look returns the digest of a store, its faults, and the titles of its items by guid.
func look(path string) (digest string, faults []string, titles map[string]string, err error) {
	s, err := store.Open(path, store.Options{ReadOnly: true})
	if err != nil {
		return "", nil, nil, err
	}
	defer s.Close()
	if err := s.Check(func(f store.Fault) { faults = append(faults, f.Error()) }); err != nil {
		return "", faults, nil, err
	}
	titles = map[string]string{}
	err = s.View(func(v store.View) error {
		sum, err := v.Digest()
		if err != nil {
			return err
		}
		digest = fmt.Sprintf("%x", sum)
		for it, err := range v.Items() {
			if err != nil {
				return err
			}
			if _, twice := titles[it.GUID]; twice {
				faults = append(faults, "item "+it.GUID+" is there twice")
			}
			titles[it.GUID] = it.Title
		}
		return nil
	})
	return digest, faults, titles, err
}

// try looks at a state, and runs a pass on it.
func (r *replay) try(ws *workers, dir string, s crashed) {
	path := filepath.Join(dir, "wire.db")
	if err := os.WriteFile(path, s.file, 0o640); err != nil {
		r.t.Error(err)
		return
	}
	digest, faults, _, err := look(path)
	if err != nil || len(faults) > 0 || !slices.Contains(s.may, digest) {
		r.t.Errorf("%s: digest %.8s, want one of %.8s; %q, %v", s.what, digest, s.may, faults, err)
		return
	}
	out, err := ws.run(job{Dir: dir, Tmp: dir, Args: []string{"ingest", "--now"}})
	if err != nil || out.Code != 0 {
		r.t.Errorf("%s: a pass: exit %d, %v: %s", s.what, out.Code, err, out.Stderr)
		return
	}
	_, faults, titles, err := look(path)
	want := wantedItems()
	for guid, title := range want {
		if titles[guid] != title {
			faults = append(faults, fmt.Sprintf("item %s is %q", guid, titles[guid]))
		}
	}
	if err != nil || len(faults) > 0 || len(titles) != len(want) {
		r.t.Errorf("%s: after a pass: %d items of %d, %q, %v", s.what, len(titles), len(want), faults, err)
	}
}

// TestCrashReplay rebuilds the file of a run as a kill after each of its changes leaves it, and as power cuts may: with any of the changes
// since the last sync, whole or in parts of 512 bytes. Each store is whole, has what was recorded last or just before, and takes a pass
// that brings all.
func TestCrashReplay(t *testing.T) {
	if !scale(false, false, true) {
		t.Skip("DATELINE_LONG=1 runs it")
	}
	if _, err := exec.LookPath("strace"); err != nil {
		t.Skip("strace is not here")
	}
	r, rng := newReplay(t, ""), seeded(t)
	r.capture()
	r.digest()
	states, n, ws := make(chan crashed), atomic.Int64{}, newWorkers(t)
	var all sync.WaitGroup
	for range *replayWorkers {
		dir := t.TempDir()
		config, err := os.ReadFile(r.config)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, "config.yaml"), config, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
		all.Go(func() {
			for s := range states {
				n.Add(1)
				r.try(ws, dir, s)
			}
		})
	}
	r.kills(states)
	r.cuts(rng, 10_000-len(r.changes), states)
	close(states)
	all.Wait()
	t.Logf("%d states of %d changes with %d syncs", n.Load(), len(r.changes), len(r.syncs))
}
