package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/status"
	"dateline/cmd/dateline/node"
)

// TestTable: columns are as wide as they look, STATE is painted, and nothing else can paint.
func TestTable(t *testing.T) {
	t.Parallel()
	rows := [][]string{{"A", "STATE", "C"}, {"ТАСС", "ok", "an error that is long"}, {"例子", "12", "\x1by"}, {"e\u0301t", "3", ""}}
	for width, want := range map[int]string{
		0:  "A     STATE  C\nТАСС  \x1b[32mok\x1b[0m     an error that is long\n例子  12     \\x1by\ne\u0301t    3\n",
		24: "A     STATE  C\nТАСС  \x1b[32mok\x1b[0m     an error th…\n例子  12     \\x1by\ne\u0301t    3\n",
	} {
		var out strings.Builder
		if err := (&app{stdout: &out, width: width, colour: true}).table(rows); err != nil {
			t.Fatal(err)
		}
		if out.String() != want {
			t.Errorf("width %d: got\n%q want\n%q", width, out.String(), want)
		}
	}
}

// TestNumbersEndAtOnePlace: columns of numbers are aligned to the right, the others and their heads to the left.
func TestNumbersEndAtOnePlace(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := (&app{stdout: &out}).table([][]string{{"BUCKET", "KEYS"}, {"log", "7"}, {"postings", "12345"}}, 1); err != nil {
		t.Fatal(err)
	}
	if want := "BUCKET     KEYS\nlog           7\npostings  12345\n"; out.String() != want {
		t.Errorf("got\n%s want\n%s", out.String(), want)
	}
}

func TestEveryStateHasAColour(t *testing.T) {
	t.Parallel()
	for _, state := range status.States {
		if colours[state] == "" {
			t.Errorf("%s has none", state)
		}
	}
}

// TestStatusFitsATerminal: 80 columns hold the table, however long the errors are.
func TestStatusFitsATerminal(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	all := []node.SourceStatus{
		{ID: "belta", State: status.OK, LastSuccess: moment(now.Add(-3 * time.Minute)), NextDue: moment(now.Add(7 * time.Minute)), Items: 12000},
		{ID: "a-source-with-a-long-id", State: status.Broken, LastSuccess: moment(now.Add(-49 * time.Hour)), NextDue: moment(now.Add(time.Hour)),
			LastError: strings.Repeat("an error ", 30)},
		{ID: "fresh", State: status.New},
	}
	var out strings.Builder
	if err := (&app{stdout: &out, width: 80}).printStatus(all, all, now, false); err != nil {
		t.Fatal(err)
	}
	want := "SOURCE                   STATE   READ    DUE    ITEMS  ERROR\n" +
		"a-source-with-a-long-id  broken  2d ago  in 1h  0      an error an error an err…\n" +
		"fresh                    new     -       -      0      -\n" +
		"belta                    ok      3m ago  in 7m  12000  -\n" +
		"3 sources: 1 broken, 1 new, 1 ok\n"
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
	for line := range strings.Lines(out.String()) {
		if len([]rune(line)) > 81 {
			t.Errorf("too wide: %q", line)
		}
	}
	out.Reset()
	if err := (&app{stdout: &out}).printStatus(all, all, now, false); err != nil {
		t.Fatal(err)
	}
	_, row, _ := strings.Cut(out.String(), "\n")
	row, _, _ = strings.Cut(row, "\n")
	if problem := row[strings.Index(row, "an error"):]; problem != strings.Repeat("an error ", 30)[:maxProblem-1]+"…" {
		t.Errorf("no terminal: %q", problem)
	}
}

// TestAlikeIsSaidOnce: where a host wants no request, one line says so of all its sources; an error does not begin with the address of
// its source on a terminal.
func TestAlikeIsSaidOnce(t *testing.T) {
	t.Parallel()
	var all []node.SourceStatus
	for _, id := range []string{"a", "b", "c", "d", "e"} {
		all = append(all, node.SourceStatus{ID: id, State: status.Waiting, URL: "https://x.example/" + id, Style: []string{"place-dash"},
			LastError: "get https://x.example/" + id + ": refused", Hint: "x wants no request: `dateline ingest --force " + id + "` asks"})
	}
	all = append(all, node.SourceStatus{ID: "f", State: status.Blocked, URL: "https://y.example/", LastError: "https://y.example/: status 403",
		Hint: "look: `dateline fetch f`"})
	want := `SOURCE  STATE    READ  DUE  ITEMS  ERROR
f       blocked  -     -    0      status 403
a       waiting  -     -    0      refused
b       waiting  -     -    0      refused
c       waiting  -     -    0      refused
d       waiting  -     -    0      refused
e       waiting  -     -    0      refused
hint: f: look: ` + "`dateline fetch f`" + `
hint: a, b, c and 2 more: x wants no request: ` + "`dateline ingest --force SOURCE` asks" + `
style: a, b, c and 2 more: datelines are read as place-dash, learned from its items
6 sources: 1 blocked, 5 waiting
`
	var out strings.Builder
	if err := (&app{stdout: &out, width: 80}).printStatus(all, all, time.Now(), false); err != nil {
		t.Fatal(err)
	}
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

// TestProbesFitATerminal: what `check --online` finds fits 80 columns, and is whole where there is no terminal.
func TestProbesFitATerminal(t *testing.T) {
	t.Parallel()
	all := []probeRow{{ID: "belta", Result: "failed", Status: 500, URL: "https://eng.belta.example/rss",
		Error: strings.Repeat("an error ", 20)}}
	for width, want := range map[int]string{
		80: "SOURCE  RESULT  STATUS  TYPE  ITEMS  ERROR\nbelta   failed  500     -     0      an error an error an error an error an err…\n",
		0: "SOURCE  RESULT  STATUS  TYPE  ITEMS  UNDATED  VALIDATORS  HUB  CERTIFICATE UNTIL  URL                            ERROR\n" +
			"belta   failed  500     -     0      0        -           -    -                  https://eng.belta.example/rss  " +
			strings.TrimSpace(strings.Repeat("an error ", 20)) + "\n",
	} {
		var out strings.Builder
		if err := (&app{stdout: &out, width: width}).printProbes(all); err != nil {
			t.Fatal(err)
		}
		if out.String() != want {
			t.Errorf("width %d: got\n%s\nwant\n%s", width, out.String(), want)
		}
	}
}

// TestStatusOfMany: on a terminal, of more sources than fit on it, those that need a look are shown and the others counted; a pipe and
// --all have them all.
func TestStatusOfMany(t *testing.T) {
	t.Parallel()
	all := []node.SourceStatus{{ID: "bad", State: status.Broken, LastError: "status 500"}, {ID: "held", State: status.OK, Held: 3}}
	for i := range screenful {
		all = append(all, node.SourceStatus{ID: fmt.Sprintf("source-%d", i), State: status.OK})
	}
	all = append(all, node.SourceStatus{ID: "off", State: status.Disabled})
	print := func(width int, all []node.SourceStatus, everything bool) string {
		var out bytes.Buffer
		if err := (&app{stdout: &out, width: width}).printStatus(slices.Clone(all), all, time.Now(), everything); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	short := print(80, all, false)
	if n := strings.Count(short, "\n"); n != 5 || !strings.Contains(short,
		"40 ok, 1 disabled: not shown; --all shows them\n43 sources: 1 broken, 41 ok, 1 disabled\n") ||
		!strings.Contains(short, "held ") {
		t.Errorf("%d lines: %s", n, short)
	}
	for _, whole := range []string{print(80, all, true), print(0, all, false)} {
		if n := strings.Count(whole, "\n"); n != len(all)+2 || strings.Contains(whole, "not shown") {
			t.Errorf("%d lines: %s", n, whole)
		}
	}
	if few := print(80, all[:screenful], false); strings.Contains(few, "not shown") {
		t.Error(few)
	}
	if well := print(80, all[2:], true); !strings.Contains(well, "SOURCE") {
		t.Error(well)
	}
	if well := print(80, append(all[2:42:42], all[42]), false); !strings.HasPrefix(well, "40 ok, 1 disabled: not shown") {
		t.Error(well)
	}
}
