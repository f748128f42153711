package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"dateline/cmd/dateline/node"
)

// TestStatusStyle: the table of people names the forms of datelines that a source taught, of others nothing.
func TestStatusStyle(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	a := &app{stdout: &out}
	rows := []node.SourceStatus{{ID: "belta"}, {ID: "standard", Style: []string{"place-dash", "place-colon"}}}
	if err := a.printStatus(rows, rows, time.Time{}, false); err != nil {
		t.Fatal(err)
	}
	const want = "style: standard: datelines are read as place-dash, place-colon, learned from its items\n"
	if !strings.Contains(out.String(), want) || strings.Count(out.String(), "style: ") != 1 {
		t.Errorf("got %s", out.String())
	}
}
