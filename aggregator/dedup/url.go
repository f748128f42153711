package dedup

import (
	"net/url"
	"slices"
	"strings"
)

// tracking lists query parameters that say how a reader came, not what is read. Every other parameter may
// name the document (`?ELEMENT_ID=83075`) and is kept.
var tracking = []string{"fbclid", "gclid", "yclid", "_openstat", "dclid", "msclkid", "mc_cid", "mc_eid", "igshid", "traffic_source"}

func tracks(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, "utm_") || slices.Contains(tracking, name)
}

// Untracked returns the address without tracking parameters, otherwise byte for byte.
func Untracked(address string) string {
	before, after, found := strings.Cut(address, "?")
	if !found {
		return address
	}
	query, fragment, hasFragment := strings.Cut(after, "#")
	var kept []string
	for _, pair := range strings.Split(query, "&") {
		if name, _, _ := strings.Cut(pair, "="); !tracks(name) {
			kept = append(kept, pair)
		}
	}
	if len(kept) > 0 {
		before += "?" + strings.Join(kept, "&")
	}
	if hasFragment {
		before += "#" + fragment
	}
	return before
}

// Canonical returns the form in which two addresses of one document are equal: no scheme, lower-case host
// without default port, `www.`, `m.` and `amp.`, no fragment, no tracking parameters, no trailing slash, the
// other parameters in order of name. It is compared, never asked for. Addresses without a path name a
// site rather than a document: for them, and for what is no http address, it returns "".
// Canonical("http:" + Canonical(u)) == Canonical(u).
func Canonical(address string) string {
	u, err := url.Parse(strings.Trim(address, " \t\r\n"))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return ""
	}
	host := canonicalHost(u)
	path := strings.TrimRight(u.EscapedPath(), "/")
	for strings.HasSuffix(path, "/amp") {
		path = strings.TrimRight(strings.TrimSuffix(path, "/amp"), "/")
	}
	query := canonicalQuery(u.RawQuery)
	if path == "" && query == "" {
		return ""
	}
	return "//" + host + path + query
}

func canonicalHost(u *url.URL) string {
	host := strings.ToLower(u.Hostname())
	for again := true; again; {
		again = false
		for _, p := range []string{"www.", "m.", "amp."} {
			if rest, ok := strings.CutPrefix(host, p); ok && strings.Contains(rest, ".") {
				host, again = rest, true
			}
		}
	}
	if strings.Contains(host, ":") { // an IPv6 address
		host = "[" + host + "]"
	}
	if port := u.Port(); port != "" && port != "80" && port != "443" {
		host += ":" + port
	}
	return host
}

func canonicalQuery(raw string) string {
	var kept []string
	for _, pair := range strings.FieldsFunc(strings.ReplaceAll(raw, " ", "%20"), func(r rune) bool { return r == '&' }) {
		if name, _, _ := strings.Cut(pair, "="); !tracks(name) {
			kept = append(kept, pair)
		}
	}
	if len(kept) == 0 {
		return ""
	}
	slices.Sort(kept)
	return "?" + strings.Join(kept, "&")
}
