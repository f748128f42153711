package text

import (
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// LikelyEncoding returns the encoding of text that is no UTF-8 and has no declared encoding: nil, which is UTF-8 with faults, where
// most of it is valid, else a Cyrillic one where letters beyond ASCII are together, else windows-1252.
func LikelyEncoding(body []byte) encoding.Encoding {
	var high, together, upper, lower, dos int
	for i, c := range body {
		if c < utf8.RuneSelf {
			continue
		}
		high++
		if i > 0 && body[i-1] >= utf8.RuneSelf {
			together++
		}
		switch {
		case c >= 0xe0: // lower case in windows-1251, upper case in KOI8-R
			lower++
		case c >= 0xc0:
			upper++
		case c < 0xb0: // upper case and most of lower case in IBM866
			dos++
		}
	}
	valid, invalid := 0, 0
	for rest := body; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		switch {
		case size > 1:
			valid++
		case r == utf8.RuneError:
			invalid++
		}
		rest = rest[max(size, 1):]
	}
	switch {
	case valid > invalid:
		return nil
	case together*2 < high:
		return charmap.Windows1252
	case dos*2 > high:
		return charmap.CodePage866
	case upper > lower:
		return charmap.KOI8R
	}
	return charmap.Windows1251
}
