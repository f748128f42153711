package aggregator_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator"
	"dateline/aggregator/news"
)

// tripper answers without a network.
type tripper func(*http.Request) (*http.Response, error)

func (f tripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// website answers paths with pages, and counts what it was asked for.
func website(pages map[string]string, asked *[]string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*asked = append(*asked, r.URL.Path)
		page, there := pages[r.URL.Path]
		if !there {
			http.NotFound(w, r)
			return
		}
		if link, rest, ok := strings.Cut(page, "\n\n"); ok {
			w.Header().Set("Link", link)
			page = rest
		}
		fmt.Fprint(w, page)
	})
}

const someFeed = `<rss version="2.0"><channel><title>The Wire</title><language>en</language><item><guid>1</guid><title>A</title><pubDate>Mon, 18 May 2026 10:00:00</pubDate></item></channel></rss>`

func TestDiscover(t *testing.T) {
	t.Parallel()
	many := ""
	for i := range 30 {
		many += fmt.Sprintf(`<link rel="alternate" type="application/rss+xml" href="/%d.xml">`, i)
	}
	for _, c := range []struct {
		name, at string
		pages    map[string]string
		want     []string // path and how it was found
		requests int
	}{
		{"the feed itself", "/rss", map[string]string{"/rss": someFeed}, []string{"/rss itself"}, 1},
		{"named by the page", "/", map[string]string{"/": `<!DOCTYPE html><link rel="alternate" type="application/rss+xml" href="a.xml"><link rel="alternate" type="application/rss+xml" href="gone.xml">`, "/a.xml": someFeed},
			[]string{"/a.xml page"}, 3},
		{"named by the header", "/news",
			map[string]string{"/news": "</f>; rel=alternate; type=\"application/atom+xml\"\n\n<!DOCTYPE html><p>News", "/f": someFeed},
			[]string{"/f header"}, 2},
		{"at a well-known path, the first one", "/news/",
			map[string]string{"/news/": "<!DOCTYPE html>", "/rss.xml": someFeed, "/feed.xml": someFeed}, []string{"/rss.xml path"}, 4},
		{"a list of feeds is not followed", "/l",
			map[string]string{"/l": `<opml version="2.0"><body><outline text="A" xmlUrl="$/a"/><outline text="B" xmlUrl="$/b"/></body></opml>`},
			[]string{"/a opml", "/b opml"}, 1},
		{"nothing", "/", map[string]string{"/": "<!DOCTYPE html>"}, nil, 9},
	} {
		t.Run(c.name, func(t *testing.T) {
			var asked []string
			var s *httptest.Server
			s = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				pages := map[string]string{}
				for path, page := range c.pages {
					pages[path] = strings.ReplaceAll(page, "$", s.URL)
				}
				website(pages, &asked).ServeHTTP(w, r)
			}))
			defer s.Close()
			r := newHarness(t)
			got, err := r.engine.Discover(t.Context(), s.URL+c.at, nil)
			if err != nil {
				t.Fatal(err)
			}
			var feeds []string
			for _, f := range got.Feeds {
				feeds = append(feeds, strings.TrimPrefix(f.URL, s.URL)+" "+f.How)
				if f.Visited {
					same(t, "what a visit found", []any{f.Feed.Title, f.Format, f.Items, f.Undated}, []any{"The Wire", "rss", 1, 1})
				}
			}
			same(t, "feeds", feeds, c.want)
			same(t, "requests counted", got.Requests, c.requests)
			if len(asked) != c.requests {
				t.Errorf("asked for %v, want %d requests", asked, c.requests)
			}
		})
	}
	t.Run("it makes no more requests than it says", func(t *testing.T) {
		var asked []string
		s := httptest.NewServer(website(map[string]string{"/": "<!DOCTYPE html>" + many}, &asked))
		defer s.Close()
		got, err := newHarness(t).engine.Discover(t.Context(), s.URL+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "requests", len(asked), aggregator.MaxDiscover)
		same(t, "requests counted", got.Requests, aggregator.MaxDiscover)
		same(t, "feeds", len(got.Feeds), 30-aggregator.MaxDiscover+1)
	})
	t.Run("a page that is not there is an error", func(t *testing.T) {
		var asked []string
		s := httptest.NewServer(website(nil, &asked))
		defer s.Close()
		if _, err := newHarness(t).engine.Discover(t.Context(), s.URL+"/", nil); err == nil || len(asked) != 1 {
			t.Errorf("%v after %v", err, asked)
		}
	})
}

func TestProbe(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var asked []string
		src := news.Source{ID: "a", URL: "http://a.example/rss", Every: time.Hour, Enabled: true}
		late := news.Source{ID: "b", URL: "http://b.example/rss", Every: time.Hour, Enabled: true}
		r := newHarnessOver(t, tripper(func(req *http.Request) (*http.Response, error) {
			mu.Lock()
			defer mu.Unlock()
			asked = append(asked, req.Method+" "+req.URL.String()+" "+req.Header.Get("If-None-Match"))
			w := httptest.NewRecorder()
			w.Header().Set("ETag", `"1"`)
			switch {
			case req.URL.Host == "b.example":
				w.Header().Set("Retry-After", "3600")
				w.WriteHeader(http.StatusServiceUnavailable)
			case req.Header.Get("If-None-Match") == `"1"`:
				w.WriteHeader(http.StatusNotModified)
			default:
				fmt.Fprint(w, someFeed)
			}
			return w.Result(), nil
		}), src, late)
		probe := func() []aggregator.Probe {
			asked = nil
			return r.engine.Probe(t.Context(), nil, r.sources[:1])
		}
		p := probe()[0]
		if p.Err != nil {
			t.Error(p.Err)
		}
		same(t, "result", p.Result, news.OK)
		same(t, "format", p.Format, "rss")
		same(t, "items", p.Items, 1)
		same(t, "items without a date", p.Undated, 1)
		same(t, "ETag", p.Validators.ETag, `"1"`)
		same(t, "address by HTTPS", p.HTTPS, "https://a.example/rss")
		if diff := cmp.Diff([]string{"GET http://a.example/rss ", "HEAD https://a.example/rss "}, asked); diff != "" {
			t.Error(diff)
		}
		if len(r.items("")) != 0 || r.state("a").URL != "" {
			t.Error("a probe was stored")
		}
		r.pass()
		if p = probe()[0]; p.Err != nil {
			t.Error(p.Err)
		}
		same(t, "result of the second", p.Result, news.NotModified)
		same(t, "items of the second", p.Items, 1)
		same(t, "request of the second", asked[0], `GET http://a.example/rss "1"`)
		asked = nil
		if got := r.engine.Probe(t.Context(), nil, r.sources[1:]); got[0].Err == nil || len(asked) != 0 {
			t.Errorf("what wants no request was asked: %v, %+v", asked, got)
		}
	})
}
