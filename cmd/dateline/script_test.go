package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"dateline/aggregator/config"
	"dateline/cmd/dateline/demo"
	"dateline/store/storetest"
)

func TestMain(m *testing.M) {
	// A program built with -race sleeps a second when it ends; hundreds are run here.
	os.Setenv("GORACE", strings.TrimSpace(os.Getenv("GORACE")+" atexit_sleep_ms=0"))
	os.Setenv("GOGC", cmp.Or(os.Getenv("GOGC"), "400"))    // a fifth of the time of a process as short as most here
	if err := flag.Set("test.parallel", "6"); err != nil { // most wait for a process or a tick; -parallel says otherwise
		panic(err)
	}
	testscript.Main(stopPostgres{m}, map[string]func(){"dateline": main, "dateline-worker": work})
}

// stopPostgres stops the server that scripts have had in common once all tests have run.
type stopPostgres struct{ *testing.M }

func (m stopPostgres) Run() int {
	defer storetest.StopPostgres()
	return m.M.Run()
}

// get prints the answer to a GET, for scripts: `run get [-i] [-s SOCKET] URL [FIELD VALUE]...`; with -i its head too, with -s through a
// socket. It returns an exit code.
func get(args []string, stdout, stderr io.Writer) int {
	head := args[0] == "-i"
	if head {
		args = args[1:]
	}
	transport := &http.Transport{DisableKeepAlives: true}
	if args[0] == "-s" {
		socket := args[1]
		transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", socket)
		}
		args = args[2:]
	}
	err := func() error {
		r, err := http.NewRequest(http.MethodGet, args[0], nil)
		if err != nil {
			return err
		}
		for i := 1; i+1 < len(args); i += 2 {
			r.Header.Set(args[i], args[i+1])
		}
		answer, err := transport.RoundTrip(r)
		if err != nil {
			return err
		}
		defer answer.Body.Close()
		if head {
			fmt.Fprintln(stdout, answer.Status)
			if err := answer.Header.Write(stdout); err != nil {
				return err
			}
			fmt.Fprintln(stdout)
		}
		_, err = io.Copy(stdout, answer.Body)
		return err
	}()
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	return 0
}

// TestScript runs the scripts, one behaviour a file. Besides testscript's own commands they have:
//
//	run dateline ARG...               exec dateline ARG..., in a process that runs other commands too (see workers): use
//	                                  exec where the process itself matters, or its environment
//	run get [-i] [-s SOCKET] URL [FIELD VALUE]... print the answer to a GET, with -i its head too, with -s through a socket
//	exit CODE PROGRAM ARG...          run a program that must end with CODE; of dateline and get as run does
//	[!] await PATTERN PROGRAM ARG...  run dateline or get, as run does, again until its output matches (after !: does
//	                                  not match); of programs with && between them, the last one's
//	start PROGRAM ARG...              start a program; its output goes to the files out and log, of the second one that runs to
//	                                  out2 and log2, and so on
//	until FILE PATTERN [NAME]...      wait until a file matches; each group of the pattern sets a variable
//	signal NAME, end CODE             of the program started last that has not ended
//	nodes FILE...                     write a config for each of several nodes that share a PostgreSQL: [postgres] says whether there is one
//	logrow STORE FILE, logrow FILE STORE: save the row of a store that names the log which it follows; put it back
//	edit FILE OLD NEW                 replace OLD wherever it is in a file, as it must; \n is a line's end
//	fields FILE NAME...               each line of a file is a JSON object with these fields and no others
//	wire step [TEXT]                  let the next thing happen on the wire, or all up to the one that TEXT is part of
//	wire gate, wire waiting, wire open: hold back answers, wait until one is held back, let all go
//	wire requests                     print the requests since the last time
//
// The wire of the demonstration runs beside each script: $WIRE is its address, $LOCAL the same by the name localhost, and config.yaml,
// where the script brings none of its own, the demonstration's with an interval of an hour.
func TestScript(t *testing.T) {
	t.Parallel()
	ws := newWorkers(t)
	testscript.Run(t, testscript.Params{
		Files:               scripts(t),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Deadline:            time.Now().Add(5 * time.Minute), // a program that should have ended is killed then
		Condition:           scriptCondition,
		Setup:               func(env *testscript.Env) error { return setUpScript(env, ws) },
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"run": run, "exit": exitCommand, "await": await, "start": start, "until": until, "signal": signalCommand, "end": end,
			"edit": edit, "fields": fieldsCommand, "wire": serverCommand, "nodes": nodesCommand,
			"logrow": logRowCommand,
		},
	})
}

// scripts returns all scripts; under -short those with a daemon, in which goroutines meet.
func scripts(t *testing.T) []string {
	all, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(path string) bool {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return !scale(bytes.Contains(text, []byte("\nstart ")), true, true)
	})
}

// state is what the commands of one script share.
type state struct {
	server  *testServer
	workers *workers
	started []*exec.Cmd // those that have not ended, the last one last
}

type stateKey struct{}

func stateOf(ts *testscript.TestScript) *state { return ts.Value(stateKey{}).(*state) }

func setUpScript(env *testscript.Env, ws *workers) error {
	s := &state{server: newTestServer(), workers: ws}
	env.Defer(func() {
		for _, c := range s.started {
			_ = c.Process.Kill() // a script that failed; one that has ended is beyond killing
			_ = c.Wait()
		}
		s.server.close()
	})
	env.Values[stateKey{}] = s
	env.Setenv("WIRE", s.server.url)
	env.Setenv("LOCAL", strings.Replace(s.server.url, "127.0.0.1", "localhost", 1))
	env.Setenv("GORACE", os.Getenv("GORACE"))
	env.Setenv("GOGC", os.Getenv("GOGC"))
	path := filepath.Join(env.WorkDir, "config.yaml")
	b, err := os.ReadFile(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		b = testConfig(s.server.url)
	case err != nil:
		return err
	}
	return os.WriteFile(path, bytes.ReplaceAll(b, []byte("$WIRE"), []byte(s.server.url)), 0o644)
}

// testConfig is the demonstration's config with free ports and an interval that no test waits for.
func testConfig(server string) []byte {
	b := demo.Config(demo.Place{Wire: server, Store: "dateline.db", Public: "127.0.0.1:0", Admin: "127.0.0.1:0"})
	return bytes.Replace(b, []byte("every: 2s"), []byte("every: 1h"), 1)
}

// patience bounds every wait for something that is bound to happen.
const patience = time.Minute

// eventually calls done until it reports true, and whether it did in time.
func eventually(done func() bool) bool {
	end := time.After(patience)
	for pause := 10 * time.Millisecond; !done(); pause = min(pause*3/2, patience/200) {
		select {
		case <-end:
			return false
		case <-time.After(pause):
		}
	}
	return true
}

func usageOf(ts *testscript.TestScript, ok bool, usage string) {
	if !ok {
		ts.Fatalf("usage: %s", usage)
	}
}

func codeOf(err error) int {
	var ended *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &ended):
		return ended.ExitCode()
	}
	return -1
}

// attempt runs dateline in a worker, or get, and returns what it printed and its exit code.
func attempt(ts *testscript.TestScript, args []string) outcome {
	if args[0] == "get" {
		var stdout, stderr bytes.Buffer
		code := get(args[1:], &stdout, &stderr)
		return outcome{code, stdout.Bytes(), stderr.Bytes()}
	}
	out, err := stateOf(ts).workers.run(job{Dir: ts.MkAbs("."), Tmp: ts.Getenv("TMPDIR"), Args: args[1:]})
	ts.Check(err)
	return out
}

// isOurs reports whether attempt runs a program.
func isOurs(program string) bool { return program == "dateline" || program == "get" }

func run(ts *testscript.TestScript, neg bool, args []string) {
	usageOf(ts, len(args) >= 1 && isOurs(args[0]), "run dateline|get ARG...")
	if code := runOurs(ts, args); (code != 0) != neg {
		ts.Fatalf("exit %d", code)
	}
}

// runOurs runs dateline or get; what it prints is the script's stdout and stderr.
func runOurs(ts *testscript.TestScript, args []string) int {
	out := attempt(ts, args)
	_, err := ts.Stdout().Write(out.Stdout)
	ts.Check(err)
	_, err = ts.Stderr().Write(out.Stderr)
	ts.Check(err)
	return out.Code
}

func exitCommand(ts *testscript.TestScript, neg bool, args []string) {
	usageOf(ts, !neg && len(args) >= 2, "exit CODE PROGRAM ARG...")
	var code int
	if isOurs(args[1]) {
		code = runOurs(ts, args[1:])
	} else {
		code = codeOf(ts.Exec(args[1], args[2:]...))
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit %d, want %s", code, args[0])
	}
}

func await(ts *testscript.TestScript, neg bool, args []string) {
	usageOf(ts, len(args) >= 2 && isOurs(args[1]), "[!] await PATTERN dateline|get ARG... [&& dateline|get ARG...]")
	want := regexp.MustCompile(`(?m)` + args[0])
	var out outcome
	if !eventually(func() bool {
		for rest := args[1:]; len(rest) > 0; {
			n := slices.Index(rest, "&&")
			if n < 0 {
				n = len(rest)
			}
			if out = attempt(ts, rest[:n]); out.Code != 0 {
				return false
			}
			rest = rest[min(n+1, len(rest)):]
		}
		return want.Match(out.Stdout) != neg
	}) {
		ts.Fatalf("no match for %q (or, after !, one); the last output was:\n%s", args[0], out.Stdout)
	}
}

func start(ts *testscript.TestScript, neg bool, args []string) {
	usageOf(ts, !neg && len(args) >= 1, "start PROGRAM ARG...")
	if slices.Contains(args, "serve") {
		checkFreePorts(ts)
	}
	s, number := stateOf(ts), ""
	if n := len(s.started); n > 0 {
		number = strconv.Itoa(n + 1)
	}
	out, err := os.Create(ts.MkAbs("out" + number))
	ts.Check(err)
	defer out.Close()
	log, err := os.Create(ts.MkAbs("log" + number))
	ts.Check(err)
	defer log.Close()
	c := exec.Command(args[0], args[1:]...)
	c.Dir, c.Env, c.Stdout, c.Stderr = ts.MkAbs("."), append(os.Environ(), "TMPDIR="+ts.Getenv("TMPDIR")), out, log
	ts.Check(c.Start())
	s.started = append(s.started, c)
}

// checkFreePorts fails a script whose daemon would listen on a default port, which others may have.
func checkFreePorts(ts *testscript.TestScript) {
	const path = "config.yaml"
	cfg, err := config.Parse(path, []byte(ts.ReadFile(path)))
	ts.Check(err)
	usual, err := config.Parse(path, []byte("sources: []\n"))
	ts.Check(err)
	if cfg.HTTP.Listen == usual.HTTP.Listen || cfg.Admin.Listen == usual.Admin.Listen {
		ts.Fatalf("%s must let http and admin listen on 127.0.0.1:0, or not at all", path)
	}
}

func until(ts *testscript.TestScript, neg bool, args []string) {
	usageOf(ts, !neg && len(args) >= 2, "until FILE PATTERN [NAME]...")
	want := regexp.MustCompile(`(?m)` + args[1])
	var found []string
	if !eventually(func() bool {
		found = want.FindStringSubmatch(ts.ReadFile(args[0]))
		return found != nil
	}) {
		ts.Fatalf("no match for %q in %s:\n%s", args[1], args[0], ts.ReadFile(args[0]))
	}
	for i, name := range args[2:] {
		ts.Setenv(name, found[i+1])
	}
}

func signalCommand(ts *testscript.TestScript, neg bool, args []string) {
	usageOf(ts, !neg && len(args) == 1, "signal NAME")
	sig, known := map[string]os.Signal{"TERM": syscall.SIGTERM, "INT": syscall.SIGINT, "HUP": syscall.SIGHUP, "KILL": syscall.SIGKILL}[args[0]]
	usageOf(ts, known, "signal TERM|INT|HUP|KILL")
	s := stateOf(ts)
	ts.Check(s.started[len(s.started)-1].Process.Signal(sig))
}

func end(ts *testscript.TestScript, neg bool, args []string) {
	usageOf(ts, !neg && len(args) == 1, "end CODE")
	s := stateOf(ts)
	last := s.started[len(s.started)-1]
	timer := time.AfterFunc(patience, func() { _ = last.Process.Kill() }) // then its code is wrong
	code := codeOf(last.Wait())
	timer.Stop()
	s.started = s.started[:len(s.started)-1]
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit %d, want %s; it said:\n%s", code, args[0], ts.ReadFile("log"))
	}
}

func edit(ts *testscript.TestScript, neg bool, args []string) {
	usageOf(ts, !neg && len(args) == 3, "edit FILE OLD NEW")
	text, lines := ts.ReadFile(args[0]), strings.NewReplacer(`\n`, "\n")
	was, is := lines.Replace(args[1]), lines.Replace(args[2])
	if !strings.Contains(text, was) {
		ts.Fatalf("%s does not hold %q", args[0], was)
	}
	text = strings.ReplaceAll(text, was, is)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}
