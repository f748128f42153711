package view

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"dateline/aggregator/news"
)

// The forms of an atom:id that every reader and validator takes. Everything else, however legal an IRI,
// is replaced by a URN of our own.
var (
	webID  = compiled(`^(https?|ftp)://([a-z0-9._-]+)(:[1-9][0-9]*)?(/[^?#]*)(\?[^#]*)?(#[^#]*)?$`)
	tagID  = compiled(`^tag:([a-z0-9._-]+@)?[a-z0-9.-]+,[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?:[^#]*(#[^#]*)?$`) // RFC 4151
	urnID  = compiled(`^urn:[a-zA-Z0-9][a-zA-Z0-9-]{1,31}:[a-zA-Z0-9()+,.:=@;$_!*'%-]+$`)                  // RFC 2141
	uuidID = compiled(`^urn:uuid:[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
)

// compiled returns a regular expression that is compiled when it is first used: most commands use none.
func compiled(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

// UsableID reports whether id can be published as an atom:id as it is: an absolute ASCII URI in
// canonical form (RFC 3986 section 6.2, RFC 4287 section 4.2.6.1), with one of the schemes http, https,
// ftp, tag and urn.
func UsableID(id string) bool {
	if !uriChars.containsAll(id) || !canonicalEscapes(id) {
		return false
	}
	if strings.HasPrefix(id, "urn:uuid:") {
		return uuidID().MatchString(id)
	}
	if tagID().MatchString(id) || urnID().MatchString(id) {
		return true
	}
	m := webID().FindStringSubmatch(id)
	return m != nil && canonicalPort(m[1], m[3]) && !strings.HasSuffix(m[2], ".") && !dotSegments(m[4])
}

func canonicalPort(scheme, port string) bool {
	return port == "" || port != map[string]string{"http": ":80", "https": ":443", "ftp": ":21"}[scheme]
}

func dotSegments(path string) bool {
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}

// canonicalEscapes reports whether every escape of s is in upper case, is needed, and spells NFC text in
// UTF-8 (RFC 3986 sections 6.2.2.1, 6.2.2.2; RFC 3987 section 5.3.2.2). An escaped percent sign before two
// hexadecimal digits is refused, since software that decodes twice takes it for an escape.
func canonicalEscapes(s string) bool {
	var decoded []byte
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			decoded = append(decoded, s[i])
			continue
		}
		if i+2 >= len(s) || !upperHex(s[i+1]) || !upperHex(s[i+2]) {
			return false
		}
		c := unhex(s[i+1])<<4 | unhex(s[i+2])
		i += 2
		if unreservedChars[c] || c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			return false
		}
		decoded = append(decoded, c)
	}
	return utf8.Valid(decoded) && norm.NFC.IsNormal(decoded)
}

func upperHex(c byte) bool { return '0' <= c && c <= '9' || 'A' <= c && c <= 'F' }
func isHex(c byte) bool    { return upperHex(c) || 'a' <= c && c <= 'f' }

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c - 'A' + 10
}

// SourceID returns the atom:id of the feed of source: its own where that is usable, else a URN minted from
// the source's id.
func SourceID(source, own string) string {
	if UsableID(own) {
		return own
	}
	return news.SourceKey(source).URN()
}
