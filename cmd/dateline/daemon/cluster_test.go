package daemon

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"dateline/cmd/dateline/demo"
	"dateline/cmd/dateline/node"
	"dateline/store/storetest"
)

func TestMain(m *testing.M) {
	code := m.Run()
	storetest.StopPostgres()
	os.Exit(code)
}

// polled is the wire of the demonstration, which counts who asks. Its first source has something new at each request.
type polled struct {
	*httptest.Server
	asked   atomic.Int64
	under   atomic.Int64
	doubled atomic.Int64 // requests that came while another was under way
}

func newPolled(t *testing.T) *polled {
	t.Helper()
	p := &polled{}
	news := demo.New(demo.Day)
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.under.Add(1) > 1 {
			p.doubled.Add(1)
		}
		if r.URL.Path == "/belta/rss" {
			n := p.asked.Load()
			item := fmt.Sprintf("<item><guid>n%d</guid><title>Harvest day %d</title></item>", n, n)
			_, _ = io.WriteString(w, `<rss version="2.0"><channel><title>BelTA</title>`+item+"</channel></rss>")
		} else {
			news.ServeHTTP(w, r)
		}
		p.under.Add(-1)
		p.asked.Add(1)
	}))
	t.Cleanup(p.Close)
	return p
}

// process is a daemon that runs.
type process struct {
	public, admin string // addresses
	folder        string // of its file, wire.db
	node          *node.Node
	end           func() error
}

// startNode runs a node of the cluster at a URL, with a file in a folder of its own.
func startNode(t *testing.T, feeds, dsn string) *process {
	t.Helper()
	return startNodeIn(t, t.TempDir(), feeds, dsn, slog.New(slog.DiscardHandler))
}

// startNodeIn is startNode with the folder, the log, and edits of the config.
func startNodeIn(t *testing.T, dir, feeds, dsn string, log *slog.Logger, edits ...string) *process {
	t.Helper()
	edits = append(edits, "dateline.db", filepath.Join(dir, "wire.db\n  dsn: ")+dsn, "http://127.0.0.1:0/", "http://wire.example/",
		"every: 1h", "every: 1s", "floor: 1h", "floor: 1s", "poll:", "hub:\n  allow: [127.0.0.1]\npoll:",
		"timeout: 10s", "timeout: 4s") // leases that a node left behind end after 38 s
	cfg, path := demoConfig(t, feeds, edits...), filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(path, []byte(strings.NewReplacer(edits...).Replace(string(testConfig(feeds)))), 0o600); err != nil {
		t.Fatal(err)
	}
	st, cluster, err := node.Open(t.Context(), cfg, log)
	if err != nil {
		t.Fatal(err)
	}
	n, err := node.New(cfg, path, "devel", st, log)
	if err != nil {
		t.Fatal(err)
	}
	at, err := Listen("127.0.0.1:0", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n.Join(cluster, at.Admin())
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- Run(ctx, n, Options{Log: log, Listeners: at}) }()
	p := &process{folder: dir, node: n, public: "http://" + at.PublicAddr().String(), admin: "http://" + at.Admin()}
	p.end = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	t.Cleanup(func() {
		if err := p.end(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// get returns what is served at a path; "" where nothing is.
func (p *process) get(path string) (status int, body string) { return getURL(p.public + path) }

func getURL(address string) (status int, body string) {
	resp, err := http.Get(address)
	if err != nil {
		return 0, ""
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, ""
	}
	return resp.StatusCode, string(b)
}

// TestTwoNodes: two nodes poll each source once between them and serve the same bytes; where PostgreSQL is away they serve what they
// have and do not poll; a node that ends leaves all to the other.
func TestTwoNodes(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("three nodes and a PostgreSQL of its own")
	}
	pg, err := storetest.StartPostgres(false)
	if err != nil {
		t.Skipf("no PostgreSQL: %v", err)
	}
	t.Cleanup(pg.Remove)
	feeds, dsn := newPolled(t), pg.URL()
	a, b := startNode(t, feeds.URL, dsn), startNode(t, feeds.URL, dsn)
	same := func() bool {
		status, one := a.get("/feed.atom")
		_, other := b.get("/feed.atom")
		return status == http.StatusOK && len(one) > 5000 && one == other
	}
	if !eventually(same) {
		t.Fatal("the nodes do not serve the same")
	}
	if n := feeds.doubled.Load(); n > 0 {
		t.Errorf("%d requests while another was under way", n)
	}
	pg.Kill()
	ready := func(want int) func() bool {
		return func() bool {
			one, _ := a.get("/readyz")
			other, _ := b.get("/readyz")
			return one == want && other == want
		}
	}
	if !eventually(ready(http.StatusServiceUnavailable)) {
		t.Error("ready without PostgreSQL")
	}
	for _, node := range []*process{a, b} {
		if status, body := node.get("/feed.atom"); status != http.StatusOK || len(body) < 5000 {
			t.Errorf("without PostgreSQL %d bytes are served, status %d", len(body), status)
		}
	}
	_, had := b.get("/feed.atom") // a may have read more of the log before it went away
	if err := b.end(); err != nil {
		t.Error(err)
	}
	b = startNodeIn(t, b.folder, feeds.URL, dsn, slog.New(slog.DiscardHandler))
	if !eventually(func() bool { _, has := b.get("/feed.atom"); return has == had }) {
		t.Error("a node that starts without PostgreSQL does not serve what it has")
	}
	if !eventually(ready(http.StatusServiceUnavailable)) {
		t.Error("a node that starts without PostgreSQL is ready")
	}
	if err := pg.Start(); err != nil {
		t.Fatal(err)
	}
	if !eventually(ready(http.StatusOK)) {
		t.Error("not ready with PostgreSQL")
	}
	if !eventually(same) {
		t.Error("the nodes do not serve the same after PostgreSQL was away")
	}
	if err := b.end(); err != nil {
		t.Error(err)
	}
	asked := feeds.asked.Load()
	if !eventually(func() bool { return feeds.asked.Load() > asked+5 }) {
		t.Error("the node that is left does not poll")
	}
	c := startNode(t, feeds.URL, dsn)
	if !eventually(func() bool { _, one := a.get("/feed.atom"); _, other := c.get("/feed.atom"); return one == other }) {
		t.Error("a node that begins later does not serve the same")
	}
}

// reader is a server of callbacks, which counts the documents that come to each path.
type reader struct {
	*httptest.Server
	doubled atomic.Int64 // the document came before

	mu  sync.Mutex
	got map[string]map[string]bool // by path
}

func newReader(t *testing.T) *reader {
	t.Helper()
	c := &reader{got: map[string]map[string]bool{}}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			_, _ = io.WriteString(w, r.URL.Query().Get("hub.challenge"))
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.got[r.URL.Path] == nil {
			c.got[r.URL.Path] = map[string]bool{}
		}
		if c.got[r.URL.Path][string(body)] {
			c.doubled.Add(1)
		}
		c.got[r.URL.Path][string(body)] = true
	}))
	t.Cleanup(c.Close)
	return c
}

func (c *reader) count(path string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.got[path])
}

// TestSubscriberOfNodes: each node takes subscriptions, one of them serves all, and the other goes on when it ends.
func TestSubscriberOfNodes(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("two nodes, one of which takes over after seconds")
	}
	feeds, dsn, callback := newPolled(t), storetest.Database(t), newReader(t)
	subscribe := func(p *process, path string) {
		t.Helper()
		resp, err := http.PostForm(p.public+"/hub", url.Values{"hub.mode": {"subscribe"}, "hub.callback": {callback.URL + path},
			"hub.topic": {"http://wire.example/feed.atom"}})
		if err != nil || resp.StatusCode != http.StatusAccepted {
			t.Fatalf("%v, %v", resp, err)
		}
		resp.Body.Close()
	}
	nodes := []*process{startNode(t, feeds.URL, dsn), startNode(t, feeds.URL, dsn)}
	for i, p := range nodes {
		subscribe(p, fmt.Sprint("/", i))
	}
	if !eventually(func() bool { return callback.count("/0") > 1 && callback.count("/1") > 1 }) {
		t.Fatal("not delivered to a subscriber of each node")
	}
	if n := callback.doubled.Load(); n > 0 {
		t.Errorf("%d documents came twice", n)
	}
	for i, p := range nodes { // one of them delivers
		was := callback.count("/0")
		if err := p.end(); err != nil {
			t.Error(err)
		}
		if i == 0 && !eventually(func() bool { return callback.count("/0") > was+1 && callback.count("/1") > was+1 }) {
			t.Error("the node that is left does not deliver")
		}
		nodes[0] = nodes[1]
	}
}

// TestNodeOfAnotherFeedIsRefused: a file that was used alone does not join a log that has begun without it.
func TestNodeOfAnotherFeedIsRefused(t *testing.T) {
	t.Parallel()
	feeds, dsn := newPolled(t), storetest.Database(t)
	startNode(t, feeds.URL, dsn)
	path := filepath.Join(t.TempDir(), "alone.db")
	cfg := demoConfig(t, feeds.URL, "dateline.db", path)
	st, _, err := node.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	cfg.Store.DSN = dsn
	st, cluster, err := node.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if !node.IsOther(err) {
		t.Errorf("%v, want an error of another feed", err)
	}
	if err == nil {
		t.Error(st.Close())
		cluster.Close()
	}
}
