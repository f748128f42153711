package dedup

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/idna"
)

// A tracker is a parameter of an address that says how a reader came, not what is read.
type tracker struct {
	name   string // in lower case; of a prefix with a `*` at its end
	origin string // whose it is
}

// trackers lists the parameters that are taken off addresses, in the query and in the fragment. Every other parameter may
// name the document (`?ELEMENT_ID=83075`) and is kept.
var trackers = []tracker{
	{"utm_*", "Google Analytics"},
	{"gclid", "Google Ads"},
	{"gbraid", "Google Ads"},
	{"wbraid", "Google Ads"},
	{"dclid", "Google Display"},
	{"_ga", "Google Analytics"},
	{"_gl", "Google Analytics"},
	{"fbclid", "Facebook"},
	{"igshid", "Instagram"},
	{"igsh", "Instagram"},
	{"twclid", "X"},
	{"ttclid", "TikTok"},
	{"msclkid", "Microsoft"},
	{"yclid", "Yandex"},
	{"ysclid", "Yandex"},
	{"_openstat", "Openstat"},
	{"at_*", "Piano (AT Internet)"},
	{"xtor", "Piano (AT Internet)"},
	{"maca", "Deutsche Welle"},
	{"ns_*", "Comscore"},
	{"cmp", "Adobe, The Guardian"},
	{"cmpid", "Adobe"},
	{"s_cid", "Adobe"},
	{"wt_mc", "Mapp (Webtrekk)"},
	{"wt_zmc", "Mapp (Webtrekk)"},
	{"wt_mc_o", "Mapp (Webtrekk)"},
	{"wt.*", "Webtrends"},
	{"mtm_*", "Matomo"},
	{"matomo_*", "Matomo"},
	{"pk_*", "Matomo (Piwik)"},
	{"piwik_*", "Matomo (Piwik)"},
	{"mc_cid", "Mailchimp"},
	{"mc_eid", "Mailchimp"},
	{"_hsenc", "HubSpot"},
	{"_hsmi", "HubSpot"},
	{"mkt_tok", "Marketo"},
	{"vero_id", "Vero"},
	{"traffic_source", "Sputnik"},
	{"echobox", "Echobox"},
}

// A tracker's name or the beginning of it, from the table.
var trackerNames, trackerPrefixes = sortTrackers()

func sortTrackers() (exact map[string]bool, prefixes []string) {
	exact = map[string]bool{}
	for _, t := range trackers {
		if prefix, ok := strings.CutSuffix(t.name, "*"); ok {
			prefixes = append(prefixes, prefix)
		} else {
			exact[t.name] = true
		}
	}
	return exact, prefixes
}

// tracks reports whether a pair of name and value is a tracker in an address of that host. So is a `ref` that names the host
// itself.
func tracks(pair, host string) bool {
	name, value, _ := strings.Cut(pair, "=")
	name = strings.ToLower(name)
	if name == "ref" {
		return host != "" && plainHost(refHost(value)) == plainHost(host)
	}
	return trackerNames[name] || slices.ContainsFunc(trackerPrefixes, func(p string) bool { return strings.HasPrefix(name, p) })
}

// refHost returns the host that a ref names, with or without a scheme.
func refHost(value string) string {
	if s, err := url.QueryUnescape(value); err == nil {
		value = s
	}
	if _, rest, found := strings.Cut(value, "://"); found {
		value = rest
	}
	return strings.TrimSuffix(value, "/")
}

func plainHost(host string) string { return strings.TrimPrefix(strings.ToLower(host), "www.") }

// hostOf returns the host in an address, in the spelling that it has there.
func hostOf(address string) string {
	_, rest, found := strings.Cut(address, "://")
	if !found {
		return ""
	}
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	return rest[strings.LastIndexByte(rest, '@')+1:]
}

// untracked returns the pairs of a query or fragment without trackers.
func untracked(pairs, host string) string {
	var kept []string
	for _, pair := range strings.Split(pairs, "&") {
		if !tracks(pair, host) {
			kept = append(kept, pair)
		}
	}
	return strings.Join(kept, "&")
}

// Untracked returns the address without trackers, otherwise byte for byte.
func Untracked(address string) string {
	rest, fragment, hasFragment := strings.Cut(address, "#")
	before, query, hasQuery := strings.Cut(rest, "?")
	host := hostOf(address)
	if hasQuery {
		if kept := untracked(query, host); kept != query {
			query, hasQuery = kept, kept != ""
		}
	}
	if hasFragment {
		lead, pairs := "", fragment
		if rest, ok := strings.CutPrefix(fragment, "?"); ok {
			lead, pairs = "?", rest
		}
		if kept := untracked(pairs, host); kept != pairs {
			fragment, hasFragment = lead+kept, kept != ""
		}
	}
	if hasQuery {
		before += "?" + query
	}
	if hasFragment {
		before += "#" + fragment
	}
	return before
}

// Canonical returns the form in which two addresses of one document are equal: no scheme, lower-case host in its ASCII
// form without default port, `www.`, `m.` and `amp.`, no fragment, no trackers, no empty segments, no trailing slash,
// percent-encoding as RFC 3986 section 6.2.2 wants it, the other parameters in order of name. It is compared, never asked for.
// Addresses without a path name a site rather than a document: for them, and for what is no http address, it returns "".
// Canonical("http:" + Canonical(u)) == Canonical(u).
func Canonical(address string) string {
	u, err := url.Parse(strings.Trim(address, " \t\r\n"))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || len(u.Hostname()) > maxHost {
		return ""
	}
	host := canonicalHost(u)
	if host == "" { // of dots alone
		return ""
	}
	path := canonicalPath(u.EscapedPath())
	query := canonicalQuery(u.RawQuery, u.Host)
	if path == "" && query == "" {
		return ""
	}
	return "//" + host + path + query
}

// maxHost is the length of the longest name of a host, in bytes (RFC 1035 section 2.3.4). Longer ones cost idna quadratic time.
const maxHost = 253

func canonicalHost(u *url.URL) string {
	host := strings.TrimRight(strings.ToLower(u.Hostname()), ".")
	if ascii, err := idna.Punycode.ToASCII(host); err == nil {
		host = strings.ToLower(ascii)
	}
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

func canonicalPath(escaped string) string {
	var segments []string
	for segment := range strings.SplitSeq(normalEscapes(escaped), "/") {
		switch segment {
		case "", ".":
		case "..": // RFC 3986 section 5.2.4
			segments = segments[:max(0, len(segments)-1)]
		default:
			segments = append(segments, segment)
		}
	}
	path := ""
	if len(segments) > 0 {
		path = "/" + strings.Join(segments, "/")
	}
	for strings.HasSuffix(path, "/amp") {
		path = strings.TrimSuffix(path, "/amp")
	}
	return path
}

func canonicalQuery(raw, host string) string {
	var kept []string
	for _, pair := range strings.FieldsFunc(strings.ReplaceAll(raw, " ", "%20"), func(r rune) bool { return r == '&' }) {
		if pair = normalEscapes(pair); !tracks(pair, host) {
			kept = append(kept, pair)
		}
	}
	if len(kept) == 0 {
		return ""
	}
	slices.Sort(kept)
	return "?" + strings.Join(kept, "&")
}

// normalEscapes writes percent-encoding in one way (RFC 3986 section 6.2.2): what needs none has none, the rest is in
// upper case, and what is not ASCII is encoded.
func normalEscapes(s string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if v, ok := escaped(s[i:]); ok {
			i += 2
			if isUnreserved(v) {
				b.WriteByte(v)
				continue
			}
			c = v
		} else if c < 0x80 && c > ' ' {
			b.WriteByte(c)
			continue
		}
		b.WriteString("%" + digits[c>>4:c>>4+1] + digits[c&15:c&15+1])
	}
	return b.String()
}

// escaped reads the percent-encoded byte that s begins with.
func escaped(s string) (byte, bool) {
	if len(s) < 3 || s[0] != '%' {
		return 0, false
	}
	hi, lo := strings.IndexByte(hexDigits, s[1]), strings.IndexByte(hexDigits, s[2])
	if hi < 0 || lo < 0 {
		return 0, false
	}
	return byte(hexValue(hi)<<4 | hexValue(lo)), true
}

const hexDigits = "0123456789ABCDEFabcdef"

func hexValue(place int) int {
	if place > 15 {
		return place - 6
	}
	return place
}

func isUnreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~'
}
