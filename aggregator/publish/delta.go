package publish

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dateline/aggregator/news"
)

// A client that asks for it (RFC 3229, `A-IM: feed`) and has an earlier state of a feed gets its entries since then: those
// with a newer record, and what is held back, which has none, if the feed still shows every record since. The earlier state
// is known by its entity tag, which begins with its position and ends with a mark of the store, so that a position of
// another store is not taken for one of this. Everybody else gets the whole. What takes no position, such as a new carrier
// of an older entry, does not come with a delta, but with the next whole.

// wantsDelta reports whether the instance manipulation `feed` is accepted.
func wantsDelta(h http.Header) bool {
	for _, field := range h["A-Im"] {
		for part := range strings.SplitSeq(field, ",") {
			im, params, _ := strings.Cut(part, ";")
			if strings.EqualFold(strings.TrimSpace(im), "feed") {
				return wanted(params)
			}
		}
	}
	return false
}

// position returns the newest position among the entity tags of a client that this store gave out; 0: none.
func position(tags []string, mark string) uint64 {
	var newest uint64
	for _, list := range tags {
		for tag := range entityTags(list) {
			tag = strings.TrimSuffix(strings.Trim(tag, `"`), gzSuffix)
			number, hash, _ := strings.Cut(tag, ".")
			if n, err := strconv.ParseUint(number, 10, 64); err == nil && len(hash) == tagHash+len(mark) && strings.HasSuffix(hash, mark) {
				newest = max(newest, n)
			}
		}
	}
	return newest
}

// delta returns what is new since the state that the client has; nil: it gets the whole.
func (r *rendition) delta(req *http.Request) (*Document, error) {
	s := r.doc.of
	if s == nil || s.archive || s.query != "" || r.doc.MediaType == typeHTML || !wantsDelta(req.Header) {
		return nil, nil
	}
	since := position(req.Header["If-None-Match"], s.mark)
	if since == 0 || since >= s.position || since+1 < s.since {
		return nil, nil
	}
	part := *s
	part.parts = slices.DeleteFunc(slices.Clone(s.parts), func(f *fragment) bool { return f.c.e.Last <= since && f.c.e.State != news.Held })
	if len(part.parts) == 0 {
		return nil, nil
	}
	return r.doc.write(&part)
}

// serveDelta answers with 226: the part, under the entity tag of the whole. besides is as for [rendition.serve].
func (r *rendition) serveDelta(w http.ResponseWriter, req *http.Request, part *Document, besides http.Header) error {
	c, b := r.coded(req), part.Bytes
	if c == &r.gzip {
		packed, err := pack(b)
		if err != nil {
			return fmt.Errorf("publish: %w", err)
		}
		b = packed
	}
	h := w.Header()
	maps.Copy(h, c.full)
	maps.Copy(h, besides)
	h["Content-Length"] = []string{strconv.Itoa(len(b))}
	h["Im"] = []string{"feed"}
	h["Cache-Control"] = []string{"private"}
	h["Vary"] = []string{"A-IM, If-None-Match, " + h.Get("Vary")}
	w.WriteHeader(http.StatusIMUsed)
	if req.Method != http.MethodHead {
		_, _ = w.Write(b) // the client is gone: nobody is left to be told
	}
	return nil
}
