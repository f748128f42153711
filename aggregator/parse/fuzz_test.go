package parse

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/mmcdole/gofeed"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// FuzzFeed: for any input the answer is a document within the bounds, or an error of ours; its text is
// UTF-8 without control characters, its addresses are http or https; and reading in parts reads the same.
func FuzzFeed(f *testing.F) {
	for _, w := range benchWires {
		f.Add(w.body[:4000], "")
	}
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds")
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		i := max(strings.Index(string(b), "<?xml"), strings.Index(string(b), `{"version"`))
		f.Add(b[i:], "application/xml")
	}
	f.Add([]byte("<rss><channel><item><title>a<b></item><item></channel><channel/><item/></rss>"), "text/xml; charset=koi8-r")
	f.Add([]byte(`<a:feed xmlns:a="x"><a:entry><a:content type="xhtml"><x:div xmlns:x="http://www.w3.org/1999/xhtml"/></a:content>`+
		`</a:entry></a:feed>`), "")
	f.Add([]byte(`<rss xmlns="http://www.w3.org/2005/Atom"><channel><item xmlns="y"><title>t</title></item></channel></rss>`), "")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		o := Options{Document: "https://agency.example/dir/feed.xml", ContentType: contentType, Zone: time.UTC}
		own := bytes.Clone(body)
		d, err := Feed(context.Background(), own, o)
		clear(own) // what follows may not depend on it
		if err != nil {
			var nf *NotFeedError
			if d != nil || !errors.As(err, &nf) && !isBeyondHelp(err) {
				t.Fatalf("%v, %v", d, err)
			}
			return
		}
		if len(d.Items) > MaxItems {
			t.Fatalf("%d items", len(d.Items))
		}
		for i := range d.Items {
			checkItem(t, &d.Items[i])
		}
		sameInParts(t, "fuzz", body)
		if again, err := Feed(context.Background(), body, o); err != nil || !reflect.DeepEqual(d, again) {
			t.Fatalf("it refers to its body, or is read otherwise a second time: %v\n%+v\n%+v", err, d, again)
		}
	})
}

// isBeyondHelp reports whether err is of a document that nothing helps: it ends before there is anything to
// read, is broken JSON, or has a root whose namespaces alone are more than gofeed looks at.
func isBeyondHelp(err error) bool {
	var broken *BrokenError
	return errors.As(err, &broken) && (broken.Format == "json" || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, gofeed.ErrFeedTypeNotDetected))
}

func checkItem(t *testing.T, it *news.Item) {
	texts := []string{it.GUID, it.URL, it.Title, it.Summary, it.Content, it.Language, it.Publisher, it.Rights}
	lines := []string{it.Title, it.Publisher, it.Rights}
	links := []string{it.URL}
	for _, p := range slices.Concat(it.Authors, it.Contributors) {
		lines = append(lines, p.Name)
		links = append(links, p.URI)
	}
	for _, c := range it.Categories {
		lines = append(lines, c.Term, c.Label)
	}
	for _, m := range it.Media {
		lines = append(lines, m.Title, m.Description, m.Copyright)
		links = append(links, m.URL, m.Thumbnail)
		for _, c := range m.Credits {
			lines = append(lines, c.Name)
		}
	}
	for _, s := range append(texts, lines...) {
		if !utf8.ValidString(s) || strings.IndexFunc(s, isControl) >= 0 {
			t.Fatalf("control characters in %q", s)
		}
	}
	for _, s := range lines {
		if strings.ContainsAny(s, "\n\t\r") || strings.TrimSpace(s) != s || text.Visible(s) != s {
			t.Fatalf("no line: %q", s)
		}
	}
	for _, s := range links {
		if s != "" && (!isWeb(s) || strings.ContainsAny(s, " \n\t\r")) {
			t.Fatalf("no address: %q", s)
		}
	}
}

func isControl(r rune) bool {
	return r < 0x20 && r != '\n' && r != '\t' && r != '\r' || r >= 0x7f && r < 0xa0
}

// FuzzRepair: what is repaired is well-formed and is where the tree says; repairing it again changes nothing.
func FuzzRepair(f *testing.F) {
	for _, s := range []string{"<rss><channel><item><a b=c d>x</e></item>", "<rss><!-- x --><a>]]>&nbsp;&#1;</a><b/></rss>",
		`<rss a="<b" c='d&e'><f/>`, "<rss><a:b><c:d:e></rss>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text, _ := legal([]byte(s))
		format, start, entities, err := detect(text)
		if err != nil || format == "json" {
			return
		}
		tr := repair(format, text[start:], entities)
		if len(tr.elems) == 0 {
			return
		}
		wellFormed(t, tr)
		again := repair(format, tr.text, nil)
		if got := strings.ReplaceAll(string(again.text), "xml:base__", "xml:base_"); got != string(tr.text) && !strings.Contains(s, "xml:base_") {
			t.Fatalf("repaired twice:\n%s\n%s", tr.text, again.text)
		}
	})
}

// FuzzDate: a date that is read is read again as printed, and a guess is made only where a zone is given.
func FuzzDate(f *testing.F) {
	for _, s := range []string{"Mon, 23 Nov 2026 11:00:00 MSK", "23.11.2026 11:00", "2026-11-23T11:00:00+03:00", "1763884800",
		"11/12/2026 3:04 PM",
		"пн, 23 ноября 2026 г. 24:00:00 Europe/Minsk", "20261123T110000Z", "-0312", "03335", "Mon, 23 Nov 26 11:00 GMT+3 (x)"} {
		f.Add(s)
	}
	minsk := time.FixedZone("+03", 3*3600)
	f.Fuzz(func(t *testing.T, s string) {
		d := date(s, minsk)
		if d.at.IsZero() {
			return
		}
		if d.at.Location() != time.UTC {
			t.Fatalf("%q is not in UTC", s)
		}
		if d.at.Year() >= 1 && d.at.Year() <= 9999 {
			for _, layout := range []string{time.RFC3339Nano, time.RFC1123Z} {
				again := date(d.at.Format(layout), nil)
				if want := d.at; !again.at.Equal(want) && (layout != time.RFC1123Z || !again.at.Equal(want.Truncate(time.Second))) {
					t.Fatalf("%q is %v, printed and read again %v", s, d.at, again.at)
				}
			}
		}
		without := date(s, nil)
		if slices.Contains(d.guesses, "zone") != without.at.IsZero() {
			t.Fatalf("%q: guesses %v, without a zone %v", s, d.guesses, without.at)
		}
	})
}

// FuzzSanitize: nothing active remains, the result is closed, and it is sanitised once for all; its text is that of the result.
func FuzzSanitize(f *testing.F) {
	for _, s := range []string{`<p>a<p>b`, `<a href="javascript:x">y</a>`, `<img src=x onerror=alert(1)>`, `<svg><style><img src=x>`,
		`<table><b>x`,
		`<math><mi><style></mi><img src=x onerror=1>`, `a & b &amp; <c`, `<a href="/b">c</a><img src="//x/y" width=1>`, "<ſcript>",
		"<scrİpt>"} {
		f.Add(s, "https://agency.example/a/")
	}
	f.Fuzz(func(t *testing.T, s, base string) {
		once, text := Sanitize(s, base)
		if want := Plain(once); text != want {
			t.Fatalf("the text of %q is %q, want %q", once, text, want)
		}
		if active := activeMarkup(once); active != "" {
			t.Fatalf("%q stays in %q", active, once)
		}
		if utf8.ValidString(s) {
			if twice, _ := Sanitize(once, base); twice != once {
				t.Fatalf("sanitised twice:\n%q\n%q", once, twice)
			}
		}
		if strings.Contains(Plain(s), "\n\n") {
			t.Fatalf("an empty line in the text of %q", s)
		}
	})
}
