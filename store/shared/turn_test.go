package shared

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline/aggregator/news"
	"dateline/store"
	"dateline/store/storetest"
)

func TestTurnIsOfOneNode(t *testing.T) {
	t.Parallel()
	nodes, ctx := cluster(t, 2), limit(t)
	a, b := nodes[0], nodes[1]
	first, err := a.Begin(ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	var second *Turn
	var waited sync.WaitGroup
	waited.Go(func() { second, err = b.Begin(ctx, 0) })
	eventually(t, a, "exists (select from pg_stat_activity s join pg_locks l using (pid) "+
		"where wait_event_type = 'Lock' and l.relation = 'head'::regclass)")
	if err := first.Append(ctx, Commit{FeedID: "urn:feed", Writes: writes(0, 2)}); err != nil {
		t.Fatal(err)
	}
	waited.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(second.Missed); n != 1 || second.Missed[0].Seq != 2 || second.Missed[0].Node != "a" || len(second.Missed[0].Writes) != 2 {
		t.Errorf("the second turn missed %d groups: %+v", n, second.Missed)
	}
	if err := second.Append(ctx, Commit{FeedID: "urn:feed", Writes: writes(2, 1)}); err != nil {
		t.Error(err)
	}
	if h, err := a.Head(ctx); err != nil || h != (Head{3, "urn:feed"}) {
		t.Errorf("head %+v, %v", h, err)
	}
}

func TestPositionsAreDense(t *testing.T) {
	t.Parallel()
	const each = 25
	nodes, ctx := cluster(t, 4), limit(t)
	var all sync.WaitGroup
	for _, c := range nodes {
		all.Go(func() {
			has := uint64(0)
			for range each {
				turn, err := c.Begin(ctx, has)
				for errors.Is(err, ErrBehind) {
					var missed []Group
					if missed, err = c.Read(ctx, has); err == nil {
						has = missed[len(missed)-1].Seq
						turn, err = c.Begin(ctx, has)
					}
				}
				if err != nil {
					t.Error(err)
					return
				}
				has = turn.Head.Seq
				if err := turn.Append(ctx, Commit{Writes: writes(has, 2)}); err != nil {
					t.Error(err)
					return
				}
				has += 2
			}
		})
	}
	all.Wait()
	by := map[string]int{}
	groups, err := nodes[0].Read(ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	for i, g := range groups {
		by[g.Node]++
		if want := uint64(2*i + 2); g.Seq != want || len(g.Writes) != 2 || g.Writes[0].Seq != want-1 {
			t.Fatalf("group %d ends with writes %d, want %d", i, g.Seq, want)
		}
	}
	if len(groups) != 4*each || by["a"] != each || by["d"] != each {
		t.Errorf("%d groups, of nodes %v", len(groups), by)
	}
}

// TestUnknownOutcome: where the connection ends at the commit, the log shows what became of it.
func TestUnknownOutcome(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		cut  func(*proxy)
		want error
		kept bool
	}{
		{"answer lost", func(p *proxy) { p.cutReply.Store(true) }, nil, true},
		{"commit lost", func(p *proxy) { p.cutSend.Store(true) }, ErrLost, false},
		{"answer lost, then away", func(p *proxy) { p.cutReply.Store(true); p.refuse.Store(true) }, ErrUnknown, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			nodes, ctx := cluster(t, 1), limit(t)
			p, dsn := through(t, storetestURL(t, nodes[0]))
			c := connect(t, dsn, "cut")
			add(t, c, 1) // its statements are prepared
			turn, err := c.Begin(ctx, 1)
			if err != nil {
				t.Fatal(err)
			}
			tt.cut(p)
			if err := turn.Append(ctx, Commit{FeedID: "urn:feed", Writes: writes(1, 1)}); !errors.Is(err, tt.want) {
				t.Errorf("%v, want %v", err, tt.want)
			}
			groups, err := nodes[0].Read(ctx, 1)
			if err != nil || (len(groups) == 1) != tt.kept {
				t.Errorf("the log has %d groups, %v", len(groups), err)
			}
		})
	}
}

func TestGroupTakesTwoRoundTrips(t *testing.T) {
	t.Parallel()
	p, dsn := through(t, storetest.Database(t))
	c := connect(t, dsn, "a")
	ctx := limit(t)
	if err := c.SetSources(ctx, []news.Poll{poll("s", "h:443", time.Unix(0, 0))}); err != nil {
		t.Fatal(err)
	}
	for i := range uint64(2) { // the first time statements are prepared
		exec(t, c, "update host set due = now(), until = now()")
		exec(t, c, "update source set due = now()")
		due, err := c.LeaseDue(ctx, 1, time.Minute)
		if err != nil || len(due) != 1 {
			t.Fatal(due, err)
		}
		before := p.trips.Load()
		turn, err := c.Begin(ctx, i)
		if err != nil {
			t.Fatal(err)
		}
		visit := Visit{Source: "s", Lease: due[0].Lease, Due: time.Now().Add(time.Hour), State: []byte("x"), Rev: due[0].Rev}
		if err := turn.Append(ctx, Commit{Writes: writes(i, 1), Visits: []Visit{visit}}); err != nil {
			t.Fatal(err)
		}
		if n := p.trips.Load() - before; i == 1 && n != 2 {
			t.Errorf("%d round trips, want 2", n)
		}
	}
}

func TestTurnOfAFileThatDiffers(t *testing.T) {
	t.Parallel()
	c, ctx := cluster(t, 1)[0], limit(t)
	add(t, c, 1)
	add(t, c, 1)
	for _, tt := range []struct {
		name string
		seq  uint64
		want error
	}{{"ahead", 3, ErrAhead}, {"current", 2, nil}, {"within reach", 0, nil}} {
		if tt.want == nil {
			ended(t, c, tt.seq)
		} else if _, err := c.Begin(ctx, tt.seq); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	exec(t, c, "delete from log where seq = 1")
	if _, err := c.Begin(ctx, 0); !errors.Is(err, ErrStale) {
		t.Errorf("%v, want %v", err, ErrStale)
	}
	exec(t, c, "delete from log")
	if _, err := c.Begin(ctx, 1); !errors.Is(err, ErrStale) {
		t.Errorf("%v, want %v", err, ErrStale)
	}
	for range mostMissed + 1 {
		add(t, c, 1)
	}
	if _, err := c.Begin(ctx, 2); !errors.Is(err, ErrBehind) {
		t.Errorf("%v, want %v", err, ErrBehind)
	}
}

func TestJoin(t *testing.T) {
	t.Parallel()
	ctx := limit(t)
	for _, tt := range []struct {
		name string
		feed string
		seq  uint64
		want error
	}{
		{"as it is", "urn:feed", 12, nil},
		{"behind", "urn:feed", 10, nil},
		{"new", "", 10, nil},
		{"of another feed", "urn:other", 12, ErrOtherFeed},
		{"ahead", "urn:feed", 13, ErrAhead},
		{"older than the log", "urn:feed", 9, ErrStale},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := cluster(t, 1)[0]
			if h, _, err := c.Join(ctx, "", 0); err != nil || h != (Head{}) {
				t.Fatal(h, err)
			}
			if h, founded, err := c.Join(ctx, "urn:feed", 10); err != nil || !founded || h != (Head{10, "urn:feed"}) {
				t.Fatal(h, founded, err)
			}
			add(t, c, 2)
			if h, founded, err := c.Join(ctx, tt.feed, tt.seq); !errors.Is(err, tt.want) || founded || h != (Head{12, "urn:feed"}) {
				t.Errorf("%+v, %v, want %v", h, err, tt.want)
			}
		})
	}
}

// ended takes the turn and gives it back.
func ended(t *testing.T, c *Cluster, after uint64) {
	t.Helper()
	turn, err := c.Begin(limit(t), after)
	if err != nil {
		t.Fatal(err)
	}
	if err := turn.End(); err != nil {
		t.Error(err)
	}
}

func TestDamagedAndNewerLog(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, change string
		want         error
	}{
		{"another body", `update log set body = body || '\x00'`, ErrCorrupt},
		{"another sum", `update log set sum = sum + 1`, ErrCorrupt},
		{"another number", `update log set seq = 2`, ErrCorrupt},
		{"a newer format", `update log set format = 99`, ErrNewer},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := cluster(t, 1)[0]
			add(t, c, 1)
			exec(t, c, tt.change)
			if _, err := c.Read(limit(t), 0); !errors.Is(err, tt.want) {
				t.Errorf("%v, want %v", err, tt.want)
			}
		})
	}
	t.Run("newer tables", func(t *testing.T) {
		t.Parallel()
		c := cluster(t, 1)[0]
		exec(t, c, "update head set schema = 99")
		if _, err := Open(limit(t), storetestURL(t, c), Options{Node: "old"}); !errors.Is(err, ErrNewer) {
			t.Errorf("%v, want %v", err, ErrNewer)
		}
	})
}

// storetestURL returns the URL at which a node is connected.
func storetestURL(t testing.TB, c *Cluster) string {
	t.Helper()
	return strings.Replace(c.own.ConnString(), "?", "?search_path="+c.space+"&", 1)
}

func TestGroupOfManyWritesSurvives(t *testing.T) {
	t.Parallel()
	all := writes(4, 3)
	body, err := pack(all)
	if err != nil {
		t.Fatal(err)
	}
	r := row{Seq: 7, Format: store.WritesFormat, Sum: sumOf(body), Body: body}
	if g, err := r.group(store.WritesFormat); err != nil || len(g.Writes) != 3 || g.Writes[2].Seq != 7 {
		t.Errorf("%+v, %v", g, err)
	}
	body = body[:len(body)-1]
	r = row{Seq: 7, Format: store.WritesFormat, Sum: sumOf(body), Body: body}
	if _, err := r.group(store.WritesFormat); !errors.Is(err, ErrCorrupt) {
		t.Errorf("%v, want %v", err, ErrCorrupt)
	}
}

func TestPostgresAway(t *testing.T) {
	t.Parallel()
	nodes := cluster(t, 1)
	p, dsn := through(t, storetestURL(t, nodes[0]))
	c := connect(t, dsn, "far")
	ctx, cancel := context.WithCancel(limit(t))
	defer cancel()
	add(t, c, 1)
	reach, changed := make(chan error, 9), make(chan struct{}, 99)
	go c.Follow(ctx, func() { changed <- struct{}{} }, func(err error) { reach <- err })
	if err := <-reach; err != nil {
		t.Fatal(err)
	}
	p.refuse.Store(true)
	p.drop()
	if err := <-reach; !errors.Is(err, ErrAway) {
		t.Errorf("%v, want %v", err, ErrAway)
	}
	if _, err := c.Begin(ctx, 1); !errors.Is(err, ErrAway) {
		t.Errorf("%v, want %v", err, ErrAway)
	}
	p.refuse.Store(false)
	for err := range reach {
		if err == nil {
			break
		}
	}
	ended(t, c, 1)
}

func TestPoolerWithoutSessionsIsRefused(t *testing.T) {
	t.Parallel()
	p, dsn := through(t, storetest.Database(t))
	p.mute.Store(true)
	if _, err := Open(limit(t), dsn, Options{Node: "a"}); !errors.Is(err, ErrPooler) {
		t.Errorf("%v, want %v", err, ErrPooler)
	}
	p.mute.Store(false)
	c, err := Open(limit(t), dsn, Options{Node: "a"})
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
}
