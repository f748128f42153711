package main

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// TestKill: daemon and passes are killed at random moments. After each restart everything that was ever served is
// there, once; in the end everything that was published. In its whole form it kills 200 times.
func TestKill(t *testing.T) {
	t.Parallel()
	kills := scale(2, 3, 200)
	const most = 600 * time.Millisecond // that a daemon lives
	s := newStorm(t, max(50*time.Millisecond, time.Duration(kills)*most/(6*maxBulletins)))
	rng := seeded(t)
	stopReaders := several(2, func() {
		s.read("")
		<-time.After(50 * time.Millisecond)
	})
	for range kills {
		s.start()
		s.whole()
		lives := []*rand.Rand{rand.New(rand.NewPCG(rng.Uint64(), 1)), rand.New(rand.NewPCG(rng.Uint64(), 2))}
		var stopPasses []func()
		for _, life := range lives {
			stopPasses = append(stopPasses, several(1, func() { s.brief(upTo(life, time.Second)) }))
		}
		<-time.After(upTo(rng, most))
		s.end(syscall.SIGKILL)
		<-time.After(upTo(rng, 200*time.Millisecond)) // a pass may hold the store now
		for _, stop := range stopPasses {
			stop()
		}
	}
	s.start()
	s.whole()
	if !eventually(func() bool { return len(s.servedSoFar()) >= 20 }) {
		t.Errorf("readers saw %d bulletins", len(s.servedSoFar()))
	}
	stopReaders()
	s.complete()
	if p := s.end(syscall.SIGTERM); p.cmd.ProcessState.ExitCode() != 0 {
		t.Errorf("exit %d\n%s", p.cmd.ProcessState.ExitCode(), &p.said)
	}
}

// whole checks that a pass makes up for all that a kill has interrupted: all that was published is served. A pass waits for
// a visit that is under way, which may have asked before the last bulletin came: so it is the second one that counts.
func (s *storm) whole() {
	s.t.Helper()
	s.read("")
	s.press.pause(true)
	defer s.press.pause(false)
	for range 2 {
		if out, err := s.command("ingest", "--now").CombinedOutput(); err != nil {
			s.t.Errorf("a pass after a restart: %v\n%s", err, out)
		}
	}
	body, _ := s.get("/feed.atom", "")
	titles, err := feedTitles(body)
	if err != nil {
		s.t.Errorf("the feed: %v", err)
	}
	s.check(titles, s.press.titles())
}

// brief starts a pass and kills it after a while, unless it ends before. A pass whose owner dies, or that cannot
// get the store, may say so (75); nothing else is allowed.
func (s *storm) brief(after time.Duration) {
	var out bytes.Buffer
	c := s.command("ingest", "--now")
	c.Stderr = &out
	if err := c.Start(); err != nil {
		s.t.Error(err)
		return
	}
	var killed atomic.Bool
	timer := time.AfterFunc(after, func() {
		killed.Store(true)
		_ = c.Process.Kill() // it may have ended
	})
	code := codeOf(c.Wait())
	timer.Stop()
	if code == -1 && killed.Load() {
		return
	}
	if code != 0 && code != int(exitTempFail) || strings.Contains(out.String(), "DATA RACE") {
		s.t.Errorf("a pass: exit %d\n%s", code, &out)
	}
}
