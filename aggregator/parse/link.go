package parse

import (
	"bytes"
	"regexp"
	"strings"
)

// base returns the address that relative ones in element i are resolved on by its xml:base and those around
// it (XML Base section 4), in turn resolved on the document's own.
func (r *reader) base(i int) string {
	var bases []string
	for ; i >= 0; i = r.t.elems[i].parent {
		if b := r.t.bases[i]; b != "" {
			bases = append(bases, b)
		}
	}
	base := r.o.Document
	for n := len(bases) - 1; n >= 0; n-- {
		if abs := resolve(base, bases[n]); abs != "" {
			base = abs
		}
	}
	return base
}

// hasBase reports whether an xml:base is in force at element i.
func (r *reader) hasBase(i int) bool {
	if r.t == nil || len(r.t.bases) == 0 {
		return false
	}
	for ; i >= 0; i = r.t.elems[i].parent {
		if r.t.bases[i] != "" {
			return true
		}
	}
	return false
}

// resolve returns address as absolute http or https address on base (RFC 3986 section 5.2), "" where there
// is none. Nothing is escaped, unescaped or normalised but for white space: an address is also a name.
func resolve(base, address string) string {
	address = oneLine(address)
	if isWeb(address) {
		return address
	}
	if beginsWithHost(address, base) {
		address = "//" + address
	}
	if address == "" || hasScheme(address) {
		return ""
	}
	if base == "" && strings.HasPrefix(address, "//") {
		base = "https://"
	}
	scheme, rest, found := strings.Cut(base, "://")
	if !found {
		return ""
	}
	host, path := cutAt(rest, "/?#")
	path, _ = cutAt(path, "#")
	switch {
	case strings.HasPrefix(address, "//"):
		host, path = cutAt(address[2:], "/?#")
	case address[0] == '#':
		path += address
	case address[0] == '?':
		path, _ = cutAt(path, "?")
		path += address
	case address[0] == '/':
		path = address
	default:
		path, _ = cutAt(path, "?")
		path = path[:strings.LastIndexByte(path, '/')+1] + address
	}
	if path != "" && path[0] != '?' && path[0] != '#' {
		path = withoutDots("/" + strings.TrimPrefix(path, "/"))
	}
	if abs := scheme + "://" + host + path; isWeb(abs) {
		return abs
	}
	return ""
}

// beginsWithHost reports whether the first segment of an address without scheme is a host: that of base, or one that begins
// with `www.`.
func beginsWithHost(address, base string) bool {
	first, _ := cutAt(address, "/?#")
	if rest, ok := cutPrefixFold(first, "www."); ok {
		return strings.Contains(strings.Trim(rest, "."), ".")
	}
	return first != "" && strings.EqualFold(first, hostOf(base))
}

// hostOf returns the host of an absolute address, without `www.`; "" if it has none.
func hostOf(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	host, _ := cutAt(rest, "/?#")
	if rest, ok := cutPrefixFold(host, "www."); ok {
		return rest
	}
	return host
}

// cutAt parts s before the first of the characters in any.
func cutAt(s, any string) (before, rest string) {
	if i := strings.IndexAny(s, any); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

// withoutDots takes the segments "." and ".." out of a path (RFC 3986 section 5.2.4).
func withoutDots(path string) string {
	path, rest := cutAt(path, "?#")
	if !strings.Contains(path, "/.") {
		return path + rest
	}
	var kept []string
	segments := strings.Split(path[1:], "/")
	for i, seg := range segments {
		last := i == len(segments)-1
		switch {
		case seg == ".." && len(kept) > 0:
			kept = kept[:len(kept)-1]
		case seg != "." && seg != "..":
			kept = append(kept, seg)
			continue
		}
		if last {
			kept = append(kept, "")
		}
	}
	return "/" + strings.Join(kept, "/") + rest
}

var ampersands = regexp.MustCompile(`&(?:(?:amp|AMP|#0*38|#[xX]0*26);)+`)

// oneLine takes the white space off the ends of an address, line breaks and tabs out of it, decodes its ampersands to the
// end, since no address means a reference, and escapes the spaces left.
func oneLine(s string) string {
	s = strings.TrimSpace(unwrapped(s))
	if strings.ContainsAny(s, "\n\r\t") {
		var b strings.Builder
		for _, line := range strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' || r == '\t' }) {
			b.WriteString(strings.TrimSpace(line))
		}
		s = b.String()
	}
	if strings.Contains(s, "&") {
		s = ampersands.ReplaceAllString(s, "&")
	}
	return strings.ReplaceAll(s, " ", "%20")
}

// What an address is at most, in bytes; a longer one is none.
const (
	maxAddress = 4 << 10
	maxHost    = 253 // RFC 1035 section 2.3.4
)

// isWeb reports whether s is an absolute http or https address. None has a less-than or greater-than sign
// in it (RFC 3986 appendix C), but markup that is not closed has.
func isWeb(s string) bool {
	rest, ok := cutPrefixFold(s, "http://")
	if !ok {
		rest, ok = cutPrefixFold(s, "https://")
	}
	if len(s) > maxAddress || len(hostOf(s)) > maxHost+len(":65535") {
		return false
	}
	return ok && rest != "" && !strings.ContainsRune("/?#:@", rune(rest[0])) && !strings.ContainsAny(rest, "<>")
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return s[len(prefix):], true
	}
	return s, false
}

// hasScheme reports whether s begins with a scheme (RFC 3986 section 3.1).
func hasScheme(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		case i > 0 && (c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.'):
		default:
			return i > 0 && c == ':'
		}
	}
	return false
}

// absolute makes the addresses in the attributes of HTML absolute on base. What is absolute already
// stays byte for byte, and so does everything else.
func absolute(html, base string) string {
	if base == "" || !strings.Contains(html, "<") {
		return html
	}
	var out []byte
	done := 0
	s := []byte(html)
	var attrs []attr
	for i := 0; i < len(s); {
		lt := bytes.IndexByte(s[i:], '<')
		if lt < 0 {
			break
		}
		i += lt
		n := nameLength(s[i+1:])
		if n == 0 {
			i++
			continue
		}
		var ends bool
		if attrs, i, ends = htmlAttributes(attrs[:0], s, i+1+n); !ends {
			break
		}
		for _, a := range attrs {
			if !addressAttrs[strings.ToLower(string(s[a.name:a.nameEnd]))] {
				continue
			}
			value := unescape(string(s[a.value:a.end]), nil)
			if isWeb(value) || value == "" || value[0] == '#' {
				continue
			}
			if abs := resolve(base, value); abs != "" {
				abs = escaper.Replace(abs)
				if c := s[a.value-1]; c != '"' && c != '\'' {
					abs = `"` + abs + `"`
				}
				out = append(append(out, s[done:a.value]...), abs...)
				done = a.end
			}
		}
	}
	if done == 0 {
		return html
	}
	return string(append(out, s[done:]...))
}

// addressAttrs are the attributes of HTML that hold one address.
var addressAttrs = names("action background cite classid codebase data formaction href longdesc poster profile src usemap")
