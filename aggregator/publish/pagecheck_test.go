package publish

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"dateline/aggregator/text"
)

// checkPage fails the test for what no page may hold or lack, and returns the page.
func checkPage(t *testing.T, r *http.Response) string {
	t.Helper()
	text := body(t, r)
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := pageChecker{t: t, ids: map[string]int{}, count: map[string]int{}}
	c.walk(root)
	c.whole()
	form := "'none'"
	if c.count["form"] > 0 {
		form = "'self'"
	}
	sum := sha256.Sum256([]byte(c.style))
	want := "default-src 'none'; img-src 'self'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; base-uri 'none'; form-action " + form +
		"; frame-ancestors 'none'"
	if policy := r.Header.Get("Content-Security-Policy"); policy != want {
		t.Errorf("policy %s\nwant   %s", policy, want)
	}
	if r.Header.Get("Referrer-Policy") != "no-referrer" || r.Header.Get("X-Robots-Tag") != "noindex" {
		t.Errorf("fields %v", r.Header)
	}
	if !strings.Contains(text, `<a href="https://wire.example/about">`) {
		t.Error("no contact")
	}
	if dir := os.Getenv("DATELINE_JUDGE"); dir != "" {
		name := strings.NewReplacer("/", "_", " ", "_").Replace(t.Name())
		if err := os.WriteFile(dir+"/"+name+".html", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return text
}

// pageChecker walks the elements of a page.
type pageChecker struct {
	t     *testing.T
	ids   map[string]int
	count map[string]int // of elements
	refs  []string       // ids that are referred to
	style string
	level int // of the last heading
}

// allowed are the elements that pages are made of. None of them runs anything or loads anything but the icon.
var allowed = strings.Fields(`html head meta title link style body header nav main section article footer form label input button
	h1 h2 h3 p a ul ol li dl dt dd div span b strong code time table caption thead tbody tr th td br del ins mark bdi
	svg g line circle path rect text`)

func (c *pageChecker) walk(n *html.Node) {
	if n.Type == html.ElementNode {
		c.element(n)
	}
	for child := range n.ChildNodes() {
		c.walk(child)
	}
}

func (c *pageChecker) element(n *html.Node) {
	t := c.t
	t.Helper()
	c.count[n.Data]++
	if !slices.Contains(allowed, n.Data) {
		t.Errorf("the page holds <%s>", n.Data)
	}
	for _, a := range n.Attr {
		switch {
		case a.Key == "style", a.Key == "src", strings.HasPrefix(a.Key, "on"):
			t.Errorf("the page holds <%s %s=%q>", n.Data, a.Key, a.Val)
		case a.Key == "id":
			if c.ids[a.Val]++; c.ids[a.Val] > 1 {
				t.Errorf("id %q occurs twice", a.Val)
			}
		case a.Key == "for", a.Key == "aria-labelledby", a.Key == "aria-describedby":
			c.refs = append(c.refs, a.Val)
		case a.Key == "href" && strings.HasPrefix(a.Val, "#"):
			c.refs = append(c.refs, a.Val[1:])
		case a.Key == "href" && regexp.MustCompile(`^(javascript|data|vbscript):`).MatchString(strings.ToLower(a.Val)):
			t.Errorf("a link to %q", a.Val)
		case a.Key == "lang" && text.CanonicalTag(a.Val) == "":
			t.Errorf("lang %q", a.Val)
		}
	}
	switch n.Data {
	case "html":
		if attribute(n, "lang") == "" {
			t.Error("the page has no language")
		}
	case "style":
		c.style = n.FirstChild.Data
	case "h1", "h2", "h3":
		level := int(n.Data[1] - '0')
		if level > c.level+1 {
			t.Errorf("<%s> behind <h%d>", n.Data, c.level)
		}
		c.level = level
	case "a", "button", "label", "th", "title":
		if strings.TrimSpace(textOf(n)) == "" && n.Data != "th" {
			t.Errorf("<%s> without text: %v", n.Data, n.Attr)
		}
	case "input":
		if attribute(n, "id") == "" {
			t.Error("<input> that no label can name")
		}
	}
}

// whole checks what holds of the page as a whole.
func (c *pageChecker) whole() {
	for _, name := range []string{"h1", "main", "header", "footer", "style", "title"} {
		if c.count[name] != 1 {
			c.t.Errorf("%d <%s>, want 1", c.count[name], name)
		}
	}
	if c.count["label"] < c.count["input"] {
		c.t.Errorf("%d labels of %d inputs", c.count["label"], c.count["input"])
	}
	for _, id := range append(c.refs, "main") {
		if c.ids[id] == 0 {
			c.t.Errorf("nothing has the id %q that is referred to", id)
		}
	}
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}
