package publish

import (
	"strings"
	"testing"
	"time"

	"dateline/aggregator/news"
)

// TestZone: times on pages and the days of lists are those of the zone; what programs read is in UTC, feeds change in no byte.
func TestZone(t *testing.T) {
	t.Parallel()
	late := time.Date(2023, 5, 17, 22, 30, 0, 0, time.UTC)
	w, k := revised(t, func(it *news.Item) { it.Published = late })
	in := func(zone *time.Location) *Handler { return searched(t, w, func(o *Options) { o.Zone = zone }) }
	minsk, utc := in(time.FixedZone("MSK", 3*3600)), in(nil)
	for path, want := range map[string][]string{
		"/": {`<h2>18 May 2023 <span class="zone">MSK</span></h2>`, `<time datetime="2023-05-17T22:30:00Z">01:30</time>`},
		"/entries/" + k.String(): {`<time datetime="2023-05-17T22:30:00Z">18 May 2023, 01:30 MSK</time>`,
			`Revision 2, <time datetime="2023-05-17T`},
		"/search?q=dialogue": {`18 May 2023, 01:30 MSK</time>`},
	} {
		page := body(t, ask(minsk, "GET", path))
		for _, want := range want {
			if !strings.Contains(page, want) {
				t.Errorf("%s: no %s", path, want)
			}
		}
		if strings.Contains(page, " UTC<") || strings.Contains(body(t, ask(utc, "GET", path)), " MSK<") {
			t.Errorf("%s: a time of another zone", path)
		}
	}
	if !strings.Contains(body(t, ask(utc, "GET", "/")), `<h2>17 May 2023 <span`) {
		t.Error("without a zone the day is not that of UTC")
	}
	for _, path := range []string{"/feed.atom", "/feed.rss", "/feed.json"} {
		if body(t, ask(minsk, "GET", path)) != body(t, ask(utc, "GET", path)) {
			t.Errorf("%s: the zone changes a feed", path)
		}
	}
}

// TestHourOfTwoZones: on the day that the clocks change, times name their zone where it is another than at noon.
func TestHourOfTwoZones(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	w.publish(dated("Before", time.Date(2023, 10, 29, 0, 30, 0, 0, time.UTC)))
	w.publish(dated("After", time.Date(2023, 10, 29, 1, 30, 0, 0, time.UTC)))
	page := body(t, ask(searched(t, w, func(o *Options) { o.Zone = berlin }), "GET", "/"))
	for _, want := range []string{`29 October 2023 <span class="zone">CET</span>`, `>02:30 CEST</time>`, `>02:30</time>`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s", want)
		}
	}
}
