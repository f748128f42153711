package publish

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"hash/crc32"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/cespare/xxhash/v2"
)

// BenchmarkHandler answers beside a handler that writes a constant: what net/http needs for itself is in neither.
func BenchmarkHandler(b *testing.B) {
	b.Run("a constant", func(b *testing.B) {
		doc := []byte(strings.Repeat("x", 100_000))
		h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
			_, _ = w.Write(doc)
		})
		r := httptest.NewRequest("GET", "/feed.atom", nil)
		w := sink{make(http.Header)}
		b.ReportAllocs()
		for b.Loop() {
			clear(w.h)
			h.ServeHTTP(w, r)
		}
	})
	for _, entries := range []int{10, 100} {
		h := served(b, ordinary(b, entries-1))
		etag := ask(h, "GET", "/feed.atom", "Accept-Encoding", "gzip").Header.Get("Etag")
		for name, fields := range map[string]http.Header{
			"identity": {}, "gzip": {"Accept-Encoding": {"gzip"}}, "304": {"Accept-Encoding": {"gzip"}, "If-None-Match": {etag}},
		} {
			b.Run(fmt.Sprintf("%s of %d", name, entries), func(b *testing.B) {
				r := httptest.NewRequest("GET", "/feed.atom", nil)
				r.Header = fields
				w := sink{make(http.Header)}
				b.ReportAllocs()
				for b.Loop() {
					clear(w.h)
					h.ServeHTTP(w, r)
				}
			})
		}
	}
}

// BenchmarkFirst renders 100 entries of which no fragment is kept, gzip apart.
func BenchmarkFirst(b *testing.B) {
	w := ordinary(b, 99)
	for _, f := range []Format{Atom, RSS, JSON} {
		b.Run(string(f), func(b *testing.B) {
			for b.Loop() {
				if _, err := New(options()).Feed(w, Listing{}, f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkChanged renders 100 entries after one of them changed, gzip apart.
func BenchmarkChanged(b *testing.B) {
	w := ordinary(b, 99)
	p := New(options())
	k := w.log()[5].Entry
	for _, f := range []Format{Atom, RSS, JSON} {
		b.Run(string(f), func(b *testing.B) {
			for b.Loop() {
				w.touch(k)
				if _, err := p.Feed(w, Listing{}, f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkRefresh(b *testing.B) {
	w := ordinary(b, 99)
	h := served(b, w)
	k := w.log()[5].Entry
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		it := w.item(k)
		it.Title = []string{"One title", "Another"}[i%2]
		w.put(it)
		w.touch(k)
		if err := h.Refresh(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkAfterOneChange serves the merged feed of 100 entries after one of them changed, on one snapshot as the daemon does.
func BenchmarkAfterOneChange(b *testing.B) {
	w := ordinary(b, 99)
	h := served(b, w)
	k := w.log()[5].Entry
	r := httptest.NewRequest("GET", "/feed.atom", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		it := w.item(k)
		it.Title = []string{"One title", "Another"}[i%2]
		w.put(it)
		b.StartTimer()
		if err := h.Refresh(); err != nil {
			b.Fatal(err)
		}
		h.ServeHTTP(sink{make(http.Header)}, r)
	}
}

// BenchmarkPack compresses a document of 100 entries of which one changed, anew and with what is known of it.
func BenchmarkPack(b *testing.B) {
	h := served(b, ordinary(b, 99))
	doc, err := h.Document("/feed.atom")
	if err != nil {
		b.Fatal(err)
	}
	start := entryStarts[doc.MediaType]
	was := pack(doc.Bytes, start, nil)
	changed := bytes.Replace(doc.Bytes, was.segments[5].plain, append(bytes.Clone(was.segments[5].plain), "x"...), 1)
	for name, prev := range map[string]*packed{"anew": nil, "one changed": was} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				pack(changed, start, prev)
			}
		})
	}
	b.Run("the search for entries", func(b *testing.B) {
		for b.Loop() {
			for rest := changed; len(rest) > 0; rest = rest[len(firstSegment(rest, start)):] {
			}
		}
	})
	b.Run("the checksum", func(b *testing.B) {
		for b.Loop() {
			crc32.ChecksumIEEE(changed)
		}
	})
	b.Run("the entity tag", func(b *testing.B) {
		for b.Loop() {
			xxhash.Sum64(changed)
		}
	})
	b.Run("the entity tag by SHA-256", func(b *testing.B) {
		for b.Loop() {
			sha256.Sum256(changed)
		}
	})
}
