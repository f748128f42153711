package aggregator_test

import (
	"bytes"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/fetch"
	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/aggregator/parse"
)

// body answers 200 with it, as type kind.
func body(kind, b string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Header().Set("ETag", `"bad"`)
		w.Write([]byte(b))
	}
}

// silent takes the request and says nothing until the client is gone.
func silent(_ http.ResponseWriter, req *http.Request) { <-req.Context().Done() }

func isErr[E error](err error) bool {
	var e E
	return errors.As(err, &e)
}

func is(target error) func(error) bool { return func(err error) bool { return errors.Is(err, target) } }

// closedPort returns an address on which nothing listens.
func closedPort(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "http://" + l.Addr().String()
}

// wholeSick is the document with which the sick source is well again.
func wholeSick() string { return feedtest.RSS("Sick", feedItems("sick", 1, 6)...) }

// badAnswer is what a source may answer instead of its feed, and what is then remembered.
type badAnswer struct {
	fact    string
	answer  http.Handler
	problem news.Problem
	status  int
	typed   func(error) bool
	snippet string
}

// slow is the case in which the client gives up.
const slow = "nothing in time"

func badAnswers() []badAnswer {
	return []badAnswer{
		{"500", feedtest.Status(500), news.ProblemHTTP, 500, isErr[*fetch.StatusError], ""},
		{"404", feedtest.Status(404), news.ProblemHTTP, 404, isErr[*fetch.StatusError], ""},
		{"403", feedtest.Status(403), news.ProblemBlocked, 403, isErr[*fetch.StatusError], ""},
		{"a page of HTML", body("text/html", "<!DOCTYPE html><html><head><title>News</title></head><body><p>Read us</p></body></html>"),
			news.ProblemFeed, 200, isErr[*parse.NotFeedError], "Read us"},
		{"a challenge page", body("text/html", `<html><head><script>window["bobcmn"] = "10111";</script></head><body>TSPD_101_DID</body></html>`),
			news.ProblemBlocked, 200, isErr[*fetch.StatusError], ""},
		{"an empty body", body("application/rss+xml", ""), news.ProblemFeed, 200, isErr[*parse.NotFeedError], ""},
		{"an answer of some service", body("application/json", `{"ok":true}`), news.ProblemFeed, 200, isErr[*parse.NotFeedError], `{"ok":true}`},
		{"30 MB", body("application/rss+xml", wholeSick()+strings.Repeat(" ", 30<<20)), news.ProblemSize, 0, is(fetch.ErrTooLarge), ""},
		{slow, http.HandlerFunc(silent), news.ProblemNet, 0, is(fetch.ErrSlow), ""},
		{"an endless redirect", http.RedirectHandler("/sick", http.StatusFound), news.ProblemHTTP, 0, is(fetch.ErrRedirect), ""},
	}
}

// learned is the part of a state that only a good answer changes.
func learned(st news.State) news.State {
	return news.State{Validators: st.Validators, From: st.From, Hash: st.Hash, LastSuccess: st.LastSuccess}
}

// TestBadAnswer: a bad answer of one source changes nothing but its status, harms no other, and is made up
// for by its next good answer.
func TestBadAnswer(t *testing.T) {
	t.Parallel()
	for _, c := range badAnswers() {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			c.test(t)
		})
	}
}

func (c badAnswer) test(t *testing.T) {
	s := feedtest.NewServer(t)
	three := feedtest.RSS("Sick", feedItems("sick", 1, 3)...)
	s.Set("/sick", feedtest.Doc(three, "ETag", `"1"`, "Last-Modified", "Tue, 24 Nov 2026 06:00:00 GMT"))
	s.Set("/well", page("Well", feedItems("well", 1, 2)...))
	r := newHarness(t, s.Source("sick"), s.Source("well"))
	r.good()
	feed, before, stored := r.atom(), r.state("sick"), r.items("sick")

	s.Set("/sick", c.answer)
	if c.fact == slow {
		r.fetch.Timeout = 100 * time.Millisecond
		r.open()
	}
	v := r.visit("sick")
	if r.fetch.Timeout > 0 {
		r.fetch.Timeout = 0 // the default: the other answers may take long on a busy machine
		r.open()
	}
	if !c.typed(v.Err) {
		t.Errorf("%T: %[1]v", v.Err)
	}
	same(t, "result", v.Result, news.Failed)
	same(t, "items new, updated and joined", v.New+v.Updated+v.Joined, 0)
	st := r.state("sick")
	same(t, "problem", st.Problem, c.problem)
	same(t, "status", st.Status, c.status)
	same(t, "failures in a row", st.Failures, 1)
	if st.Error == "" || !strings.Contains(st.Snippet, c.snippet) {
		t.Errorf("error %q, snippet %q; want an error and a snippet with %q", st.Error, st.Snippet, c.snippet)
	}
	same(t, "what the last good answer taught", learned(st), learned(before))
	same(t, "the items", r.items("sick"), stored)
	if !bytes.Equal(feed, r.atom()) {
		t.Error("the merged feed changed")
	}

	s.Set("/well", page("Well", feedItems("well", 1, 4)...))
	if v := r.visit("well"); v.New != 2 || v.Err != nil {
		t.Errorf("the other source: %+v", v)
	}

	s.Forget()
	s.Set("/sick", feedtest.Doc(wholeSick(), "ETag", `"2"`))
	if v := r.visit("sick"); v.New != 3 || v.Result != news.OK {
		t.Errorf("well again: %s, %d new: %v", v.Result, v.New, v.Err)
	}
	if h := s.Requests("/sick")[0]; h.Get("If-None-Match") != `"1"` || h.Get("If-Modified-Since") != "Tue, 24 Nov 2026 06:00:00 GMT" {
		t.Errorf("asked with %v, want the validators of the last good answer", h)
	}
	st = r.state("sick")
	same(t, "problem after a good answer", string(st.Problem)+st.Error, "")
	same(t, "failures after a good answer", st.Failures, 0)
	same(t, "ETag after a good answer", st.Validators.ETag, `"2"`)
	r.sound()
	if n := len(r.items("sick")); n != 6 {
		t.Errorf("%d items, want each of 6 once", n)
	}
	r.merged(t, r.atom())
}

// TestNobodyThere: a source that never answered leaves the others alone, and arrives whole once it does.
func TestNobodyThere(t *testing.T) {
	t.Parallel()
	s := feedtest.NewServer(t)
	s.Set("/well", page("Well", feedItems("well", 1, 2)...))
	sick := s.Source("sick")
	sick.URL = closedPort(t) + "/sick"
	r := newHarness(t, sick, s.Source("well"))
	report := r.pass()
	if report.Failed != 1 || report.New != 2 {
		t.Errorf("%d failed, %d new", report.Failed, report.New)
	}
	if st := r.state("sick"); st.Problem != news.ProblemNet || st.Status != 0 || st.Error == "" {
		t.Errorf("state: %+v", st)
	}
	s.Set("/sick", page("Sick", feedItems("sick", 1, 3)...))
	r.sources[0].URL = s.URL + "/sick"
	r.open()
	if report = r.good(); report.New != 3 {
		t.Errorf("%d new, want 3", report.New)
	}
	r.sound()
	r.merged(t, r.atom())
}

// TestCutOff: of a document that ends in the middle the whole items are taken; the next whole one brings
// the rest, once.
func TestCutOff(t *testing.T) {
	t.Parallel()
	all := feedItems("sick", 1, 6)
	whole := feedtest.RSS("Sick", all...)
	cut := whole[:strings.Index(whole, all[4].Title)+3]
	for _, c := range []struct {
		fact   string
		answer http.Handler
	}{
		{"by its author", feedtest.Doc(cut, "ETag", `"cut"`)},
		{"by the connection", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("ETag", `"cut"`)
			w.Header().Set("Content-Length", "100000")
			w.Write([]byte(cut))
		})},
	} {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			s := feedtest.NewServer(t)
			s.Set("/sick", feedtest.Doc(feedtest.RSS("Sick", all[5]), "ETag", `"1"`))
			r := newHarness(t, s.Source("sick"))
			r.good()
			before := r.state("sick")

			s.Set("/sick", c.answer)
			v := r.visit("sick")
			if v.Result != news.Partial || v.Err == nil || v.New != 4 {
				t.Errorf("%s, %d new: %v; want its 4 whole items", v.Result, v.New, v.Err)
			}
			st := r.state("sick")
			same(t, "problem", st.Problem, news.ProblemPartial)
			same(t, "failures in a row", st.Failures, 1)
			same(t, "what the last good answer taught", learned(st), learned(before))
			r.sound()

			s.Forget()
			s.Set("/sick", feedtest.Doc(whole, "ETag", `"2"`))
			if v := r.visit("sick"); v.New != 1 || v.Updated != 0 || v.Result != news.OK {
				t.Errorf("the whole one: %s, %d new, %d updated: %v", v.Result, v.New, v.Updated, v.Err)
			}
			if h := s.Requests("/sick")[0]; h.Get("If-None-Match") != `"1"` {
				t.Errorf("asked with %v", h)
			}
			if n := len(r.items("sick")); n != 6 {
				t.Errorf("%d items, want each of 6 once", n)
			}
			r.sound()
		})
	}
}
