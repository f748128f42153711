package shared

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
)

// TestEventsOfNodes: what several nodes saw of a source is one event, and what one node adds again is not added. Who has had which is
// known to the next node, and what was sent to all is read no more.
func TestEventsOfNodes(t *testing.T) {
	t.Parallel()
	nodes, ctx, noon := cluster(t, 3), limit(t), time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	event := func(kind news.EventKind, source, state string) news.Event {
		return news.Event{At: noon, Kind: kind, Source: source, State: state, Message: "\xff", Entry: news.Key{1}}
	}
	add := func(c *Cluster, all ...news.Event) {
		t.Helper()
		if err := c.AddEvents(ctx, all, 1000); err != nil {
			t.Fatal(err)
		}
	}
	check := func(want ...string) (all []news.Event) {
		t.Helper()
		all, err := nodes[2].UnsentEvents(ctx)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range all {
			if e.Entry != (news.Key{1}) || !e.At.After(noon.Add(-time.Second)) {
				t.Errorf("%+v", e)
			}
			got = append(got, fmt.Sprint(e.Source, " ", e.Kind, " ", e.State, e.Had))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		return all
	}
	var under sync.WaitGroup
	for i, c := range nodes {
		under.Go(func() {
			broken := event(news.EventState, "tass", "broken")
			broken.At = noon.Add(time.Duration(i) * time.Second) // each sees it at another moment
			if err := c.AddEvents(ctx, []news.Event{broken}, 1000); err != nil {
				t.Error(err)
			}
		})
	}
	under.Wait()
	gap := event(news.EventGap, "belta", "")
	add(nodes[0], gap)
	add(nodes[0], gap, event(news.EventRecovered, "tass", "ok"))
	add(nodes[1], event(news.EventRecovered, "tass", "ok"), event(news.EventState, "tass", "broken"))
	all := check("tass state broken[]", "belta gap []", "tass recovered ok[]")
	all[0].Sent, all[1].Had = true, []string{"abc"}
	if err := nodes[0].SetSent(ctx, all); err != nil {
		t.Fatal(err)
	}
	check("belta gap [abc]", "tass recovered ok[]")
	age(ctx, t, nodes[0], "2 hours")
	add(nodes[1], event(news.EventRecovered, "tass", "ok")) // it has the state since then
	later := event(news.EventState, "tass", "broken")
	later.At = noon.Add(2 * time.Hour)
	add(nodes[1], later)
	check("belta gap [abc]", "tass recovered ok[]", "tass state broken[]")
	if err := nodes[0].AddEvents(ctx, []news.Event{event(news.EventGap, "tass", "")}, 2); err != nil {
		t.Fatal(err)
	}
	check("tass state broken[]", "tass gap []")
}

// age has the events be older.
func age(ctx context.Context, t *testing.T, c *Cluster, by string) {
	t.Helper()
	if _, err := c.pool.Exec(ctx, "update event set at = at - $1::text::interval", by); err != nil {
		t.Fatal(err)
	}
}
