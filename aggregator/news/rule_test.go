package news_test

import (
	"testing"
	"time"

	"dateline/aggregator/news"
)

// TestDecisions: a rule keeps each decision once, and the newest of many.
func TestDecisions(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)
	var r news.Rule
	for n := range news.MaxDecisions + 5 {
		d := news.Decision{At: began.Add(time.Duration(n) * time.Second), Name: "withdraw"}
		r.Decide(d)
		d.At = d.At.In(time.FixedZone("", 3600))
		r.Decide(d)
	}
	if n := len(r.Decisions); n != news.MaxDecisions || r.Decisions[0].At != began.Add(5*time.Second) || r.Decisions[n-1].At != r.At.UTC() {
		t.Errorf("%d decisions from %v to %v, the rule is of %v", n, r.Decisions[0].At, r.Decisions[n-1].At, r.At)
	}
	if r.IsZero() {
		t.Error("a rule with decisions says nothing")
	}
}
