package daemon

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"dateline/aggregator/fetch"
)

// stuck is a network on which no request returns until it is closed, even if its context ends.
type stuck chan struct{}

func (s stuck) RoundTrip(*http.Request) (*http.Response, error) {
	<-s
	return nil, errors.New("released")
}

// abandonOne has a round trip of the successor of a client abandoned, which both count.
func abandonOne(t *testing.T, c *fetch.Client) {
	t.Helper()
	network := make(stuck)
	t.Cleanup(func() { close(network) })
	next, err := fetch.New(fetch.Options{Transport: network, Timeout: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	next.Succeed(c)
	if _, err := next.Get(t.Context(), fetch.Request{URL: "http://a.example/"}); !errors.Is(err, fetch.ErrAbandoned) {
		t.Fatalf("got %v", err)
	}
}
