package daemon

import (
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	dto "github.com/prometheus/client_model/go"

	"dateline/aggregator/news"
	"dateline/aggregator/websub/hub"
	"dateline/cmd/dateline/node"
	"dateline/store"
)

// metrics gives Prometheus the state of the store and of hubs, read anew at each scrape. Names and units follow
// https://prometheus.io/docs/practices/naming/. Those of the sources are [sourceFamilies].
type metrics struct{ d *daemon }

var (
	mHead = prometheus.NewDesc("dateline_log_position", "The newest position of the log.", nil, nil)
	mSize = prometheus.NewDesc("dateline_store_size_bytes", "Size of the store's file.", nil, nil)
	mFree = prometheus.NewDesc("dateline_store_free_bytes", "Of it in pages without content, which are used again before the file grows.",
		nil, nil)
	mHubs = prometheus.NewDesc("dateline_push_subscriptions", "Subscriptions at hubs by how far they have come.", []string{"state"}, nil)
	mSubs = prometheus.NewDesc("dateline_hub_subscribers", "Subscriptions to our feeds.", nil, nil)
	mSent = prometheus.NewDesc("dateline_hub_deliveries_total", "Deliveries to subscribers, or to a hub elsewhere, by how they ended.",
		[]string{"result"}, nil)
	mAsked = prometheus.NewDesc("dateline_hub_requests_total", "Requests to subscribe or unsubscribe by how they ended.", []string{"result"},
		nil)
	mLeft = prometheus.NewDesc("dateline_abandoned_round_trips_total", "Requests whose connection did not end when their time was over.", nil,
		nil)
	mBuild = prometheus.NewDesc("dateline_build_info", "1, with the version that runs.", []string{"version"}, nil)
)

// Describe lists the metrics.
func (m metrics) Describe(c chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{mHead, mSize, mFree, mHubs, mSubs, mSent, mAsked, mLeft, mBuild} {
		c <- d
	}
}

// Collect reads them. What cannot be read makes the scrape fail, which is what it should be noticed by.
func (m metrics) Collect(c chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		c <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	n := m.d.node.Load()
	if err := n.View(func(v store.View) error {
		gauge(mHead, float64(v.Head()))
		return nil
	}); err != nil {
		c <- prometheus.NewInvalidMetric(mHead, err)
	}
	size, free := n.Store.Space()
	gauge(mSize, float64(size))
	gauge(mFree, float64(free))
	if err := hubMetrics(n, gauge); err != nil {
		c <- prometheus.NewInvalidMetric(mHubs, err)
	}
	subscriberMetrics(m.d.hub.Stats(), c)
	c <- prometheus.MustNewConstMetric(mLeft, prometheus.CounterValue, float64(n.Abandoned()))
	gauge(mBuild, 1, n.Version)
	if err := clusterMetrics(n, c); err != nil {
		c <- prometheus.NewInvalidMetric(mReachable, err)
	}
}

// subscriberMetrics says how our own hub fares.
func subscriberMetrics(s hub.Stats, c chan<- prometheus.Metric) {
	c <- prometheus.MustNewConstMetric(mSubs, prometheus.GaugeValue, float64(s.Subscribers))
	for result, n := range s.Deliveries {
		c <- prometheus.MustNewConstMetric(mSent, prometheus.CounterValue, float64(n), result)
	}
	for result, n := range s.Requests {
		c <- prometheus.MustNewConstMetric(mAsked, prometheus.CounterValue, float64(n), result)
	}
}

// hubMetrics says how many subscriptions there are in each state.
func hubMetrics(n *node.Node, gauge func(d *prometheus.Desc, v float64, labels ...string)) error {
	all, err := n.Store.Subscriptions()
	if err != nil {
		return err
	}
	states := []news.SubscriptionState{news.SubscriptionPending, news.SubscriptionActive, news.SubscriptionDenied, news.SubscriptionRefused,
		news.SubscriptionLeaving}
	count := map[news.SubscriptionState]float64{}
	for _, sub := range all {
		count[sub.State]++
	}
	for _, state := range states {
		gauge(mHubs, count[state], string(state))
	}
	return nil
}

// gatherer returns all metrics: those of the daemon, of its sources, of the Go runtime and of the process.
func (d *daemon) gatherer() prometheus.Gatherer {
	r := prometheus.NewRegistry()
	r.MustRegister(metrics{d}, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	r.MustRegister(d.counters.all()...)
	return prometheus.GathererFunc(func() ([]*dto.MetricFamily, error) {
		all, err := r.Gather()
		if err != nil {
			return all, err
		}
		n := d.node.Load()
		sources, err := n.Status(time.Now())
		if err != nil {
			return all, err
		}
		all = append(all, sourceFamilies(sources)...)
		all = append(all, d.counters.counterFamilies(sources)...)
		slices.SortFunc(all, func(a, b *dto.MetricFamily) int { return strings.Compare(a.GetName(), b.GetName()) })
		return all, nil
	})
}
