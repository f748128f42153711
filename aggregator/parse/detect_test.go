package parse

import (
	"errors"
	"fmt"
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
			if want := strings.Count(c.body, "<item") + strings.Count(c.body, "entry "); strings.Contains(c.name, "namespace") && len(d.Items) != max(want, 1) {
				t.Errorf("%d items", len(d.Items))
			}
		})
	}
}

func TestBounds(t *testing.T) {
	item := "<item><title>x</title></item>"
	for _, c := range []struct {
		name, body string
		want       error
	}{
		{"items", "<rss><channel>" + strings.Repeat(item, MaxItems+1) + "</channel></rss>", ErrTooManyItems},
		{"depth", "<rss>" + strings.Repeat("<a>", MaxDepth) + "</rss>", ErrTooDeep},
		{"elements", "<rss>" + strings.Repeat("<a/>", MaxElements+1) + "</rss>", ErrTooManyElements},
		{"elements in one", "<rss><channel><item>" + strings.Repeat("<a/>", maxChildren+1) + "</item></channel></rss>", ErrTooManyElements},
		{"sections in one", "<rss><channel><item><a>" + strings.Repeat("<![CDATA[x]]>", maxChildren+1) + "</a></item></channel></rss>", ErrTooManyElements},
		{"namespaces", manyNamespaces(), ErrTooManyElements},
		{"attributes", "<rss" + strings.Repeat(` a="b"`, maxAttributes+1) + "></rss>", ErrTooManyElements},
		{"text", "<rss><channel><title>" + strings.Repeat("x", MaxToken+1) + "</title></channel></rss>", ErrTooLongToken},
		{"section", "<rss><channel><title><![CDATA[" + strings.Repeat("x", MaxToken+1) + "]]></title></channel></rss>", ErrTooLongToken},
		{"attribute", `<rss><channel a="` + strings.Repeat("x", MaxToken+1) + `"></channel></rss>`, ErrTooLongToken},
		{"JSON items", `{"version":"https://jsonfeed.org/version/1","items":[` + strings.Repeat(`{},`, MaxItems) + `{}]}`, ErrTooManyItems},
		{"JSON depth", `{"version":"https://jsonfeed.org/version/1","x":` + strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth) + `}`, ErrTooDeep},
		{"JSON values", `{"version":"https://jsonfeed.org/version/1","x":[` + strings.Repeat("1,", MaxElements) + `1]}`, ErrTooManyElements},
		{"JSON text", `{"version":"https://jsonfeed.org/version/1","x":"` + strings.Repeat("x", MaxToken+1) + `"}`, ErrTooLongToken},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := Feed(t.Context(), []byte(c.body), Options{}); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
	t.Run("at the bounds a document is read", func(t *testing.T) {
		body := "<rss><channel>" + strings.Repeat(item, MaxItems) + "</channel></rss>"
		if d, err := Feed(t.Context(), []byte(body), Options{}); err != nil || len(d.Items) != MaxItems {
			t.Error(err)
		}
	})
	t.Run("of a list too long the rest is left out", func(t *testing.T) {
		body := "<rss><channel><item>"
		for i := range MaxList + 5 {
			body += "<category>" + strings.Repeat("c", i+1) + "</category>"
		}
		d, err := Feed(t.Context(), []byte(body+"</item></channel></rss>"), Options{})
		if err != nil || len(d.Items[0].Categories) != MaxList {
			t.Error(err, len(d.Items[0].Categories))
		}
	})
}

func manyNamespaces() string {
	tag := func(from, n int) string {
		s := "<rss"
		for i := range n {
			s += fmt.Sprintf(` xmlns:a%d="b"`, from+i)
		}
		return s + ">"
	}
	return tag(0, maxAttributes) + tag(maxAttributes, 2) + "</rss></rss>"
}
