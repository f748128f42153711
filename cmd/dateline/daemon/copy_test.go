package daemon

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline/cmd/dateline/node"
	"dateline/store"
	"dateline/store/shared"
	"dateline/store/storetest"
)

// said is a log, to be looked at.
type said struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (s *said) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all.Write(b)
}

func (s *said) has(words string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Contains(s.all.String(), words)
}

func (s *said) logger() *slog.Logger { return slog.New(slog.NewTextHandler(s, nil)) }

// seq returns the number of the newest writes of a node.
func (p *process) seq(t *testing.T) (seq uint64) {
	t.Helper()
	if err := p.node.View(func(v store.View) error { seq = v.Seq(); return nil }); err != nil {
		t.Fatal(err)
	}
	return seq
}

// follows waits until two nodes serve the same.
func follows(t *testing.T, a, b *process) {
	t.Helper()
	if !eventually(func() bool {
		_, one := a.get("/feed.atom")
		_, other := b.get("/feed.atom")
		return len(one) > 5000 && one == other
	}) {
		t.Fatal("the nodes do not serve the same")
	}
}

// changeAlone makes changes of a store that no log knows.
func changeAlone(t *testing.T, path string, n int) {
	t.Helper()
	st, err := store.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range n {
		if err := st.Update(time.Now(), func(tx *store.Tx) error { _, err := tx.PutConfig(nil, nil); return err }); err != nil {
			t.Fatal(err)
		}
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
}

// cutLog has a log keep nothing of what it has now.
func cutLog(t *testing.T, dsn string) {
	t.Helper()
	c, err := shared.Open(t.Context(), dsn, shared.Options{Node: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if n, err := c.DropPartitions(t.Context(), time.Now().Add(9*24*time.Hour)); err != nil || n == 0 {
		t.Fatalf("%d partitions dropped, %v", n, err)
	}
	if err := c.MakePartitions(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestFileThatCannotFollow: a node with no file, with one that was used alone or lacks what the log has dropped begins with a copy of
// another's. Its own is kept under a name that says why.
func TestFileThatCannotFollow(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("two nodes, four times")
	}
	for why, spoil := range map[string]func(t *testing.T, path, dsn string){
		"missing": func(*testing.T, string, string) {},
		"ahead":   func(t *testing.T, path, _ string) { changeAlone(t, path, 100) },
		"differs": func(t *testing.T, path, _ string) { changeAlone(t, path, 1) },
		"stale":   func(t *testing.T, _, dsn string) { cutLog(t, dsn) },
	} {
		t.Run(why, func(t *testing.T) {
			t.Parallel()
			feeds, dsn := newPolled(t), storetest.Database(t)
			a := startNode(t, feeds.URL, dsn)
			if !eventually(func() bool { _, body := a.get("/feed.atom"); return len(body) > 5000 }) {
				t.Fatal("nothing is served")
			}
			var first, second said
			b := startNodeIn(t, t.TempDir(), feeds.URL, dsn, first.logger())
			follows(t, a, b)
			if err := b.end(); err != nil {
				t.Fatal(err)
			}
			if !first.has("the store is a copy of another node's") {
				t.Error("a node without a file took no copy")
			}
			at, path := a.seq(t), filepath.Join(b.folder, "wire.db")
			if !eventually(func() bool { return a.seq(t) > at+2 }) {
				t.Fatal("nothing new")
			}
			spoil(t, path, dsn)
			c := startNodeIn(t, b.folder, feeds.URL, dsn, second.logger())
			follows(t, a, c)
			kept, err := filepath.Glob(path + "." + why + "-*")
			if err != nil {
				t.Fatal(err)
			}
			if want := why != "missing"; (len(kept) == 1) != want || second.has("the store cannot follow the shared log") != want {
				t.Errorf("kept %q; %s", kept, &second.all)
			}
		})
	}
}

// TestCopyIsForNodes: the store is given to who may write to PostgreSQL, once for each ticket. A node that is alone gives none.
func TestCopyIsForNodes(t *testing.T) {
	t.Parallel()
	feeds, dsn := newPolled(t), storetest.Database(t)
	a := startNode(t, feeds.URL, dsn)
	ask := func(ticket string) (status int, body []byte, sum string) {
		t.Helper()
		r, err := http.NewRequest(http.MethodGet, a.admin+node.CopyPath, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set(node.TicketField, ticket)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		if body, err = io.ReadAll(answer.Body); err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode, body, answer.Trailer.Get(node.SumField)
	}
	c, err := shared.Open(t.Context(), dsn, shared.Options{Node: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ticket, err := c.PutTicket(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if status, _, _ := ask(""); status != http.StatusForbidden {
		t.Errorf("without a ticket: status %d", status)
	}
	if status, body, sum := ask(ticket); status != http.StatusOK || len(body) < 16<<10 || len(sum) != 64 {
		t.Errorf("status %d, %d bytes, sum %q", status, len(body), sum)
	}
	if status, _, _ := ask(ticket); status != http.StatusForbidden {
		t.Errorf("with a ticket that was taken: status %d", status)
	}
	alone := newTestDaemon(t, demoConfig(t, feeds.URL))
	answer := httptest.NewRecorder()
	alone.admin().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "http://localhost"+node.CopyPath, nil))
	if answer.Code != http.StatusNotFound {
		t.Errorf("of a node that is alone: status %d", answer.Code)
	}
}
