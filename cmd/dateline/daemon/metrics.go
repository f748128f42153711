package daemon

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"dateline/aggregator/news"
	"dateline/aggregator/status"
	"dateline/aggregator/websub/hub"
	"dateline/cmd/dateline/node"
	"dateline/store"
)

// metrics gives Prometheus the state of the sources and the store, read anew at each scrape. Names and units follow
// https://prometheus.io/docs/practices/naming/; the label source is bounded by the config.
type metrics struct{ d *daemon }

var (
	mState = prometheus.NewDesc("dateline_source_state", "1 for the state that the source is in, 0 for the others.",
		[]string{"source", "state"}, nil)
	mLast = prometheus.NewDesc("dateline_source_last_success_timestamp_seconds", "When the source was last visited with success.",
		[]string{"source"}, nil)
	mWait = prometheus.NewDesc("dateline_source_waiting_until_timestamp_seconds",
		"Until when the source waits for a host that asked for a pause; absent: it waits for none.", []string{"source"}, nil)
	mDue = prometheus.NewDesc("dateline_source_next_due_timestamp_seconds", "When the source is due again.", []string{"source"}, nil)
	mNew = prometheus.NewDesc("dateline_source_newest_item_timestamp_seconds",
		"The latest date of the source's items; absent: none has one.", []string{"source"}, nil)
	mHead = prometheus.NewDesc("dateline_log_position", "The newest position of the log.", nil, nil)
	mSize = prometheus.NewDesc("dateline_store_size_bytes", "Size of the store's file.", nil, nil)
	mFree = prometheus.NewDesc("dateline_store_free_bytes", "Of it in pages without content, which are used again before the file grows.",
		nil, nil)
	mGaps = prometheus.NewDesc("dateline_source_gaps_total", "Documents that shared nothing with the one before: items may have been missed.",
		[]string{"source"}, nil)
	mHeld = prometheus.NewDesc("dateline_source_held_items", "Items held back, until an operator releases or drops them.", []string{"source"},
		nil)
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
	for _, d := range []*prometheus.Desc{mState, mLast, mDue, mWait, mNew, mGaps, mHeld, mHead, mSize, mFree, mHubs, mSubs, mSent,
		mAsked, mLeft, mBuild} {
		c <- d
	}
}

// Collect reads them. What cannot be read makes the scrape fail, which is what it should be noticed by.
func (m metrics) Collect(c chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		c <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	n := m.d.node.Load()
	sources, err := n.Status(time.Now())
	if err != nil {
		c <- prometheus.NewInvalidMetric(mState, err)
		return
	}
	for _, s := range sources {
		for _, state := range status.States {
			is := 0.0
			if s.State == state {
				is = 1
			}
			gauge(mState, is, s.ID, string(state))
		}
		if at := time.Time(s.LastSuccess); !at.IsZero() {
			gauge(mLast, float64(at.Unix()), s.ID)
		}
		if at := time.Time(s.NextDue); !at.IsZero() {
			gauge(mDue, float64(at.Unix()), s.ID)
		}
		if at := time.Time(s.Newest); !at.IsZero() {
			gauge(mNew, float64(at.Unix()), s.ID)
		}
		if w := s.WaitingFor; w != nil {
			gauge(mWait, float64(time.Time(w.Until).Unix()), s.ID)
		}
		c <- prometheus.MustNewConstMetric(mGaps, prometheus.CounterValue, float64(s.Gaps), s.ID)
		gauge(mHeld, float64(s.Held), s.ID)
	}
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

// registry holds all metrics: those of the daemon, of the Go runtime and of the process.
func (d *daemon) registry() *prometheus.Registry {
	r := prometheus.NewPedanticRegistry()
	r.MustRegister(metrics{d}, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	r.MustRegister(d.counters.all()...)
	return r
}
