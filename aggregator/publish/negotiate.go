package publish

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dateline/aggregator/publish/feed"
)

// accepted are the media types that ask for a format at `/feed`, in the order of preference for a client that takes anything.
var accepted = []struct {
	mediaType string
	format    Format
}{
	{feed.TypeAtom, Atom},
	{feed.TypeRSS, RSS},
	{feed.TypeJSON, JSON},
	{"application/json", JSON},
	{"application/xml", Atom},
	{"text/xml", Atom},
}

// negotiated returns the format that the client prefers (RFC 9110 section 12.5.1), by weight, then in the order of its
// list; Atom where it prefers none, or none that there is. A range is for the types that the list does not name.
func negotiated(h http.Header) Format {
	list := acceptList(h)
	best, weight := Atom, 0.0
	for _, want := range list {
		f, ok := want.format(list)
		if ok && want.weight > weight {
			best, weight = f, want.weight
		}
	}
	return best
}

// wish is an element of an Accept field.
type wish struct {
	mediaType string // or a range of them: `*/*`, `application/*`
	weight    float64
}

// maxWishes bounds how many are looked at: each is compared with all.
const maxWishes = 64

func acceptList(h http.Header) []wish {
	var list []wish
	for _, field := range h["Accept"] {
		for part := range strings.SplitSeq(field, ",") {
			if len(list) == maxWishes {
				return list
			}
			mediaType, params, _ := strings.Cut(part, ";")
			list = append(list, wish{strings.ToLower(strings.TrimSpace(mediaType)), quality(params)})
		}
	}
	return list
}

// format returns the format that a wish is for, and whether there is one; for a range it is the first in it that the list
// does not name.
func (w wish) format(list []wish) (Format, bool) {
	for _, a := range accepted {
		named := slices.ContainsFunc(list, func(other wish) bool { return other.mediaType == a.mediaType })
		if a.mediaType == w.mediaType || w.covers(a.mediaType) && !named {
			return a.format, true
		}
	}
	return "", false
}

// covers reports whether the wish is for a range that has the media type.
func (w wish) covers(mediaType string) bool {
	main, _, _ := strings.Cut(mediaType, "/")
	return w.mediaType == "*/*" || w.mediaType == main+"/*"
}

// quality returns the weight among params, from 0 to 1; 1 where there is none, 0 where it cannot be read.
func quality(params string) float64 {
	for param := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(param), "=")
		if strings.EqualFold(name, "q") {
			q, err := strconv.ParseFloat(value, 64)
			if err != nil || q < 0 || q > 1 {
				return 0
			}
			return q
		}
	}
	return 1
}

// feed answers with the merged feed in the format that the client prefers.
func (h *Handler) feed(w http.ResponseWriter, r *http.Request) {
	g := h.now.Load()
	if g == nil {
		unready(w, r)
		return
	}
	path := "feed." + string(negotiated(r.Header))
	doc, err := h.cachedResponse(g, "/"+path)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	doc.serve(w, r, http.Header{"Content-Location": {path}, "Vary": {"Accept, Accept-Encoding"}})
}
