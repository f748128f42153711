package storetest

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Postgres is a PostgreSQL server for tests, on loopback, in a temporary folder.
type Postgres struct {
	bin, folder string
	port        int
	durable     bool
	sync        string // the standby without which it commits nothing; empty: it needs none
	cmd         *exec.Cmd
	said        bytes.Buffer
}

// server is the one of [Database].
var server struct {
	once sync.Once
	*Postgres
	err error
}

// Database returns the URL of a place for tables that no other test has. It is in the server that $DATELINE_PG names, else in one that the
// tests of a package have in common, which does not sync what it writes; [StopPostgres] stops that. Where there is no PostgreSQL
// the test is skipped.
func Database(tb testing.TB) string {
	tb.Helper()
	url, err := DatabaseURL()
	if err != nil {
		tb.Skip(err)
	}
	return url
}

// DatabaseURL is [Database] for what is no test. It returns an error, which says what to do, where there is no PostgreSQL.
func DatabaseURL() (string, error) {
	if url := os.Getenv("DATELINE_PG"); url != "" {
		return withPath(url), nil
	}
	server.once.Do(func() { server.Postgres, server.err = StartPostgres(false) })
	if server.err != nil {
		return "", fmt.Errorf("no PostgreSQL: %w; $DATELINE_PG may name one, as postgres://user@host/database", server.err)
	}
	return server.URL(), nil
}

// StopPostgres stops the server of [Database]. It is called by TestMain.
func StopPostgres() {
	if server.Postgres != nil {
		server.Postgres.Remove()
	}
}

func withPath(url string) string {
	sign := "?"
	if strings.Contains(url, "?") {
		sign = "&"
	}
	return url + sign + "search_path=t" + strings.ToLower(rand.Text())
}

// StartPostgres starts a server of its own; durable: it syncs what it commits, as in production. The caller removes it. It returns an
// error where PostgreSQL is not installed.
func StartPostgres(durable bool) (*Postgres, error) {
	p := &Postgres{durable: durable}
	initdb, err := exec.LookPath("initdb")
	if err != nil { // as Debian installs it
		found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
		if len(found) == 0 {
			return nil, fmt.Errorf("initdb is not installed")
		}
		initdb = slices.Max(found)
	}
	if initdb, err = filepath.EvalSymlinks(initdb); err != nil {
		return nil, err
	}
	p.bin = filepath.Dir(initdb)
	if p.folder, err = os.MkdirTemp("", "dateline-pg"); err != nil {
		return nil, err
	}
	if err := giveToPostgres(p.folder); err != nil {
		return nil, err
	}
	init := p.command("initdb", "--pgdata", p.data(), "--username", "postgres", "--auth", "trust", "--no-sync", "--no-locale",
		"--encoding", "UTF8")
	if out, err := init.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	if p.port, err = freePort(); err != nil {
		return nil, err
	}
	return p, p.Start()
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

func (p *Postgres) data() string { return filepath.Join(p.folder, "data") }

// command returns a command of PostgreSQL, run by the user who may.
func (p *Postgres) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(p.bin, name), args...)
	cmd.Dir, cmd.SysProcAttr = p.folder, asPostgres()
	return cmd
}

// Start starts the server again, on the same port. It returns an error where it does not start within a minute.
func (p *Postgres) Start() error {
	sync := "off"
	if p.durable {
		sync = "on"
	}
	p.cmd = p.command("postgres", "-D", p.data(), "-h", "127.0.0.1", "-p", fmt.Sprint(p.port), "-k", p.folder, "-c", "fsync="+sync,
		"-c", "full_page_writes="+sync, "-c", "shared_buffers=32MB", "-c", "max_connections=200", "-c", "timezone=UTC")
	if p.sync != "" {
		p.cmd.Args = append(p.cmd.Args, "-c", "synchronous_standby_names=ANY 1 ("+p.sync+")", "-c", "wal_keep_size=64MB")
	}
	p.cmd.Stdout, p.cmd.Stderr = &p.said, &p.said
	if err := p.cmd.Start(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for ctx.Err() == nil {
		if out, _ := os.ReadFile(filepath.Join(p.data(), "postmaster.pid")); bytes.Contains(out, []byte("ready")) {
			return nil
		}
		pause(ctx, 20*time.Millisecond)
	}
	p.Kill()
	return fmt.Errorf("PostgreSQL does not start: %s", p.said.Bytes())
}

// pause waits for d, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	<-ctx.Done()
}

// URL returns the URL of a place for tables that no other caller has.
func (p *Postgres) URL() string {
	return withPath(fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", p.port))
}

// Pid returns the process id of the server, whose children serve a connection each.
func (p *Postgres) Pid() int { return p.cmd.Process.Pid }

// Kill ends the server at once, as a machine that fails does.
func (p *Postgres) Kill() { p.end(quit) }

const quit = syscall.SIGQUIT

// Remove ends the server and removes its folder.
func (p *Postgres) Remove() {
	p.end(quit)
	os.RemoveAll(p.folder)
}

func (p *Postgres) end(s os.Signal) {
	if p.cmd != nil && p.cmd.ProcessState == nil {
		p.cmd.Process.Signal(s)
		p.cmd.Wait()
	}
}
