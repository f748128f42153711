package daemon

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"dateline/aggregator"
	"dateline/aggregator/news"
	"dateline/store"
)

// scrape returns what Prometheus reads, line by line.
func (d *daemon) scrape(t *testing.T) string {
	t.Helper()
	answer := httptest.NewRecorder()
	d.admin().ServeHTTP(answer, httptest.NewRequest("GET", "http://localhost/metrics", nil))
	b, err := io.ReadAll(answer.Body)
	if err != nil || answer.Code != 200 {
		t.Fatalf("%d, %v: %s", answer.Code, err, b)
	}
	return string(b)
}

// ask asks the public listener.
func (d *daemon) ask(method, path string) {
	d.access(d.public()).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(method, path, nil))
}

// moved returns a daemon that has lived through one of everything that is measured.
func moved(t *testing.T) *daemon {
	t.Helper()
	feeds := newServer(t)
	d := newTestDaemon(t, demoConfig(t, feeds.url, "/tass/rss/v2.xml", "/fault/403", "/mfa/rss.php", "/fault/410", "network:",
		"hub: {allow: [127.0.0.1]}\nnetwork:"))
	n := d.node.Load()
	box := newMailbox(t)
	d.subscribe(t, box)
	visit := func() {
		if _, err := n.Engine.Ingest(t.Context(), aggregator.Request{Now: true}); err != nil {
			t.Fatal(err)
		}
	}
	for visit(); ; visit() {
		if _, more := feeds.Step(); !more {
			break
		}
	}
	src := n.Engine.Sources()[0].ID
	if err := n.Engine.Deliver(t.Context(), src,
		[]byte(`<rss version="2.0"><channel><title>A</title><item><guid>pushed</guid><title>By hub</title></item></channel></rss>`),
		"application/rss+xml"); err != nil {
		t.Fatal(err)
	}
	var flood strings.Builder
	for n := range 12 { // of what is old: held back
		fmt.Fprintf(&flood, `<item><guid>old %d</guid><title>Old piece %d</title><pubDate>Mon, 02 Jan 2006 15:04:%02d GMT</pubDate></item>`, n, n,
			n)
	}
	if err := n.Engine.Deliver(t.Context(), src, []byte(`<rss version="2.0"><channel><title>A</title>`+flood.String()+`</channel></rss>`),
		"application/rss+xml"); err != nil {
		t.Fatal(err)
	}
	err := n.Store.ChangeSubscriptions([]string{"t"}, func(token string, _ *news.Subscription) *news.Subscription {
		return &news.Subscription{Token: token, Source: src, State: news.SubscriptionActive}
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Store.Update(time.Now(), func(t *store.Tx) error {
		st, err := t.State(src)
		st.Gaps++
		return errors.Join(err, t.PutState(src, st))
	}); err != nil {
		t.Fatal(err)
	}
	d.ask("GET", "/feed.atom")
	fetcher := httptest.NewRequest("GET", "/feed.atom", nil)
	fetcher.Header.Set("User-Agent", "Feedbin feed-id:1 - 12 subscribers")
	d.access(d.public()).ServeHTTP(httptest.NewRecorder(), fetcher)
	if err := d.render(); err != nil {
		t.Fatal(err)
	}
	d.hub.Apply(n.HubSetup()) // look at once
	d.runHub(t, box)
	return d
}

// runHub runs the hub until it has made a request of box, and what came of that is recorded.
func (d *daemon) runHub(t *testing.T, box *mailbox) {
	ctx, end := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { d.hub.Run(ctx) })
	box.next(t)
	end()
	running.Wait()
}

// subscribe has a reader subscribe to the merged feed.
func (d *daemon) subscribe(t *testing.T, box *mailbox) {
	form := url.Values{"hub.mode": {"subscribe"}, "hub.topic": {d.node.Load().Config.Feed.BaseURL + "feed.atom"}, "hub.callback": {box.URL}}
	r := httptest.NewRequest("POST", "/hub", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	d.access(d.public()).ServeHTTP(httptest.NewRecorder(), r)
	d.runHub(t, box)
	abandonOne(t, d.node.Load().Client)
}

// TestMetrics: every metric is there, moves, and is named and described by Prometheus' rules.
func TestMetrics(t *testing.T) {
	t.Parallel()
	d := moved(t)
	out := d.scrape(t)
	problems, err := promlint.New(strings.NewReader(out)).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "dateline_") { // of the others their authors speak
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
	for _, name := range metricNames(out) {
		if !regexp.MustCompile(`(?m)^` + name + `(_sum|_count)?(\{.*\})? ([1-9]|0\.0*[1-9])`).MatchString(out) {
			t.Errorf("%s is zero after all that has happened:\n%s", name, out)
		}
	}
	for _, want := range []string{
		`dateline_visits_total{result="unchanged",source="tass"} 0`,
		`dateline_source_state{source="tass",state="blocked"} 1`,
		`dateline_source_state{source="tass",state="ok"} 0`,
		`dateline_source_state{source="mfa-russia",state="gone"} 1`, `dateline_source_held_items{source="belta"} 12`,
		`dateline_push_deliveries_total{result="ok",source="belta"} 2`,
		`dateline_push_subscriptions{state="active"} 1`,
		`dateline_responses_total{class="4xx",source="mfa-russia"} 1`, `dateline_received_bytes_total{source="mfa-russia"} 0`,
		`dateline_hub_subscribers 1`, `dateline_hub_deliveries_total{result="taken"} 1`, `dateline_hub_requests_total{result="verified"} 1`,
		`dateline_http_requests_total{code="200",handler="/feed.atom"} 2`,
		`dateline_readers_total{agent="Feedbin"} 1`, `dateline_subscribers{agent="Feedbin"} 12`,
	} {
		if !strings.Contains(out, want+"\n") {
			t.Errorf("no %s", want)
		}
	}
	joins := func() (all []string) {
		for _, m := range regexp.MustCompile(`(?m)^dateline_joins_total\{level="(L\d)"\} (\d+)$`).FindAllStringSubmatch(d.scrape(t), -1) {
			all = append(all, m[1]+" "+m[2])
		}
		return all
	}
	if diff := cmp.Diff([]string{"L3 1", "L4 0", "L5 0"}, joins()); diff != "" {
		t.Errorf("joins on the wire of the demonstration: %s", diff)
	}
	d.counters.visited(news.Visit{Source: "belta", Pushed: true, ByHand: true, Result: news.OK, Joins: map[string]int{"L3": 2, "L5": 3}})
	if diff := cmp.Diff([]string{"L3 3", "L4 0", "L5 3"}, joins()); diff != "" {
		t.Errorf("joins of one visit more: %s", diff)
	}
	for _, line := range strings.Split(out, "\n") {
		if strings.HasPrefix(line, "dateline_push_deliveries_total") && !strings.Contains(d.scrape(t), line+"\n") {
			t.Errorf("an operator's document counts as a hub's: %s", line)
		}
	}
	if strings.Contains(out, `last_success_timestamp_seconds{source="tass"}`) {
		t.Error("a source that never answered has no last success")
	}
}

// metricNames returns the names of our own metrics.
func metricNames(scrape string) (all []string) {
	for _, m := range regexp.MustCompile(`(?m)^# TYPE (dateline_\w+) `).FindAllStringSubmatch(scrape, -1) {
		all = append(all, m[1])
	}
	return all
}

func TestMetricsOfReload(t *testing.T) {
	t.Parallel()
	feeds := newServer(t)
	d := newTestDaemon(t, demoConfig(t, feeds.url))
	value := func(name string) string {
		_, after, _ := strings.Cut(d.scrape(t), "\n"+name+" ")
		line, _, _ := strings.Cut(after, "\n")
		return line
	}
	write := func(b []byte) {
		if err := os.WriteFile(d.node.Load().ConfigPath, b, 0o600); err != nil {
			t.Fatal(err)
		}
		d.reloadConfig()
	}
	at := value("dateline_config_last_reload_success_timestamp_seconds")
	if ok := value("dateline_config_last_reload_successful"); ok != "1" || at == "0" {
		t.Errorf("at the start: %s, at %s", ok, at)
	}
	write([]byte("sources: {"))
	if ok := value("dateline_config_last_reload_successful"); ok != "0" ||
		value("dateline_config_last_reload_success_timestamp_seconds") != at {
		t.Errorf("after a bad config: %s", ok)
	}
	write(bytes.Replace(testConfig(feeds.url), []byte("id: tass\n"), []byte("id: tass-en\n"), 1))
	if ok := value("dateline_config_last_reload_successful"); ok != "1" {
		t.Errorf("after a good one: %s", ok)
	}
	write(bytes.ReplaceAll(testConfig(feeds.url), []byte("dateline.db"), []byte("other.db")))
	if ok := value("dateline_config_last_reload_successful"); ok != "0" {
		t.Errorf("after one that moves the store: %s", ok)
	}
	write(bytes.Replace(testConfig(feeds.url), []byte("id: tass\n"), []byte("id: tass-en\n"), 1))
	out := d.scrape(t)
	if ok := value("dateline_config_last_reload_successful"); ok != "1" {
		t.Errorf("after a good config: %s", ok)
	}
	if strings.Contains(out, `source="tass"`) {
		t.Error("a source that was removed still has series")
	}
	if !strings.Contains(out, `dateline_visits_total{result="ok",source="tass-en"} 0`) {
		t.Error("the series of a source that was added do not begin with zero")
	}
	d.counters.visited(news.Visit{Source: "tass", Result: news.OK})
	if strings.Contains(d.scrape(t), `source="tass"`) {
		t.Error("a visit that was under way brings back the series of a source that was removed")
	}
}

// TestMetricsAreBounded: what is asked for does not make labels.
func TestMetricsAreBounded(t *testing.T) {
	t.Parallel()
	feeds := newServer(t)
	d := newTestDaemon(t, demoConfig(t, feeds.url))
	for _, path := range []string{"/entries/1", "/entries/2", "/a", "/b/c", "/websub/x", "/websub/y", "/entries/1?q=1"} {
		d.ask("GET", path)
		d.ask("BREW", path)
	}
	for i := range 2 * maxAgents {
		d.counters.readers.read(fmt.Sprintf("Reader%d/1.0 (%d subscribers)", i, i), "/feed.atom", 200, time.Now())
	}
	d.counters.readers.read("Mozilla/5.0", "/feed.atom", 200, time.Now())
	if n := strings.Count(d.scrape(t), "dateline_readers_total{"); n != maxAgents {
		t.Errorf("%d agents", n)
	}
	handlers := map[string]bool{}
	for _, m := range regexp.MustCompile(`handler="([^"]*)"`).FindAllStringSubmatch(d.scrape(t), -1) {
		handlers[m[1]] = true
	}
	if got := slices.Sorted(maps.Keys(handlers)); !slices.Equal(got, []string{"/entries/{}", "/websub/{}", "none"}) {
		t.Errorf("%q", got)
	}
}

// TestAlerts: the alert rules name metrics, labels' values and states that there are.
func TestAlerts(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("../../../aggregator/docs/alerts.yml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Groups []struct {
			Name  string
			Rules []struct {
				Alert, Expr, For    string
				Labels, Annotations map[string]string
			}
		}
	}
	if err := yaml.UnmarshalWithOptions(b, &file, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	out := moved(t).scrape(t)
	names := append(metricNames(out), clusterMetricNames...)
	rules := 0
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			rules++
			if r.Alert == "" || r.Labels["severity"] == "" || r.Annotations["summary"] == "" || r.Annotations["description"] == "" {
				t.Errorf("%s: an alert has a severity, a summary and a description", r.Alert)
			}
			for _, name := range regexp.MustCompile(`dateline_\w+`).FindAllString(r.Expr, -1) {
				if !slices.Contains(names, name) {
					t.Errorf("%s: there is no metric %s", r.Alert, name)
				}
			}
			for _, m := range regexp.MustCompile(`(state|action|result)=~?"([^"]+)"`).FindAllStringSubmatch(r.Expr, -1) {
				for _, value := range strings.Split(m[2], "|") {
					if !strings.Contains(out, m[1]+`="`+value+`"`) {
						t.Errorf("%s: nothing has %s %s", r.Alert, m[1], value)
					}
				}
			}
		}
	}
	if rules < 8 {
		t.Errorf("%d rules", rules)
	}
}

// TestDashboard: the panels ask for metrics, labels' values and labels that there are.
func TestDashboard(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("../../../aggregator/docs/dashboard.json")
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		Title, UID string
		Panels     []struct {
			Title, Description string
			Targets            []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(b, &dashboard); err != nil {
		t.Fatal(err)
	}
	out := moved(t).scrape(t)
	names := append(metricNames(out), "dateline_source_waiting_until_timestamp_seconds") // of those that wait, and none does
	asked := map[string]bool{}
	for _, panel := range dashboard.Panels {
		if panel.Title == "" || panel.Description == "" || len(panel.Targets) == 0 {
			t.Errorf("%q: a panel has a title, a description and a query", panel.Title)
		}
		for _, target := range panel.Targets {
			for _, name := range regexp.MustCompile(`dateline_\w+`).FindAllString(target.Expr, -1) {
				name = strings.TrimSuffix(name, "_bucket")
				if asked[name] = true; !slices.Contains(names, name) {
					t.Errorf("%s: there is no metric %s", panel.Title, name)
				}
			}
			for _, m := range regexp.MustCompile(`by \((?:le, )?(\w+)\)`).FindAllStringSubmatch(target.Expr, -1) {
				if !strings.Contains(out, m[1]+`="`) {
					t.Errorf("%s: nothing has a label %s", panel.Title, m[1])
				}
			}
		}
	}
	if len(asked) < 15 {
		t.Errorf("%d metrics", len(asked))
	}
}
