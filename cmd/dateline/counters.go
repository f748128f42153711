package main

import (
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"dateline/aggregator/news"
)

// counters count what happens from the daemon's start on. The label source is bounded by the config: series of a
// source that was removed go with it.
type counters struct {
	visits     *prometheus.CounterVec
	items      *prometheus.CounterVec
	deliveries *prometheus.CounterVec
	took       prometheus.Histogram
	requests   *prometheus.CounterVec
	reloaded   prometheus.Gauge
	reloadedAt prometheus.Gauge

	mu      sync.Mutex
	sources map[string]bool
}

var (
	results = []news.Result{news.OK, news.NotModified, news.Unchanged, news.Partial, news.Failed}
	actions = []string{"new", "updated", "joined", "held"}
)

func newCounters() *counters {
	return &counters{
		visits:     counter("dateline_visits_total", "Visits by how they ended.", "source", "result"),
		items:      counter("dateline_items_total", "Items by what became of them.", "source", "action"),
		deliveries: counter("dateline_push_deliveries_total", "Documents that hubs delivered, by how their reading ended.", "source", "result"),
		took: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "dateline_visit_duration_seconds", Help: "How long visits took, from waiting for their turn to the record on disk.",
			Buckets: []float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60},
		}),
		requests: counter("dateline_http_requests_total", "Requests to the public listener by what serves them and by status.", "handler", "code"),
		reloaded: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "dateline_config_last_reload_successful", Help: "1 if the config was taken in when it last changed, 0 if it was refused."}),
		reloadedAt: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "dateline_config_last_reload_success_timestamp_seconds", Help: "When the config was last taken in."}),
		sources: map[string]bool{},
	}
}

func counter(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

// all lists what is to be registered.
func (c *counters) all() []prometheus.Collector {
	return []prometheus.Collector{c.visits, c.items, c.deliveries, c.took, c.requests, c.reloaded, c.reloadedAt}
}

// taken notes that a config with these sources was taken in. Each source's series begin with zero, so that
// their first increase is seen.
func (c *counters) taken(sources []news.Source, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	listed := map[string]bool{}
	for _, src := range sources {
		listed[src.ID] = true
		for _, r := range results {
			c.visits.WithLabelValues(src.ID, string(r))
		}
		for _, action := range actions {
			c.items.WithLabelValues(src.ID, action)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(c.sources)) {
		if !listed[id] {
			for _, vec := range []*prometheus.CounterVec{c.visits, c.items, c.deliveries} {
				vec.DeletePartialMatch(prometheus.Labels{"source": id})
			}
		}
	}
	c.sources = listed
	c.reloaded.Set(1)
	c.reloadedAt.Set(float64(at.Unix()))
}

// refused notes that a config was not taken in.
func (c *counters) refused() { c.reloaded.Set(0) }

// visited counts a visit or a delivery, unless its source was removed meanwhile.
func (c *counters) visited(v news.Visit) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.sources[v.Source] {
		return
	}
	if v.Pushed {
		c.deliveries.WithLabelValues(v.Source, string(v.Result)).Inc()
	} else {
		c.visits.WithLabelValues(v.Source, string(v.Result)).Inc()
		c.took.Observe(v.Took.Seconds())
	}
	for i, n := range []int{v.New, v.Updated, v.Joined, v.Held} {
		c.items.WithLabelValues(v.Source, actions[i]).Add(float64(n))
	}
}

// answered counts an answer of the public listener; handler is one of the patterns that are served.
func (c *counters) answered(handler string, code int) {
	c.requests.WithLabelValues(handler, strconv.Itoa(code)).Inc()
}
