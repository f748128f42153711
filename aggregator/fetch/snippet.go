package fetch

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"
)

// maxSnippet is the length of a snippet, in bytes.
const maxSnippet = 200

// Snippet returns the beginning of what a page says, for the operator: one line of valid UTF-8, at most
// 200 bytes, without markup, scripts, control and direction characters. contentType names the encoding
// where the page does not; both may be empty.
func Snippet(body []byte, contentType string) string {
	body = body[:min(len(body), 64<<10)]
	// charset.NewReader fails for names that it does not know; the bytes are then read as UTF-8.
	if r, err := charset.NewReader(bytes.NewReader(body), contentType); err == nil {
		if decoded, err := io.ReadAll(r); err == nil {
			body = decoded
		}
	}
	if text := snippetLine(pageText(body)); text != "" {
		return text
	}
	return snippetLine(string(body))
}

// pageText returns the text of a page without its markup, scripts and styles.
func pageText(page []byte) string {
	var b strings.Builder
	hidden := false
	for z := html.NewTokenizer(bytes.NewReader(page)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			if !hidden {
				b.Write(z.Text())
			}
		case html.StartTagToken:
			name, _ := z.TagName()
			hidden = string(name) == "script" || string(name) == "style"
			b.WriteByte(' ')
		case html.EndTagToken, html.SelfClosingTagToken:
			hidden = false
			b.WriteByte(' ')
		}
	}
}

// snippetLine brings s to one line of at most maxSnippet bytes.
func snippetLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r) || r == utf8.RuneError:
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > maxSnippet {
		s = s[:maxSnippet]
		for !utf8.ValidString(s) {
			s = s[:len(s)-1]
		}
	}
	return strings.TrimRight(s, " ")
}

// challenge returns the sign by which an answer shows itself as a challenge to robots, "" where it shows none.
// Pages are recognised only where they are HTML: a feed may well quote such a sign.
func challenge(h http.Header, body []byte) string {
	for _, s := range challengeFields {
		if hasItem(h, s.field, s.value) {
			return strings.ToLower(s.field) + ": " + s.value
		}
	}
	start := bytes.ToLower(bytes.TrimSpace(body[:min(len(body), 512)]))
	start = bytes.TrimPrefix(start, []byte("\ufeff"))
	if !bytes.HasPrefix(start, []byte("<!doctype html")) && !bytes.HasPrefix(start, []byte("<html")) {
		return ""
	}
	body = body[:min(len(body), 64<<10)]
	for _, sign := range challengePages {
		if bytes.Contains(body, []byte(sign)) {
			return sign
		}
	}
	return ""
}

// challengeFields are header fields that bot walls mark their challenges with.
var challengeFields = []struct{ field, value string }{
	{"Cf-Mitigated", "challenge"},
	{"X-Amzn-Waf-Action", "challenge"},
	{"X-Amzn-Waf-Action", "captcha"},
}

// challengePages are what the scripts of such challenges load or are called, where they come with status
// 200 and no header field: seen in place of feeds.
var challengePages = []string{
	"/cdn-cgi/challenge-platform/",
	"/_Incapsula_Resource",
	"/.well-known/ddos-guard/",
	"window[\"bobcmn\"]",
}
