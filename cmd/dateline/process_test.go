package main

import (
	"bufio"
	"encoding/json"
	"io"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// process is a running daemon.
type process struct {
	cmd           *exec.Cmd
	said          lines
	listen, admin string
	ended         chan struct{} // closed
}

// lines is what a process says, line by line.
type lines struct {
	mu  sync.Mutex
	all []string
}

func (l *lines) read(r io.Reader, each func(string)) {
	for s := bufio.NewScanner(r); s.Scan(); {
		l.mu.Lock()
		l.all = append(l.all, s.Text())
		l.mu.Unlock()
		each(s.Text())
	}
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.all, "\n")
}

// start starts the daemon and waits until it serves.
func (s *storm) start() {
	s.t.Helper()
	p := begin(s.t, s.command("serve"))
	s.mu.Lock()
	s.daemon = p
	s.mu.Unlock()
}

// begin starts a daemon and waits until it serves.
func begin(t *testing.T, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{cmd: cmd, ended: make(chan struct{})}
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	serving := make(chan struct{})
	go func() {
		p.said.read(stderr, func(line string) {
			var said struct{ Msg, Listen, Admin string }
			if json.Unmarshal([]byte(line), &said) == nil && said.Msg == "serving" {
				p.listen, p.admin = said.Listen, said.Admin
				close(serving)
			}
		})
		_ = p.cmd.Wait() // its code is in cmd.ProcessState
		close(p.ended)
	}()
	select {
	case <-serving:
	case <-p.ended:
		t.Fatalf("the daemon ended: %v\n%s", p.cmd.ProcessState, &p.said)
	case <-time.After(patience):
		t.Fatalf("the daemon does not serve:\n%s", &p.said)
	}
	return p
}

// quit ends a process that should have ended: it prints what each of its goroutines waits for.
func (p *process) quit() {
	_ = p.cmd.Process.Signal(syscall.SIGQUIT) // where it cannot, the process is killed at the end of the test
	select {
	case <-p.ended:
	case <-time.After(patience):
	}
}

// signal sends the daemon a signal.
func (s *storm) signal(sig syscall.Signal) {
	s.t.Helper()
	if err := s.daemon.cmd.Process.Signal(sig); err != nil {
		s.t.Error(err)
	}
}

// end ends the daemon by a signal, waits, and returns what it said.
func (s *storm) end(sig syscall.Signal) *process {
	s.t.Helper()
	p := s.daemon
	s.signal(sig)
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.quit()
		s.t.Fatalf("the daemon does not end:\n%s", &p.said)
	}
	s.mu.Lock()
	s.daemon = nil
	s.mu.Unlock()
	for _, bad := range []string{"DATA RACE", "panic", "visit broke", "internal error"} {
		if strings.Contains(p.said.String(), bad) {
			s.t.Errorf("the daemon said %q:\n%s", bad, &p.said)
		}
	}
	return p
}
