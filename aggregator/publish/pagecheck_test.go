package publish

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math"
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
	want := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action " + form +
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

// allowed are the elements that pages are made of. None of them runs anything or loads anything.
var allowed = strings.Fields(`html head meta title link style body header nav main section article footer form label input button
	h1 h2 h3 p a ul ol li dl dt dd div span b strong code time table caption thead tbody tr th td br del ins mark`)

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
				t.Errorf("id %q stands twice", a.Val)
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

// TestStyle: text is told from what it stands on (WCAG 2.2, 1.4.3: 4.5 to 1), in the light and in the dark, and
// focus is seen.
func TestStyle(t *testing.T) {
	grounds := regexp.MustCompile(`--([a-z]+):(#[0-9a-f]{6})`)
	light, dark, ok := strings.Cut(style, "@media (prefers-color-scheme:dark)")
	if !ok {
		t.Fatal("no dark scheme")
	}
	for scheme, rules := range map[string]string{"light": light[:strings.Index(light, "}")], "dark": dark[:strings.Index(dark, "}")]} {
		colours := map[string]string{}
		for _, m := range grounds.FindAllStringSubmatch(rules, -1) {
			colours[m[1]] = m[2]
		}
		for _, ink := range []string{"ink", "faint", "link", "accent"} {
			for _, ground := range []string{"paper", "del", "ins", "mark"} {
				t.Run(fmt.Sprintf("%s, %s on %s", scheme, ink, ground), func(t *testing.T) {
					if ratio := contrast(t, colours[ink], colours[ground]); ratio < 4.5 {
						t.Errorf("contrast %.2f of %s on %s", ratio, colours[ink], colours[ground])
					}
				})
			}
		}
	}
	if !strings.Contains(style, ":focus-visible{outline:") || regexp.MustCompile(`outline:(none|0)`).MatchString(style) {
		t.Error("focus is not seen")
	}
	if found := regexp.MustCompile(`(color|background):(#|rgb|[a-z]+\()`).FindAllString(strings.ReplaceAll(style, "var(", ""),
		-1); found != nil {
		t.Errorf("colours beside the two schemes: %v", found)
	}
	if found := regexp.MustCompile(`url\(|@import|[^-]expression`).FindString(style); found != "" {
		t.Errorf("the style holds %q", found)
	}
}

// contrast is the contrast ratio of two colours (WCAG 2.2).
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// luminance is the relative luminance of a colour (WCAG 2.2).
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	var rgb [3]int
	if _, err := fmt.Sscanf(colour, "#%02x%02x%02x", &rgb[0], &rgb[1], &rgb[2]); err != nil {
		t.Fatalf("colour %q: %v", colour, err)
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		c := float64(rgb[i]) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
