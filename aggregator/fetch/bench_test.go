package fetch

import (
	"net/http"
	"strconv"
	"testing"

	"dateline/aggregator/news"
)

func BenchmarkGet(b *testing.B) {
	doc := document(79)
	b.Logf("%d bytes", len(doc))
	for _, coding := range []string{"identity", "gzip", "br", "zstd"} {
		b.Run(coding, func(b *testing.B) {
			encoded := encode(b, coding, doc)
			url := serve(b, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Encoding", coding)
				w.Header().Set("Content-Length", strconv.Itoa(len(encoded)))
				w.Write(encoded)
			})
			c := newClient(b, Options{})
			b.SetBytes(int64(len(doc)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := c.Get(b.Context(), Request{URL: url}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("304", func(b *testing.B) {
		url := serve(b, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNotModified) })
		c := newClient(b, Options{})
		b.ReportAllocs()
		for b.Loop() {
			if _, err := c.Get(b.Context(), Request{URL: url, Validators: news.Validators{ETag: `"1"`}}); err != ErrNotModified {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkBare is the yardstick of BenchmarkGet/304: the same request by net/http alone.
func BenchmarkBare304(b *testing.B) {
	url := serve(b, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNotModified) })
	client := &http.Client{Transport: &http.Transport{}}
	b.ReportAllocs()
	for b.Loop() {
		req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url, nil)
		if err != nil {
			b.Fatal(err)
		}
		req.Header.Set("If-None-Match", `"1"`)
		resp, err := client.Do(req)
		if err != nil {
			b.Fatal(err)
		}
		resp.Body.Close()
	}
	client.CloseIdleConnections()
}
