package parse

import (
	"bytes"
	"encoding/binary"
	"mime"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode/utf32"

	"dateline/aggregator/text"
)

// The rules are: a byte order mark decides; then the zeros of UTF-16 and UTF-32 without one; then
// text that is UTF-8 beyond ASCII is UTF-8 regardless of what is declared, since no other encoding looks like
// it by chance. For the rest the source's own encoding is believed, then HTTP, then the XML
// declaration; last, the letters decide. A claim that the bytes belie is passed over and counted as a
// guess. Invalid bytes become U+FFFD, control characters vanish: neither loses the document.

// decode returns body as UTF-8 that XML allows, without byte order mark, and whether its encoding was guessed.
func decode(body []byte, o Options) (text []byte, guessed bool) {
	enc, body, guessed := encodingOf(body, o)
	if enc != nil {
		if out, err := enc.NewDecoder().Bytes(body); err == nil {
			body = out
		}
	}
	body, broken := legal(body)
	return body, guessed || broken
}

// encodingOf finds the encoding of body, nil for UTF-8, and returns what follows the byte order mark.
func encodingOf(body []byte, o Options) (enc encoding.Encoding, rest []byte, guessed bool) {
	if enc, rest := byteOrder(body); enc != nil || len(rest) < len(body) {
		return enc, rest, false
	}
	declared := declaredIn(body, o)
	valid, beyond := utf8Text(body)
	if valid && beyond {
		return nil, body, len(declared) > 0 && !isUTF8(declared[0])
	}
	for i, name := range declared {
		if isUTF8(name) {
			if valid {
				return nil, body, false
			}
			continue
		}
		if enc := lookup(name); enc != nil && asciiBased(name) {
			return enc, body, i > 0
		}
	}
	if valid {
		return nil, body, false
	}
	return text.LikelyEncoding(body), body, true
}

// byteOrder reads the byte order mark, and the zeros that UTF-16 and UTF-32 put beside a first `<` or `{`.
func byteOrder(body []byte) (encoding.Encoding, []byte) {
	for _, m := range []struct {
		mark string
		enc  encoding.Encoding
		keep bool
	}{
		{"\xef\xbb\xbf", nil, false},
		{"\x00\x00\xfe\xff", utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM), false},
		{"\xff\xfe\x00\x00", utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM), false},
		{"\xfe\xff", lookup("utf-16be"), false},
		{"\xff\xfe", lookup("utf-16le"), false},
		{"\x00\x00\x00<", utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM), true},
		{"<\x00\x00\x00", utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM), true},
		{"\x00<", lookup("utf-16be"), true},
		{"<\x00", lookup("utf-16le"), true},
		{"\x00{", lookup("utf-16be"), true},
		{"{\x00", lookup("utf-16le"), true},
		{"\x4c\x6f\xa7\x94", lookup("IBM037"), true}, // "<?xm" in EBCDIC
	} {
		if bytes.HasPrefix(body, []byte(m.mark)) {
			if m.keep {
				return m.enc, body
			}
			return m.enc, body[len(m.mark):]
		}
	}
	return nil, body
}

var declared = regexp.MustCompile(`^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._:-]+)["']`)

// declaredIn returns what is said of the encoding of body, the most trusted first.
func declaredIn(body []byte, o Options) []string {
	var names []string
	if o.Encoding != "" {
		names = append(names, o.Encoding)
	}
	var http string
	if _, params, err := mime.ParseMediaType(o.ContentType); err == nil {
		http = params["charset"]
	}
	xml := declared.FindSubmatch(body[:min(len(body), 1024)])
	if xml != nil && isServerDefault(http) {
		http = "" // the document knows better than a server's default
	}
	if http != "" {
		names = append(names, http)
	}
	if xml != nil {
		names = append(names, string(xml[1]))
	}
	return names
}

// isServerDefault reports whether servers send name for everything that they know nothing of.
func isServerDefault(name string) bool {
	return strings.EqualFold(name, "us-ascii") || strings.EqualFold(name, "iso-8859-1")
}

func isUTF8(name string) bool {
	return strings.EqualFold(name, "utf-8") || strings.EqualFold(name, "utf8") || strings.EqualFold(name, "us-ascii")
}

// asciiBased reports whether text in the named encoding can begin with the byte `<`: bytes that did not
// pass for UTF-16 or UTF-32 are in neither.
func asciiBased(name string) bool {
	n := strings.ToLower(name)
	return !strings.HasPrefix(n, "utf-16") && !strings.HasPrefix(n, "utf-32") &&
		!strings.HasPrefix(n, "ucs-") && !strings.HasPrefix(n, "iso-10646") && !strings.HasPrefix(n, "ibm037")
}

// lookup returns the encoding of that name: as browsers understand it, else as IANA lists it; nil if unknown.
func lookup(name string) encoding.Encoding {
	if enc, _ := charset.Lookup(name); enc != nil {
		return enc
	}
	enc, _ := ianaindex.IANA.Encoding(name)
	return enc
}

// utf8Text reports whether body is UTF-8, and whether it has anything beyond ASCII.
func utf8Text(body []byte) (valid, beyond bool) {
	i := ascii(body)
	return utf8.Valid(body[i:]), i < len(body)
}

// ascii returns the length of the ASCII text at the beginning of s.
func ascii(s []byte) int {
	i := 0
	for ; i+8 <= len(s); i += 8 {
		b := s[i : i+8 : i+8]
		if (b[0]|b[1]|b[2]|b[3]|b[4]|b[5]|b[6]|b[7])&0x80 != 0 {
			break
		}
	}
	for i < len(s) && s[i] < utf8.RuneSelf {
		i++
	}
	return i
}

// legal makes s UTF-8 that XML 1.0 section 2.2 allows: control characters and non-characters vanish, also
// those that XML allows and text does not use (U+007F to U+009F); invalid bytes become U+FFFD, which broken reports.
// The result is s itself where there is nothing to do.
func legal(s []byte) (out []byte, broken bool) {
	done := 0
	for i := 0; i < len(s); {
		if i += printable(s[i:]); i == len(s) {
			break
		}
		c := s[i]
		if c == '\n' || c == '\t' || c == '\r' {
			i++
			continue
		}
		if c >= 0xc3 && c < 0xe0 && i+1 < len(s) && s[i+1]&0xc0 == 0x80 {
			i += 2 // two bytes, among them all Cyrillic: nothing there is forbidden
			continue
		}
		r, size := utf8.DecodeRune(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			out = append(append(out, s[done:i]...), "\uFFFD"...)
			done, broken = i+1, true
		case r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0xfffe || r == 0xffff:
			out = append(out, s[done:i]...)
			done = i + size
		}
		i += size
	}
	if done == 0 {
		return s, false
	}
	return append(out, s[done:]...), broken
}

// printable returns the length of the printable ASCII text at the beginning of s.
func printable(s []byte) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; i+8 <= len(s); i += 8 {
		x := binary.LittleEndian.Uint64(s[i:])
		if (x|(x-0x20*ones)|(x+ones))&highs != 0 { // a byte from 0x80, below 0x20, or 0x7f
			break
		}
	}
	for i < len(s) && s[i] >= 0x20 && s[i] < 0x7f {
		i++
	}
	return i
}
