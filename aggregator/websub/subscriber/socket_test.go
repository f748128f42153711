package subscriber

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/fetch"
	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// sockets is a subscriber and a hub on real sockets, which a client finds under their public names.
type sockets struct {
	hub      *feedtest.Hub
	sub      *Subscriber
	client   *http.Client
	listener string      // address of the subscriber's
	taken    chan string // deliveries handed on
}

func listen(t *testing.T, setup Setup) *sockets {
	t.Helper()
	addresses := map[string]string{}
	transport := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, addresses[address])
	}}
	e := &sockets{client: &http.Client{Transport: transport}, taken: make(chan string, 10)}
	e.hub = feedtest.NewHub(e.client)
	e.hub.Verified = make(chan string, 10)
	setup.Base, setup.Sources, setup.Client = "http://wire.example.org/", []string{"belta"}, e.client
	setup.Turn = func(context.Context, string) (func(), error) { return func() {}, nil }
	setup.Problem = func(error) news.Problem { return news.ProblemNet }
	setup.Host, setup.RetryAfter = fetch.Host, fetch.RetryAfter
	take := func(_ context.Context, source string, body []byte, contentType string) error {
		e.taken <- fmt.Sprintf("%s %s %s", source, contentType, body)
		return nil
	}
	var err error
	if e.sub, err = New(newStore(t), setup, take, quiet()); err != nil {
		t.Fatal(err)
	}
	e.sub.readLimit = 300 * time.Millisecond
	mux := http.NewServeMux()
	mux.Handle("/websub/{token}", e.sub)
	ours, theirs := httptest.NewServer(mux), httptest.NewServer(e.hub)
	e.listener = ours.Listener.Addr().String()
	addresses["wire.example.org:80"], addresses["hub.example:80"] = e.listener, theirs.Listener.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		e.sub.Run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
		e.hub.Wait()
		transport.CloseIdleConnections()
		ours.Close()
		theirs.Close()
	})
	return e
}

// raw sends a request as it is written, and returns the first line of the answer.
func (e *sockets) raw(t *testing.T, request string) string {
	t.Helper()
	conn, err := net.Dial("tcp", e.listener)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil && len(answer) == 0 {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(answer), "\r\n")
	return line
}

func TestSockets(t *testing.T) {
	const document = `<feed xmlns="http://www.w3.org/2005/Atom"/>`
	e := listen(t, Setup{MaxBody: 1000})
	e.sub.Discovered("belta", topic, "http://hub.example/")
	callback := <-e.hub.Verified
	token := callback[strings.LastIndexByte(callback, '/')+1:]
	delivered := func(t *testing.T) {
		t.Helper()
		if statuses := e.hub.Deliver(t, "sha512", document); len(statuses) != 1 || statuses[0] != http.StatusAccepted {
			t.Errorf("answered %v", statuses)
		}
		if got, want := <-e.taken, "belta application/atom+xml "+document; got != want {
			t.Errorf("took %s, want %s", got, want)
		}
	}
	t.Run("a delivery", delivered)
	for _, c := range []struct{ fact, request, answer string }{
		{"more announced than is taken", "Content-Length: 1001\r\n\r\n", "HTTP/1.1 413 Request Entity Too Large"},
		{"more than is taken", "Transfer-Encoding: chunked\r\n\r\n3e9\r\n" + strings.Repeat("a", 1001) + "\r\n",
			"HTTP/1.1 413 Request Entity Too Large"},
		{"a body that does not come", "Content-Length: 1000\r\n\r\n", "HTTP/1.1 400 Bad Request"},
		{"a body that does not end", "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n", "HTTP/1.1 400 Bad Request"},
		{"a body of no length", "\r\n", "HTTP/1.1 202 Accepted"},
	} {
		t.Run(c.fact, func(t *testing.T) {
			request := "POST /websub/" + token + " HTTP/1.1\r\nHost: wire.example.org\r\nConnection: close\r\n" + c.request
			if got := e.raw(t, request); got != c.answer {
				t.Errorf("answered %s, want %s", got, c.answer)
			}
		})
	}
	t.Run("and still a delivery", delivered)
	t.Run("nothing else was taken", func(t *testing.T) {
		if len(e.taken) != 0 || e.sub.Subscriptions()[0].Ignored != 1 {
			t.Errorf("%d taken, %d ignored", len(e.taken), e.sub.Subscriptions()[0].Ignored)
		}
	})
}
