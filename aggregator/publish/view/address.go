package view

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"dateline/aggregator/news"
)

// charset is a set of bytes.
type charset [256]bool

func newCharset(chars string) *charset {
	var set charset
	for i := range len(chars) {
		set[chars[i]] = true
	}
	return &set
}

// containsAll reports whether s consists of nothing else.
func (set *charset) containsAll(s string) bool {
	for i := range len(s) {
		if !set[s[i]] {
			return false
		}
	}
	return true
}

// The characters of RFC 3986 section 2, but for brackets, which only an IP literal may hold.
const unreserved = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"

var (
	unreservedChars = newCharset(unreserved)
	uriChars        = newCharset(unreserved + ":/?#@!$&'()*+,;=%")
)

// Web returns s as a URI that is fit for an attribute: absolute, http or https, every character that
// RFC 3986 does not know escaped as RFC 3987 section 3.1 says, nothing else changed; empty for anything else.
func Web(s string) string {
	s = strings.TrimSpace(s)
	scheme, rest, ok := strings.Cut(s, "://")
	if scheme = strings.ToLower(scheme); !ok || scheme != "http" && scheme != "https" {
		return ""
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	host := authority(rest[:end])
	if host == "" {
		return ""
	}
	pathPart := escape(rest[end:])
	if strings.HasPrefix(s, scheme) && host == rest[:end] && pathPart == rest[end:] {
		return s // as nearly all are
	}
	return scheme + "://" + host + pathPart
}

// secretName is how a configured address names a secret.
var secretName = regexp.MustCompile(`\$\{[^}]*\}`)

// Upstream returns the address of a source's own feed as [Web] does; empty where it is not public: one that names a
// secret leads nowhere without it, and one that holds a secret is for this host alone.
func Upstream(s string) string {
	if secretName.MatchString(s) || news.SecretsIn(s) != nil {
		return ""
	}
	return Web(s)
}

// authority returns the authority of a URI in ASCII, or the empty string where it cannot be one.
func authority(s string) string {
	if !ascii(s) {
		host, port, _ := strings.Cut(s, ":")
		if len(host) > 253 { // RFC 1035 section 2.3.4; idna takes quadratic time
			return ""
		}
		encoded, err := idna.Lookup.ToASCII(host)
		if err != nil {
			return ""
		}
		if s = encoded; port != "" {
			s += ":" + port
		}
	}
	if uriChars.containsAll(s) || ipLiteral.MatchString(s) {
		return s
	}
	return ""
}

var ipLiteral = regexp.MustCompile(`^\[[0-9A-Fa-f:]+\](:[0-9]*)?$`)

// escape writes the bytes of a path, query and fragment that are no URI characters as percent escapes.
func escape(s string) string {
	if uriChars.containsAll(s) && strings.Count(s, "#") <= 1 {
		return s
	}
	var b strings.Builder
	fragment := false
	for i := range len(s) {
		c := s[i]
		if !uriChars[c] || c == '#' && fragment {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		fragment = fragment || c == '#'
		b.WriteByte(c)
	}
	return b.String()
}

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}
