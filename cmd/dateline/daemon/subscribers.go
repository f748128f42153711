package daemon

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

const (
	maxAgents   = 50             // that state their subscribers: anybody can call himself anything
	maxStated   = 1000           // pairs of agent and document
	statedFor   = 48 * time.Hour // how long a statement counts: fetchers come back several times a day
	maxAgentLen = 40             // bytes of an agent's name
)

// subscribers matches what fetchers state in their User-Agent: "Feedbin feed-id:1 - 12 subscribers".
var subscribers = regexp.MustCompile(`(?i)\b([0-9]{1,9}) (?:subscriber|reader)s?\b`)

var mStated = prometheus.NewDesc("dateline_subscribers",
	"Subscribers that fetchers stated in their User-Agent in the last two days, all documents together, by the name of their program.",
	[]string{"agent"}, nil)

// readers knows how many subscribers fetchers state, and counts their requests. It may be used by many goroutines.
type readers struct {
	requests *prometheus.CounterVec

	mu     sync.Mutex
	agents map[string]bool
	stated map[document]statement
}

// document is what an agent asks for.
type document struct{ agent, path string }

// statement is for how many an agent asked last.
type statement struct {
	subscribers int
	at          time.Time
}

func newReaders() *readers {
	return &readers{
		requests: counter("dateline_readers_total", "Requests of fetchers that state their subscribers, by the name of their program.", "agent"),
		agents:   map[string]bool{}, stated: map[document]statement{},
	}
}

// read notes a request of a fetcher that states its subscribers, and that it was answered with code. Its program is what precedes the
// first blank, slash or bracket of its User-Agent.
func (s *readers) read(userAgent, path string, code int, now time.Time) {
	m := subscribers.FindStringSubmatch(userAgent)
	if m == nil {
		return
	}
	agent := userAgent
	if i := strings.IndexAny(agent, " /(;"); i >= 0 {
		agent = agent[:i]
	}
	agent = strings.ToValidUTF8(agent[:min(len(agent), maxAgentLen)], "")
	n, _ := strconv.Atoi(m[1]) // nine digits
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.agents[agent] {
		if agent == "" || len(s.agents) >= maxAgents {
			return
		}
		s.agents[agent] = true
	}
	s.requests.WithLabelValues(agent).Inc()
	doc := document{agent, path}
	if _, known := s.stated[doc]; !known && len(s.stated) >= maxStated || code != http.StatusOK && code != http.StatusNotModified {
		return
	}
	s.stated[doc] = statement{n, now}
}

// Describe lists the metrics.
func (s *readers) Describe(c chan<- *prometheus.Desc) {
	s.requests.Describe(c)
	c <- mStated
}

// Collect reads them, and drops what was stated too long ago.
func (s *readers) Collect(c chan<- prometheus.Metric) {
	s.requests.Collect(c)
	for agent, n := range s.sums(time.Now()) {
		c <- prometheus.MustNewConstMetric(mStated, prometheus.GaugeValue, float64(n), agent)
	}
}

// sums returns the subscribers that are stated at a time, by agent; none of an agent that has not come for [statedFor].
func (s *readers) sums(now time.Time) map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	sums := map[string]int{}
	for doc, last := range s.stated {
		if now.Sub(last.at) > statedFor {
			delete(s.stated, doc)
			continue
		}
		sums[doc.agent] += last.subscribers
	}
	return sums
}
