//go:build unix

package aggregator_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"text/tabwriter"
	"time"

	"dateline/aggregator/fetch"
	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/aggregator/publish"
	"dateline/aggregator/websub"
	"dateline/aggregator/websub/subscriber"
	"dateline/store"
)

// houseStyles are the agencies of the soak.
var houseStyles = []feedtest.House{
	{ID: "belta", Agency: "belta", Name: "BelTA", Language: "en", Open: "{PLACE}, {day} {Month} (BelTA) – ", Hub: true},
	{ID: "tass-ru", Agency: "tass", Name: "ТАСС", Language: "ru", Open: "{PLACE}, {day} {месяца}. /ТАСС/. ", Hub: true},
	{ID: "interfax", Agency: "interfax", Name: "Interfax", Language: "en", Open: "{PLACE}. {Mon} {day} (Interfax) - ", Slow: true},
	{ID: "ria", Agency: "ria", Name: "РИА Новости", Language: "ru", Open: "{PLACE}, {day} {мес} — РИА Новости. "},
	{ID: "reuters", Agency: "reuters", Name: "Reuters", Language: "en", Open: "{PLACE}, {Mon} {day} (Reuters) - "},
	{ID: "belta-ru", Agency: "belta", Name: "БЕЛТА", Language: "ru", Open: "{day} {месяца}, {place} /Корр. БЕЛТА/. "},
	{ID: "tass", Agency: "tass", Name: "TASS", Language: "en", Open: "{PLACE}, {Month} {day}. /TASS/. "},
	{ID: "interfax-ru", Agency: "interfax", Name: "Интерфакс", Language: "ru", Open: "{place}. {day} {месяца}. ИНТЕРФАКС - "},
	{ID: "xinhua", Agency: "xinhua", Name: "Xinhua", Language: "en", Open: "{PLACE}, {Mon}. {day} (Xinhua) -- "},
	{ID: "ap", Agency: "ap", Name: "AP", Language: "en", Open: "{PLACE} (AP) — "},
	{ID: "afp", Agency: "afp", Name: "AFP", Language: "en", Open: "{PLACE}, {Month} {day}, {year} (AFP) - "},
}

// soakPlaces are where they report from.
var soakPlaces = map[string][]string{
	"en": {"Minsk", "Moscow", "Paris", "Berlin", "Warsaw", "Vienna"},
	"ru": {"Минск", "Москва", "Париж", "Берлин", "Варшава", "Вена"},
}

// soak is a daemon on a world whose truth is known, and a reader of its feed.
type soak struct {
	*operator
	world   *feedtest.World
	hub     *feedtest.Hub
	web     feedtest.Network // the hub and our callbacks
	handler *publish.Handler
	visits  atomic.Int64 // of the month
	months  []soakMonth
}

// soakMonth is a row of the table.
type soakMonth struct {
	days       int
	visits     int
	tally      feedtest.Tally // until then
	cpu, pass  time.Duration  // of the month, of a pass of cron
	reading    time.Duration  // CPU of what the reader reads
	allocated  uint64         // in a pass, bytes
	heap       uint64
	goroutines int
	size, free int64
	items      int // stored, with and without text
}

// TestSoak plays a week, in the whole form a year, of eleven agencies with their house styles, reprints, edits, corrections,
// withdrawals, other guids and dates, outages, challenges, slow servers and two hubs, and compares what a reader of the merged feed was
// shown with what a perfect aggregator would have shown. The table has a line for each thirty days.
func TestSoak(t *testing.T) {
	t.Parallel()
	days := scale(2, 7, 360)
	r := feedtest.Rand(t)
	bubbleAt(t, noon, func(t *testing.T) {
		houses := make([]feedtest.House, len(houseStyles))
		var sources []news.Source
		for i, h := range houseStyles {
			h.Places, h.Every = soakPlaces[h.Language], time.Duration(40+i%4*20)*time.Minute
			houses[i] = h
			src := source(h.ID, h.Address(), h.Every)
			src.Name, src.Agency, src.Language, src.Content = h.Name, h.Agency, h.Language, news.Full
			sources = append(sources, src)
		}
		s := newSoak(t, feedtest.NewWorld(r, houses...), sources)
		s.live(days)
		t.Logf("\n%s", s.publisher.Report())
		s.judge()
	})
}

func newSoak(t *testing.T, world *feedtest.World, sources []news.Source) *soak {
	s := &soak{world: world}
	p := feedtest.NewPublisher(world.Feeds()...)
	p.Gap = time.Second
	s.operator = newOperator(t, p, sources...)
	s.retention = store.Retention{Text: 30 * day, Keys: 730 * day}
	s.operator.network = roundTrip(func(r *http.Request) (*http.Response, error) {
		if r.URL.Host == "hub.example" {
			return s.web.RoundTrip(r)
		}
		return p.RoundTrip(r)
	})
	s.opened = s.begin
	s.hub = feedtest.NewHub(&http.Client{Transport: &s.web})
	s.web.Set("hub.example", s.hub)
	world.Hub = "https://hub.example/"
	world.Push = func(h feedtest.House, body string) (taken bool) {
		for _, callback := range s.hub.Callbacks() {
			topic, secret := s.hub.Lease(callback)
			if topic == h.Address() {
				status := s.hub.Post(t, callback, feedtest.Signature("sha256", secret, body), body)
				taken = taken || status/100 == 2
			}
		}
		return taken
	}
	return s
}

// roundTrip is a function as http.RoundTripper.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// begin opens what the daemon has beside the engine.
func (s *soak) begin() {
	s.engine.Observe(func(news.Visit) { s.visits.Add(1) })
	var ids []string
	for _, src := range s.sources {
		ids = append(ids, src.ID)
	}
	sub, err := subscriber.New(s.store, subscriber.Setup{
		Base: "https://reader.example/", Sources: ids, Problem: fetch.Problem, Turn: s.engine.Turn,
		Peer: websub.Peer{Client: s.client.HTTP(), Host: fetch.Host, RetryAfter: s.client.RetryAfter},
	}, s.engine.Deliver, slog.New(slog.DiscardHandler))
	if err != nil {
		s.t.Fatal(err)
	}
	s.engine.Subscribe(sub)
	s.web.Set("reader.example", sub)
	ctx, cancel := context.WithCancel(context.Background())
	var under sync.WaitGroup
	under.Go(func() { sub.Run(ctx) })
	s.closing = func() {
		s.web.Set("reader.example", feedtest.Status(http.StatusServiceUnavailable))
		cancel()
		under.Wait()
	}
	options, err := publication(s.sources)
	if err != nil {
		s.t.Fatal(err)
	}
	options.Entries = 150
	st := s.store
	s.handler = publish.New(options).Handler(func(read func(publish.Reader) error) error {
		return st.View(func(v store.View) error { return read(v) })
	})
}

// live plays days: the daemon runs, a reader reads the feed every three hours, and once a month cron has half a day.
func (s *soak) live(days int) {
	ctx, stop := context.WithCancel(context.Background())
	var world sync.WaitGroup
	world.Go(func() { s.world.Run(ctx) })
	s.start()
	month := soakMonth{cpu: cpu()}
	for n := 1; n <= days*8; n++ {
		time.Sleep(3 * hour)
		s.read(&month)
		switch {
		case n%240 == 0 || n == days*8:
			s.measure(&month, n/8)
			month = soakMonth{cpu: cpu()}
			s.visits.Store(0)
		case n%61 == 0:
			s.restart(5 * time.Minute)
		}
	}
	s.end()
	stop()
	world.Wait()
}

// read reads the merged feed as it is now.
func (s *soak) read(month *soakMonth) {
	before := cpu()
	if err := s.handler.Refresh(); err != nil {
		s.t.Fatal(err)
	}
	doc, err := s.handler.Document("/feed.atom")
	if err != nil {
		s.t.Fatal(err)
	}
	if month.tally, err = s.world.Read(doc.Bytes); err != nil {
		s.t.Fatal(err)
	}
	month.reading += cpu() - before
}

// passes is how often cron makes a pass in a month.
const passes = 4

// measure ends a month: what it cost, what a pass costs and what there is.
func (s *soak) measure(m *soakMonth, days int) {
	m.days, m.visits, m.cpu = days, int(s.visits.Load()), cpu()-m.cpu-m.reading
	m.goroutines = runtime.NumGoroutine()
	var mem runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&mem)
	m.heap = mem.HeapAlloc
	s.end()
	for range passes {
		time.Sleep(3 * hour)
		s.open()
		runtime.ReadMemStats(&mem)
		allocated, began := mem.TotalAlloc, cpu()
		s.ingest()
		m.pass += (cpu() - began) / passes
		runtime.ReadMemStats(&mem)
		m.allocated += (mem.TotalAlloc - allocated) / passes
		s.close()
	}
	s.start()
	st, err := s.store.Stats()
	if err != nil {
		s.t.Fatal(err)
	}
	m.size, m.free, m.items = st.Size, st.Free, st.Items
	s.months = append(s.months, *m)
	s.t.Logf("after %d days\n%s", days, s.table())
}

// table is what was counted and measured, a line for each month.
func (s *soak) table() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 1, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "days\tvisits\titems\tentries\tlost\tdoubled\tapart\twrong join\twrong credit\tlate\tstale\tagain\t"+
		"CPU a visit\tCPU a pass\tallocated a pass\theap\tgoroutines\tfile\tin use\tkept\t")
	var old feedtest.Tally
	for _, m := range s.months {
		t := m.tally.Sub(old)
		old = m.tally
		fmt.Fprintf(w, "%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%.2f ms\t%.1f ms\t%.1f MB\t%.1f MB\t%d\t%.1f MB\t%.1f MB\t%d\t\n",
			m.days, m.visits, t.Items, t.Entries, t.Lost, t.Doubled, t.Apart, t.Joined, t.Credit, t.Late, t.Stale, t.Again,
			ms(m.cpu)/float64(max(m.visits, 1)), ms(m.pass), mb(m.allocated), mb(m.heap), m.goroutines, mb(m.size), mb(m.size-m.free), m.items)
	}
	w.Flush()
	return b.String()
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func mb[T int64 | uint64](n T) float64 { return float64(n) / 1e6 }

// judge fails the test for what must not be.
func (s *soak) judge() {
	last := s.months[len(s.months)-1]
	t := last.tally
	for _, why := range append(t.Why, s.publisher.Report().Sum().Why...) {
		s.t.Log(why)
	}
	t.Why = nil
	same(s.t, "what is wrong", t, feedtest.Tally{Items: t.Items, Entries: t.Entries, Apart: t.Apart})
	if t.Apart*100 > t.Items+200 { // a copy that was touched up may have lost its "not", and is another text then
		s.t.Errorf("%d entries too many of %d items", t.Apart, t.Items)
	}
	if t.Items < last.days*10 {
		s.t.Errorf("%d items in %d days: nothing is shown by this", t.Items, last.days)
	}
	if feedtest.Long() {
		s.judgeGrowth()
	}
	same(s.t, "marks of the publishers", s.publisher.Report().Marked(), nil)
}

// keyBytes is the most that the file may grow for each item whose text is gone.
const keyBytes = 3 * 80 // three identity keys

// judgeGrowth fails the test where what is in the file grows by more than identity keys, or what a pass allocates grows, from the time on
// when texts begin to go.
func (s *soak) judgeGrowth() {
	first, last := s.months[2], s.months[len(s.months)-1]
	inUse := func(m soakMonth) int64 { return m.size - m.free }
	perItem := float64(inUse(last)-inUse(first)) / float64(last.items-first.items)
	s.t.Logf("%.0f bytes for each item whose text is gone", perItem)
	if perItem > keyBytes {
		s.t.Errorf("the file grew by %.0f bytes for each of %d items", perItem, last.items-first.items)
	}
	if last.allocated > first.allocated*3/2 || last.heap > first.heap*3/2 || last.goroutines > first.goroutines+5 {
		s.t.Errorf("a pass allocates %d bytes after %d; the heap has %d after %d; %d goroutines after %d", last.allocated, first.allocated,
			last.heap, first.heap, last.goroutines, first.goroutines)
	}
}
