package control

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// failing is a listener whose first accepts fail.
type failing struct {
	net.Listener
	mu   sync.Mutex
	errs []error
}

func (f *failing) Accept() (net.Conn, error) {
	f.mu.Lock()
	if len(f.errs) > 0 {
		err := f.errs[0]
		f.errs = f.errs[1:]
		f.mu.Unlock()
		return nil, err
	}
	f.mu.Unlock()
	return f.Listener.Accept()
}

// calls is a listener in memory.
type calls chan net.Conn

func (c calls) Accept() (net.Conn, error) {
	conn, open := <-c
	if !open {
		return nil, net.ErrClosed
	}
	return conn, nil
}
func (c calls) Close() error { close(c); return nil }
func (calls) Addr() net.Addr { return &net.UnixAddr{Name: "s", Net: "unix"} }

// After any failure of accept the listener goes on within seconds, and logs one line.
func TestAcceptGoesOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var errs []error
		for range 12 { // 5 ms doubled eight times is more than a second
			errs = append(errs, syscall.EMFILE, errors.New("a failure that is not temporary"))
		}
		var said bytes.Buffer
		connections := make(calls, 1)
		l := Persistent(&failing{Listener: connections, errs: errs}, slog.New(slog.NewTextHandler(&said, nil)))
		ours, theirs := net.Pipe()
		defer ours.Close()
		connections <- theirs
		began := time.Now()
		if c, err := l.Accept(); c != theirs || err != nil {
			t.Errorf("%v, %v", c, err)
		}
		if took := time.Since(began); took > 20*time.Second || took < 15*time.Second {
			t.Errorf("after %v", took)
		}
		if n := strings.Count(said.String(), "\n"); n != 1 {
			t.Errorf("%d lines: %s", n, &said)
		}
		l.Close()
		if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("closed: %v", err)
		}
	})
}

// An Accept that waits after a failure ends with Close.
func TestCloseEndsTheWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := Persistent(&failing{Listener: make(calls), errs: make([]error, 0)}, slog.New(slog.DiscardHandler)).(*persistent)
		l.Listener.(*failing).errs = []error{syscall.EMFILE}
		ended := make(chan error)
		go func() {
			_, err := l.Accept()
			ended <- err
		}()
		synctest.Wait()
		l.Close()
		began := time.Now()
		if err := <-ended; !errors.Is(err, net.ErrClosed) || time.Since(began) != 0 {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}

// Where the socket's file is removed, or something else is put in its place, callers are heard again.
func TestSocketAnew(t *testing.T) {
	t.Parallel()
	store := filepath.Join(t.TempDir(), "wire.db")
	var said bytes.Buffer
	s, err := Listen(store, func(context.Context, Call, io.Writer, io.Writer) int { return 7 }, slog.New(slog.NewTextHandler(&said, nil)))
	if err != nil {
		t.Fatal(err)
	}
	answers := func() {
		t.Helper()
		s.look() // as the watch does
		if code, err := Ask(t.Context(), store, Call{}, io.Discard, io.Discard); code != 7 || err != nil {
			t.Errorf("exit %d, %v", code, err)
		}
		if info, err := os.Lstat(s.socket); err != nil || info.Mode().Perm() != 0o660 {
			t.Errorf("%v, %v", info, err)
		}
	}
	answers()
	if err := os.Remove(s.socket); err != nil {
		t.Fatal(err)
	}
	answers()
	if err := os.Rename(s.socket, s.socket+".old"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.socket, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	answers()
	if err := errors.Join(s.Close(t.Context()), s.Close(t.Context())); err != nil {
		t.Error(err)
	}
	if _, err := os.Lstat(s.socket); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the socket stays: %v", err)
	}
	if n := strings.Count(said.String(), "\n"); n != 2 {
		t.Errorf("%d lines: %s", n, &said)
	}
}

// A command that obeys no context does not keep Close for longer than a second after the end of its own.
func TestCloseLeavesWhatHangs(t *testing.T) {
	t.Parallel()
	store := filepath.Join(t.TempDir(), "wire.db")
	began, released := make(chan struct{}), make(chan struct{})
	s, err := Listen(store, func(context.Context, Call, io.Writer, io.Writer) int {
		close(began)
		<-released
		return 0
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	asked := make(chan struct{})
	go func() {
		defer close(asked)
		_, _ = Ask(t.Context(), store, Call{}, io.Discard, io.Discard)
	}()
	<-began
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Close(ended); err != nil {
		t.Error(err)
	}
	close(released)
	<-asked
}
