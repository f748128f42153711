package aggregator_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator"
	"dateline/aggregator/news"
	"dateline/store"
)

// morning is when the tests in bubbles begin.
var morning = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

// bubble runs a test on a clock of its own, from morning on, with sources of a host of its own.
func bubble(t *testing.T, test func(t *testing.T, s *site, r *rig), ids ...string) {
	t.Helper()
	bubbleAt(t, morning, func(t *testing.T) {
		s := newHost()
		var sources []news.Source
		for _, id := range ids {
			sources = append(sources, s.feed(id))
		}
		test(t, s, newRigOver(t, s, sources...))
	})
}

// bubbleAt runs a test on a clock of its own, from a time of this century on.
func bubbleAt(t *testing.T, from time.Time, test func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(from))
		test(t)
	})
}

// one is an item of the source alpha.
func one() piece { return pieces("alpha", 1, 1)[0] }

func TestRevision(t *testing.T) {
	for _, c := range []struct {
		fact        string
		change      func(*piece)
		updated     int
		significant bool
	}{
		{"nothing", func(*piece) {}, 0, false},
		{"a word of the title", func(p *piece) { p.title = strings.Replace(p.title, "reports", "confirms", 1) }, 1, true},
		{"a figure of the lead", func(p *piece) { p.text = strings.Replace(p.text, "107", "207", 1) }, 1, true},
		{"case and punctuation of the title", func(p *piece) { p.title = strings.ToUpper(p.title) + "!" }, 1, false},
		{"the link", func(p *piece) { p.link += "/en" }, 1, false},
		{"the date", func(p *piece) { p.date = "Tue, 24 Nov 2026 06:30:00 +0300" }, 1, false},
	} {
		t.Run(c.fact, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *site, r *rig) {
				p := one()
				s.set("/alpha", doc(rss("Alpha", p, piece{guid: "other", title: "Something else"})))
				r.good()
				was, entry, head := r.item("alpha", "alpha"), r.entry(r.item("alpha", "alpha").Key), r.head()
				time.Sleep(time.Hour)
				c.change(&p)
				s.set("/alpha", doc(rss("Alpha", p, piece{guid: "other", title: "Something else"})))
				if v := r.good().Visits[0]; v.Updated != c.updated || v.New != 0 {
					t.Errorf("%d updated, %d new; want %d and 0", v.Updated, v.New, c.updated)
				}
				all := r.items("alpha")
				it := all[slices.IndexFunc(all, func(it news.Item) bool { return it.GUID == p.guid })]
				if it.Key != was.Key || it.Revision != was.Revision+c.updated || !it.FirstSeen.Equal(was.FirstSeen) {
					t.Errorf("key %s, revision %d, first seen %v; was %s, %d, %v", it.Key, it.Revision, it.FirstSeen, was.Key, was.Revision, was.FirstSeen)
				}
				e := r.entry(it.Entry)
				if !e.Published.Equal(entry.Published) || e.AtomID() != entry.AtomID() || e.First != entry.First {
					t.Errorf("the entry was %+v, is %+v", entry, e)
				}
				if moved := r.head() > head; moved != c.significant || !e.Updated.Equal(entry.Updated) != c.significant {
					t.Errorf("the log moved from %d to %d, updated from %v to %v; want so: %v", head, r.head(), entry.Updated, e.Updated, c.significant)
				}
				if rec := r.record(); c.significant && (rec.Kind != news.RecordUpdated || rec.Entry != it.Entry || rec.Revision != it.Revision || !e.Updated.Equal(morning.Add(time.Hour))) {
					t.Errorf("record %+v, updated %v", rec, e.Updated)
				}
				r.sound()
			}, "alpha")
		})
	}
}

// TestAlias: L2. The item stays one item whatever it is called, and its feed entry keeps its id.
func TestAlias(t *testing.T) {
	for _, c := range []struct {
		fact   string
		change func(*piece)
	}{
		{"same address", func(p *piece) { p.guid, p.title = "renumbered", p.title+", corrected" }},
		{"same title and minute", func(p *piece) { p.guid, p.link = "renumbered", "https://moved.example/1" }},
	} {
		t.Run(c.fact, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *site, r *rig) {
				p := one()
				s.set("/alpha", doc(rss("Alpha", p)))
				r.good()
				id := readBack(t, r.atom())[0].GUID
				old := p.guid
				c.change(&p)
				s.set("/alpha", doc(rss("Alpha", p)))
				if v := r.good().Visits[0]; v.New != 0 {
					t.Errorf("%d new", v.New)
				}
				it := r.items("alpha")
				if len(it) != 1 || it[0].GUID != old || !slices.Contains(it[0].Aliases, "renumbered") {
					t.Fatalf("%d items, %q also %q", len(it), it[0].GUID, it[0].Aliases)
				}
				feed := readBack(t, r.atom())
				if len(feed) != 1 || feed[0].GUID != id {
					t.Errorf("%d entries, id %q, was %q", len(feed), feed[0].GUID, id)
				}
				s.set("/alpha", doc(rss("Alpha", p, piece{guid: "x", title: "Something else"})))
				if v := r.good().Visits[0]; v.New != 1 || v.Updated != 0 {
					t.Errorf("under its new name: %d new, %d updated", v.New, v.Updated)
				}
				r.sound()
			}, "alpha")
		})
	}
}

// TestJoin: L3. One entry, both sources credited in it; a new carrier is no news.
func TestJoin(t *testing.T) {
	bubble(t, func(t *testing.T, s *site, r *rig) {
		p := one()
		s.set("/alpha", doc(rss("Alpha", p)))
		r.good("alpha")
		head := r.head()
		time.Sleep(time.Minute)
		p.guid, p.link = "at-bravo", strings.Replace(p.link, "https://", "http://www.", 1)+"/?utm_source=bravo"
		s.set("/bravo", doc(rss("Bravo", p)))
		if v := r.good("bravo").Visits[0]; v.New != 0 || v.Joined != 1 {
			t.Errorf("%d new, %d joined", v.New, v.Joined)
		}
		it := r.items("bravo")[0]
		first := r.items("alpha")[0]
		if it.Entry != first.Key || it.Join == nil || it.Join.Level != "L3" || it.Join.With != first.Key || !it.Join.At.Equal(morning.Add(time.Minute)) {
			t.Errorf("of entry %s by %+v", it.Entry, it.Join)
		}
		if got, want := r.entry(first.Key).Members(), []news.Key{first.Key, it.Key}; !slices.Equal(got, want) {
			t.Errorf("members %v, want %v", got, want)
		}
		if r.head() != head {
			t.Error("a new carrier took a position of the log")
		}
		feed := readBack(t, r.atom())
		if len(feed) != 1 {
			t.Fatalf("%d entries", len(feed))
		}
		if d := cmp.Diff([]string{"alpha", "bravo"}, credited(feed)[feed[0].GUID]); d != "" {
			t.Error(d)
		}
		r.sound()
	}, "alpha", "bravo")
}

// TestOtherAddress: what was learned from the old address does not hold at the new one; what was published stays known.
func TestOtherAddress(t *testing.T) {
	bubble(t, func(t *testing.T, s *site, r *rig) {
		p := one()
		s.set("/alpha", doc(rss("Alpha", p), "ETag", `"1"`, "Last-Modified", "Tue, 24 Nov 2026 08:00:00 GMT"))
		s.set("/moved", doc(rss("Alpha", p), "ETag", `"1"`))
		r.good()
		key, head := r.items("alpha")[0].Key, r.head()
		r.sources[0].URL = s.URL + "/moved"
		r.open()
		report := r.ingest(aggregator.Request{}) // at once, though not due
		if len(report.Visits) != 1 || report.Visits[0].Result != news.OK || report.New+report.Updated != 0 {
			t.Errorf("%+v", report)
		}
		if h := s.requests("/moved")[0]; h.Get("If-None-Match") != "" || h.Get("If-Modified-Since") != "" {
			t.Errorf("asked with validators of another address: %v", h)
		}
		st := r.state("alpha")
		if st.URL != s.URL+"/moved" || st.Validators != (news.Validators{ETag: `"1"`}) {
			t.Errorf("state: %s %+v", st.URL, st.Validators)
		}
		if all := r.items("alpha"); len(all) != 1 || all[0].Key != key || r.head() != head {
			t.Errorf("%d items, the log at %d", len(all), r.head())
		}
	}, "alpha")
}

// TestNotModified: RFC 9111 section 4.3.4. Validators that a 304 carries replace the stored ones, the others stay.
func TestNotModified(t *testing.T) {
	bubble(t, func(t *testing.T, s *site, r *rig) {
		s.set("/alpha", doc(rss("Alpha", one()), "ETag", `"1"`, "Last-Modified", "Tue, 24 Nov 2026 08:00:00 GMT"))
		r.good()
		before := r.state("alpha")
		time.Sleep(time.Hour)
		s.set("/alpha", status(304, "ETag", `W/"1"`, "Cache-Control", "max-age=7200"))
		if v := r.good().Visits[0]; v.Result != news.NotModified || v.Status != 304 {
			t.Errorf("%s %d", v.Result, v.Status)
		}
		st := r.state("alpha")
		if want := (news.Validators{ETag: `W/"1"`, LastModified: "Tue, 24 Nov 2026 08:00:00 GMT"}); st.Validators != want {
			t.Errorf("validators %q, want %q", st.Validators, want)
		}
		if st.Hash != before.Hash || !st.LastSuccess.Equal(morning.Add(time.Hour)) || st.Why != "max-age" || st.Due.Before(morning.Add(3*time.Hour)) {
			t.Errorf("state: %+v", st)
		}
	}, "alpha")
}

// TestSameBody: the bytes of the last visit are not read again, but they are an answer like any other.
func TestSameBody(t *testing.T) {
	bubble(t, func(t *testing.T, s *site, r *rig) {
		body := rss("Alpha", one())
		s.set("/alpha", doc(body, "ETag", `"1"`, "Last-Modified", "Tue, 24 Nov 2026 08:00:00 GMT"))
		r.good()
		time.Sleep(time.Hour)
		s.set("/alpha", doc(body, "ETag", `"2"`, "Cache-Control", "max-age=7200"))
		if v := r.good().Visits[0]; v.Result != news.Unchanged || v.Status != 200 {
			t.Errorf("%s %d", v.Result, v.Status)
		}
		if st := r.state("alpha"); st.Validators != (news.Validators{ETag: `"2"`}) || !st.LastSuccess.Equal(morning.Add(time.Hour)) || st.Why != "max-age" {
			t.Errorf("state: %+v", st)
		}
		s.set("/alpha", doc(body))
		r.sources[0].Zone = time.FixedZone("Minsk", 3*3600)
		r.open()
		if v := r.good().Visits[0]; v.Result != news.OK || v.Updated != 0 {
			t.Errorf("read in another zone: %s, %d updated", v.Result, v.Updated)
		}
	}, "alpha")
}

// TestDue: a pass visits what is due, or due within a tenth of its interval; --now visits all the same.
func TestDue(t *testing.T) {
	bubble(t, func(t *testing.T, s *site, r *rig) {
		s.set("/alpha", doc(rss("Alpha", one())))
		r.good()
		for _, c := range []struct {
			fact string
			at   time.Time
			now  bool
			want int
		}{
			{"long before", morning.Add(time.Minute), false, 0},
			{"long before, asked for", morning.Add(time.Minute), true, 1},
		} {
			time.Sleep(time.Until(c.at))
			if got := r.ingest(aggregator.Request{Now: c.now}).Visited; got != c.want {
				t.Errorf("%s: %d visits, want %d", c.fact, got, c.want)
			}
		}
		due := r.state("alpha").Due
		time.Sleep(time.Until(due.Add(-61 * time.Second)))
		if got := r.ingest(aggregator.Request{}).Visited; got != 0 {
			t.Error("visited more than a minute too early")
		}
		time.Sleep(time.Second)
		if got := r.ingest(aggregator.Request{}).Visited; got != 1 {
			t.Error("not visited a minute early, so that cron need not be in step")
		}
		r.sources[0].Enabled = false
		r.open()
		if got := r.pass().Visited; got != 0 {
			t.Error("visited though switched off")
		}
	}, "alpha")
}

// TestTooManyRequests: a 429 holds every source of its host, whoever asks, until the time it names.
func TestTooManyRequests(t *testing.T) {
	for _, c := range []struct {
		fact       string
		status     int
		alone      bool // holds its own source alone
		retryAfter string
	}{
		{"429", 429, false, "3600"},
		{"429 until a date", 429, false, "Tue, 24 Nov 2026 10:00:00 GMT"},
		{"503", 503, true, "3600"},
	} {
		t.Run(c.fact, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *site, r *rig) {
				s.set("/alpha", status(c.status, "Retry-After", c.retryAfter))
				s.set("/bravo", doc(rss("Bravo", pieces("bravo", 1, 1)...)))
				s.set("/charlie", doc(rss("Charlie", pieces("charlie", 1, 1)...)))
				r.sources[2].URL = "https://elsewhere.example/charlie"
				r.open()
				if v := r.visit("alpha"); v.Result != news.Failed || v.Status != c.status || !v.Next.Equal(morning.Add(time.Hour)) {
					t.Errorf("%s %d, next %v", v.Result, v.Status, v.Next)
				}
				if st := r.state("alpha"); st.Why != "retry-after" || !st.RetryAt.Equal(morning.Add(time.Hour)) {
					t.Errorf("due by %s, retry at %v", st.Why, st.RetryAt)
				}
				r.open() // across restarts
				s.set("/alpha", doc(rss("Alpha", one())))
				time.Sleep(time.Hour - time.Second)
				var asked []string
				for _, v := range r.pass().Visits {
					asked = append(asked, v.Source)
				}
				want := []string{"charlie"}
				if c.alone {
					want = []string{"bravo", "charlie"}
				}
				if !slices.Equal(asked, want) {
					t.Errorf("within the hour visited %q, want %q", asked, want)
				}
				time.Sleep(time.Second)
				if n := r.pass().Visited; n != 3 {
					t.Errorf("after the hour visited %d, want 3", n)
				}
			}, "alpha", "bravo", "charlie")
		})
	}
}

// TestCalledOff: a visit that ends with its context is not the source's fault. Its request counts, nothing else.
func TestCalledOff(t *testing.T) {
	for _, c := range []struct {
		fact string
		end  func(context.Context) (context.Context, context.CancelFunc)
		want error
	}{
		{"by the deadline of the pass", func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 5*time.Second)
		}, context.DeadlineExceeded},
		{"by the operator", func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(5*time.Second, cancel)
			return ctx, cancel
		}, context.Canceled},
	} {
		t.Run(c.fact, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *site, r *rig) {
				s.set("/alpha", doc(rss("Alpha", one()), "ETag", `"1"`))
				s.set("/bravo", doc(rss("Bravo", pieces("bravo", 1, 1)...)))
				r.good()
				before := map[string]news.State{"alpha": r.state("alpha"), "bravo": r.state("bravo")}
				time.Sleep(time.Hour)
				s.forget()
				s.set("/alpha", http.HandlerFunc(silent))
				s.set("/bravo", http.HandlerFunc(silent))
				ctx, cancel := c.end(t.Context())
				defer cancel()
				if _, err := r.engine.Ingest(ctx, aggregator.Request{Now: true}); !errors.Is(err, c.want) {
					t.Errorf("%v, want %v", err, c.want)
				}
				asked := 0
				for id, was := range before {
					st := r.state(id)
					if n := len(s.requests("/" + id)); n == 0 { // it waited for the other one's host
						if d := cmp.Diff(was, st); d != "" {
							t.Errorf("what was not asked changed:\n%s", d)
						}
						continue
					}
					asked++
					if st.Failures != 0 || st.Problem != "" || st.Validators != was.Validators || st.Result != was.Result || !st.LastSuccess.Equal(was.LastSuccess) {
						t.Errorf("it is blamed:\n%s", cmp.Diff(was, st))
					}
					if !st.LastVisit.Equal(morning.Add(time.Hour+5*time.Second)) || !st.Due.After(st.LastVisit) {
						t.Errorf("the request does not count: last visit %v, due %v", st.LastVisit, st.Due)
					}
				}
				if asked != 1 {
					t.Errorf("%d were asked at one host, want 1", asked)
				}
				r.sound()
			}, "alpha", "bravo")
		})
	}
}

func TestGone(t *testing.T) {
	bubble(t, func(t *testing.T, s *site, r *rig) {
		s.set("/alpha", doc(rss("Alpha", one())))
		r.good()
		s.set("/alpha", status(410))
		r.pass()
		if st := r.state("alpha"); st.Problem != news.ProblemGone || !st.Due.IsZero() || st.Why != "gone" {
			t.Errorf("state: %+v", st)
		}
		time.Sleep(1000 * time.Hour)
		if n := r.ingest(aggregator.Request{}).Visited; n != 0 {
			t.Error("it is asked again")
		}
		if n := len(readBack(t, r.atom())); n != 1 {
			t.Errorf("%d entries: what it published stays", n)
		}
		s.set("/alpha", doc(rss("Alpha", one())))
		if v := r.visit("alpha"); !v.Result.Good() {
			t.Errorf("asked by name it is back: %s, %v", v.Result, v.Err)
		}
	}, "alpha")
}

func TestDates(t *testing.T) {
	for _, c := range []struct {
		fact, date string
		published  time.Time // as stored
		guessed    bool
	}{
		{"as given", "Tue, 24 Nov 2026 11:30:00 +0300", morning.Add(-30 * time.Minute), false},
		{"within the hour ahead it is believed", "Tue, 24 Nov 2026 10:00:00 GMT", morning.Add(time.Hour), false},
		{"further ahead it is when first seen", "Tue, 24 Nov 2026 10:00:01 GMT", morning, false},
		{"years ahead", "Tue, 24 Nov 2099 10:00:01 GMT", morning, false},
		{"missing stays missing", "", time.Time{}, false},
		{"unreadable is missing", "the day after", time.Time{}, false},
		{"without an offset it is of the source's zone", "24.11.2026 11:30", morning.Add(-30 * time.Minute), true},
	} {
		t.Run(c.fact, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *site, r *rig) {
				r.sources[0].Zone = time.FixedZone("Minsk", 3*3600)
				r.open()
				p := one()
				p.date = c.date
				s.set("/alpha", doc(rss("Alpha", p)))
				r.good()
				it := r.items("alpha")[0]
				if !it.Published.Equal(c.published) || it.PublishedRaw != c.date {
					t.Errorf("published %v, raw %q; want %v, %q", it.Published, it.PublishedRaw, c.published, c.date)
				}
				if got := r.state("alpha").Guessed; (got == 1) != c.guessed || got > 1 {
					t.Errorf("%d guesses counted, %q", got, it.Guessed)
				}
				if want := c.published; want.IsZero() {
					if e := r.entry(it.Key); !e.Published.Equal(morning) {
						t.Errorf("the entry is ordered by %v, want when it was first seen", e.Published)
					}
				}
			}, "alpha")
		})
	}
}

// TestUndatedOrder: what has no date stands where it was first seen.
func TestUndatedOrder(t *testing.T) {
	bubble(t, func(t *testing.T, s *site, r *rig) {
		early := piece{guid: "early", title: "Early", date: "Tue, 24 Nov 2026 08:00:00 GMT"}
		undated := piece{guid: "undated", title: "Undated"}
		late := piece{guid: "late", title: "Late", date: "Tue, 24 Nov 2026 09:30:00 GMT"}
		s.set("/alpha", doc(rss("Alpha", undated, early)))
		r.good()
		time.Sleep(time.Hour)
		s.set("/alpha", doc(rss("Alpha", undated, early, late)))
		r.good()
		var got []string
		for _, it := range readBack(t, r.atom()) {
			got = append(got, it.Title)
		}
		if d := cmp.Diff([]string{"Late", "Undated", "Early"}, got); d != "" {
			t.Error(d)
		}
	}, "alpha")
}

// TestLogOrder: the first item of a document is its newest and takes the last position, so that a feed which has no
// room for all of them leaves out the oldest.
func TestLogOrder(t *testing.T) {
	bubble(t, func(t *testing.T, s *site, r *rig) {
		s.set("/alpha", doc(rss("Alpha", pieces("alpha", 1, 2)...)))
		r.good()
		s.set("/alpha", doc(rss("Alpha", pieces("alpha", 1, 5)...)))
		r.good()
		var got []string
		r.view(func(v store.View) error {
			for rec, err := range v.Records(0) {
				if err != nil {
					return err
				}
				it, _, err := v.Item(rec.Entry)
				if err != nil {
					return err
				}
				got = append(got, it.GUID)
			}
			return nil
		})
		if d := cmp.Diff([]string{"alpha-5", "alpha-4", "alpha-3", "alpha-2", "alpha-1"}, got); d != "" {
			t.Error(d)
		}
	}, "alpha")
}

// TestRemovedSource: a source that is configured no more is not asked, and stays credited under its name.
func TestRemovedSource(t *testing.T) {
	bubble(t, func(t *testing.T, s *site, r *rig) {
		s.set("/alpha", doc(rss("Alpha", one())))
		s.set("/bravo", doc(rss("Bravo", pieces("bravo", 1, 1)...)))
		r.sources[0].Name = "Alpha Agency of Minsk"
		r.open()
		r.good()
		feed := r.atom()
		r.sources = r.sources[1:]
		r.open()
		if n := r.pass().Visited; n != 1 {
			t.Errorf("%d visits, want that of bravo", n)
		}
		if d := cmp.Diff(string(feed), string(r.atom())); d != "" {
			t.Errorf("the merged feed changed:\n%s", d)
		}
		if !strings.Contains(string(feed), "Alpha Agency of Minsk") {
			t.Error("the name of the source is not in the feed")
		}
	}, "alpha", "bravo")
}

// TestUnknownSource: nothing is visited.
func TestUnknownSource(t *testing.T) {
	bubble(t, func(t *testing.T, s *site, r *rig) {
		_, err := r.engine.Ingest(t.Context(), aggregator.Request{Sources: []string{"alpha", "tass", "mfa"}})
		var unknown *aggregator.UnknownSourceError
		if !errors.As(err, &unknown) || !slices.Equal(unknown.IDs, []string{"tass", "mfa"}) || len(s.requests("/alpha")) != 0 {
			t.Errorf("%v, asked %d times", err, len(s.requests("/alpha")))
		}
	}, "alpha")
}

// bomb is a network on which the request of one source makes our own code panic.
type bomb struct {
	http.RoundTripper
	path string
}

func (b bomb) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Path == b.path {
		panic("a bug of ours")
	}
	return b.RoundTripper.RoundTrip(req)
}

// TestPanic: a bug that one source brings to light is that source's failure and nobody else's.
func TestPanic(t *testing.T) {
	bubble(t, func(t *testing.T, s *site, r *rig) {
		s.set("/alpha", doc(rss("Alpha", pieces("alpha", 1, 2)...), "ETag", `"1"`))
		s.set("/bravo", doc(rss("Bravo", pieces("bravo", 1, 2)...)))
		r.good()
		before := r.state("alpha")
		s.set("/bravo", doc(rss("Bravo", pieces("bravo", 1, 3)...)))
		r.fetch.Transport, r.at = bomb{s, "/alpha"}, 1
		r.open()
		report := r.pass()
		var bug *aggregator.PanicError
		if v := report.Visits[0]; !errors.As(v.Err, &bug) || len(bug.Stack) == 0 || v.Result != news.Failed {
			t.Errorf("%s: %v", v.Result, v.Err)
		}
		if v := report.Visits[1]; v.New != 1 || v.Err != nil {
			t.Errorf("the other source: %d new, %v", v.New, v.Err)
		}
		st := r.state("alpha")
		if st.Problem != news.ProblemBug || st.Failures != 1 || st.Validators != before.Validators || st.Hash != before.Hash || !strings.Contains(st.Error, "a bug of ours") {
			t.Errorf("state: %+v", st)
		}
		r.pass() // neither the turn at the host nor the one slot was lost
		r.fetch.Transport = s
		r.open()
		s.set("/alpha", doc(rss("Alpha", pieces("alpha", 1, 4)...), "ETag", `"2"`))
		if v := r.visit("alpha"); v.New != 2 {
			t.Errorf("afterwards: %d new, %v", v.New, v.Err)
		}
		r.sound()
	}, "alpha", "bravo")
}
