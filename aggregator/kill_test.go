package aggregator_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline/aggregator/internal/feedtest"
)

// ticker is a feed to which every other request adds items, with validators that are true.
type ticker struct {
	id       string
	requests chan time.Time // when each came

	mu      sync.Mutex
	still   bool // adds nothing
	asked   int
	from    int // the oldest item that is in the document
	to      int // the newest
	changes int
}

// items returns what the document holds, the newest first. Every seventh item is reworded now and then.
func (k *ticker) items() []feedtest.Item {
	all := feedItems(k.id, k.from, k.to-k.from+1)
	for i := range all {
		if no := k.to - i; no%7 == 0 {
			all[i].Title += fmt.Sprintf(", as of %d", k.changes/20)
		}
	}
	return all
}

func (k *ticker) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	k.mu.Lock()
	if k.asked++; k.asked%2 == 1 && !k.still {
		k.to += 1 + k.asked%3
		k.changes++
	}
	p := feedtest.Doc(feedtest.RSS(k.id, k.items()...), "ETag", fmt.Sprintf("%q", strconv.Itoa(k.changes)))
	k.mu.Unlock()
	select {
	case k.requests <- time.Now():
	default: // they are not counted at the moment
	}
	p.ServeHTTP(w, req)
}

// stop holds the document as it is; a request of a process that was killed may still be on its way.
func (k *ticker) stop() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.still = true
}

// resume lets all but the newest items leave the document, and new ones come.
func (k *ticker) resume() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.still, k.from = false, max(k.from, k.to-20)
}

// TestKill kills a process that ingests without a pause, again and again, anywhere in a pass. At any point the
// next pass completes it: every item that was served is there, once, and the log is dense.
func TestKill(t *testing.T) {
	t.Parallel()
	s := feedtest.NewServer(t)
	ids := []string{"alpha", "bravo", "charlie"}
	var tickers []*ticker
	r := &harness{t: t, path: filepath.Join(t.TempDir(), "wire.db")}
	r.fetch.Allow = []string{"127.0.0.0/8"}
	for _, id := range ids {
		k := &ticker{id: id, from: 1, requests: make(chan time.Time, 1000)}
		s.Set("/"+id, k)
		r.sources, tickers = append(r.sources, s.Source(id)), append(tickers, k)
	}
	seed := feedtest.Seed(t, 1)
	random := rand.New(rand.NewPCG(seed, 0))
	for n := range scale(3, 6, 100) {
		killed(t, child(t, "ingest", r.path, s.URL, ids), tickers[0].requests, random.IntN(3), random.Float64())
		for _, k := range tickers {
			k.stop()
		}
		r.open()
		r.sound()
		r.good()
		r.sound()
		for _, k := range tickers {
			r.complete(k)
			k.resume()
		}
		r.close()
		if t.Failed() {
			t.Fatalf("after kill %d", n+1)
		}
	}
}

// killed runs a child and kills it: two passes and so many more after it was started, at that part of a pass. How long a pass
// takes is seen from the first two, since it depends on the machine.
func killed(t *testing.T, cmd *exec.Cmd, passes <-chan time.Time, more int, part float64) {
	t.Helper()
	for len(passes) > 0 { // of the pass of the test itself
		<-passes
	}
	var said strings.Builder
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	next := func() (at time.Time) {
		select {
		case at = <-passes:
		case err := <-ended:
			t.Fatalf("the child ended by itself: %v: %s", err, &said)
		}
		return at
	}
	first := next()
	pass := next().Sub(first)
	for range more {
		next()
	}
	<-time.After(time.Duration(part * float64(pass)))
	if err := cmd.Process.Kill(); err != nil {
		t.Fatalf("the child ended by itself: %v: %s", err, &said)
	}
	<-ended // it says that the child was killed
	if said.Len() > 0 {
		t.Fatalf("the child said: %s", &said)
	}
}

// complete checks that all that the ticker ever served is there, once, as served last.
func (r *harness) complete(k *ticker) {
	r.t.Helper()
	title := map[string]string{}
	for _, it := range r.items(k.id) {
		if _, twice := title[it.GUID]; twice {
			r.t.Errorf("%s is there twice", it.GUID)
		}
		title[it.GUID] = it.Title
	}
	if len(title) != k.to {
		r.t.Errorf("%s: %d items are there, %d were served", k.id, len(title), k.to)
	}
	for _, p := range slices.Backward(k.items()) {
		if title[p.GUID] != p.Title {
			r.t.Errorf("%s reads %q, was served as %q", p.GUID, title[p.GUID], p.Title)
		}
	}
}
