package publish

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// BenchmarkPages renders pages of 50 entries from 12,000 stored: the first by a publisher that has rendered nothing before, then when the
// store has changed and the entries have not, and from the cache, each with gzip.
func BenchmarkPages(b *testing.B) {
	w := ordinary(b, 12_000)
	request := func(h *Handler, path string) {
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("Accept-Encoding", "gzip")
		var s status
		if h.ServeHTTP(&s, r); s.code != http.StatusOK {
			b.Fatalf("%s: status %d", path, s.code)
		}
	}
	for _, path := range []string{"/?before=6000", "/sources/belta?before=6000", "/agencies/belta", "/places/moscow", "/languages/en"} {
		b.Run("first"+path, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				h := served(b, w)
				b.StartTimer()
				request(h, path)
			}
		})
		b.Run("changed"+path, func(b *testing.B) {
			h := served(b, w)
			for b.Loop() {
				b.StopTimer()
				if err := h.Refresh(); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				request(h, path)
			}
		})
		b.Run("kept"+path, func(b *testing.B) {
			h := served(b, w)
			request(h, path)
			b.ResetTimer()
			for b.Loop() {
				request(h, path)
			}
		})
	}
}

// status is a ResponseWriter that keeps the status alone.
type status struct {
	h    http.Header
	code int
}

func (s *status) Header() http.Header {
	if s.h == nil {
		s.h = make(http.Header)
	}
	return s.h
}
func (s *status) Write(b []byte) (int, error) { return len(b), nil }
func (s *status) WriteHeader(code int)        { s.code = code }
