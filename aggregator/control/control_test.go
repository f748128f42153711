package control

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func listen(t *testing.T, store string, run Run) *Server {
	t.Helper()
	s, err := Listen(store, run, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close(context.Background()) })
	return s
}

// A pid file that could not be written whole does not stay: on a full disk it would be an empty one.
func TestNoHalfPidFile(t *testing.T) {
	store := filepath.Join(t.TempDir(), "wire.db")
	if err := os.Symlink("/dev/full", PidPath(store)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip(err)
	}
	if s, err := Listen(store, nil, slog.New(slog.DiscardHandler)); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("%v, %v", s, err)
	}
	left, err := os.ReadDir(filepath.Dir(store))
	if err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
}

func TestAsk(t *testing.T) {
	store := filepath.Join(t.TempDir(), "wire.db")
	listen(t, store, func(_ context.Context, c Call, stdout, stderr io.Writer) int {
		fmt.Fprintf(stdout, "%s %q %s", c.Config, c.Args, c.Files["a.xml"])
		fmt.Fprint(stderr, "warning")
		return 2
	})
	var out, errs bytes.Buffer
	code, err := Ask(t.Context(), store, Call{Config: "/etc/c.yaml", Args: []string{"ingest", "--now"},
		Files: map[string][]byte{"a.xml": []byte("<rss/>")}}, &out, &errs)
	if err != nil || code != 2 {
		t.Errorf("exit %d, %v", code, err)
	}
	if got, want := out.String(), `/etc/c.yaml ["ingest" "--now"] <rss/>`; got != want {
		t.Errorf("stdout %q, want %q", got, want)
	}
	if errs.String() != "warning" {
		t.Errorf("stderr %q", errs.String())
	}
	if OwnerPid(store) != os.Getpid() {
		t.Errorf("pid file says %d", OwnerPid(store))
	}
}

// A call that cannot be read, as from a program that is no Dateline, is answered with exit code 64 and the reason.
func TestUnreadableCall(t *testing.T) {
	t.Parallel()
	store := filepath.Join(t.TempDir(), "wire.db")
	listen(t, store, func(context.Context, Call, io.Writer, io.Writer) int {
		t.Error("it was run")
		return 0
	})
	path, err := SocketPath(store)
	if err != nil {
		t.Fatal(err)
	}
	c, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, "ingest --now\n"); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	code, err := follow(t.Context(), c, &out, &errs)
	if err != nil {
		t.Fatal(err)
	}
	if code != 64 {
		t.Errorf("exit %d, want 64", code)
	}
	if !strings.HasPrefix(errs.String(), "dateline: ") {
		t.Errorf("stderr %q", &errs)
	}
}

func TestNobodyListens(t *testing.T) {
	store := filepath.Join(t.TempDir(), "wire.db")
	if _, err := Ask(t.Context(), store, Call{}, io.Discard, io.Discard); !errors.Is(err, ErrNoOwner) {
		t.Errorf("no socket: %v", err)
	}
	socket, err := SocketPath(store)
	if err != nil {
		t.Fatal(err)
	}
	stale, err := net.ListenUnix("unix", &net.UnixAddr{Name: socket})
	if err != nil {
		t.Fatal(err)
	}
	stale.SetUnlinkOnClose(false)
	stale.Close()
	if _, err := Ask(t.Context(), store, Call{}, io.Discard, io.Discard); !errors.Is(err, ErrNoOwner) {
		t.Errorf("stale socket: %v", err)
	}
	listen(t, store, func(context.Context, Call, io.Writer, io.Writer) int { return 7 })
	if code, err := Ask(t.Context(), store, Call{}, io.Discard, io.Discard); err != nil || code != 7 {
		t.Errorf("after a stale socket: %d, %v", code, err)
	}
}

func TestHangingUpInterrupts(t *testing.T) {
	store := filepath.Join(t.TempDir(), "wire.db")
	began, ended := make(chan bool), make(chan bool)
	listen(t, store, func(ctx context.Context, _ Call, _, _ io.Writer) int {
		close(began)
		<-ctx.Done()
		close(ended)
		return 75
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-began
		cancel()
	}()
	if _, err := Ask(ctx, store, Call{}, io.Discard, io.Discard); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	<-ended
}

func TestCloseLetsCallsEnd(t *testing.T) {
	store := filepath.Join(t.TempDir(), "wire.db")
	began, goOn := make(chan bool), make(chan bool)
	s := listen(t, store, func(context.Context, Call, io.Writer, io.Writer) int {
		close(began)
		<-goOn
		return 3
	})
	result := make(chan string)
	go func() {
		code, err := Ask(context.Background(), store, Call{}, io.Discard, io.Discard)
		result <- fmt.Sprint(code, err)
	}()
	<-began
	closed := make(chan error)
	go func() { closed <- s.Close(context.Background()) }()
	close(goOn)
	if err := <-closed; err != nil {
		t.Error(err)
	}
	if got := <-result; got != "3 <nil>" {
		t.Error(got)
	}
	left, err := os.ReadDir(filepath.Dir(store))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestLongPaths(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("d", 100))
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	store := filepath.Join(dir, "wire.db")
	listen(t, store, func(context.Context, Call, io.Writer, io.Writer) int { return 5 })
	if code, err := Ask(t.Context(), store, Call{}, io.Discard, io.Discard); err != nil || code != 5 {
		t.Error(code, err)
	}
}

func TestSocketPathIsOnePathForOneStore(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	a, errA := SocketPath(filepath.Join(dir, "wire.db"))
	b, errB := SocketPath(filepath.Join(link, ".", "wire.db"))
	if a != b || errA != nil || errB != nil {
		t.Errorf("%s, %v and %s, %v", a, errA, b, errB)
	}
}
