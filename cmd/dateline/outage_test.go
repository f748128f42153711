package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"dateline/aggregator"
	"dateline/aggregator/news"
)

// An outage of everything names twenty sources on standard error and counts the rest.
func TestComplain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		failed, named int
		last          string
	}{
		{0, 0, ""},
		{1, 1, "dateline: source s0: no route to host"},
		{20, 20, "dateline: source s19: no route to host"},
		{21, 20, "dateline: and 1 more"},
		{1000, 20, "dateline: and 980 more"},
	} {
		t.Run(fmt.Sprint(c.failed), func(t *testing.T) {
			t.Parallel()
			report := aggregator.Report{Visits: []news.Visit{{Source: "good"}}}
			for i := range c.failed {
				report.Visits = append(report.Visits, news.Visit{Source: fmt.Sprintf("s%d", i), Err: errors.New("no route to host")})
			}
			var stderr bytes.Buffer
			(&app{stderr: &stderr}).complain(report)
			lines := strings.Split(strings.TrimSuffix(stderr.String(), "\n"), "\n")
			if named := strings.Count(stderr.String(), "source s"); named != c.named || lines[len(lines)-1] != c.last {
				t.Errorf("%d are named, the last line is %q", named, lines[len(lines)-1])
			}
		})
	}
}
