package fetch

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestSnippet(t *testing.T) {
	tests := []struct{ name, body, contentType, want string }{
		{"plain", "no such\n\tfeed ", "text/plain", "no such feed"},
		{"a page", "<!doctype " +
			"html><html><head><title>403</title><style>p{}</style><script>x()</script></head><body><h1>Denied</h1><p>Go&nbsp;away &amp; " +
			"<b>stay</b></p></body></html>", "text/html", "403 Denied Go away &amp; stay"},
		{"nothing but markup", "<html><body></body></html>", "text/html", "<html><body></body></html>"},
		{"empty", "", "", ""},
		{"windows-1251", "\xcd\xe5\xf2 \xe4\xee\xf1\xf2\xf3\xef\xe0", "text/html; charset=windows-1251", "Нет доступа"},
		{"an encoding of the page's own", "<meta charset=koi8-r>\xee\xc5\xd4", "text/html", "Нет"},
		{"an encoding nobody knows", "no", "text/html; charset=martian", "no"},
		{"control and direction characters", "a\x1b[1mb\u202ec\u200bd\x00e\ufefff", "text/plain; charset=utf-8", "a[1mbcdef"},
		{"long", strings.Repeat("ы", 300), "text/plain; charset=utf-8", strings.Repeat("ы", 100)},
		{"long, by odd bytes", "a" + strings.Repeat("ы", 300), "text/plain; charset=utf-8", "a" + strings.Repeat("ы", 99)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Snippet([]byte(tt.body), tt.contentType); got != strings.ReplaceAll(tt.want, "&amp;", "&") {
				t.Errorf("got %q", got)
			}
		})
	}
}

// A snippet is one short line of printable UTF-8, and the snippet of a plain one is itself.
func FuzzSnippet(f *testing.F) {
	f.Add([]byte("<p>Нет</p>"), "text/html; charset=utf-8")
	f.Add([]byte("\xff\xfe<\x00p\x00"), "text/html; charset=utf-16")
	f.Add([]byte("<script><title>"), "")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		s := Snippet(body, contentType)
		if len(s) > maxSnippet || !utf8.ValidString(s) || s != strings.TrimSpace(s) || strings.Contains(s, "  ") {
			t.Errorf("%q", s)
		}
		for _, r := range s {
			if !unicode.IsPrint(r) {
				t.Errorf("%q holds %U", s, r)
			}
		}
		if snippetLine(s) != s {
			t.Errorf("%q becomes %q", s, snippetLine(s))
		}
	})
}
