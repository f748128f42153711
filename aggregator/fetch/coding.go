package fetch

import (
	"bytes"
	"slices"
	"strings"
)

// The codings that a body can have.
const (
	codingGzip    = "gzip"
	codingBrotli  = "br"
	codingZstd    = "zstd"
	codingZlib    = "zlib"    // deflate as RFC 9110 section 8.4.1.2 has it
	codingDeflate = "deflate" // without the zlib wrapper
)

// peekSize is how many bytes of a body are looked at to see how it is coded.
const peekSize = 512

// gzipMagic begins every gzip member that uses deflate, the only method there is (RFC 1952 section 2.3.1).
const gzipMagic = "\x1f\x8b\x08"

// actualCoding returns the coding of a body that begins with head and is declared to have a coding; "" declares none. It
// returns "" for a body that is not coded and for a coding that is not known.
func actualCoding(head []byte, declared string) string {
	switch {
	case beginsAsFeed(head):
		return ""
	case isGzip(head):
		return codingGzip
	}
	switch declared {
	case "gzip", "x-gzip", "deflate", "x-deflate": // RFC 9110 section 8.4.1.3
		switch {
		case len(head) == 0:
			return ""
		case isZlib(head):
			return codingZlib
		case strings.HasSuffix(declared, "deflate"):
			return codingDeflate
		}
		return codingGzip
	case "br":
		return codingBrotli
	case "zstd":
		return codingZstd
	}
	return ""
}

// isGzip reports whether head begins a gzip member. Reserved flags and the extra flags are looked at as well: a brotli body
// of 2,188 bytes may begin with the magic number.
func isGzip(head []byte) bool {
	return bytes.HasPrefix(head, []byte(gzipMagic)) && len(head) > 9 && head[3]&0xe0 == 0 && slices.Contains([]byte{0, 2, 4}, head[8])
}

// isZlib reports whether head begins with a zlib header (RFC 1950 section 2.2).
func isZlib(head []byte) bool {
	return len(head) > 1 && head[0]&0x0f == 8 && head[0]>>4 <= 7 && (uint(head[0])<<8|uint(head[1]))%31 == 0
}

// beginsAsFeed reports whether head is the beginning of markup or of a JSON object in the clear, in UTF-16 or in an encoding
// that has ASCII in it.
func beginsAsFeed(head []byte) bool {
	for _, bom := range []string{"\xef\xbb\xbf", "\xff\xfe", "\xfe\xff"} {
		head = bytes.TrimPrefix(head, []byte(bom))
	}
	wide := len(head) > 1 && (head[0] == 0) != (head[1] == 0)
	text := bytes.TrimLeft(head, " \t\r\n\x00")
	if len(text) == 0 || text[0] != '<' && text[0] != '{' {
		return false
	}
	return wide || !bytes.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\t' && r != '\r' && r != '\n' && r != '\f' })
}
