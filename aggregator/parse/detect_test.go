package parse

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestNotFeed(t *testing.T) {
	for _, c := range []struct{ name, body, what string }{
		{"nothing", "", "empty"},
		{"white space", " \n\t ", "empty"},
		{"a byte order mark alone", "\ufeff", "empty"},
		{"an HTML page", "<!DOCTYPE html><html><head><title>Just a moment...</title>", "HTML"},
		{"XHTML with a declaration", `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>`, "HTML"},
		{"a challenge script", `<script>window["bobcmn"] = "1";</script>`, "HTML"},
		{"a fragment of a page", "<p>Not found</p>", "HTML"},
		{"JSON that is no feed", `{"ok":true}`, "JSON"},
		{"a JSON list", `[1,2]`, "JSON"},
		{"a JSON Feed of another version", `{"version":"https://example.com/1","items":[]}`, "JSON"},
		{"a line of text", "Too many requests", "text"},
		{"another root element", `<?xml version="1.0"?><opml version="2.0"/>`, "opml"},
		{"CDF", `<CHANNEL HREF="http://x.example/"/>`, "CHANNEL"},
		{"RSS 1.1", `<Channel xmlns="http://purl.org/net/rss1.1#"/>`, "Channel"},
		{"a page that quotes a feed", "<p>x</p><html><pre><?xml version=\"1.0\"?><rss/></pre></html>", "HTML"},
		{"comments without end", "<!-- x", "text"},
		{"an Atom entry of no namespace", "<entry/>", "entry"},
		{"a picture", `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>`, "svg"},
		{"a picture without a declaration", `<svg xmlns="http://www.w3.org/2000/svg"/>`, "svg"},
		{"a picture with a document type", `<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x"><svg/>`, "svg"},
		{"a sitemap", `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>`, "urlset"},
		{"data", "<data><row/></data>", "data"},
		{"a map", "<?xml version='1.0'?><map/>", "map"},
		{"a table of data", "<?xml version='1.0'?><table><row/></table>", "table"},
		{"a prefixed root", `<soap:Envelope xmlns:soap="x"/>`, "soap:Envelope"},
		{"a table of a page", "<table><tr><td>x</table>", "HTML"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := Feed(t.Context(), []byte(c.body), Options{})
			var nf *NotFeedError
			if !errors.As(err, &nf) || nf.What != c.what || d != nil {
				t.Fatalf("got %v, %v, want a NotFeedError for %s", d, err, c.what)
			}
			if utf8.RuneCountInString(nf.Snippet) > 200 || nf.Snippet == "" && c.what != "empty" {
				t.Errorf("snippet %q", nf.Snippet)
			}
			if c.what == "empty" && err.Error() != "parse: not a feed: the document is empty" {
				t.Errorf("error %q", err)
			}
		})
	}
}

func TestDetect(t *testing.T) {
	long := "<!-- " + strings.Repeat("x", 100_000) + " -->"
	for _, c := range []struct{ name, body, format string }{
		{"rss", `<rss><channel/></rss>`, "rss"},
		{"RSS in capitals", `<RSS><CHANNEL><ITEM><TITLE>x</TITLE></ITEM></CHANNEL></RSS>`, "rss"},
		{"rdf of another default namespace", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://x.example/"><channel/><item/></rdf:RDF>`, "rdf"},
		{"atom of another namespace", `<feed xmlns="http://x.example/"><entry/></feed>`, "atom"},
		{"rss in the namespace of Atom", `<rss xmlns="http://www.w3.org/2005/Atom"><channel><item xmlns="http://www.w3.org/2005/Atom"/></channel></rss>`, "rss"},
		{"rdf", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>`, "rdf"},
		{"atom", `<feed xmlns="http://www.w3.org/2005/Atom"/>`, "atom"},
		{"atom with a prefix", `<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry/></a:feed>`, "atom"},
		{"an Atom entry document", `<entry xmlns="http://www.w3.org/2005/Atom"><id>1</id></entry>`, "atom"},
		{"json", `{"version":"https://jsonfeed.org/version/1","items":[]}`, "json"},
		{"a root behind a long prologue", `<?xml version="1.0"?>` + long + `<!DOCTYPE rss [<!ENTITY a "<b>">]>` + "\n<rss/>", "rss"},
		{"a root with long attributes", `<rss a="` + strings.Repeat("x", 10_000) + `"><channel/></rss>`, "rss"},
		{"a program's warning before the document", "<br />\n<b>Warning</b>: x in y on line 3<br />\n<?xml version=\"1.0\"?><rss/>", "rss"},
		{"white space before the declaration", "\n\n <?xml version=\"1.0\"?><rss/>", "rss"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := Feed(t.Context(), []byte(c.body), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if d.Format != c.format {
				t.Errorf("format %s, want %s", d.Format, c.format)
			}
			if want := strings.Count(c.body, "<item") + strings.Count(c.body, "entry "); strings.Contains(c.name, "namespace") &&
				len(d.Items) != max(want, 1) {
				t.Errorf("%d items", len(d.Items))
			}
		})
	}
}
