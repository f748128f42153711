package hub

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/internal/feedtest"
)

// TestStorm has 250 subscribers at fifty hosts, or in the long form a thousand at a hundred, a few of them bad, through changes, a restart
// in the middle of a delivery and the bad ones' recovery: each ends with the newest document, and none that took it gets it twice.
func TestStorm(t *testing.T) {
	bubble(t, func(r *rig) {
		hosts, each := feedtest.Pick(50, 100), feedtest.Pick(5, 10)
		readers := make([]*feedtest.Callback, hosts)
		for i := range readers {
			readers[i] = &feedtest.Callback{}
			r.net.Set(fmt.Sprintf("h%d.example", i), readers[i])
			for j := range each {
				for r.ask("hub.mode", "subscribe", "hub.topic", topic, "hub.callback", fmt.Sprintf("https://h%d.example/%d", i, j)).StatusCode != 202 {
					after(time.Minute) // the rate of a minute
				}
			}
		}
		after(time.Minute)
		if n := r.hub.Stats().Subscribers; n != hosts*each {
			t.Fatalf("%d subscribers", n)
		}
		for i, reader := range readers {
			reader.Behave([]feedtest.CallbackBehaviour{{Delay: 20 * time.Millisecond}, {Delay: 20 * time.Second}, {Status: 500},
				{Delay: time.Second}}[min(i%25, 3)])
		}
		r.change(2)
		after(2 * time.Second)
		r.stop()
		r.documents.publish("/feed.atom", 3, atom, "<feed>3</feed>")
		for _, reader := range readers {
			reader.Behave(feedtest.CallbackBehaviour{})
		}
		r.start()
		after(2 * time.Hour)
		for i, reader := range readers {
			last := map[string]int{}
			for _, d := range texts(reader) {
				if path, is := strings.CutSuffix(d, " <feed>3</feed>"); is {
					last[path]++
				}
			}
			want := map[string]int{}
			for j := range each {
				want[fmt.Sprintf("/%d", j)] = 1
			}
			late := i%25 == 1 // it goes on when the hub has given up, and so meets the next request
			if !maps.Equal(last, want) || reader.MostTogether() > 1 && !late {
				t.Errorf("host %d: %v of the last version, %d requests at a time", i, last, reader.MostTogether())
			}
		}
		for _, sub := range r.kept() {
			if sub.Position != 3 || sub.Failures != 0 {
				t.Errorf("kept %+v", sub)
			}
		}
	})
}
