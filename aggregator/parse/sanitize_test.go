package parse

import (
	"os"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"dateline/aggregator/internal/feedtest"
)

func TestSanitize(t *testing.T) {
	const rel = ` rel="nofollow noopener" referrerpolicy="no-referrer"`
	const ref = ` referrerpolicy="no-referrer"`
	for _, c := range []struct{ name, in, want string }{
		{"text passes", "a > b, 'c' and \"d\"", "a > b, 'c' and \"d\""},
		{"references", "a &amp; b &nbsp;&laquo;c&raquo;", "a &amp; b \u00a0«c»"},
		{"a script", "<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"},
		{"a handler", `<p onclick="x()">a</p>`, "<p>a</p>"},
		{"a style", `<p style="position:fixed">a</p><style>p{}</style>`, "<p>a</p>"},
		{"a frame", `<iframe src="https://x.example/"></iframe>a`, "a"},
		{"a form", `<form action="https://x.example/"><input name="a"></form>b`, "b"},
		{"a script address", `<a href="javascript:alert(1)">a</a>`, "a"},
		{"a data address", `<img src="data:image/png;base64,AA==">a`, "a"},
		{"a relative link", `<a href="/b">a</a>`, `<a href="https://agency.example/b"` + rel + `>a</a>`},
		{"a relative link without quotes", `<a href=/b>a</a>`, `<a href="https://agency.example/b"` + rel + `>a</a>`},
		{"a relative link behind a value without quotes", `<a class=x href="/b">a</a>`, `<a href="https://agency.example/b"` + rel + `>a</a>`},
		{"a relative link behind an attribute without a value", `<a hidden href='/b'>a</a>`, `<a href="https://agency.example/b"` + rel + `>a</a>`},
		{"a relative picture without quotes", `<img alt=x src=1.jpg>`, `<img alt="x" src="https://agency.example/news/1.jpg"` + ref + `/>`},
		{"an address in the value of another attribute", `<a title="<a href='/c'" href=/b>a</a>`,
			`<a href="https://agency.example/b"` + rel + `>a</a>`},
		{"a link without scheme", `<a href="//x.example/b">a</a>`, `<a href="https://x.example/b"` + rel + `>a</a>`},
		{"a picture", `<img src="1.jpg" alt="x" width="100" onload="y">`,
			`<img src="https://agency.example/news/1.jpg" alt="x" width="100"` + ref + `/>`},
		{"a picture of a pixel", `a<img src="https://x.example/p.gif" width="1" height="1">`, "a"},
		{"a picture of a pixel inside", `<p>a<img src="https://x.example/p.gif" height="0"></p>`, "<p>a</p>"},
		{"elements not closed", "<p>a<p>b<table><tr><td>c", "<p>a</p><p>b</p><table><tbody><tr><td>c</td></tr></tbody></table>"},
		{"a figure", `<figure><img src="https://x.example/1.jpg"><figcaption>Photo: A</figcaption></figure>`,
			`<figure><img src="https://x.example/1.jpg"` + ref + `/><figcaption>Photo: A</figcaption></figure>`},
		{"a mail address", `<a href="mailto:a@b.example">a</a>`, `<a href="mailto:a@b.example"` + rel + `>a</a>`},
		{"foreign markup", `<svg><a xlink:href="javascript:x"><text>a</text></a></svg>b`, "b"},
		{"marks of direction", "a\u202eb<b>c\u2066d</b>", "ab<b>cd</b>"},
		{"letters that fold to Latin ones", "<ſcript>a</ſcript>", "&lt;ſcript&gt;a&lt;/ſcript&gt;"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, text := Sanitize(c.in, "https://agency.example/news/a")
			if got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
			if want := Plain(got); text != want {
				t.Errorf("its text is %q, want %q", text, want)
			}
			if again, _ := Sanitize(got, "https://agency.example/news/a"); again != got {
				t.Errorf("again: %s", again)
			}
		})
	}
}

// TestSanitizeTooManyTags: of HTML with more tags than anyone reads the text alone is left, escaped.
func TestSanitizeTooManyTags(t *testing.T) {
	t.Parallel()
	clean, plain := Sanitize("Talks &amp; "+strings.Repeat("<b></b>", maxTags/2)+"<i>more</i>", "https://agency.example/")
	if clean != "Talks &amp; more" || plain != "Talks & more" {
		t.Errorf("%q, its text %q", clean, plain)
	}
}

// feedparser's files of everything that was ever smuggled into a feed.
func TestSanitizeCorpus(t *testing.T) {
	files := feedtest.Glob(t, "corpora/feedparser/wellformed/sanitize/*.xml")
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		d, err := Feed(t.Context(), body, Options{})
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		for _, it := range d.Items {
			for _, s := range []string{it.Summary, it.Content} {
				clean, _ := Sanitize(s, it.URL)
				if active := activeMarkup(clean); active != "" {
					t.Errorf("%s: %q stays in %q", file, active, clean)
				}
				if strings.Contains(Plain(s), "safe") && !strings.Contains(clean, "safe") {
					t.Errorf("%s: the text is lost: %q of %q", file, clean, s)
				}
			}
		}
	}
	if len(files) < 700 {
		t.Errorf("%d files", len(files))
	}
}

// activeMarkup returns what in s could do more than be read, "" if nothing could.
func activeMarkup(s string) string {
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			tok := z.Token()
			switch tok.Data {
			case "script", "style", "iframe", "object", "embed", "form", "input", "base", "meta", "link", "svg", "math", "video", "audio",
				"template", "noscript":
				return tok.String()
			}
			for _, a := range tok.Attr {
				v := strings.ToLower(strings.TrimSpace(a.Val))
				link := a.Key == "href" || a.Key == "src" || a.Key == "cite"
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "srcset" || a.Key == "id" || a.Key == "name" ||
					link && v != "" && !strings.HasPrefix(v, "http://") && !strings.HasPrefix(v, "https://") && !strings.HasPrefix(v, "mailto:") {
					return tok.String()
				}
			}
		case html.CommentToken, html.DoctypeToken:
			return z.Token().String()
		}
	}
}
