package opml_test

import (
	"encoding/xml"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dateline/aggregator/opml"
)

func list() *opml.Document {
	return &opml.Document{
		Title:  "A wire & more",
		Topics: []opml.Topic{{ID: "belarus", Name: "Беларусь"}, {ID: "a,b", Name: "a,b"}, {ID: "a", Name: "a"}},
		Feeds: []opml.Feed{
			{Title: "None", URL: "https://none.example/rss?a=1&b=\"2\""},
			{Title: "БЕЛТА", URL: "https://belta.example/rss", Site: "https://belta.example/", Language: "ru", Topics: []string{"belarus"},
				Own: []opml.Attr{{Name: "id", Value: "belta-ru"}, {Name: "timezone", Value: "Europe/Minsk"}}},
			{Title: "Two", URL: "https://two.example/rss", Language: "en-GB", Topics: []string{"a,b", "belarus"}},
			{Title: "Three", URL: "https://three.example/rss", Topics: []string{"a", "belarus", "a,b"}},
		},
	}
}

// same compares lists, wherever their feeds stand.
var same = cmp.Options{
	cmpopts.IgnoreFields(opml.Feed{}, "Line"), cmpopts.EquateEmpty(),
	cmpopts.SortSlices(func(a, b opml.Feed) bool { return a.URL < b.URL }),
	cmpopts.SortSlices(func(a, b opml.Topic) bool { return a.ID < b.ID }),
}

func TestRoundTrip(t *testing.T) {
	want := list()
	b := want.Bytes()
	got, err := opml.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, same); diff != "" {
		t.Errorf("%s\n%s", diff, b)
	}
	if again := got.Bytes(); string(again) != string(b) {
		t.Errorf("written again it is\n%s\nnot\n%s", again, b)
	}
	if n := strings.Count(string(b), `xmlUrl="https://two.example/rss"`); n != 2 {
		t.Errorf("a feed of two topics stands %d times", n)
	}
}

func TestRead(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       []opml.Feed
	}{
		{"folders inside each other", `<outline text="World"><outline title="Europe"><outline text="A" xmlUrl="http://a/"/></outline><outline text="B" xmlUrl="http://b/"/></outline>`,
			[]opml.Feed{{Title: "A", URL: "http://a/", Topics: []string{"World", "Europe"}}, {Title: "B", URL: "http://b/", Topics: []string{"World"}}}},
		{"a category without a folder", `<outline text="A" xmlUrl="http://a/" category="/World/Europe, sport"/>`,
			[]opml.Feed{{Title: "A", URL: "http://a/", Topics: []string{"Europe", "sport"}}}},
		{"a feed in two folders", `<outline text="x"><outline title="A" xmlUrl="http://a/"/></outline><outline text="y"><outline xmlUrl="http://a/"/></outline>`,
			[]opml.Feed{{Title: "A", URL: "http://a/", Topics: []string{"x", "y"}}}},
		{"links and inclusions are no feeds", `<outline type="link" text="L" url="http://l/"/><outline type="include" text="I" url="http://i/"/><outline type="rss" text="A" XMLURL="http://a/"/>`,
			[]opml.Feed{{Title: "A", URL: "http://a/"}}},
		{"entities of HTML and white space", "<outline text=\"Caf&eacute;\n  &amp; more\" xmlUrl=\" http://a/ \"/>", []opml.Feed{{Title: "Café & more", URL: "http://a/"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := opml.Read([]byte(`<opml version="1.1"><body>` + c.body + `</body></opml>`))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got.Feeds, same); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("another encoding", func(t *testing.T) {
		got, err := opml.Read([]byte("<?xml version=\"1.0\" encoding=\"windows-1251\"?><opml><head><title>\xc2\xe5\xf1\xf2\xe8</title></head><body/></opml>"))
		if err != nil || got.Title != "Вести" {
			t.Errorf("%v, %+v", err, got)
		}
	})
}

func TestReadErrors(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"nothing":            {"", "1:1: not OPML: it has no elements"},
		"another root":       {"<rss/>", "1:7: not OPML: its root is rss"},
		"cut off":            {"<opml>\n <body>", "2:8: not XML: unexpected EOF"},
		"a bare ampersand":   {"<opml>\n <body>\n  <outline text=\"a & b\"/>", "3:21: not XML: invalid character entity & (no semicolon)"},
		"too deep":           {"<opml>" + strings.Repeat("<outline>", 100), "1:295: nested more than 32 deep"},
		"too many":           {"<opml>" + strings.Repeat("<outline/>", 60_000), "1:500017: more than 50000 outlines"},
		"too large":          {strings.Repeat(" ", opml.MaxSize+1), "1:1: larger than 10 MiB"},
		"entities that grow": {"<!DOCTYPE opml [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>\n<opml><head><title>&b;</title></head></opml>", "2:23: not XML: invalid character entity &b;"},
		"an unknown charset": {"<?xml version=\"1.0\" encoding=\"none\"?><opml/>", "1:38: not XML: "},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := opml.Read([]byte(c.text))
			var e *opml.Error
			if !errors.As(err, &e) || !strings.HasPrefix(e.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

// FuzzRead demands that what was read is written as well-formed XML, and read again is the same.
func FuzzRead(f *testing.F) {
	f.Add(list().Bytes())
	f.Add([]byte(`<opml><body><outline text="a,b"><outline title="A" xmlUrl="http://a/" category="x,/y/z"/></outline><outline type="link"/></body></opml>`))
	f.Add([]byte(`<opml><body><outline text="a" xmlUrl="b"><outline text="c"><outline xmlUrl="d" category="c,a"/></outline></outline></body></opml>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		first, err := opml.Read(b)
		if err != nil {
			var e *opml.Error
			if !errors.As(err, &e) || e.Line < 1 || e.Column < 1 {
				t.Fatalf("%#v", err)
			}
			return
		}
		if !opml.IsOPML(b) {
			t.Error("read, but not seen to be OPML")
		}
		out := first.Bytes()
		if err := xml.Unmarshal(out, new(struct{})); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		second, err := opml.Read(out)
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		second.Topics, first.Topics = nil, nil // folders that hold nothing are not written
		if diff := cmp.Diff(first, second, same); diff != "" {
			t.Errorf("%s\n%s", diff, out)
		}
	})
}
