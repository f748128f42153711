package aggregator_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"dateline/aggregator"
	"dateline/aggregator/attribute"
	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/aggregator/publish"
	"dateline/store"
)

// long composes a document of 50 items of some 1.5 kB each, as a news agency's feed has them.
func long(source string, from int) string {
	all := feedItems(source, from, 50)
	for i := range all {
		all[i].Description = "<p>" + all[i].Description + "</p>" +
			strings.Repeat("<p>The committee said that work in the district would go on until the end "+
				"of the year, and that <a href=\"https://wire.example/plan\">the plan</a> provides for more.</p>", 7)
	}
	return feedtest.RSS(source, all...)
}

// reading is a harness for visits to sources that it was not made with.
type reading struct {
	*harness
	known *attribute.Registry
}

// network answers without sockets: what is measured is the visit, not the kernel.
type network func(req *http.Request) http.Handler

func (n network) RoundTrip(req *http.Request) (*http.Response, error) {
	s := feedtest.NewHost("https://wire.example")
	s.Set(req.URL.Path, n(req))
	return s.RoundTrip(req)
}

func newReading(b *testing.B, n network, sources ...news.Source) reading {
	b.Helper()
	r := newHarnessOver(b, n, sources...)
	return reading{r, r.registry()}
}

// of visits src alone, which need not be one of the harness's.
func (r reading) of(b *testing.B, src news.Source, want news.Result, fresh int) {
	if err := r.engine.Apply(aggregator.Setup{Sources: []news.Source{src}, Client: r.client, Registry: r.known,
		FirstPoll: fresh}); err != nil {
		b.Fatal(err)
	}
	report, err := r.engine.Ingest(context.Background(), aggregator.Request{Now: true})
	if err != nil || len(report.Visits) != 1 || report.Visits[0].Result != want || report.New != fresh {
		b.Fatalf("%+v %v; want %s and %d new", report.Visits, err, want, fresh)
	}
}

// BenchmarkVisit measures one visit to a feed of 50 items, its commit included.
func BenchmarkVisit(b *testing.B) {
	host := feedtest.NewHost("https://wire.example")
	b.Run("cold", func(b *testing.B) {
		r := newReading(b, func(req *http.Request) http.Handler { return feedtest.Doc(long(req.URL.Path[1:], 1)) })
		b.SetBytes(int64(len(long("s1", 1))))
		b.ReportAllocs()
		n := 0
		for b.Loop() {
			n++
			r.of(b, host.Source(fmt.Sprintf("s%d", n)), news.OK, 50)
		}
	})
	b.Run("cold, each text its own", func(b *testing.B) {
		chance := rand.New(rand.NewPCG(1, 2))
		words := vocabulary(chance)
		r := newReading(b, func(req *http.Request) http.Handler {
			all := feedItems(req.URL.Path[1:], 1, 50)
			for i := range all {
				all[i].Title, all[i].Description = said(chance, words, 8), "<p>"+said(chance, words, 120)+"</p>"
			}
			return page(req.URL.Path[1:], all...)
		})
		b.ReportAllocs()
		n := 0
		for b.Loop() {
			n++
			r.of(b, host.Source(fmt.Sprintf("s%d", n)), news.OK, 50)
		}
	})
	alpha := host.Source("alpha")
	b.Run("not modified", func(b *testing.B) {
		page := feedtest.Doc(long("alpha", 1), "ETag", `"1"`)
		r := newReading(b, func(*http.Request) http.Handler { return page }, alpha)
		r.good()
		b.ReportAllocs()
		for b.Loop() {
			r.of(b, alpha, news.NotModified, 0)
		}
	})
	b.Run("same bytes", func(b *testing.B) {
		page := feedtest.Doc(long("alpha", 1))
		r := newReading(b, func(*http.Request) http.Handler { return page }, alpha)
		r.good()
		b.ReportAllocs()
		for b.Loop() {
			r.of(b, alpha, news.Unchanged, 0)
		}
	})
	b.Run("5 new of 50", func(b *testing.B) {
		next := 1
		r := newReading(b, func(*http.Request) http.Handler { return feedtest.Doc(long("alpha", next)) }, alpha)
		r.good()
		b.ReportAllocs()
		for b.Loop() {
			next += 5
			r.of(b, alpha, news.OK, 5)
		}
	})
}

// BenchmarkRender measures the merged document of 100 entries from a real store.
func BenchmarkRender(b *testing.B) {
	host := feedtest.NewHost("https://wire.example")
	sources := []news.Source{host.Source("alpha"), host.Source("bravo")}
	next := 1
	r := newReading(b, func(req *http.Request) http.Handler { return feedtest.Doc(long(req.URL.Path[1:], next)) }, sources...)
	r.good()
	options, err := publication(sources)
	if err != nil {
		b.Fatal(err)
	}
	options.Entries = 100
	render := func(b *testing.B, p *publish.Publisher) {
		r.view(func(v store.View) error {
			d, err := p.Atom(v)
			if err == nil && d.Entries != 100 {
				b.Fatalf("%d entries", d.Entries)
			}
			return err
		})
	}
	b.Run("first", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			render(b, publish.New(options))
		}
	})
	b.Run("after one change", func(b *testing.B) {
		p := publish.New(options)
		render(b, p)
		b.ReportAllocs()
		for b.Loop() {
			b.StopTimer()
			next++
			r.good("alpha")
			b.StartTimer()
			render(b, p)
		}
	})
}
