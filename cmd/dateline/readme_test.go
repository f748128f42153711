package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestReadme runs the commands of README.md and of the operators' text verbatim, in order, and compares what they print
// with what is said there.
//
// The rules are:
//   - A fenced block marked sh is run, in a folder where config.yaml is that of a wire on loopback. A line that
//     begins with `$ ` is a command; the lines below are its whole output, standard error included.
//   - `...` stands for any text, over any number of lines; a time stands for any time.
//   - The built binary runs in place of `go run ./cmd/dateline`.
//   - The tour begins when the wire has been read as far as the edited headline.
func TestReadme(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"README.md", "aggregator/docs/operating.md"} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("../..", name))
			if err != nil {
				t.Fatal(err)
			}
			lines := tour(string(text))
			if len(lines) == 0 {
				t.Fatal("it has no command to run")
			}
			dir := folder(t, "edits the headline")
			for _, l := range lines {
				c := exec.Command("sh", "-c", strings.ReplaceAll(l.command, "go run ./cmd/dateline", "dateline"))
				c.Dir = dir
				out, err := c.CombinedOutput()
				if err != nil {
					t.Fatalf("%s: %v\n%s", l.command, err, out)
				}
				if !l.output.Match(out) {
					t.Errorf("%s\nprints\n%swhere it says\n%s", l.command, out, l.printed)
				}
			}
		})
	}
}

// folder returns a folder with the config and the store of a wire that was read after each step, up to the one
// that text is part of.
func folder(t *testing.T, text string) string {
	t.Helper()
	w := newTestServer()
	t.Cleanup(w.close)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "config.yaml"), testConfig(w.url), 0o644); err != nil {
		t.Fatal(err)
	}
	ws := newWorkers(t)
	read := func() {
		if out, err := ws.run(job{Dir: dir, Tmp: dir, Args: []string{"ingest", "--now"}}); err != nil || out.Code != 0 {
			t.Fatalf("exit %d, %v: %s", out.Code, err, out.Stderr)
		}
	}
	for read(); ; read() {
		what, more := w.Step()
		if !more {
			t.Fatalf("no step is %q", text)
		}
		if strings.Contains(what, text) {
			read()
			return dir
		}
	}
}

// line is a command with the output that is printed below it.
type line struct {
	command, printed string
	output           *regexp.Regexp
}

var (
	block     = regexp.MustCompile("(?ms)^```sh\n(.*?)^```$")
	timestamp = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\\\.\d+)?Z`)
)

// tour returns the commands of all blocks.
func tour(readme string) []line {
	var all []line
	for _, b := range block.FindAllStringSubmatch(readme, -1) {
		for _, part := range strings.Split("\n"+b[1], "\n$ ")[1:] {
			command, printed, _ := strings.Cut(part+"\n", "\n")
			pattern := timestamp.ReplaceAllString(regexp.QuoteMeta(printed), `\S+`)
			pattern = strings.ReplaceAll(pattern, regexp.QuoteMeta("..."), `(?s:.*)`)
			all = append(all, line{command, printed, regexp.MustCompile(`^` + strings.TrimRight(pattern, "\n") + `\n?$`)})
		}
	}
	return all
}
