package aggregator_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/fetch"
	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/aggregator/websub"
	"dateline/aggregator/websub/subscriber"
	"dateline/store"
)

func TestDeliver(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		all := feedItems("alpha", 1, 5)
		s.Set("/alpha", feedtest.Doc(feedtest.RSS("Alpha", all[1:]...), "ETag", `"1"`))
		r.visit("alpha")
		before := r.state("alpha")
		time.Sleep(10 * time.Minute)
		if err := r.engine.Deliver(t.Context(), "alpha", []byte(feedtest.RSS("Alpha", all[0])), "application/rss+xml"); err != nil {
			t.Fatal(err)
		}
		if n := len(r.items("alpha")); n != 5 {
			t.Errorf("%d items, want 5", n)
		}
		after := r.state("alpha")
		same(t, "items", after.Items, 5)
		if !after.LastNew.After(before.LastNew) {
			t.Errorf("%d items, the last at %v", after.Items, after.LastNew)
		}
		after.Edges = before.Edges
		after.Items, after.News, after.LastNew, after.Longest, after.Tally, after.Newest = before.Items, before.News, before.LastNew,
			before.Longest, before.Tally, before.Newest
		if !equal(before, after) {
			t.Errorf("a delivery changed what polls know:\n%+v\n%+v", before, after)
		}
		r.view(func(v store.View) error {
			w, err := v.Window("alpha")
			if len(w) != 5 {
				t.Errorf("%d items stand in the feed, want 5", len(w))
			}
			return err
		})
		s.Set("/alpha", feedtest.Doc(feedtest.RSS("Alpha", all...), "ETag", `"2"`))
		if v := r.visit("alpha"); v.New != 0 {
			t.Errorf("the next poll brought %d anew", v.New)
		}
	}, "alpha")
}

// TestDeliveryWhileAVisitAsks: the visit that ends later takes nothing from what the delivery counted.
func TestDeliveryWhileAVisitAsks(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		all := feedItems("alpha", 1, 5)
		s.Set("/alpha", feedtest.Doc(feedtest.RSS("Alpha", all[1:]...), "ETag", `"1"`))
		r.visit("alpha")
		s.Set("/alpha", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if err := r.engine.Deliver(t.Context(), "alpha", []byte(feedtest.RSS("Alpha", all[0])), ""); err != nil {
				t.Error(err)
			}
			w.WriteHeader(http.StatusNotModified)
		}))
		same(t, "result", r.visit("alpha").Result, news.NotModified)
		same(t, "items", r.state("alpha").Items, 5)
	}, "alpha")
}

func TestDeliveryThatIsNoFeedChangesNothing(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		s.Set("/alpha", page("Alpha", one()))
		r.visit("alpha")
		before := r.state("alpha")
		if err := r.engine.Deliver(t.Context(), "alpha", []byte("<html>maintenance</html>"), "text/html"); err == nil {
			t.Error("taken")
		}
		if err := r.engine.Deliver(t.Context(), "nobody", []byte(feedtest.RSS("Alpha", one())), ""); err == nil {
			t.Error("taken for a source that is not there")
		}
		if after := r.state("alpha"); !equal(before, after) {
			t.Errorf("%+v\n%+v", before, after)
		}
	}, "alpha")
}

// TestPush goes the whole way: a poll finds the hub, the hub verifies, delivers, and polling slows down.
func TestPush(t *testing.T) {
	t.Parallel()
	s := feedtest.NewHost("https://wire.example")
	src := s.Source("alpha")
	r := newHarnessOver(t, s, src)
	asked := make(chan url.Values, 4)
	s.Set("/hub", http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if err := req.ParseForm(); err != nil {
			t.Error(err)
		}
		asked <- req.PostForm
		w.WriteHeader(http.StatusAccepted)
	}))
	all := feedItems("alpha", 1, 3)
	links := `<https://wire.example/hub>; rel="hub", <https://wire.example/alpha>; rel="self"`
	s.Set("/alpha", feedtest.Doc(feedtest.RSS("Alpha", all[1:]...), "Link", links))
	sub, err := subscriber.New(r.store, subscriber.Setup{
		Base: "https://reader.example/", Sources: []string{"alpha"}, Problem: fetch.Problem,
		Turn: r.engine.Turn, Peer: websub.Peer{Client: &http.Client{Transport: s}, Host: fetch.Host, RetryAfter: fetch.RetryAfter},
	}, r.engine.Deliver, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	r.engine.Subscribe(sub)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan bool)
	go func() { sub.Run(ctx); close(ended) }()
	defer func() { stop(); <-ended }()

	r.visit("alpha")
	form := <-asked
	if form.Get("hub.topic") != "https://wire.example/alpha" || form.Get("hub.mode") != "subscribe" {
		t.Fatalf("the hub was asked for %v", form)
	}
	callback := form.Get("hub.callback")
	verify := httptest.NewRequest("GET", callback+"?hub.mode=subscribe&hub.lease_seconds=864000&hub.challenge=abc&hub.topic="+
		url.QueryEscape(form.Get("hub.topic")), nil)
	if got := serve(sub, verify); got.Code != 200 || got.Body.String() != "abc" {
		t.Fatalf("verification: %d %q", got.Code, got.Body)
	}
	changed, unwatch := r.store.Watch()
	defer unwatch()
	body := feedtest.RSS("Alpha", all[0])
	mac := hmac.New(sha256.New, []byte(form.Get("hub.secret")))
	io.WriteString(mac, body)
	delivery := httptest.NewRequest("POST", callback, strings.NewReader(body))
	delivery.Header.Set("X-Hub-Signature", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	if got := serve(sub, delivery); got.Code/100 != 2 {
		t.Fatalf("delivery: %d", got.Code)
	}
	<-changed
	if n := len(r.items("alpha")); n != 3 {
		t.Errorf("%d items, want 3", n)
	}
	s.Set("/alpha", page("Alpha", all...))
	v := r.visit("alpha")
	st := r.state("alpha")
	same(t, "reason of the visit", st.Why, "push")
	if v.Next.Sub(v.At) <= src.Every {
		t.Errorf("while the hub delivers: due by %s, after %v", st.Why, v.Next.Sub(v.At))
	}
	s.Set("/alpha", page("Alpha", feedItems("alpha", 1, 4)...))
	v = r.visit("alpha")
	same(t, "new items", v.New, 1)
	if r.state("alpha").Why == "push" {
		t.Errorf("%d new that the hub had not brought: due by %s", v.New, r.state("alpha").Why)
	}
}

func serve(h http.Handler, req *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	return w
}

func equal(a, b news.State) bool {
	return cmp.Equal(a, b)
}
