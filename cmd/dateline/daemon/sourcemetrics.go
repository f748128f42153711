package daemon

import (
	"time"

	dto "github.com/prometheus/client_model/go"

	"dateline/aggregator/status"
	"dateline/cmd/dateline/node"
)

// sourceFamilies returns what Prometheus is given of each source. The families are made as they are sent, and not through a registry,
// which checks and sorts each of the twenty series of a source again at every scrape: with 2,000 sources more than half of its cost. The
// label source is bounded by the config.
func sourceFamilies(sources []node.SourceStatus) []*dto.MetricFamily {
	state := newFamily("dateline_source_state", "1 for the state that the source is in, 0 for the others.", dto.MetricType_GAUGE)
	last := newFamily("dateline_source_last_success_timestamp_seconds", "When the source was last visited with success.",
		dto.MetricType_GAUGE)
	wait := newFamily("dateline_source_waiting_until_timestamp_seconds",
		"Until when the source waits for a host that asked for a pause; absent: it waits for none.", dto.MetricType_GAUGE)
	due := newFamily("dateline_source_next_due_timestamp_seconds", "When the source is due again.", dto.MetricType_GAUGE)
	newest := newFamily("dateline_source_newest_item_timestamp_seconds",
		"The latest date of the source's items; absent: none has one.", dto.MetricType_GAUGE)
	gaps := newFamily("dateline_source_gaps_total", "Documents that shared nothing with the one before: items may have been missed.",
		dto.MetricType_COUNTER)
	held := newFamily("dateline_source_held_items", "Items held back, until an operator releases or drops them.", dto.MetricType_GAUGE)
	states := labels("state", status.States)
	for _, s := range sources {
		source := label("source", s.ID)
		for i, one := range status.States {
			is := 0.0
			if s.State == one {
				is = 1
			}
			state.add(is, source, states[i])
		}
		last.addTime(time.Time(s.LastSuccess), source)
		due.addTime(time.Time(s.NextDue), source)
		newest.addTime(time.Time(s.Newest), source)
		if w := s.WaitingFor; w != nil {
			wait.add(float64(time.Time(w.Until).Unix()), source)
		}
		gaps.add(float64(s.Gaps), source)
		held.add(float64(s.Held), source)
	}
	return known(state, last, wait, due, newest, gaps, held)
}

// counterFamilies returns what was counted of each source.
func (c *counters) counterFamilies(sources []node.SourceStatus) []*dto.MetricFamily {
	counter := func(name, help string) *family { return newFamily(name, help, dto.MetricType_COUNTER) }
	visits := counter("dateline_visits_total", "Visits by how they ended.")
	items := counter("dateline_items_total", "Items by what became of them.")
	deliveries := counter("dateline_push_deliveries_total", "Documents that hubs delivered, by how their reading ended.")
	responses := counter("dateline_responses_total", "Answers of sources by the class of their status.")
	received := counter("dateline_received_bytes_total", "Bytes of documents as they came, content coding and all.")
	result, action, class := labels("result", results[:]), labels("action", actions[:]), labels("class", classes[:])
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range sources {
		of, source := c.sources[s.ID], label("source", s.ID)
		if of == nil {
			continue
		}
		for i := range results {
			visits.add(float64(of.visits[i]), result[i], source)
			if of.deliveries[i] > 0 {
				deliveries.add(float64(of.deliveries[i]), result[i], source)
			}
		}
		for i := range actions {
			items.add(float64(of.items[i]), action[i], source)
		}
		for i := range classes {
			responses.add(float64(of.responses[i]), class[i], source)
		}
		received.add(float64(of.received), source)
	}
	return known(visits, items, deliveries, responses, received)
}

// known returns the families that have a series.
func known(families ...*family) (all []*dto.MetricFamily) {
	for _, f := range families {
		if len(f.Metric) > 0 {
			all = append(all, f.MetricFamily)
		}
	}
	return all
}

// labels returns a label of each value.
func labels[S ~string](name string, values []S) []*dto.LabelPair {
	all := make([]*dto.LabelPair, len(values))
	for i, v := range values {
		all[i] = label(name, string(v))
	}
	return all
}

// family is the metrics of one name.
type family struct{ *dto.MetricFamily }

func newFamily(name, help string, kind dto.MetricType) *family {
	return &family{&dto.MetricFamily{Name: &name, Help: &help, Type: &kind}}
}

func label(name, value string) *dto.LabelPair { return &dto.LabelPair{Name: &name, Value: &value} }

// series is a metric and all that it is made of.
type series struct {
	metric  dto.Metric
	counter dto.Counter
	gauge   dto.Gauge
	value   float64
	labels  [2]*dto.LabelPair
}

// add adds a value. labels are one or two, in the order of their names.
func (f *family) add(value float64, labels ...*dto.LabelPair) {
	s := &series{value: value}
	s.metric.Label = s.labels[:copy(s.labels[:], labels)]
	if f.GetType() == dto.MetricType_COUNTER {
		s.counter.Value, s.metric.Counter = &s.value, &s.counter
	} else {
		s.gauge.Value, s.metric.Gauge = &s.value, &s.gauge
	}
	f.Metric = append(f.Metric, &s.metric)
}

// addTime adds a time in seconds; none where there is none.
func (f *family) addTime(at time.Time, labels ...*dto.LabelPair) {
	if !at.IsZero() {
		f.add(float64(at.Unix()), labels...)
	}
}
