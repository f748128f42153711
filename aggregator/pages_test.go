package aggregator_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/aggregator/status"
	"dateline/store"
)

// articlePage is a page of our own in the shape of the seed: credits that are nowhere in the feed, and furniture with others.
const articlePage = `<!doctype html><html lang="en"><head><title>Envoys agree on a timetable for the bridge</title></head><body>
<div class="menu"><a href="/">Government Bodies</a> <a href="/flag">Flag</a> Tuesday, 26 September 2023 Minsk Clear +9°C</div>
<div class="wrap"><div class="left"><a class="rubric" href="/all">All news</a><div class="date_full">17 May 2023, 15:44</div><h1>Envoys agree on a timetable for the bridge</h1>
<div class="main_photo"><img src="/1.jpg" alt="Envoys at the table. Russian MFA/TASS"><div class="descr">Envoys at the table. Russian MFA/TASS</div></div>
<div class="text"><p>MOSCOW, 17 May (BelTA) - Envoys of both banks agreed on Wednesday on a timetable for the bridge, the ministry said, BelTA has learned.</p>
<p>Secret words of the text stand in this paragraph, which no document of the wire may ever repeat to a reader.</p></div></div>
<div class="right recent"><div>Recent news from Belarus</div><p>PARIS, 16 May (AFP) - Trams stop. Photo: Reuters</p></div></div>
<div class="footer">Subscribe to us. Photo: EPA</div></body></html>`

// otherPage shows another article than the one of the item that leads to it.
const otherPage = `<!doctype html><html lang="en"><body><article><h1>Trams stop on Sunday</h1>
<p>PARIS, 16 May (AFP) - The trams of the capital will not run on Sunday, since their drivers have called a strike over pay.</p></article></body></html>`

// article answers with a page.
func article(body string) http.Handler {
	return feedtest.Page{Body: body, Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}}
}

// leads returns items of a feed that has headlines and links, one for each number.
func leads(s *feedtest.Server, at time.Time, numbers ...int) (items []feedtest.Item) {
	for _, n := range numbers {
		items = append(items, feedtest.Item{Title: fmt.Sprintf("Envoys agree on a timetable for the bridge, part %d", n),
			Link: fmt.Sprintf("%s/a/%d", s.URL, n), GUID: fmt.Sprint("n", n), PubDate: at.Format(time.RFC1123Z)})
	}
	return items
}

// pagesBubble is bubble with one source whose articles' pages are read.
func pagesBubble(t *testing.T, test func(t *testing.T, s *feedtest.Server, r *harness)) {
	t.Helper()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		r.sources[0].Pages, r.sources[0].Name = true, "BelTA"
		r.sources[0].Agency = "belta"
		r.open()
		test(t, s, r)
	}, "belta")
}

// tags matches the tags of a page.
var tags = regexp.MustCompile(`<[^>]*>`)

// TestPageCreditsOfItem: the credits of a page are those of the entry in every document, in one transaction that takes no position in the
// log. Nothing else of the page is in any.
func TestPageCreditsOfItem(t *testing.T) {
	t.Parallel()
	pagesBubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		s.Set("/belta", page("BelTA", leads(s, time.Now(), 1)...))
		s.Set("/a/1", article(articlePage))
		r.good()
		it := r.item("belta", "Envoys")
		if it.Page == nil || it.Page.Result != news.PageRead || time.Since(it.Page.At).Abs() > time.Second {
			t.Fatalf("page %+v", it.Page)
		}
		same(t, "log", r.head(), 1)
		all := r.everyDocument()
		said := map[string]int{}
		for name, b := range all {
			doc := string(b)
			if path.Ext(name) == ".html" {
				doc = tags.ReplaceAllString(doc, "")
			}
			if strings.Contains(doc, "BelTA, Moscow, 17 May. Photo: Russian MFA/TASS.") {
				said[path.Dir(name)+path.Ext(name)]++
			}
			for _, leaked := range []string{"Secret words", "Reuters", "AFP", "EPA", "Government", "September", "Flag", "Clear", "Recent news from",
				"Subscribe to us", "Trams"} {
				if strings.Contains(doc, leaked) {
					t.Errorf("%q is in %s", leaked, name)
				}
			}
		}
		for _, kind := range []string{"..atom", "..rss", "..json", "entries.html"} {
			if said[kind] == 0 {
				t.Errorf("no document %s has the line of the entry: %v of %v", kind, said, slices.Sorted(maps.Keys(all)))
			}
		}
		if atom := string(r.atom()); !strings.Contains(atom, "MOSCOW, 17 May (BelTA)") {
			t.Errorf("no dateline in %s", atom)
		}
		same(t, "evidence", it.Credits.Photos[0].Evidence, news.Evidence{Field: "page", Words: "Russian MFA/TASS", Rule: "media-title"})
		r.view(func(v store.View) error {
			n := 0
			for range v.Tagged("place:moscow", 0) {
				n++
			}
			same(t, "entries of the place", n, 1)
			return nil
		})
	})
}

// TestPageOnce: a page is asked for once, also after a restart, a revision and another document; never for what was there before.
func TestPageOnce(t *testing.T) {
	t.Parallel()
	pagesBubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		r.sources[0].Pages = false
		r.open()
		s.Set("/a/1", article(articlePage))
		s.Set("/a/2", article(articlePage))
		s.Set("/belta", page("BelTA", leads(s, time.Now(), 1)...))
		r.good()
		r.sources[0].Pages = true
		r.open()
		time.Sleep(time.Hour)
		s.Set("/belta", page("BelTA", leads(s, time.Now(), 2, 1)...))
		r.good()
		r.open()
		time.Sleep(time.Hour)
		changed := leads(s, time.Now(), 2, 1)
		changed[0].Title += ", and on its paint"
		changed[0].Description = "The bridge will be painted in green, the envoys agreed in the evening of the same day."
		s.Set("/belta", page("BelTA", changed...))
		r.good()
		same(t, "requests for the page of before", len(s.Requests("/a/1")), 0)
		same(t, "requests for the page", len(s.Requests("/a/2")), 1)
		it := r.item("belta", "Envoys agree on a timetable for the bridge, part 2")
		same(t, "revision", it.Revision, 2)
		if len(it.Credits.Photos) != 1 || it.Page == nil {
			t.Errorf("a revision lost what the page states: %+v", it.Credits)
		}
	})
}

// TestPageOutcomes: what an answer means, and whether it is asked for again within a day.
func TestPageOutcomes(t *testing.T) {
	t.Parallel()
	front := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusFound) })
	for name, c := range map[string]struct {
		page     http.Handler
		robots   string
		result   news.PageResult
		requests int
	}{
		"404":                       {feedtest.Status(404), "", news.PageRefused, 1},
		"403":                       {feedtest.Status(403), "", news.PageRefused, 1},
		"a challenge under 200":     {challenge(200), "", news.PageRefused, 1},
		"a challenge under 503":     {challenge(503), "", news.PageRefused, 1},
		"500, three times":          {feedtest.Status(500), "", news.PageRefused, 3},
		"the front page":            {front, "", news.PageEmpty, 1},
		"another article":           {article(otherPage), "", news.PageEmpty, 1},
		"no article":                {article("<!doctype html><html><body><p>Hello</p></body></html>"), "", news.PageEmpty, 1},
		"robots.txt, disallowed":    {article(articlePage), "User-agent: *\nDisallow: /a/\n", news.PageRefused, 0},
		"robots.txt, another agent": {article(articlePage), "User-agent: other\nDisallow: /\n", news.PageRead, 1},
		"a picture":                 {feedtest.Page{Body: "GIF89a", Header: http.Header{"Content-Type": {"image/gif"}}}, "", news.PageEmpty, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pagesBubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
				s.Set("/belta", page("BelTA", leads(s, time.Now(), 1)...))
				s.Set("/a/1", c.page)
				s.Set("/", article(articlePage))
				if c.robots != "" {
					s.Set("/robots.txt", feedtest.Page{Body: c.robots, Header: http.Header{"Content-Type": {"text/plain"}}})
				}
				runFor(t, r, 30*time.Hour)
				it := r.item("belta", "Envoys")
				if it.Page == nil || it.Page.Result != c.result {
					t.Errorf("page %+v", it.Page)
				}
				same(t, "requests", len(s.Requests("/a/1")), c.requests)
				if n := len(s.Requests("/robots.txt")); n != 1 {
					t.Errorf("robots.txt was asked for %d times", n)
				}
			})
		})
	}
}

func challenge(status int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Cf-Mitigated", "challenge")
		w.WriteHeader(status)
		_, _ = w.Write([]byte("<!doctype html><title>Just a moment...</title>")) // the client is gone
	})
}

// runFor runs the daemon for a time.
func runFor(t *testing.T, r *harness, d time.Duration) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.engine.Run(ctx) }()
	time.Sleep(d)
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	synctest.Wait()
}

// TestPagesAMinute: a host is asked for so many pages a minute, the newest first, by daemon and pass alike, and for none that is older
// than a day.
func TestPagesAMinute(t *testing.T) {
	t.Parallel()
	pagesBubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		r.pages = 4
		r.open()
		for n := range 10 {
			s.Set(fmt.Sprintf("/a/%d", n), article(articlePage))
		}
		s.Set("/belta", page("BelTA", leads(s, time.Now(), 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)...))
		asked := func() (n int) {
			for k := range 10 {
				n += len(s.Requests(fmt.Sprintf("/a/%d", k)))
			}
			return n
		}
		r.good()
		same(t, "pages of a pass", asked(), 4)
		same(t, "the newest", len(s.Requests("/a/9"))+len(s.Requests("/a/6")), 2)
		r.open()
		r.good()
		same(t, "pages of two passes within a minute", asked(), 4)
		time.Sleep(time.Minute)
		runFor(t, r, 30*time.Second)
		same(t, "pages of the second minute", asked(), 8)
		time.Sleep(25 * time.Hour)
		runFor(t, r, time.Hour)
		same(t, "pages, the rest older than a day", asked(), 8)
	})
}

// TestPagesAfterRestart: new items that wait when the process ends, and have left the feed since, are asked for all the same within their
// day, and the state says how many wait; one that was withdrawn meanwhile waits no more.
func TestPagesAfterRestart(t *testing.T) {
	t.Parallel()
	pagesBubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		r.pages = 1
		r.open()
		for n := range 5 {
			s.Set(fmt.Sprintf("/a/%d", n), article(articlePage))
		}
		waiting := func() int { return status.PagesWaiting(r.state("belta").Pages, time.Now()) }
		s.Set("/belta", page("BelTA", leads(s, time.Now(), 4, 3, 2, 1)...))
		r.good()
		same(t, "waiting after one page", waiting(), 3)
		s.Set("/belta", page("BelTA", leads(s, time.Now(), 0)...))
		time.Sleep(time.Hour)
		r.good()
		r.good()
		same(t, "waiting after the feed has others", waiting(), 3)
		r.open()
		runFor(t, r, 10*time.Minute)
		same(t, "waiting after the restart", waiting(), 0)
		for n := range 5 {
			same(t, fmt.Sprint("requests for page ", n), len(s.Requests(fmt.Sprintf("/a/%d", n))), 1)
		}
		s.Set("/belta", page("BelTA", leads(s, time.Now(), 12, 11)...))
		r.good()
		same(t, "waiting", waiting(), 2)
		time.Sleep(24 * time.Hour)
		same(t, "waiting after a day", waiting(), 0)
	})
}

// TestPagesAndPolls: polls come when they would without pages, however slow those are.
func TestPagesAndPolls(t *testing.T) {
	t.Parallel()
	when := map[bool][]time.Time{}
	for _, read := range []bool{false, true} {
		pagesBubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
			r.sources[0].Every, r.sources[0].Pages = 2*time.Minute, read
			r.open()
			number := 0
			s.Set("/belta", http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
				when[read] = append(when[read], time.Now())
				number += 3
				page("BelTA", leads(s, time.Now(), number, number-1, number-2)...).ServeHTTP(w, req)
			}))
			for n := range 200 {
				s.Set(fmt.Sprintf("/a/%d", n), slowly(time.Duration(n%50)*time.Second, articlePage))
			}
			runFor(t, r, 2*time.Hour)
			if st := r.state("belta"); read && (st.Pages.Read < 20 || st.Pages.Failed < 5) {
				t.Errorf("%+v", st.Pages)
			}
		})
	}
	if len(when[true]) < 50 {
		t.Errorf("%d polls", len(when[true]))
	}
	same(t, "when the source was polled", when[true], when[false])
}

// slowly answers with a page after a time.
func slowly(takes time.Duration, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		select {
		case <-time.After(takes):
		case <-req.Context().Done():
		}
		article(body).ServeHTTP(w, req)
	})
}

// TestPagesOfManySources: with pages read of twenty sources, every poll of a whole wire comes when it would without.
func TestPagesOfManySources(t *testing.T) {
	t.Parallel()
	sources, hosts := scale(60, 200, 1000), scale(12, 40, 200)
	when := map[bool][]time.Time{}
	for _, read := range []bool{false, true} {
		bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
			times := make([][]time.Time, sources)
			r.sources = nil
			for n := range sources {
				src := s.Source(fmt.Sprint("s", n))
				src.URL = fmt.Sprintf("https://host%d.example/s%d", n%hosts, n)
				src.Pages = read && n < 20
				r.sources = append(r.sources, src)
				s.Set(fmt.Sprintf("/s%d", n), http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
					times[n] = append(times[n], time.Now())
					news := leads(s, time.Now(), 10*n+2*len(times[n]), 10*n+2*len(times[n])+1)
					for i := range news {
						news[i].Link = strings.Replace(news[i].Link, "wire.", fmt.Sprintf("host%d.", n%hosts), 1)
					}
					page("Wire", news...).ServeHTTP(w, req)
				}))
			}
			for n := range 10 * 25 {
				s.Set(fmt.Sprintf("/a/%d", n), slowly(time.Duration(n%25)*time.Second, articlePage))
			}
			r.open()
			runFor(t, r, time.Hour)
			for _, all := range times {
				when[read] = append(when[read], all...)
			}
			var pages uint64
			for n := range min(20, sources) {
				pages += r.state(fmt.Sprint("s", n)).Pages.Read
			}
			if read != (pages >= 40) {
				t.Errorf("%d pages were read", pages)
			}
		})
	}
	if len(when[true]) < 3*sources {
		t.Errorf("%d polls of %d sources", len(when[true]), sources)
	}
	same(t, "when the sources were polled", when[true], when[false])
}
