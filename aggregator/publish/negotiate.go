package publish

import (
	"net/http"
	"strconv"
	"strings"
)

// accepted are the media types that ask for a format at `/feed`.
var accepted = []struct {
	mediaType string
	format    Format
}{
	{typeAtom, Atom},
	{typeRSS, RSS},
	{typeJSON, JSON},
	{"application/json", JSON},
	{"application/xml", Atom},
	{"text/xml", Atom},
}

// negotiated returns the format that the client wants most (RFC 9110 section 12.5.1), by weight, then in the order of its
// list; Atom where it wants none in particular, or none that there is.
func negotiated(h http.Header) Format {
	best, weight := Atom, 0.0
	for _, field := range h["Accept"] {
		for part := range strings.SplitSeq(field, ",") {
			want, params, _ := strings.Cut(part, ";")
			want = strings.ToLower(strings.TrimSpace(want))
			q := quality(params)
			for _, a := range accepted {
				if a.mediaType == want && q > weight {
					best, weight = a.format, q
				}
			}
			if want == "*/*" && q > weight {
				best, weight = Atom, q
			}
		}
	}
	return best
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

// feed answers with the merged feed in the format that the client wants.
func (h *Handler) feed(w http.ResponseWriter, r *http.Request, _ []string) {
	g := h.now.Load()
	if g == nil {
		unready(w, r)
		return
	}
	path := "feed." + string(negotiated(r.Header))
	doc, err := h.rendition(g, "/"+path)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	if err := doc.serve(w, r, http.Header{"Content-Location": {path}, "Vary": {"Accept, Accept-Encoding"}}); err != nil {
		h.refuse(w, r, err)
	}
}
