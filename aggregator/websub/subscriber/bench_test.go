package subscriber

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/fetch"
	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/aggregator/websub"
)

// discard is the answer to a hub that does not look at it.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}

// BenchmarkDelivery takes a signed document of 40 KiB and hands it on.
func BenchmarkDelivery(b *testing.B) {
	body := strings.Repeat("<entry/> ", 40<<10/9)
	for _, method := range []string{"sha1", "sha256", "sha512"} {
		b.Run(method, func(b *testing.B) {
			s := still(b, news.SubscriptionActive)
			handed := make(chan struct{})
			s.deliver = func(context.Context, string, []byte, string) error {
				handed <- struct{}{}
				return nil
			}
			ctx, cancel := context.WithCancel(b.Context())
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				s.work(ctx)
			}()
			sign := feedtest.Signature(method, "secret", body)
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				r := httptest.NewRequest(http.MethodPost, "/websub/token", strings.NewReader(body))
				r.Header.Set("X-Hub-Signature", sign)
				s.ServeHTTP(discard{http.Header{}}, r)
				<-handed
			}
			cancel()
			<-ended
		})
	}
}

// BenchmarkForged turns away a document of 40 KiB with a signature of another secret.
func BenchmarkForged(b *testing.B) {
	body := strings.Repeat("<entry/> ", 40<<10/9)
	s := still(b, news.SubscriptionActive)
	sign := feedtest.Signature("sha256", "another secret", body)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, "/websub/token", strings.NewReader(body))
		r.Header.Set("X-Hub-Signature", sign)
		s.ServeHTTP(discard{http.Header{}}, r)
	}
}

// BenchmarkLook looks through ten thousand subscriptions of which none is due.
func BenchmarkLook(b *testing.B) {
	now := time.Now().UTC()
	var subs []news.Subscription
	var sources []string
	for i := range 10_000 {
		id := fmt.Sprintf("source-%d", i)
		sources = append(sources, id)
		subs = append(subs, news.Subscription{Token: id, Source: id, Topic: topic, Hub: hubURL, Callback: base + "websub/" + id,
			State: news.SubscriptionActive, Verified: now, Expires: now.Add(10 * day), Due: now.Add(5 * day)})
	}
	s, err := New(newStore(b), Setup{Base: base, Sources: sources, Peer: websub.Peer{Client: &http.Client{}, Host: fetch.Host}}, nil, quiet())
	if err != nil {
		b.Fatal(err)
	}
	for _, sub := range subs {
		s.book.insert(&sub)
	}
	s.start = func(func(context.Context)) { b.Fatal("something is due") }
	b.ReportAllocs()
	for b.Loop() {
		s.look(now)
	}
}
