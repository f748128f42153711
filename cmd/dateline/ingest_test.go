package main

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"dateline/aggregator/config"
	"dateline/aggregator/control"
	"dateline/cmd/dateline/node"
	"dateline/store"
)

// A pass that the daemon makes for a caller ends when what it brought is served: the documents are rendered
// again before the answer, not some time after it.
func TestIngestEndsWhenServed(t *testing.T) {
	t.Parallel()
	feeds := newTestServer()
	defer feeds.close()
	cfg, err := config.Parse("config.yaml", testConfig(feeds.url))
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(filepath.Join(t.TempDir(), "dateline.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w, err := node.New(cfg, "config.yaml", Version(), st, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	var stdout bytes.Buffer
	rendered, broken := 0, error(nil)
	w.Refresh = func() error {
		rendered++
		if stdout.Len() > 0 {
			t.Error("answered before it was served")
		}
		return broken
	}
	ingest := func() (code int) {
		stdout.Reset()
		path, err := filepath.Abs("config.yaml")
		if err != nil {
			t.Fatal(err)
		}
		return answer(t.Context(), w, control.Call{Config: path, Args: []string{"ingest", "--now", "--json"}}, &stdout, io.Discard)
	}
	if code := ingest(); code != 0 || rendered != 1 || !strings.Contains(stdout.String(), `"new":7`) {
		t.Errorf("exit %d, rendered %d times: %s", code, rendered, stdout.String())
	}
	if code := ingest(); code != 0 || rendered != 2 || !strings.Contains(stdout.String(), `"new":0`) {
		t.Errorf("nothing new by itself: exit %d, rendered %d times: %s", code, rendered, stdout.String())
	}
	feeds.Step()
	broken = errors.New("no room")
	if code := ingest(); code != int(exitIO) {
		t.Errorf("not served: exit %d", code)
	}
}
