package daemon

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
	responses  *prometheus.CounterVec
	received   *prometheus.CounterVec
	joins      *prometheus.CounterVec
	readers    *readers
	reloaded   prometheus.Gauge
	reloadedAt prometheus.Gauge

	mu      sync.Mutex
	sources map[string]bool
}

var (
	results = []news.Result{news.OK, news.NotModified, news.Unchanged, news.Partial, news.Failed}
	actions = []string{"new", "updated", "joined", "held"}
	classes = []string{"2xx", "3xx", "4xx", "5xx", "none"} // of a status; none: there was no answer
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
		requests: counter("dateline_http_requests_total", "Requests to the public listener by what serves them and by status.",
			"handler", "code"),
		responses: counter("dateline_responses_total", "Answers of sources by the class of their status.", "source", "class"),
		received:  counter("dateline_received_bytes_total", "Bytes of documents as they came, content coding and all.", "source"),
		joins:     counter("dateline_joins_total", "Items that joined another source's entry, by the level of the decision.", "level"),
		readers:   newReaders(),
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
	return []prometheus.Collector{c.visits, c.items, c.deliveries, c.took, c.requests, c.responses, c.received, c.joins, c.readers,
		c.reloaded, c.reloadedAt}
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
		for _, class := range classes {
			c.responses.WithLabelValues(src.ID, class)
		}
		c.received.WithLabelValues(src.ID)
		for _, action := range actions {
			c.items.WithLabelValues(src.ID, action)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(c.sources)) {
		if !listed[id] {
			for _, vec := range []*prometheus.CounterVec{c.visits, c.items, c.deliveries, c.responses, c.received} {
				vec.DeletePartialMatch(prometheus.Labels{"source": id})
			}
		}
	}
	for _, level := range []string{"L3", "L4", "L5"} {
		c.joins.WithLabelValues(level)
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
	switch {
	case v.ByHand:
	case v.Pushed:
		c.deliveries.WithLabelValues(v.Source, string(v.Result)).Inc()
	default:
		c.visits.WithLabelValues(v.Source, string(v.Result)).Inc()
		c.took.Observe(v.Took.Seconds())
		c.responses.WithLabelValues(v.Source, class(v.Status)).Inc()
	}
	c.received.WithLabelValues(v.Source).Add(float64(v.Received))
	for level, n := range v.Joins {
		c.joins.WithLabelValues(level).Add(float64(n))
	}
	for i, n := range []int{v.New, v.Updated, v.Joined, v.Held} {
		c.items.WithLabelValues(v.Source, actions[i]).Add(float64(n))
	}
}

// answered counts an answer of the public listener; handler is one of the patterns that are served.
func (c *counters) answered(handler string, code int) {
	c.requests.WithLabelValues(handler, strconv.Itoa(code)).Inc()
}

// class is the class of a status (RFC 9110 section 15).
func class(status int) string {
	if n := status / 100; n >= 2 && n <= 5 {
		return strconv.Itoa(n) + "xx"
	}
	return "none"
}
