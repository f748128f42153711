package daemon

import (
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"dateline/aggregator/news"
)

// counters count what happens from the daemon's start on. Those of a source that was removed go with it.
type counters struct {
	took       prometheus.Histogram
	requests   *prometheus.CounterVec
	joins      *prometheus.CounterVec
	readers    *readers
	reloaded   prometheus.Gauge
	reloadedAt prometheus.Gauge

	mu      sync.Mutex
	sources map[string]*sourceCounts // of the config
}

// sourceCounts are the counters of a source, which counterFamilies makes series of: in vectors of Prometheus fifteen series take 8 KB.
type sourceCounts struct {
	visits, deliveries [len(results)]uint64
	responses          [len(classes)]uint64
	items              [len(actions)]uint64
	received           uint64 // bytes
}

var (
	results = [...]news.Result{news.OK, news.NotModified, news.Unchanged, news.Partial, news.Failed}
	actions = [...]string{"new", "updated", "joined", "held"}
	classes = [...]string{"2xx", "3xx", "4xx", "5xx", "none"} // of a status; none: there was no answer
)

func newCounters() *counters {
	return &counters{
		took: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "dateline_visit_duration_seconds", Help: "How long visits took, from waiting for their turn to the record on disk.",
			Buckets: []float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60},
		}),
		requests: counter("dateline_http_requests_total", "Requests to the public listener by what serves them and by status.",
			"handler", "code"),
		joins:   counter("dateline_joins_total", "Items that joined another source's entry, by the level of the decision.", "level"),
		readers: newReaders(),
		reloaded: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "dateline_config_last_reload_successful", Help: "1 if the config was taken in when it last changed, 0 if it was refused."}),
		reloadedAt: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "dateline_config_last_reload_success_timestamp_seconds", Help: "When the config was last taken in."}),
		sources: map[string]*sourceCounts{},
	}
}

func counter(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

// all lists what is to be registered: what is not counted of each source.
func (c *counters) all() []prometheus.Collector {
	return []prometheus.Collector{c.took, c.requests, c.joins, c.readers, c.reloaded, c.reloadedAt}
}

// taken notes that a config with these sources was taken in. Each source's series begin with zero, so that
// their first increase is seen.
func (c *counters) taken(sources []news.Source, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	listed := make(map[string]*sourceCounts, len(sources))
	for _, src := range sources {
		if listed[src.ID] = c.sources[src.ID]; listed[src.ID] == nil {
			listed[src.ID] = &sourceCounts{}
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
	of, result := c.sources[v.Source], slices.Index(results[:], v.Result)
	if of == nil || result < 0 {
		return
	}
	switch {
	case v.ByHand:
	case v.Pushed:
		of.deliveries[result]++
	default:
		of.visits[result]++
		c.took.Observe(v.Took.Seconds())
		of.responses[slices.Index(classes[:], class(v.Status))]++
	}
	of.received += uint64(v.Received)
	for level, n := range v.Joins {
		c.joins.WithLabelValues(level).Add(float64(n))
	}
	for i, n := range []int{v.New, v.Updated, v.Joined, v.Held} {
		of.items[i] += uint64(n)
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
