package control

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"dateline/aggregator/platform"
)

// Run runs a command for a caller. Its context ends when the caller hangs up or the server is closed in haste.
type Run func(ctx context.Context, c Call, stdout, stderr io.Writer) (exit int)

// Server answers callers for as long as the store is held.
type Server struct {
	run    Run
	store  string
	socket string
	listen net.Listener
	ctx    context.Context
	stop   context.CancelFunc
	calls  sync.WaitGroup
}

// maxCall bounds the line that a caller sends, files included.
const maxCall = 64 << 20

// Listen starts to answer callers. Only the holder of the store's lock may call it: it removes what a dead
// holder left behind.
func Listen(store string, run Run) (*Server, error) {
	socket, err := SocketPath(store)
	if err != nil {
		return nil, err
	}
	if err := os.Remove(socket); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	l, err := net.Listen("unix", socket)
	if err != nil {
		return nil, err
	}
	pid := fmt.Appendf(nil, "%d\n", os.Getpid())
	if err := errors.Join(platform.ProtectSocket(socket), os.WriteFile(PidPath(store), pid, 0o644)); err != nil {
		os.Remove(PidPath(store)) // half of one names nobody
		return nil, errors.Join(err, l.Close())
	}
	s := &Server{run: run, store: store, socket: socket, listen: l}
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.calls.Go(s.accept)
	return s, nil
}

func (s *Server) accept() {
	for {
		c, err := s.listen.Accept()
		if err != nil {
			return
		}
		s.calls.Go(func() {
			defer c.Close()
			s.answer(c)
		})
	}
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
	go func() { // a caller says nothing more: whatever comes, even the end, is its going away
		c.Read(make([]byte, 1))
		cancel()
	}()
	go out.live(ctx)
	out.exit(s.run(ctx, call, stream{out, false}, stream{out, true}))
}

// Close takes no more callers, lets those under way end (or, once ctx ends, interrupts them), and removes
// socket and pid file. The store must still be held.
func (s *Server) Close(ctx context.Context) error {
	err := s.listen.Close() // removes the socket
	stop := context.AfterFunc(ctx, s.stop)
	defer stop()
	s.calls.Wait()
	s.stop()
	if e := os.Remove(PidPath(s.store)); e != nil && !errors.Is(e, os.ErrNotExist) {
		err = errors.Join(err, e)
	}
	return err
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
