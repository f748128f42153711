package daemon

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"dateline/cmd/dateline/node"
)

// Metrics of a node that shares its sources with others; of one that is alone there are none. While PostgreSQL is away those that it
// says are missing.
var (
	mReachable = prometheus.NewDesc("dateline_cluster_reachable", "1 while the PostgreSQL of the nodes answers, else 0.", nil, nil)
	mNodes     = prometheus.NewDesc("dateline_cluster_nodes", "Nodes that were heard of within half a minute.", nil, nil)
	mLag       = prometheus.NewDesc("dateline_cluster_lag_writes", "Writes of the shared log that this node has not yet.", nil, nil)
	mLogBytes  = prometheus.NewDesc("dateline_cluster_log_size_bytes", "Size of the shared log in PostgreSQL, with its indexes.", nil, nil)
	mLogHead   = prometheus.NewDesc("dateline_cluster_log_writes_total", "Writes in the shared log since it began.", nil, nil)
	mDuty      = prometheus.NewDesc("dateline_cluster_duty", "1 for a duty that this node has for all nodes, 0 for one of another node.",
		[]string{"duty"}, nil)
	mTurns    = prometheus.NewDesc("dateline_cluster_turns_total", "Turns at the shared log that this node asked for.", nil, nil)
	mTurnWait = prometheus.NewDesc("dateline_cluster_turn_wait_seconds_total", "Seconds that this node waited for turns.", nil, nil)
)

// clusterMetrics says how the nodes are.
func clusterMetrics(n *node.Node, c chan<- prometheus.Metric) error {
	s, err := n.ClusterStatus(context.Background())
	if err != nil || s == nil {
		return err
	}
	add := func(d *prometheus.Desc, kind prometheus.ValueType, v float64, labels ...string) {
		c <- prometheus.MustNewConstMetric(d, kind, v, labels...)
	}
	add(mTurns, prometheus.CounterValue, float64(s.Turns))
	add(mTurnWait, prometheus.CounterValue, s.TurnWait)
	if s.State == node.ClusterAway {
		add(mReachable, prometheus.GaugeValue, 0)
		return nil
	}
	add(mReachable, prometheus.GaugeValue, 1)
	add(mNodes, prometheus.GaugeValue, float64(s.Alive()))
	add(mLag, prometheus.GaugeValue, float64(s.Lag))
	add(mLogBytes, prometheus.GaugeValue, float64(s.LogBytes))
	add(mLogHead, prometheus.CounterValue, float64(s.Position))
	for _, one := range s.Nodes {
		has := 0.0
		if one.ID == s.Node {
			has = 1
		}
		for _, duty := range one.Duties {
			add(mDuty, prometheus.GaugeValue, has, duty)
		}
	}
	return nil
}
