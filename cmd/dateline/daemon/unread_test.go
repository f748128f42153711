package daemon

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"dateline/aggregator/news"
)

// TestNoSourceCouldBeRead: the hint is logged once, when the last of the enabled sources has failed, and not where one was read.
func TestNoSourceCouldBeRead(t *testing.T) {
	t.Parallel()
	sources := []news.Source{{ID: "a", Enabled: true}, {ID: "b", Enabled: true}, {ID: "off"}}
	for fact, tt := range map[string]struct {
		visits []news.Visit
		want   int
	}{
		"every one has failed": {[]news.Visit{{Source: "a", Result: news.Failed}, {Source: "b", Result: news.Failed},
			{Source: "a", Result: news.Failed}}, 1},
		"one was not asked": {[]news.Visit{{Source: "a", Result: news.Failed}, {Source: "a", Result: news.Failed}}, 0},
		"one was read": {[]news.Visit{{Source: "a", Result: news.OK}, {Source: "a", Result: news.Failed},
			{Source: "b", Result: news.Failed}}, 0},
		"one is as it was": {[]news.Visit{{Source: "a", Result: news.NotModified}, {Source: "a", Result: news.Failed},
			{Source: "b", Result: news.Failed}}, 0},
		"one was cut off midway": {[]news.Visit{{Source: "a", Result: news.Partial}, {Source: "a", Result: news.Failed},
			{Source: "b", Result: news.Failed}}, 0},
	} {
		t.Run(fact, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			var u unread
			for _, v := range tt.visits {
				u.visited(v, sources, slog.New(slog.NewTextHandler(&b, nil)))
			}
			if n := strings.Count(b.String(), "no source could be read"); n != tt.want {
				t.Errorf("said %d times, want %d:\n%s", n, tt.want, b.String())
			}
		})
	}
}
