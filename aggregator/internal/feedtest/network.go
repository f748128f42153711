package feedtest

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
)

// Network is an http.RoundTripper without sockets: it takes each request to the handler of its host. It may be used by
// many goroutines; its zero value has no hosts.
type Network struct {
	mu    sync.Mutex
	hosts map[string]http.Handler
}

// Set puts a handler at a host, from now on; nil: requests to it fail.
func (n *Network) Set(host string, h http.Handler) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.hosts == nil {
		n.hosts = map[string]http.Handler{}
	}
	n.hosts[host] = h
}

// RoundTrip returns the answer of the request's host, or the error of the request's context if it ends before.
func (n *Network) RoundTrip(r *http.Request) (*http.Response, error) {
	n.mu.Lock()
	h := n.hosts[r.URL.Host]
	n.mu.Unlock()
	if h == nil {
		return nil, fmt.Errorf("no host %s", r.URL.Host)
	}
	return roundTrip(h, r)
}

// roundTrip has the handler answer a request.
func roundTrip(h http.Handler, r *http.Request) (*http.Response, error) {
	in := r.Clone(r.Context())
	if in.Body == nil {
		in.Body = http.NoBody
	}
	answered := make(chan *http.Response, 1)
	go func() {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, in)
		answered <- w.Result()
	}()
	select {
	case <-r.Context().Done():
		return nil, r.Context().Err()
	case resp := <-answered:
		if err := r.Context().Err(); err != nil {
			return nil, err
		}
		resp.Request = r
		return resp, nil
	}
}

// Stuck is an http.RoundTripper that hangs: a request returns when Released is closed and not before, even if its
// context ends.
type Stuck struct {
	Released chan struct{}                      // closed: requests go on
	Answer   func(*http.Request) *http.Response // answers at once unless it returns nil; nil: all requests are stuck
}

// RoundTrip returns what Answer does or, once Released is closed, an error.
func (s Stuck) RoundTrip(r *http.Request) (*http.Response, error) {
	if s.Answer != nil {
		if resp := s.Answer(r); resp != nil {
			return resp, nil
		}
	}
	<-s.Released
	return nil, errors.New("released")
}
