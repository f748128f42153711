package main

import (
	"strings"
	"testing"

	"dateline/aggregator/status"
)

func TestTable(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	rows := [][]string{{"A", "B", "C"}, {"ТАСС", "1", "x"}, {"例子", "12", "y"}, {"e\u0301t", "3", ""}}
	if err := table(&out, rows, nil); err != nil {
		t.Fatal(err)
	}
	want := "A     B   C\nТАСС  1   x\n例子  12  y\ne\u0301t    3   \n"
	if out.String() != want {
		t.Errorf("got\n%s want\n%s", out.String(), want)
	}
	out.Reset()
	if err := table(&out, [][]string{{"STATE", "X"}, {"ok", "1"}}, paintStates(0)); err != nil {
		t.Fatal(err)
	}
	if want := "STATE  X\n\x1b[32mok\x1b[0m     1\n"; out.String() != want {
		t.Errorf("got %q want %q", out.String(), want)
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
