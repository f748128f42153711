package aggregator_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/aggregator/status"
)

func movedTo(address string, code int) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) { http.Redirect(w, req, address, code) }
}

func TestMoved(t *testing.T) {
	t.Parallel()
	const later = 13 * time.Hour
	same := feedtest.RSS("Wire", feedItems("belta", 1, 3)...)
	for fact, c := range map[string]struct {
		code    int
		found   string // at the new address
		visits  int
		apart   time.Duration
		learned bool
	}{
		"five visits over two days":          {301, same, 5, later, true},
		"308 likewise":                       {308, same, 5, later, true},
		"four visits are too few":            {301, same, 4, 20 * time.Hour, false},
		"five visits in a day are too quick": {301, same, 5, 5 * time.Hour, false},
		"a temporary redirect never":         {302, same, 8, later, false},
		"another feed never":                 {301, feedtest.RSS("Parked", feedItems("parked", 1, 3)...), 8, later, false},
	} {
		t.Run(fact, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				site := feedtest.NewHost("https://wire.example")
				r := newHarnessOver(t, site, news.Source{ID: "belta", URL: site.URL + "/old", Every: time.Hour, Enabled: true})
				site.Set("/old", feedtest.Doc(same))
				r.visit("belta")
				site.Set("/old", movedTo(site.URL+"/new", c.code))
				site.Set("/new", feedtest.Doc(c.found))
				for range c.visits {
					time.Sleep(c.apart)
					r.visit("belta")
				}
				want := ""
				if c.learned {
					want = site.URL + "/new"
				}
				if got := r.state("belta").Learned; got != want {
					t.Errorf("learned %q, want %q", got, want)
				}
				site.Forget()
				time.Sleep(c.apart)
				r.visit("belta")
				if old := len(site.Requests("/old")); (old == 0) != c.learned {
					t.Errorf("the old address was asked %d times", old)
				}
			})
		})
	}
}

func TestLearnedAddressThatFailsIsGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		site := feedtest.NewHost("https://wire.example")
		src := news.Source{ID: "belta", URL: site.URL + "/old", Every: time.Hour, Enabled: true}
		r := newHarnessOver(t, site, src)
		same := feedtest.Doc(feedtest.RSS("Wire", feedItems("belta", 1, 3)...), "ETag", `"new"`)
		site.Set("/old", movedTo(site.URL+"/new", 301))
		site.Set("/new", same)
		for range 6 {
			r.visit("belta")
			time.Sleep(13 * time.Hour)
		}
		if st := r.state("belta"); st.Learned == "" || status.Of(src, st, news.Pause{}, time.Now()) == status.OK {
			t.Fatalf("not learned, or not told: %+v", st)
		}
		site.Set("/new", feedtest.Status(404))
		site.Set("/old", same)
		for range 3 {
			r.visit("belta")
			time.Sleep(25 * time.Hour)
		}
		site.Forget()
		v := r.visit("belta")
		if !v.Result.Good() {
			t.Errorf("%s, learned %q", v.Result, r.state("belta").Learned)
		}
		feedtest.Same(t, "learned address", r.state("belta").Learned, "")
		if asked := site.Requests("/old"); len(asked) != 1 || asked[0].Get("If-None-Match") != "" {
			t.Errorf("the configured address was asked with %v: the validators came from another", asked)
		}
	})
}

func TestHeaderGoesToTheSourcesHostAlone(t *testing.T) {
	t.Parallel()
	site := feedtest.NewServer(t)
	other := feedtest.NewServer(t)
	other.Set("/", page("Wire", feedItems("belta", 1, 1)...))
	site.Set("/", movedTo(other.URL+"/", 302))
	r := newHarness(t, news.Source{ID: "belta", URL: site.URL + "/", Every: time.Hour, Enabled: true,
		Header: map[string][]string{"Authorization": {"Bearer secret"}}})
	r.visit("belta")
	if got := site.Requests("/")[0].Get("Authorization"); got != "Bearer secret" {
		t.Errorf("the source's host was sent %q", got)
	}
	if got := other.Requests("/")[0].Get("Authorization"); got != "" {
		t.Errorf("another host was sent %q", got)
	}
}

func TestGap(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		site := feedtest.NewHost("https://wire.example")
		r := newHarnessOver(t, site, news.Source{ID: "belta", URL: site.URL + "/", Every: time.Hour, Enabled: true})
		for _, c := range []struct {
			fact     string
			from, n  int
			gap      bool
			restarts bool
		}{
			{"the first document", 1, 3, false, false},
			{"one item is still there", 3, 3, false, false},
			{"none is", 10, 3, true, false},
			{"an empty document", 0, 0, false, false},
			{"and the one after it", 20, 3, false, true},
		} {
			site.Set("/", page("Wire", feedItems("belta", c.from, c.n)...))
			time.Sleep(2 * time.Hour)
			if v := r.visit("belta"); v.Gap != c.gap {
				t.Errorf("%s: gap %v, want %v", c.fact, v.Gap, c.gap)
			}
		}
		if n := r.state("belta").Gaps; n != 1 {
			t.Errorf("%d gaps counted, want 1", n)
		}
	})
}

func TestRest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		site := feedtest.NewHost("https://wire.example")
		r := newHarnessOver(t, site, news.Source{ID: "belta", URL: site.URL + "/", Every: time.Hour, Enabled: true})
		site.Set("/", feedtest.Doc(feedtest.RSS("Wire", feedItems("belta", 1, 3)...), "ETag", `"1"`))
		began := time.Now()
		r.visit("belta")
		for _, c := range []struct {
			after time.Duration
			wait  time.Duration
		}{{0, time.Hour}, {24 * time.Hour, time.Hour}, {96 * time.Hour, 4 * time.Hour}, {1000 * time.Hour, 8 * time.Hour}} {
			time.Sleep(time.Until(began.Add(c.after)))
			v := r.visit("belta")
			if wait := v.Next.Sub(v.At); wait < c.wait || wait > c.wait+time.Minute+2*time.Second {
				t.Errorf("%v after the last news: asked again after %v, want %v", c.after, wait, c.wait)
			}
		}
		site.Set("/", feedtest.Doc(feedtest.RSS("Wire", feedItems("belta", 2, 3)...), "ETag", `"2"`))
		if v := r.visit("belta"); v.Next.Sub(v.At) > time.Hour+time.Minute+2*time.Second {
			t.Errorf("after news: asked again after %v", v.Next.Sub(v.At))
		}
	})
}
