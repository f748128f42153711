package shared

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dateline/aggregator/news"
	"dateline/store"
	"dateline/store/storetest"
)

// measured runs a benchmark on a server of its own, and reports what one of n things costs the server: CPU in µs, WAL in bytes.
func measured(b *testing.B, what string, n int, prepare func(*Cluster) (step func(i int))) {
	p, err := storetest.StartPostgres(true)
	if err != nil {
		b.Skip(err)
	}
	b.Cleanup(p.Remove)
	c := connect(b, p.URL(), "a")
	step := prepare(c)
	for i := range 20 { // statements are prepared, pages written whole
		step(i)
	}
	position := func() (at int64) {
		if err := c.pool.QueryRow(context.Background(), "select pg_current_wal_lsn() - '0/0'").Scan(&at); err != nil {
			b.Fatal(err)
		}
		return at
	}
	cpu, wal, i := cpuOf(b, p.Pid()), position(), 20
	for b.Loop() {
		step(i)
		i++
	}
	all := float64((i - 20) * n)
	b.ReportMetric(float64(cpuOf(b, p.Pid())-cpu)/1e3/all, "pg-µs/"+what)
	b.ReportMetric(float64(position()-wal)/all, "wal-B/"+what)
}

// cpuOf returns the CPU that a process and its children have taken. It is for Linux.
func cpuOf(b *testing.B, pid int) (sum time.Duration) {
	all, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range all {
		stat, _ := os.ReadFile(name)
		_, rest, _ := strings.Cut(string(stat), ") ")
		f := strings.Fields(rest)
		if len(f) < 15 || f[1] != strconv.Itoa(pid) && filepath.Base(filepath.Dir(name)) != strconv.Itoa(pid) {
			continue
		}
		spent := f[11:13]
		if f[1] != strconv.Itoa(pid) {
			spent = f[11:15] // with the children that have ended
		}
		for _, ticks := range spent {
			n, err := strconv.Atoi(ticks)
			if err != nil {
				b.Fatal(err)
			}
			sum += time.Duration(n) * 10 * time.Millisecond
		}
	}
	return sum
}

// BenchmarkAppend appends what visits with 50 new items write, as the store has it: 40 words of text, 30 fingerprints, 84 stems and three
// identity keys an item.
func BenchmarkAppend(b *testing.B) {
	const items = 50
	var all []store.Writes
	s, err := store.Open(filepath.Join(b.TempDir(), "a.db"), store.Options{Writes: func(w []store.Writes) error { all = w; return nil }})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	r := rand.New(rand.NewPCG(1, 2))
	measured(b, "item", items, func(c *Cluster) func(int) {
		if _, _, err := c.Join(limit(b), "urn:feed", 1); err != nil {
			b.Fatal(err)
		}
		return func(i int) {
			v := visit(r, i, items)
			if err := s.Update(v.Now, func(tx *store.Tx) error { return v.Put(tx) }); err != nil {
				b.Fatal(err)
			}
			turn, err := c.Begin(context.Background(), uint64(i+1))
			if err != nil {
				b.Fatal(err)
			}
			if err := turn.Append(context.Background(), Commit{FeedID: "urn:feed", Writes: all}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// visit composes visit i of so many items.
func visit(r *rand.Rand, i, items int) storetest.Visit {
	at := time.Unix(1e9+int64(i), 0)
	v := storetest.Visit{Source: "belta", Now: at, Window: []news.Seen{}}
	text := func(words int) string {
		var s strings.Builder
		for range words {
			n := int(r.ExpFloat64() * 400)
			fmt.Fprintf(&s, "%s%d ", "word", n*n%9973) // of some thousand words few are frequent
		}
		return s.String()
	}
	terms := func(n int) (all []uint32) {
		for range n {
			all = append(all, r.Uint32())
		}
		slices.Sort(all)
		return all
	}
	for n := range items {
		guid := fmt.Sprintf("https://belta.example/%d/%d", i, n)
		k := news.ItemKey("belta", guid)
		v.Items = append(v.Items, news.Item{Key: k, Entry: k, Source: "belta", GUID: guid, URL: guid, Title: text(9), Summary: text(40),
			Revision: 1, FirstSeen: at, Published: at})
		v.Entries = append(v.Entries, news.Entry{Key: k, ID: guid, Published: at, Updated: at})
		v.Log = append(v.Log, news.LogRecord{Entry: k, Kind: news.RecordNew, Revision: 1})
		for kind := range 3 {
			v.Keys = append(v.Keys, storetest.KeyedItem{Key: news.NewIdentityKey(fmt.Sprint(kind), guid), Item: k})
		}
		v.Fingerprints = append(v.Fingerprints, news.Fingerprint{Item: k, At: at, Terms: terms(30)})
		v.Stems = append(v.Stems, news.Fingerprint{Item: k, At: at, Terms: terms(84)})
		v.Window = append(v.Window, news.Seen{Item: k, Sum: r.Uint64()})
	}
	return v
}

// BenchmarkNode is what an item costs a process, with 50 new ones a visit: alone, on a node that writes them, and on one that follows.
// PostgreSQL's own CPU is not in it.
func BenchmarkNode(b *testing.B) {
	const items = 50
	run := func(b *testing.B, put func(storetest.Visit) error) {
		r := rand.New(rand.NewPCG(1, 2))
		i, began := 0, ownCPU(b)
		for b.Loop() {
			if err := put(visit(r, i, items)); err != nil {
				b.Fatal(err)
			}
			i++
		}
		b.ReportMetric(float64(ownCPU(b)-began)/1e3/float64(i*items), "cpu-µs/item")
	}
	b.Run("alone", func(b *testing.B) {
		s, err := store.Open(filepath.Join(b.TempDir(), "a.db"), store.Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { s.Close() })
		run(b, func(v storetest.Visit) error { return s.Update(v.Now, func(tx *store.Tx) error { return v.Put(tx) }) })
	})
	nodes := rigs(b, 2)
	b.Run("node", func(b *testing.B) { run(b, nodes[0].put) })
	was, began := seqOf(b, nodes[1]), ownCPU(b)
	if err := nodes[1].CatchUp(); err != nil {
		b.Fatal(err)
	}
	each := float64(ownCPU(b)-began) / 1e3 / float64((seqOf(b, nodes[1])-was)*items)
	b.Run("following", func(b *testing.B) {
		for b.Loop() { // all was read above, at once
		}
		b.ReportMetric(each, "cpu-µs/item")
	})
}

// ownCPU returns the CPU that this process has taken, without its children. It is for Linux.
func ownCPU(b *testing.B) (sum time.Duration) {
	b.Helper()
	stat, _ := os.ReadFile("/proc/self/stat")
	_, rest, _ := strings.Cut(string(stat), ") ")
	f := strings.Fields(rest)
	if len(f) < 13 {
		b.Skip("no /proc")
	}
	for _, ticks := range f[11:13] {
		n, err := strconv.Atoi(ticks)
		if err != nil {
			b.Fatal(err)
		}
		sum += time.Duration(n) * 10 * time.Millisecond
	}
	return sum
}

// BenchmarkQuietVisit leases hosts and records visits that brought nothing, 24 at a time, as a node does that reads many sources.
func BenchmarkQuietVisit(b *testing.B) {
	for _, sources := range []int{1_000, 100_000} {
		b.Run(fmt.Sprint(sources), func(b *testing.B) {
			const together = 24
			measured(b, "visit", together, func(c *Cluster) func(int) {
				var all []news.Poll
				for i := range sources {
					all = append(all, poll(fmt.Sprint("source", i), fmt.Sprintf("host%d.example:443", i), time.Unix(int64(i), 0)))
				}
				if err := c.SetSources(limit(b), all); err != nil {
					b.Fatal(err)
				}
				state := make([]byte, 300)
				exec(b, c, "update source set state = $1", state) // all were visited before
				exec(b, c, "vacuum full source")
				exec(b, c, "analyze")
				return func(int) {
					due, err := c.LeaseDue(context.Background(), together, time.Minute)
					if err != nil || len(due) != together {
						b.Fatal(len(due), err)
					}
					var visits []Visit
					for _, d := range due {
						due := time.Unix(1e9, 0).Add(time.Since(began))
						visits = append(visits, Visit{Source: d.Source, Lease: d.Lease, Due: due, State: state, Rev: d.Rev})
					}
					if refused, err := c.Finish(context.Background(), visits...); err != nil || len(refused) > 0 {
						b.Fatal(refused, err)
					}
				}
			})
		})
	}
}

// BenchmarkFrontier is four nodes that have a million sources, each on a host of its own: a node leases 24 hosts at a time and records
// their visits. The server syncs what it commits.
func BenchmarkFrontier(b *testing.B) {
	if testing.Short() {
		b.Skip("a million sources")
	}
	const sources, nodes, together = 1_000_000, 4, 24
	p, err := storetest.StartPostgres(true)
	if err != nil {
		b.Skip(err)
	}
	b.Cleanup(p.Remove)
	dsn := p.URL()
	var all []*Cluster
	for i := range nodes {
		all = append(all, connect(b, dsn, fmt.Sprint("node", i)))
	}
	exec(b, all[0], `insert into source (id, host, due) select 's' || i, 'host' || i || '.example:443', to_timestamp(i)
		from generate_series(1, $1::int) as i`, sources)
	exec(b, all[0], "insert into host (name, due) select host, due from source")
	exec(b, all[0], "vacuum analyze")
	state := make([]byte, 300)
	visit := func(c *Cluster) {
		due, err := c.LeaseDue(context.Background(), together, time.Minute)
		if err != nil || len(due) != together {
			b.Error(len(due), err)
		}
		var visits []Visit
		for _, d := range due {
			visits = append(visits, Visit{Source: d.Source, Lease: d.Lease, Due: time.Now().Add(time.Hour), State: state, Rev: d.Rev})
		}
		if refused, err := c.Finish(context.Background(), visits...); err != nil || len(refused) > 0 {
			b.Error(refused, err)
		}
	}
	for _, c := range all { // statements are prepared
		visit(c)
	}
	b.Run("visits", func(b *testing.B) { // the sources are made once
		cpu, began := cpuOf(b, p.Pid()), time.Now()
		var left atomic.Int64
		left.Store(int64(b.N))
		var group sync.WaitGroup
		for _, c := range all {
			group.Go(func() {
				for left.Add(-1) >= 0 {
					visit(c)
				}
			})
		}
		group.Wait()
		visits := float64(b.N * together)
		b.ReportMetric(visits/time.Since(began).Seconds(), "visits/s")
		b.ReportMetric(float64(cpuOf(b, p.Pid())-cpu)/1e3/visits, "pg-µs/visit")
	})
}

var began = time.Now()
