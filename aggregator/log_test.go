package aggregator_test

import (
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/internal/feedtest"
)

// TestLogOfASource: a source that failed is logged once as recovered, and one that takes items back with each of them.
func TestLogOfASource(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		var log locked
		r.logger = slog.New(slog.NewTextHandler(&log, nil))
		r.open()
		one, two := feedItems("alpha", 1, 1)[0], feedItems("alpha", 2, 1)[0]
		one.GUID, two.GUID = "urn:x-test:1", "urn:x-test:2"
		type lines struct{ recovered, withdrawn int }
		for _, step := range []struct {
			fact    string
			answers http.Handler
			want    lines // since the beginning
		}{
			{"first visit", feedtest.Doc(atomOf(nil, two, one)), lines{0, 0}},
			{"it fails", feedtest.Status(http.StatusInternalServerError), lines{0, 0}},
			{"it recovers", feedtest.Doc(atomOf(nil, two, one) + " "), lines{1, 0}},
			{"it is well", feedtest.Doc(atomOf(nil, two, one) + "  "), lines{1, 0}},
			{"it takes both back", feedtest.Doc(atomOf([]string{one.GUID, two.GUID})), lines{1, 2}},
			{"it says so again", feedtest.Doc(atomOf([]string{one.GUID, two.GUID}) + " "), lines{1, 2}},
		} {
			s.Set("/alpha", step.answers)
			r.pass()
			got := lines{log.lines("msg=recovered source=alpha status=200"),
				log.lines(`msg="withdrawn by its source" source=alpha entry=`)}
			if diff := cmp.Diff(step.want, got, cmp.AllowUnexported(lines{})); diff != "" {
				t.Errorf("%s: %s", step.fact, diff)
			}
			time.Sleep(time.Hour)
		}
	}, "alpha")
}
