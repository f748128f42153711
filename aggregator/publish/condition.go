package publish

import (
	"iter"
	"net/http"
	"slices"
	"strings"
	"time"
)

// notModified reports whether r asks for nothing newer than a representation with the entity tag and date
// (RFC 9110 section 13.2.2): If-None-Match decides where it is there, by weak comparison, else
// If-Modified-Since, which is ignored where modified is zero.
func notModified(r *http.Request, etag string, modified time.Time) bool {
	if tags := r.Header["If-None-Match"]; len(tags) > 0 {
		for _, list := range tags {
			if listed(list, etag) {
				return true
			}
		}
		return false
	}
	since := r.Header.Get("If-Modified-Since")
	if since == "" || modified.IsZero() {
		return false
	}
	t, err := http.ParseTime(since)
	return err == nil && !modified.After(t) // a date that cannot be read is ignored (section 13.1.3)
}

// listed reports whether the field value of an If-None-Match holds the entity tag or is `*`.
func listed(list, etag string) bool {
	return strings.TrimSpace(list) == "*" || inList(list, etag)
}

// inList reports whether a list of entity tags holds one.
func inList(list, etag string) bool {
	for tag := range entityTags(list) {
		if tag == etag {
			return true
		}
	}
	return false
}

// has reports whether r says that the client has the representation with the entity tag.
func has(r *http.Request, etag string) bool {
	return slices.ContainsFunc(r.Header["If-None-Match"], func(list string) bool { return inList(list, etag) })
}

// entityTags yields the entity tags of a list, with their quotes and without `W/`. What is none ends the list.
func entityTags(list string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for {
			list = strings.TrimLeft(list, " \t,")
			list = strings.TrimPrefix(list, "W/")
			if !strings.HasPrefix(list, `"`) {
				return
			}
			end := strings.IndexByte(list[1:], '"')
			if end < 0 || !yield(list[:end+2]) {
				return
			}
			list = list[end+2:]
		}
	}
}

// acceptsGzip reports whether the client takes gzip (RFC 9110 section 12.5.3). Without the field it would
// take anything, but what says nothing is a simple client.
func acceptsGzip(h http.Header) bool {
	others := false
	for _, field := range h["Accept-Encoding"] {
		for part := range strings.SplitSeq(field, ",") {
			coding, params, _ := strings.Cut(part, ";")
			coding = strings.TrimSpace(coding)
			switch {
			case strings.EqualFold(coding, "gzip"), strings.EqualFold(coding, "x-gzip"):
				return wanted(params)
			case coding == "*":
				others = wanted(params)
			}
		}
	}
	return others
}

// wanted reports whether the weight among params is above zero; without a weight it is one.
func wanted(params string) bool { return quality(params) > 0 }
