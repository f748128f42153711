package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"dateline/cmd/dateline/demo"
)

func TestMain(m *testing.M) {
	// A program built with -race sleeps a second when it ends; hundreds are run here.
	os.Setenv("GORACE", strings.TrimSpace(os.Getenv("GORACE")+" atexit_sleep_ms=0"))
	testscript.Main(m, map[string]func(){"dateline": main, "get": get})
}

// get prints the answer to a GET, for scripts: `get [-i] URL [FIELD VALUE]...`; with -i its head too.
func get() {
	args := os.Args[1:]
	head := args[0] == "-i"
	if head {
		args = args[1:]
	}
	r, err := http.NewRequest(http.MethodGet, args[0], nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for i := 1; i+1 < len(args); i += 2 {
		r.Header.Set(args[i], args[i+1])
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if head {
		fmt.Println(answer.Status)
		_ = answer.Header.Write(os.Stdout)
		fmt.Println()
	}
	if _, err := io.Copy(os.Stdout, answer.Body); err != nil {
		os.Exit(1)
	}
}

// TestScript runs the scripts, one behaviour a file. Besides testscript's own commands they have:
//
//	exit CODE PROGRAM ARG...          run a program that must end with CODE
//	await PATTERN PROGRAM ARG...      run a program again until its output matches
//	start PROGRAM ARG...              start a program; its output goes to the files out and log
//	until FILE PATTERN [NAME]...      wait until a file matches; each group of the pattern sets a variable
//	signal NAME, end CODE             of the program started last
//	edit FILE OLD NEW                 replace OLD wherever it stands in a file, as it must; \n is a line's end
//	fields FILE NAME...               each line of a file is a JSON object with these fields and no others
//	wire step [TEXT]                  let the next thing happen on the wire, or all up to the one that TEXT is part of
//	wire gate, wire waiting, wire open: hold back answers, wait until one is held back, let all go
//	wire requests                     print the requests since the last time
//
// The wire of the demonstration runs beside each script: $WIRE is its address, and config.yaml, where the
// script brings none of its own, the demonstration's with an interval of an hour.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Deadline:            time.Now().Add(5 * time.Minute), // a program that should have ended is killed then
		Setup:               setUpScript,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exit": exitCommand, "await": await, "start": start, "until": until, "signal": signalCommand, "end": end,
			"edit": edit, "fields": fieldsCommand, "wire": wireCommand,
		},
	})
}

// state is what the commands of one script share.
type state struct {
	wire    *testWire
	started *exec.Cmd
}

type stateKey struct{}

func stateOf(ts *testscript.TestScript) *state { return ts.Value(stateKey{}).(*state) }

func setUpScript(env *testscript.Env) error {
	s := &state{wire: newTestWire()}
	env.Defer(func() {
		if s.started != nil {
			_ = s.started.Process.Kill() // a script that failed; one that has ended is beyond killing
			_ = s.started.Wait()
		}
		s.wire.close()
	})
	env.Values[stateKey{}] = s
	env.Setenv("WIRE", s.wire.url)
	env.Setenv("GORACE", os.Getenv("GORACE"))
	path := filepath.Join(env.WorkDir, "config.yaml")
	b, err := os.ReadFile(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		b = testConfig(s.wire.url)
	case err != nil:
		return err
	}
	return os.WriteFile(path, bytes.ReplaceAll(b, []byte("$WIRE"), []byte(s.wire.url)), 0o644)
}

// testConfig is the demonstration's config with free ports and an interval that no test waits for.
func testConfig(wire string) []byte {
	b := demo.Config(demo.Place{Wire: wire, Store: "dateline.db", Public: "127.0.0.1:0", Admin: "127.0.0.1:0"})
	return bytes.Replace(b, []byte("every: 2s"), []byte("every: 1h"), 1)
}

// patience bounds every wait for something that is bound to happen.
const patience = 20 * time.Second

// eventually calls done until it reports true, and whether it did in time.
func eventually(done func() bool) bool {
	end := time.After(patience)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-end:
			return false
		case <-tick.C:
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

func exitCommand(ts *testscript.TestScript, neg bool, args []string) {
	usageOf(ts, !neg && len(args) >= 2, "exit CODE PROGRAM ARG...")
	if code := codeOf(ts.Exec(args[1], args[2:]...)); strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit %d, want %s", code, args[0])
	}
}

func await(ts *testscript.TestScript, neg bool, args []string) {
	usageOf(ts, !neg && len(args) >= 2, "await PATTERN PROGRAM ARG...")
	want := regexp.MustCompile(`(?m)` + args[0])
	var out bytes.Buffer
	if !eventually(func() bool {
		out.Reset()
		c := exec.Command(args[1], args[2:]...)
		c.Dir, c.Env, c.Stdout = ts.MkAbs("."), append(os.Environ(), "TMPDIR="+ts.Getenv("TMPDIR")), &out
		return c.Run() == nil && want.Match(out.Bytes())
	}) {
		ts.Fatalf("no match for %q; the last output was:\n%s", args[0], out.String())
	}
}

func start(ts *testscript.TestScript, neg bool, args []string) {
	usageOf(ts, !neg && len(args) >= 1, "start PROGRAM ARG...")
	out, err := os.Create(ts.MkAbs("out"))
	ts.Check(err)
	defer out.Close()
	log, err := os.Create(ts.MkAbs("log"))
	ts.Check(err)
	defer log.Close()
	c := exec.Command(args[0], args[1:]...)
	c.Dir, c.Env, c.Stdout, c.Stderr = ts.MkAbs("."), append(os.Environ(), "TMPDIR="+ts.Getenv("TMPDIR")), out, log
	ts.Check(c.Start())
	stateOf(ts).started = c
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
	ts.Check(stateOf(ts).started.Process.Signal(sig))
}

func end(ts *testscript.TestScript, neg bool, args []string) {
	usageOf(ts, !neg && len(args) == 1, "end CODE")
	s := stateOf(ts)
	timer := time.AfterFunc(patience, func() { _ = s.started.Process.Kill() }) // then its code is wrong
	code := codeOf(s.started.Wait())
	timer.Stop()
	s.started = nil
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
