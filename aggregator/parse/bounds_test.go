package parse

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
)

// rssAround returns an RSS document of three items, of which inside is what the second one has besides its title.
func rssAround(inside string) string {
	return `<rss version="2.0"><channel><title>Wire</title><item><guid>1</guid><title>First</title></item><item><title>Odd</title>` + inside +
		`</item><item><guid>3</guid><title>Last</title></item></channel></rss>`
}

// atomAround returns an Atom document of three entries, of which inside is what the second one has besides its title.
func atomAround(inside string) string {
	return `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>urn:x:1</id><title>First</title></entry><entry><title>Odd</title>` + inside +
		`</entry><entry><id>urn:x:3</id><title>Last</title></entry></feed>`
}

// jsonAround returns a JSON Feed of three items, of which inside is what the second one has besides its title.
func jsonAround(inside string) string {
	return `{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","title":"First"},{"title":"Odd"` + inside +
		`},{"id":"3","title":"Last"}]}`
}

// An item that is beyond a bound is shortened; the items around it are read.
func TestItemBeyondABoundCostsNoOther(t *testing.T) {
	deep := func(name string, n int) string {
		return strings.Repeat("<"+name+">", n) + "text" + strings.Repeat("</"+name+">", n)
	}
	attributes := func(n int) (s string) {
		for i := range n {
			s += fmt.Sprintf(` a%d="b"`, i)
		}
		return s
	}
	long := strings.Repeat("word ", MaxToken/5+1)
	picture := `<img src="data:image/png;base64,` + strings.Repeat("iVBORw0K", MaxToken/8+1) + `"> text`
	for _, c := range []struct{ name, doc, reason, summary string }{
		{"quotations in XHTML", atomAround(`<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">` + deep("blockquote", 80) +
			`</div></content>`), reasonDepth, "text"},
		{"raw elements", rssAround("<description>" + deep("b", 100) + "</description>"), reasonDepth, "text"},
		{"raw elements without end tags", rssAround("<description>" + strings.Repeat("<b>", 100) + "text</description>"), reasonDepth, "text"},
		{"elements that are not read", rssAround("<description>text</description><x:a>" + deep("x:a", 100) + "</x:a>"), reasonDepth, "text"},
		{"children", rssAround("<description>text " + strings.Repeat("<b>x</b> ", maxChildren+1) + "</description>"), reasonElements, "text x"},
		{"categories", rssAround("<description>text</description>" + strings.Repeat("<category>x</category>", maxChildren+1)), reasonElements,
			"text"},
		{"sections", rssAround("<description>text" + strings.Repeat("<![CDATA[ x]]>", maxChildren+1) + "</description>"), reasonElements,
			"text x"},
		{"attributes", rssAround("<description" + attributes(maxAttributes+1) + ">text</description>"), reasonAttributes, "text"},
		{"an escaped text", rssAround("<description>" + long + "</description>"), reasonText, "word word"},
		{"a text in a section", rssAround("<description><![CDATA[" + long + "]]></description>"), reasonText, "word word"},
		{"a picture inside an escaped text", rssAround("<description>" + escaper.Replace(picture) + "</description>"), reasonText, "text"},
		{"a picture inside a section", rssAround("<description><![CDATA[" + picture + "]]></description>"), reasonText, "text"},
		{"a picture inside raw markup", rssAround("<description>" + picture + "</description>"), reasonText, "text"},
		{"a long attribute", rssAround(`<description><a href="/` + strings.Repeat("x", MaxToken) + `">text</a></description>`), reasonText,
			"text"},
		{"a JSON extension", jsonAround(`,"content_html":"text","_x":` + strings.Repeat("[", 65) + strings.Repeat("]", 65)), reasonDepth, "text"},
		{"a JSON extension deeper than JSON is read", jsonAround(`,"content_html":"text","_x":` + strings.Repeat("[", 20_000) +
			strings.Repeat("]", 20_000)), reasonDepth, "text"},
		{"a JSON text", jsonAround(`,"content_html":"` + long + `"`), reasonText, "word word"},
		{"a picture inside a JSON text", jsonAround(`,"content_html":"` + strings.ReplaceAll(picture, `"`, `\"`) + `"`), reasonText, "text"},
		{"JSON values", jsonAround(`,"content_html":"text","tags":[` + strings.Repeat(`"x",`, maxChildren) + `"x"]`), reasonElements, "text"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := Feed(t.Context(), []byte(c.doc), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := titles(d); got != "First,Odd,Last" || d.Partial {
				t.Fatalf("items %s, partial %v", got, d.Partial)
			}
			if diff := cmp.Diff(news.LeftOut{Count: 1, Reason: c.reason, Example: "Odd"}, d.LeftOut); diff != "" {
				t.Error(diff)
			}
			odd := d.Items[1]
			if _, text := Sanitize(odd.Summary+odd.Content, ""); !strings.HasPrefix(text, c.summary) || len(text) > MaxToken {
				t.Errorf("text %.40q, %d bytes", text, len(text))
			}
		})
	}
}

// What HTML nests nowhere is nested in no item.
func TestElementsWithoutEndTagsNestNothing(t *testing.T) {
	for _, c := range []struct{ raw, want string }{
		{"line<br>", "line"},
		{`<img src="https://wire.example/p.jpg">`, ""},
		{"<p>line", "line"},
		{"<ul><li>a<li>b</ul>", "a\nb"},
		{"<dl><dt>a<dd>b</dl>", "a\nb"},
		{"<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc"},
		{"<select><option>a<option>b</select>", ""},
		{"<hr>", ""},
	} {
		t.Run(c.raw, func(t *testing.T) {
			for _, name := range []string{"description", "content:encoded", "summary"} {
				doc := rssAround("<" + name + ">" + strings.Repeat(c.raw, 100) + "</" + name + ">")
				d, err := Feed(t.Context(), []byte(strings.Replace(doc, "<rss ", `<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" `, 1)),
					Options{})
				if err != nil || titles(d) != "First,Odd,Last" || d.LeftOut.Count != 0 {
					t.Fatalf("%s, %+v, %v", titles(d), d.LeftOut, err)
				}
				_, text := Sanitize(d.Items[1].Summary+d.Items[1].Content, "")
				if want := strings.TrimSpace(strings.Repeat(c.want+"\n", 100)); c.want != "" && text != want {
					t.Errorf("%s: %.60q, want %.60q", name, text, want)
				}
			}
		})
	}
}

// What is beyond a bound outside the items costs no item.
func TestBoundsOfTheHeadCostNoItem(t *testing.T) {
	item := "<item><title>x</title></item>"
	for _, c := range []struct{ name, doc string }{
		{"depth", "<rss><channel>" + strings.Repeat("<a>", MaxDepth) + strings.Repeat("</a>", MaxDepth) + item + "</channel></rss>"},
		{"elements", "<rss><channel>" + item + strings.Repeat("<a/>", MaxElements+1) + "</channel></rss>"},
		{"namespaces", manyNamespaces(item)},
		{"attributes", "<rss" + strings.Repeat(` a="b"`, maxAttributes+1) + "><channel>" + item + "</channel></rss>"},
		{"text", "<rss><channel><title>" + strings.Repeat("x", MaxToken+1) + "</title>" + item + "</channel></rss>"},
		{"section", "<rss><channel><title><![CDATA[" + strings.Repeat("x", MaxToken+1) + "]]></title>" + item + "</channel></rss>"},
		{"attribute", `<rss><channel a="` + strings.Repeat("x", MaxToken+1) + `">` + item + "</channel></rss>"},
		{"JSON depth", `{"version":"https://jsonfeed.org/version/1","x":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) +
			`,"items":[{"title":"x"}]}`},
		{"JSON values", `{"version":"https://jsonfeed.org/version/1","x":[` + strings.Repeat("1,", MaxElements) + `1],"items":[{"title":"x"}]}`},
		{"JSON text", `{"version":"https://jsonfeed.org/version/1","x":"` + strings.Repeat("x", MaxToken+1) + `","items":[{"title":"x"}]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := Feed(t.Context(), []byte(c.doc), Options{})
			if err != nil || titles(d) != "x" || d.LeftOut.Count > 0 {
				t.Errorf("%v, %v", d, err)
			}
		})
	}
}

func manyNamespaces(inside string) string {
	declare := func(n int, name string) (s string) {
		for i := range n {
			s += fmt.Sprintf(` xmlns:%s%d="b"`, name, i)
		}
		return s
	}
	return "<rss" + declare(maxNamespaces, "a") + "><channel" + declare(2, "b") + ">" + inside + "</channel></rss>"
}

// Of too many items those that are not stored are taken first, in document order.
func TestOfTooManyItemsTheNewOnesComeFirst(t *testing.T) {
	const n = MaxItems + 500
	docs := map[string]func(i int) string{
		"rss":  func(i int) string { return fmt.Sprintf("<item><guid>g%d</guid><title>t%d</title></item>", i, i) },
		"atom": func(i int) string { return fmt.Sprintf("<entry><id>g%d</id><title>t%d</title></entry>", i, i) },
		"json": func(i int) string { return fmt.Sprintf(`{"id":"g%d","title":"t%d"},`, i, i) },
	}
	around := map[string][2]string{
		"rss":  {"<rss><channel>", "</channel></rss>"},
		"atom": {`<feed xmlns="http://www.w3.org/2005/Atom">`, "</feed>"},
		"json": {`{"version":"https://jsonfeed.org/version/1.1","items":[`, "]}"},
	}
	for format, item := range docs {
		t.Run(format, func(t *testing.T) {
			var b strings.Builder
			for i := range n {
				b.WriteString(item(i))
			}
			body := []byte(around[format][0] + b.String() + around[format][1])
			stored := map[string]bool{}
			read := func(o Options) *Document {
				d, err := Feed(t.Context(), body, o)
				if err != nil || len(d.Items) != MaxItems || d.Total != n {
					t.Fatalf("%d items of %d, %v", len(d.Items), d.Total, err)
				}
				return d
			}
			d := read(Options{})
			for i, it := range d.Items {
				if it.GUID != fmt.Sprint("g", i) {
					t.Fatalf("item %d is %s", i, it.GUID)
				}
				stored[it.GUID] = true
			}
			if diff := cmp.Diff(news.LeftOut{Count: 500, Reason: reasonItems, Example: fmt.Sprint("t", MaxItems)}, d.LeftOut); diff != "" {
				t.Error(diff)
			}
			d = read(Options{Stored: func(it news.Item) bool { return stored[it.GUID] }})
			for i, it := range d.Items {
				want := fmt.Sprint("g", i)
				if i >= MaxItems-500 {
					want = fmt.Sprint("g", i+500)
				}
				if it.GUID != want {
					t.Fatalf("item %d is %s, want %s", i, it.GUID, want)
				}
			}
		})
	}
}

// One slip in JSON costs the item that has it.
func TestSlipInJSONCostsOneItem(t *testing.T) {
	for _, c := range []struct{ name, inside string }{
		{"a trailing comma", `,`},
		{"a comment", `, "url": "/2" // the page` + "\n"},
		{"a comment in the middle", `, /* "url" */ "url": "/2"`},
		{"NaN", `,"size":NaN`},
		{"a bad escape", `,"summary":"\x41"`},
		{"a missing comma", ` "url":"/2"`},
		{"single quotes", `,'url':'/2'`},
		{"a missing quote", `,"summary":"text`},
		{"a bracket too many", `,"tags":["a"]]`},
		{"a bracket missing", `,"tags":["a"`},
		{"undefined", `,"url":undefined`},
		{"a number with a plus", `,"x":+1`},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := Feed(t.Context(), []byte(jsonAround(c.inside)), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if titles(d) != "First,Last" || d.Partial || d.Total != 3 {
				t.Errorf("items %s, partial %v, total %d", titles(d), d.Partial, d.Total)
			}
			if diff := cmp.Diff(news.LeftOut{Count: 1, Reason: reasonDamaged, Example: "Odd"}, d.LeftOut); diff != "" {
				t.Error(diff)
			}
		})
	}
	for _, c := range []struct{ name, doc string }{
		{"a trailing comma behind the items", `{"version":"https://jsonfeed.org/version/1","items":[{"title":"a"},{"title":"b"},],}`},
		{"no comma between items", `{"version":"https://jsonfeed.org/version/1","items":[{"title":"a"} {"title":"b"}]}`},
		{"comments around", "{// head\n\"version\":\"https://jsonfeed.org/version/1\",/* don't */\"items\":[{\"title\":\"a\"},\n// " +
			"\"x\n{\"title\":\"b\"}]}"},
		{"a member that is no JSON", `{"version":"https://jsonfeed.org/version/1","ttl":NaN,"x":undefined,"items":[{"title":"a"},{"title":"b"}]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := Feed(t.Context(), []byte(c.doc), Options{})
			if err != nil || titles(d) != "a,b" || d.Partial || d.LeftOut.Count > 0 {
				t.Errorf("%+v, %v", d, err)
			}
		})
	}
}

func titles(d *Document) string {
	if d == nil {
		return "no document"
	}
	var all []string
	for _, it := range d.Items {
		all = append(all, it.Title)
	}
	return strings.Join(all, ",")
}

// TestShorten: what is left of a text that is too long ends in no tag, reference or character, and keeps a short data: address.
func TestShorten(t *testing.T) {
	t.Parallel()
	fill := func(n int) string { return strings.Repeat("x", n) }
	for fact, tt := range map[string]struct{ s, want string }{
		"a letter of two bytes": {fill(MaxToken-1) + "жж", fill(MaxToken - 1)},
		"a reference":           {fill(MaxToken-3) + "&quot;y", fill(MaxToken - 3)},
		"a whole reference":     {fill(MaxToken-6) + "&quot;y", fill(MaxToken-6) + "&quot;"},
		"a tag":                 {fill(MaxToken-3) + "<b class=x>y", fill(MaxToken - 3)},
		"an escaped tag":        {fill(MaxToken-6) + "&lt;b class=x&gt;y", fill(MaxToken - 6)},
		"a whole tag":           {fill(MaxToken-3) + "<b>y", fill(MaxToken-3) + "<b>"},
		"a picture of one byte too many": {`<img src="data:` + fill(maxData+1) + `"><img src="data:` + fill(maxData) + `">` + fill(MaxToken),
			`<img src="data:"><img src="data:` + fill(maxData) + `">` + fill(MaxToken-len(`<img src="data:"><img src="data:">`)-maxData)},
	} {
		t.Run(fact, func(t *testing.T) {
			t.Parallel()
			if got := string(shorten([]byte(tt.s))); got != tt.want {
				t.Errorf("%d bytes that end in %q, want %d that end in %q", len(got), got[max(0, len(got)-20):], len(tt.want),
					tt.want[len(tt.want)-20:])
			}
		})
	}
}
