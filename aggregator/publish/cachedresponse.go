package publish

import (
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cespare/xxhash/v2"
)

// cachedResponse is one document as it is served: its bytes in each coding with the header fields of each
// answer, built once; in gzip when that is first asked for. The fields are shared by all answers and never changed.
type cachedResponse struct {
	doc      *Document
	modified time.Time // whole seconds; zero: the document has no date
	plain    coded
	gzipTag  string
	gzip     func() *coded
	packed   atomic.Pointer[packed] // what was compressed last of this document; of an older state until gzip is asked for
}

// coded is a cached response in one content coding.
type coded struct {
	body []byte
	etag string
	full http.Header // of a 200
	same http.Header // of a 304: the fields of RFC 9110 section 15.4.5
}

// newCachedResponse builds the response for a document. fields are its own header fields. prev is what was
// served in its place so far, or nil: it is returned where nothing changed, and Last-Modified grows with
// every change, though two be made in one second.
func newCachedResponse(doc *Document, fields http.Header, prev *cachedResponse) *cachedResponse {
	tag := entityTag(doc)
	modified := doc.Updated.UTC().Truncate(time.Second)
	if prev != nil {
		if prev.plain.etag == `"`+tag+`"` && sameFields(prev.plain.full, fields) {
			return prev
		}
		if !modified.IsZero() && !modified.After(prev.modified) {
			modified = prev.modified.Add(time.Second)
		}
	}
	r := &cachedResponse{doc: doc, modified: modified, gzipTag: `"` + tag + `-gz"`}
	if prev != nil {
		r.packed.Store(prev.packed.Load())
	}
	r.plain = newCoded(doc.Bytes, tag, "", modified, fields)
	r.gzip = sync.OnceValue(func() *coded {
		p := pack(doc.Bytes, entryStarts[doc.MediaType], r.packed.Load())
		r.packed.Store(p)
		c := newCoded(p.body, tag+"-gz", "gzip", modified, fields)
		return &c
	})
	return r
}

// entityTag returns the opaque part of an entity tag: the log position and a hash of the bytes. That of the gzip coding
// ends with `-gz`.
func entityTag(doc *Document) string {
	return fmt.Sprintf("%d.%016x", doc.Position, xxhash.Sum64(doc.Bytes))
}

// size is what the cached response takes in memory, about; the coding in gzip is a third of the document, as a rule less.
func (r *cachedResponse) size() int { return len(r.plain.body) + len(r.plain.body)/3 + 4096 }

func sameFields(have, want http.Header) bool {
	for k, v := range want {
		if have.Get(k) != v[0] {
			return false
		}
	}
	return true
}

func newCoded(body []byte, tag, coding string, modified time.Time, fields http.Header) coded {
	c := coded{body: body, etag: `"` + tag + `"`, full: maps.Clone(fields), same: make(http.Header)}
	c.full.Set("Etag", c.etag)
	c.full.Set("Content-Length", strconv.Itoa(len(body)))
	if !modified.IsZero() {
		c.full.Set("Last-Modified", modified.Format(http.TimeFormat))
	}
	c.full.Set("Vary", "Accept-Encoding")
	if coding != "" {
		c.full.Set("Content-Encoding", coding)
	}
	for _, k := range []string{"Etag", "Last-Modified", "Cache-Control", "Vary", "Access-Control-Allow-Origin",
		"Access-Control-Expose-Headers"} {
		if v, ok := c.full[k]; ok {
			c.same[k] = v
		}
	}
	return c
}

// coded returns the document in the coding that the client takes; or plain, where it has that already: a proxy such as Caddy asks for
// gzip in the name of a client that took none, and passes the tag on that the client has.
func (r *cachedResponse) coded(req *http.Request) *coded {
	if !acceptsGzip(req.Header) || has(req, r.plain.etag) {
		return &r.plain
	}
	return r.gzip()
}

// serve answers a GET or HEAD with the document, or with 304 in place of a 200. The fields in besides take the place of
// the document's own; nil: none.
func (r *cachedResponse) serve(w http.ResponseWriter, req *http.Request, besides http.Header) {
	c, code := r.coded(req), r.doc.status()
	fields, body := c.full, c.body
	if code == http.StatusOK && notModified(req, c.etag, r.modified) {
		code, fields, body = http.StatusNotModified, c.same, nil
	}
	maps.Copy(w.Header(), fields)
	maps.Copy(w.Header(), besides)
	writeBody(w, req, code, body)
}

// writeBody answers with a status and a body; with the status alone to a HEAD.
func writeBody(w http.ResponseWriter, r *http.Request, code int, body []byte) {
	w.WriteHeader(code)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // it fails where the client has gone
	}
}
