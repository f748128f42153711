package aggregator_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline/aggregator/news"
)

// site is a server whose pages a test sets and whose requests it reads.
type site struct {
	URL string

	mu    sync.Mutex
	pages map[string]http.Handler
	asked map[string][]http.Header
}

// newSite starts a server on loopback.
func newSite(t testing.TB) *site {
	s := &site{pages: map[string]http.Handler{}, asked: map[string][]http.Header{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

// newHost returns a site without a socket, to be reached by RoundTrip under any name.
func newHost() *site {
	return &site{URL: "https://wire.example", pages: map[string]http.Handler{}, asked: map[string][]http.Header{}}
}

// set says what stands at path from now on.
func (s *site) set(path string, h http.Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages[path] = h
}

// requests returns the header of each request for path so far.
func (s *site) requests(path string) []http.Header {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked[path])
}

// forget forgets the requests so far.
func (s *site) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.asked)
}

func (s *site) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	s.mu.Lock()
	s.asked[req.URL.Path] = append(s.asked[req.URL.Path], req.Header.Clone())
	h := s.pages[req.URL.Path]
	s.mu.Unlock()
	if h == nil {
		http.NotFound(w, req)
		return
	}
	h.ServeHTTP(w, req)
}

// RoundTrip answers a request without a network.
func (s *site) RoundTrip(req *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	if s.ServeHTTP(w, req); req.Context().Err() != nil {
		return nil, req.Context().Err()
	}
	answer := w.Result()
	answer.Request = req
	return answer, nil
}

// page is a document as a careful server gives it: what stands in the header is sent, and a request with
// the validators that it gave out, byte for byte, is answered 304.
type page struct {
	body   string
	header http.Header // with ETag and Last-Modified, perhaps
}

// doc returns a page; fields are names and values of header fields by turns; what has no value is not sent.
func doc(body string, fields ...string) page {
	p := page{body: body, header: http.Header{"Content-Type": {"application/xml"}}}
	for i := 0; i < len(fields); i += 2 {
		if fields[i+1] != "" {
			p.header.Set(fields[i], fields[i+1])
		}
	}
	return p
}

func (p page) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	for name, values := range p.header {
		w.Header()[name] = values
	}
	etag, modified := p.header.Get("ETag"), p.header.Get("Last-Modified")
	if (etag != "" || modified != "") && req.Header.Get("If-None-Match") == etag && req.Header.Get("If-Modified-Since") == modified {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Write([]byte(p.body))
}

// status answers with a status and nothing else; fields as for doc.
func status(code int, fields ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(fields); i += 2 {
			w.Header().Set(fields[i], fields[i+1])
		}
		w.WriteHeader(code)
	}
}

// feed returns a source that is read at the site's path /id.
func (s *site) feed(id string) news.Source {
	return news.Source{ID: id, Name: strings.ToUpper(id), URL: s.URL + "/" + id, Language: "en", Every: 15 * time.Minute,
		Content: news.Full, Enabled: true}
}
