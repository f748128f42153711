package parse

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestRepair(t *testing.T) {
	rss := func(item string) string { return "<rss><channel><item>" + item + "</item></channel></rss>" }
	for _, c := range []struct{ name, in, want string }{
		{"what is well-formed passes", rss(`<title a="b" c='d'>x &amp; y &#8217; <![CDATA[<&]]></title><e/>`),
			rss(`<title a="b" c='d'>x &amp; y &#8217; <![CDATA[<&]]></title><e/>`)},
		{"a lone ampersand", rss("<link>?a=1&b=2&copy=3</link>"), rss("<link>?a=1&amp;b=2&amp;copy=3</link>")},
		{"a lone less-than", rss("<title>1 < 2</title>"), rss("<title>1 &lt; 2</title>")},
		{"the end of no section", rss("<title>a]]>b & c]]>d</title>"), rss("<title>a]]&gt;b &amp; c]]&gt;d</title>")},
		{"names that HTML knows", rss("<title>caf&eacute;&nbsp;&laquo;x&raquo; &nosuch; &LT;</title>"),
			rss("<title>café\u00a0«x» &amp;nosuch; &lt;</title>")},
		{"references to forbidden characters", rss("<title>a&#1;b&#xFFFF;c&#x110000;d&#150;e&#X41;f&#65 g</title>"),
			rss("<title>abcd–eAfA g</title>")},
		{"references without digits, and to no letter of windows-1252", rss("<title>a&#;b&#x;c&#129;d</title>"),
			rss("<title>a&amp;#;b&amp;#x;cd</title>")},
		{"comments and instructions", rss("<?php x ?><title>a<!-- b -- c -->d</title>"), rss("<title>ad</title>")},
		{"a declaration inside", rss("<!ELEMENT x><title>a</title>"), rss("<title>a</title>")},
		{"an element not closed", rss("<description><p>a<br>b</description><title>c</title>"),
			rss("<description><p>a<br/>b</p></description><title>c</title>")},
		{"an end of nothing", rss("<title>a</b></title>"), rss("<title>a</title>")},
		{"an end in other letters", rss("<Title>a</title>"), rss("<Title>a</Title>")},
		{"space in an end tag", rss("<title>a</title\n>"), rss("<title>a</title>")},
		{"attributes without quotes or value", rss(`<a href=b/c?d&e checked f = "g"h='i"'>x</a>`),
			rss(`<a href="b/c?d&amp;e" checked="" f="g" h="i&quot;">x</a>`)},
		{"an attribute given twice", rss(`<a b="c" b="d">x</a>`), rss(`<a b="c" >x</a>`)},
		{"a quote not closed", rss(`<a href="b>x</a><title c="d">y</title>`), rss(`<a href="b">x</a><title c="d">y</title>`)},
		{"a less-than in an attribute", rss(`<a b="1<2&3">x</a>`), rss(`<a b="1&lt;2&amp;3">x</a>`)},
		{"an empty tag without quotes", rss(`<enclosure type=audio/mpeg />`), rss(`<enclosure type="audio/mpeg"/>`)},
		{"an item inside an item", "<rss><channel><item><title>a</title><item><title>b</title></item></channel></rss>",
			"<rss><channel><item><title>a</title></item><item><title>b</title></item></channel></rss>"},
		{"xml:base is hidden from gofeed", rss(`<link xml:base="http://x.example/">a</link>`),
			rss(`<link xml:base_="http://x.example/">a</link>`)},
		{"what follows the root", rss("") + "<!-- x --> y", rss("")},
		{"a tag that begins inside a tag", rss("<title>a <b <i>c</i></title>"), rss("<title>a &lt;b <i>c</i></title>")},
		{"a name with two colons", rss("<a:b:c>x</a:b:c>"), rss("&lt;a:b:c>x")},
		{"a channel without the root's end", "<rss><channel><item></item></channel>", "<rss><channel><item></item></channel></rss>"},
		{"an unfinished item", "<rss><channel><title>t</title><item>a</item><item><title>b",
			"<rss><channel><title>t</title><item>a</item></channel></rss>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tr := repair("rss", []byte(c.in), nil)
			if got := string(tr.text); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
			wellFormed(t, tr)
		})
	}
}

// wellFormed checks that a strict parser reads the text of tr, and that the elements are where tr says.
func wellFormed(t *testing.T, tr *tree) {
	t.Helper()
	dec := xml.NewDecoder(strings.NewReader(string(tr.text)))
	var starts []int
	depth := 0
	for {
		at := int(dec.InputOffset())
		tok, err := dec.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("not well-formed: %v in %q", err, tr.text)
		}
		switch tok.(type) {
		case xml.StartElement:
			if depth < deepest {
				starts = append(starts, at)
			}
			depth++
		case xml.EndElement:
			depth--
		}
	}
	if len(starts) != len(tr.elems) || depth != 0 {
		t.Fatalf("%d elements kept, %d are there in %q", len(tr.elems), len(starts), tr.text)
	}
	for i, e := range tr.elems {
		if e.start != starts[i] {
			t.Fatalf("element %d at %d, is at %d in %q", i, e.start, starts[i], tr.text)
		}
		if e.inner > e.end || e.end > e.after || e.after > len(tr.text) || e.next <= i {
			t.Fatalf("element %d: %+v", i, e)
		}
	}
}

func TestEntitiesOfTheDocument(t *testing.T) {
	body := `<!DOCTYPE rss [ <!ENTITY site "https://agency.example"> <!ENTITY page '&site;/news'> <!ENTITY ext SYSTEM "file:///etc/passwd">
	<!ENTITY big "` + strings.Repeat("x", maxEntityLength+1) + `"> ]>
<rss><channel><item><title>&big; &ext;</title><link>&page;/1</link></item></channel></rss>`
	d, err := Feed(t.Context(), []byte(body), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if it := d.Items[0]; it.URL != "https://agency.example/news/1" || it.Title != "&big; &ext;" {
		t.Errorf("url %q, title %q", it.URL, it.Title)
	}
}

func TestPartial(t *testing.T) {
	whole := `<rss version="2.0"><channel><title>Agency</title><item><guid>1</guid><title>One</title></item><item><guid>2</guid><title>Two</title></item></channel></rss>`
	for n := range whole {
		d, err := Feed(t.Context(), []byte(whole[:n]), Options{})
		if err != nil {
			var nf *NotFeedError
			var broken *BrokenError
			if n > len(`<rss version="2.0">`) || !errors.As(err, &nf) && !errors.As(err, &broken) {
				t.Errorf("cut at %d: %v", n, err)
			}
			continue
		}
		want := strings.Count(whole[:n], "</item>")
		if len(d.Items) != want || d.Partial != (n < strings.Index(whole, "</channel>")+len("</channel>")) {
			t.Errorf("cut at %d: %d items, want %d; partial %v", n, len(d.Items), want, d.Partial)
		}
		for i, it := range d.Items {
			if it.Title != []string{"One", "Two"}[i] {
				t.Errorf("cut at %d: item %d is %q", n, i, it.Title)
			}
		}
	}
	t.Run("beside a whole channel", func(t *testing.T) {
		d, err := Feed(t.Context(), []byte("<rss><channel><item/></channel><item><title>x"), Options{})
		if err != nil || !d.Partial || len(d.Items) != 1 {
			t.Errorf("%+v, %v", d, err)
		}
	})
	t.Run("JSON", func(t *testing.T) {
		whole := `{"version":"https://jsonfeed.org/version/1","title":"Agency","items":[{"id":"1","title":"One"},{"id":"2","title":"Two"}]}`
		for n := len(`{"version":"https://jsonfeed.org/version/1",`); n < len(whole); n++ {
			d, err := Feed(t.Context(), []byte(whole[:n]), Options{})
			if err != nil {
				t.Fatalf("cut at %d: %v", n, err)
			}
			if want := max(strings.Count(whole[:n], "}"), 0); len(d.Items) != want || !d.Partial {
				t.Errorf("cut at %d: %d items, want %d; partial %v", n, len(d.Items), want, d.Partial)
			}
		}
	})
}
