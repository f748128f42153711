package main

import (
	"os"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"dateline/aggregator"
	"dateline/store"
)

// metrics tells Prometheus how the sources and the store are, read anew at each scrape. Names and units follow
// https://prometheus.io/docs/practices/naming/; the label source is bounded by the config.
type metrics struct{ d *daemon }

var (
	mState = prometheus.NewDesc("dateline_source_state", "1 for the state that the source is in, 0 for the others.", []string{"source", "state"}, nil)
	mLast  = prometheus.NewDesc("dateline_source_last_success_timestamp_seconds", "When the source was last visited with success.", []string{"source"}, nil)
	mDue   = prometheus.NewDesc("dateline_source_next_due_timestamp_seconds", "When the source is due again.", []string{"source"}, nil)
	mHead  = prometheus.NewDesc("dateline_log_position", "The newest position of the log.", nil, nil)
	mSize  = prometheus.NewDesc("dateline_store_size_bytes", "Size of the store's file.", nil, nil)
	mBuild = prometheus.NewDesc("dateline_build_info", "1, with the version that runs.", []string{"version"}, nil)
)

// Describe lists the metrics.
func (m metrics) Describe(c chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{mState, mLast, mDue, mHead, mSize, mBuild} {
		c <- d
	}
}

// Collect reads them. What cannot be read makes the scrape fail, which is what it should be noticed by.
func (m metrics) Collect(c chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		c <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	w := m.d.wire.Load()
	sources, err := w.status(time.Now())
	if err != nil {
		c <- prometheus.NewInvalidMetric(mState, err)
		return
	}
	for _, s := range sources {
		for _, state := range aggregator.States {
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
	}
	if err := w.view(func(v store.View) error {
		gauge(mHead, float64(v.Head()))
		return nil
	}); err != nil {
		c <- prometheus.NewInvalidMetric(mHead, err)
	}
	if info, err := os.Stat(w.store.Path()); err == nil {
		gauge(mSize, float64(info.Size()))
	}
	gauge(mBuild, 1, Version())
}
