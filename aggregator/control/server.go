package control

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"

	"dateline/aggregator/platform"
)

// Run runs a command for a caller. Its context ends when the caller hangs up or the server is closed in haste.
type Run func(ctx context.Context, c Call, stdout, stderr io.Writer) (exit int)

// Server answers callers while the store is open.
type Server struct {
	run    Run
	log    *slog.Logger
	store  string
	socket string
	ctx    context.Context
	stop   context.CancelFunc
	calls  sync.WaitGroup
	quit   chan struct{} // closed by Close

	mu     sync.Mutex // guards what follows
	listen net.Listener
	file   fs.FileInfo // of the socket
	lost   bool        // it could not be listened anew
}

const (
	maxCall   = 64 << 20        // bytes of the line that a caller sends, files included
	lookEvery = 2 * time.Second // between two looks whether the socket's file is still there
	hurry     = time.Second     // for commands to end once they are interrupted
)

// Listen starts to answer callers. Only the process that has the store's lock may call it: it removes what a dead
// owner left behind. Where the socket's file is removed or replaced, the server listens anew within two seconds.
// The errors are those of [SocketPath] and of the operating system.
func Listen(store string, run Run, log *slog.Logger) (*Server, error) {
	socket, err := SocketPath(store)
	if err != nil {
		return nil, err
	}
	s := &Server{run: run, log: log, store: store, socket: socket, quit: make(chan struct{})}
	l, file, err := s.open()
	if err != nil {
		return nil, err
	}
	s.listen, s.file = l, file
	if err := os.WriteFile(PidPath(store), fmt.Appendf(nil, "%d\n", os.Getpid()), 0o644); err != nil {
		os.Remove(PidPath(store)) // half of one names no process
		return nil, errors.Join(err, l.Close(), os.Remove(socket))
	}
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.calls.Go(func() { s.accept(l) })
	s.calls.Go(s.watch)
	return s, nil
}

// open makes the socket.
func (s *Server) open() (net.Listener, fs.FileInfo, error) {
	if err := os.Remove(s.socket); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, err
	}
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: s.socket, Net: "unix"})
	if err != nil {
		return nil, nil, err
	}
	l.SetUnlinkOnClose(false) // another one may be in its place by then
	file, err := os.Lstat(s.socket)
	if err = errors.Join(err, platform.ProtectSocket(s.socket)); err != nil {
		return nil, nil, errors.Join(err, l.Close(), os.Remove(s.socket))
	}
	return Persistent(l, s.log), file, nil
}

func (s *Server) accept(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		s.calls.Go(func() {
			defer c.Close()
			s.answer(c)
		})
	}
}

// watch looks after the socket's file until the server is closed.
func (s *Server) watch() {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-s.quit:
			return
		case <-tick.C:
			s.look()
		}
	}
}

// look listens anew where the socket's file is not the one that was made.
func (s *Server) look() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed() || s.there() {
		return
	}
	l, file, err := s.open()
	if err != nil {
		if !s.lost {
			s.log.Error("the socket's file is gone and cannot be made anew for now", "path", s.socket, "err", err)
		}
		s.lost = true
		return
	}
	s.listen.Close()
	s.listen, s.file, s.lost = l, file, false
	s.calls.Go(func() { s.accept(l) })
	s.log.Warn("the socket's file was gone; listening anew", "path", s.socket)
}

func (s *Server) answer(c net.Conn) {
	c.SetReadDeadline(time.Now().Add(10 * time.Second))
	in := bufio.NewReader(io.LimitReader(c, maxCall))
	line, err := in.ReadBytes('\n')
	if err != nil {
		return
	}
	c.SetReadDeadline(time.Time{})
	out := &writer{enc: json.NewEncoder(c)}
	var call Call
	if err := json.Unmarshal(line, &call); err != nil {
		out.send(frame{Err: fmt.Appendf(nil, "dateline: %v\n", err)})
		out.exit(64)
		return
	}
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	go func() { // a caller says nothing more: anything that comes, and the end too, means that it has gone
		c.Read(make([]byte, 1))
		cancel()
	}()
	go out.live(ctx)
	out.exit(s.run(ctx, call, stream{out, false}, stream{out, true}))
}

func (s *Server) closed() bool {
	select {
	case <-s.quit:
		return true
	default:
		return false
	}
}

// Close takes no more callers, lets those under way end (or, once ctx ends, interrupts them and waits one more second),
// and removes socket and pid file. The store must still be held. A second Close does nothing.
func (s *Server) Close(ctx context.Context) error {
	s.mu.Lock()
	if s.closed() {
		s.mu.Unlock()
		return nil
	}
	close(s.quit)
	err := s.listen.Close()
	s.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		s.calls.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-ctx.Done():
		s.stop()
		timer := time.NewTimer(hurry)
		defer timer.Stop()
		select {
		case <-ended:
		case <-timer.C:
			s.log.Error("commands do not end")
		}
	}
	s.stop()
	remove := []string{PidPath(s.store)}
	if s.there() {
		remove = append(remove, s.socket)
	}
	for _, path := range remove {
		if e := os.Remove(path); e != nil && !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	return err
}

// there reports whether the socket's file is the one that was made.
func (s *Server) there() bool {
	file, err := os.Lstat(s.socket)
	return err == nil && os.SameFile(file, s.file)
}

// writer sends frames, one at a time; a caller that is gone hears nothing.
type writer struct {
	mu  sync.Mutex
	enc *json.Encoder
}

func (w *writer) send(f frame) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.enc.Encode(f)
}

// live says until ctx ends that we are alive.
func (w *writer) live(ctx context.Context) {
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for w.send(frame{}) == nil {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (w *writer) exit(code int) { _ = w.send(frame{Exit: &code}) }

// stream is the caller's standard output or error.
type stream struct {
	w   *writer
	err bool
}

func (s stream) Write(b []byte) (int, error) {
	f := frame{Out: b}
	if s.err {
		f = frame{Err: b}
	}
	if err := s.w.send(f); err != nil {
		return 0, err
	}
	return len(b), nil
}
