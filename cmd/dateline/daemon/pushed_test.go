package daemon

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dateline/cmd/dateline/node"
	"dateline/store/storetest"
)

// newSharedDaemon returns the daemon of a node of the cluster at a URL, which does not run, and the path of its config.
func newSharedDaemon(t *testing.T, feeds, dsn string) (d *daemon, path string) {
	t.Helper()
	log, dir := slog.New(slog.DiscardHandler), t.TempDir()
	path = filepath.Join(dir, "config.yaml")
	text := strings.NewReplacer("dateline.db", filepath.Join(dir, "wire.db\n  dsn: ")+dsn, "http://127.0.0.1:0/", "http://wire.example/").
		Replace(string(testConfig(feeds)))
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	cfg := demoConfig(t, feeds, string(testConfig(feeds)), text)
	st, cluster, err := node.Open(t.Context(), cfg, log)
	if err != nil {
		t.Fatal(err)
	}
	n, err := node.New(cfg, path, "devel", st, log)
	if err != nil {
		t.Fatal(err)
	}
	n.Join(cluster, "")
	if d, err = newDaemon(n, Options{Log: log}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.node.Load().Close(); err != nil {
			t.Error(err)
		}
	})
	return d, path
}

// TestDocumentsOfAPush: each document that a node renders from a store that has a pushed config is by that config, also before the node has
// noticed it.
func TestDocumentsOfAPush(t *testing.T) {
	t.Parallel()
	d, path := newSharedDaemon(t, newPolled(t).URL, storetest.Database(t))
	c, err := node.CommonOf(path)
	if err != nil {
		t.Fatal(err)
	}
	c.Text = []byte(strings.Replace(string(c.Text), "Demonstration wire", "Second title", 1))
	if _, err := d.node.Load().Push(c, nil); err != nil {
		t.Fatal(err)
	}
	answer := httptest.NewRecorder()
	d.public().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/feed.atom", nil))
	if !strings.Contains(answer.Body.String(), "<title>Second title") || d.node.Load().ConfigRev != 1 {
		t.Errorf("status %d, by revision %d: %s", answer.Code, d.node.Load().ConfigRev, answer.Body)
	}
}
