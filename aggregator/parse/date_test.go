package parse

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"
	"time"

	"dateline/aggregator/internal/shared"
)

func TestFeedparserDates(t *testing.T) {
	f, err := os.Open(shared.Glob(t, "corpora/feedparser/dates.jsonl")[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 0
	for in := bufio.NewScanner(f); in.Scan(); n++ {
		var c struct {
			Src, S string
			Want   *int64
		}
		if err := json.Unmarshal(in.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		zone := time.UTC
		if c.Src == "feedparser:_parse_date_nate" || c.Src == "feedparser:_parse_date_onblog" {
			zone = time.FixedZone("KST", 9*3600) // these read Korean sites only; ours is the source's zone
		}
		t.Run(c.S, func(t *testing.T) {
			got := date(c.S, zone).at
			switch {
			case c.Want == nil && !got.IsZero():
				t.Errorf("read as %v, is no date", got)
			case c.Want != nil && (got.IsZero() || got.Unix() != *c.Want):
				t.Errorf("read as %v, want %v", got, time.Unix(*c.Want, 0).UTC())
			}
		})
	}
	if n != 64 {
		t.Errorf("%d dates, want 64", n)
	}
}
