package feedtest

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

// Server is a web server whose pages a test sets and whose requests it reads. It may be used by many goroutines.
type Server struct {
	URL string // its address, without a final slash

	mu    sync.Mutex
	pages map[string]http.Handler
	asked map[string][]http.Header
}

// NewServer starts a server on loopback, which is closed at the end of the test.
func NewServer(tb testing.TB) *Server {
	s := NewHost("")
	server := httptest.NewServer(s)
	tb.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

// NewHost returns a server without a socket; it is reached by [Server.RoundTrip] under any name.
func NewHost(url string) *Server {
	return &Server{URL: url, pages: map[string]http.Handler{}, asked: map[string][]http.Header{}}
}

// Set says what answers at path from now on; nil: 404.
func (s *Server) Set(path string, h http.Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages[path] = h
}

// Requests returns the header of each request for path so far.
func (s *Server) Requests(path string) []http.Header {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked[path])
}

// Forget forgets the requests so far.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.asked)
}

// ServeHTTP notes the request and has the page at its path answer.
func (s *Server) ServeHTTP(w http.ResponseWriter, req *http.Request) {
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

// RoundTrip answers a request without a socket.
func (s *Server) RoundTrip(req *http.Request) (*http.Response, error) { return roundTrip(s, req) }

// Source returns a source that is read at the server's path /id, every fifteen minutes.
func (s *Server) Source(id string) news.Source {
	return news.Source{ID: id, Name: strings.ToUpper(id), URL: s.URL + "/" + id, Language: "en", Every: 15 * time.Minute,
		Content: news.Full, Enabled: true}
}

// Page is a document as a careful server sends it: a request with the validators of Header, byte for byte, is answered 304.
type Page struct {
	Body   string
	Header http.Header // perhaps with ETag and Last-Modified
}

// Doc returns a page of XML. The fields are names and values of header fields in turn; one without a value is not sent.
func Doc(body string, fields ...string) Page {
	p := Page{Body: body, Header: http.Header{"Content-Type": {"application/xml"}}}
	for i := 0; i < len(fields); i += 2 {
		if fields[i+1] != "" {
			p.Header.Set(fields[i], fields[i+1])
		}
	}
	return p
}

// ServeHTTP sends the page, or 304.
func (p Page) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	for name, values := range p.Header {
		w.Header()[name] = values
	}
	etag, modified := p.Header.Get("ETag"), p.Header.Get("Last-Modified")
	if (etag != "" || modified != "") && req.Header.Get("If-None-Match") == etag && req.Header.Get("If-Modified-Since") == modified {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write([]byte(p.Body)) // the client is gone
}

// Status answers with a status and no body; the fields are as for [Doc].
func Status(code int, fields ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(fields); i += 2 {
			w.Header().Set(fields[i], fields[i+1])
		}
		w.WriteHeader(code)
	}
}
