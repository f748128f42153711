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
	states := make([]*dto.LabelPair, len(status.States))
	for i, s := range status.States {
		states[i] = label("state", string(s))
	}
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
	var all []*dto.MetricFamily
	for _, f := range []*family{state, last, wait, due, newest, gaps, held} {
		if len(f.Metric) > 0 {
			all = append(all, f.MetricFamily)
		}
	}
	return all
}

// family is the metrics of one name.
type family struct{ *dto.MetricFamily }

func newFamily(name, help string, kind dto.MetricType) *family {
	return &family{&dto.MetricFamily{Name: &name, Help: &help, Type: &kind}}
}

func label(name, value string) *dto.LabelPair { return &dto.LabelPair{Name: &name, Value: &value} }

// add adds a value. labels are in the order of their names.
func (f *family) add(value float64, labels ...*dto.LabelPair) {
	m := &dto.Metric{Label: labels}
	if f.GetType() == dto.MetricType_COUNTER {
		m.Counter = &dto.Counter{Value: &value}
	} else {
		m.Gauge = &dto.Gauge{Value: &value}
	}
	f.Metric = append(f.Metric, m)
}

// addTime adds a time in seconds; none where there is none.
func (f *family) addTime(at time.Time, labels ...*dto.LabelPair) {
	if !at.IsZero() {
		f.add(float64(at.Unix()), labels...)
	}
}
