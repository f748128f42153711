package daemon

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"dateline/cmd/dateline/node"
	"dateline/store/storetest"
)

// clusterMetricNames are the metrics that only a node has that shares its sources with others.
var clusterMetricNames = []string{"dateline_cluster_duty", "dateline_cluster_lag_writes", "dateline_cluster_log_size_bytes",
	"dateline_cluster_log_writes_total", "dateline_cluster_nodes", "dateline_cluster_reachable", "dateline_cluster_turn_wait_seconds_total",
	"dateline_cluster_turns_total"}

// report returns the status of a node as JSON has it.
func (p *process) report(t *testing.T) (r node.Report) {
	t.Helper()
	if _, body := getURL(p.admin + "/status.json"); json.Unmarshal([]byte(body), &r) != nil {
		t.Fatalf("no JSON: %s", body)
	}
	return r
}

// TestNodesAreShown: status, metrics and readiness of each node say what all nodes have, and which one has which duty.
func TestNodesAreShown(t *testing.T) {
	t.Parallel()
	feeds, dsn := newPolled(t), storetest.Database(t)
	a, b := startNode(t, feeds.URL, dsn), startNode(t, feeds.URL, dsn)
	var one, other *node.ClusterStatus
	both := func() bool {
		one, other = a.report(t).Cluster, b.report(t).Cluster
		return one.Alive() == 2 && one.Position > 3 && one.Lag+other.Lag == 0 && one.Position == other.Position
	}
	if !eventually(both) {
		t.Fatalf("%+v, %+v", one, other)
	}
	duties := 0
	for _, n := range one.Nodes {
		if (n.ID == one.Node) == (n.ID == other.Node) || n.Format < 1 || n.Admin == "" {
			t.Errorf("%+v is neither %s nor %s", n, one.Node, other.Node)
		}
		if slices.Contains(n.Duties, "log") {
			duties++
		}
	}
	if duties != 1 || one.LogBytes < 8<<10 || one.State != node.ClusterOK || one.Turns+other.Turns == 0 {
		t.Errorf("%d nodes drop old partitions; %+v", duties, one)
	}
	_, out := getURL(a.admin + "/metrics")
	problems, err := promlint.New(strings.NewReader(out)).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "dateline_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
	names := slices.DeleteFunc(metricNames(out), func(name string) bool { return !strings.HasPrefix(name, "dateline_cluster") })
	if !slices.Equal(names, clusterMetricNames) {
		t.Errorf("metrics %q", names)
	}
	for _, want := range []string{"dateline_cluster_nodes 2", "dateline_cluster_reachable 1"} {
		if !strings.Contains(out, want+"\n") {
			t.Errorf("no %s in %s", want, out)
		}
	}
	if status, body := a.get("/readyz"); status != 200 || !regexp.MustCompile(`^ready\nlag: \d+ writes\nturns: \d+ in [\d.]+ s\nlog: \d+ bytes\n$`).
		MatchString(body) {
		t.Errorf("ready: %d %q", status, body)
	}
	if _, body := getURL(a.admin + "/status"); !strings.Contains(body, "<th scope=\"row\">"+other.Node+"</th>") {
		t.Errorf("the page does not show %s: %s", other.Node, body)
	}
}
