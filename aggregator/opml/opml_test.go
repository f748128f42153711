package opml_test

import (
	"encoding/xml"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/text/encoding/unicode"

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

// same compares lists, wherever their feeds are.
var same = cmp.Options{
	cmpopts.IgnoreFields(opml.Feed{}, "Line"), cmpopts.IgnoreFields(opml.Document{}, "Repeated"), cmpopts.EquateEmpty(),
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
			[]opml.Feed{{Title: "A", URL: "http://a/", Topics: []string{"World", "Europe"}},
				{Title: "B", URL: "http://b/", Topics: []string{"World"}}}},
		{"a category without a folder", `<outline text="A" xmlUrl="http://a/" category="/World/Europe, sport"/>`,
			[]opml.Feed{{Title: "A", URL: "http://a/", Topics: []string{"Europe", "sport"}}}},
		{"a feed in two folders", `<outline text="x"><outline title="A" xmlUrl="http://a/"/></outline><outline text="y"><outline xmlUrl="http://a/"/></outline>`,
			[]opml.Feed{{Title: "A", URL: "http://a/", Topics: []string{"x", "y"}}}},
		{"inclusions are no feeds", `<outline type="include" text="I" url="http://i/"/><outline type="rss" text="A" XMLURL="http://a/"/>`,
			[]opml.Feed{{Title: "A", URL: "http://a/"}}},
		{"entities of HTML and white space", "<outline text=\"Caf&eacute;\n  &amp; more\" xmlUrl=\" http://a/ \"/>",
			[]opml.Feed{{Title: "Café & more", URL: "http://a/"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := opml.Read([]byte(`<opml version="1.1"><body>` + c.body + `</body></opml>`))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got.Feeds, same); diff != "" {
				t.Error(diff)
			}
			if again := strings.Count(strings.ToLower(c.body), "xmlurl=") - len(c.want); got.Repeated != again {
				t.Errorf("%d feeds repeated, want %d", got.Repeated, again)
			}
		})
	}
	t.Run("another encoding", func(t *testing.T) {
		got, err := opml.Read([]byte("<?xml version=\"1.0\" " +
			"encoding=\"windows-1251\"?><opml><head><title>\xc2\xe5\xf1\xf2\xe8</title></head><body/></opml>"))
		if err != nil || got.Title != "Вести" {
			t.Errorf("%v, %+v", err, got)
		}
	})
}

func TestReadErrors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"nothing":      {"", "1:1: not OPML: it has no elements"},
		"plain text":   {"a list", "1:1: not OPML: it has no elements"},
		"another root": {"<?xml version=\"1.0\"?>\n <rss/>", "2:2: not OPML: its root is rss"},
		"a page":       {"<!doctype html><html><body><outline xmlUrl='http://a/'/>", "1:16: not OPML: its root is html"},
		"too large":    {strings.Repeat(" ", opml.MaxSize+1), "1:1: larger than 10 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := opml.Read([]byte(c.text))
			var e *opml.Error
			if !errors.As(err, &e) || e.Error() != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
			if opml.IsOPML([]byte(c.text)) {
				t.Error("it looks like OPML")
			}
		})
	}
}

// TestWild reads lists as other programs write them: between a first and a last feed is what is odd.
func TestWild(t *testing.T) {
	t.Parallel()
	const (
		head  = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\"><head><title>Subs</title></head><body>\n"
		first = `<outline text="First" type="rss" xmlUrl="https://first.example/rss"/>` + "\n"
		last  = "\n" + `<outline text="Last" type="rss" xmlUrl="https://last.example/rss"/>` + "\n"
		end   = "</body></opml>\n"
	)
	const broken, nowhere = "the outline is broken: it has no address that can be read", "the outline has no address of a feed"
	wide := func(order unicode.Endianness, bom unicode.BOMPolicy, s string) string {
		out, err := unicode.UTF16(order, bom).NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	odd := func(s string) string { return head + first + s + last + end }
	for _, c := range []struct {
		fact, body string
		title, url string // of the feed between; "": there is none
		left       []opml.LeftOut
	}{
		{"bare ampersands", odd(`<outline text="R & D" xmlUrl="https://m.example/?a=1&b=2&copy=3&lt=4&reg"/>`), "R & D",
			"https://m.example/?a=1&b=2&copy=3&lt=4&reg", nil},
		{"entities, known and not", odd(`<outline text="Caf&eacute; &#8212; &foo; &bar" xmlUrl="https://m.example/"/>`), "Café — &foo; &bar",
			"https://m.example/", nil},
		{"ampersands escaped twice", odd(`<outline text="M" xmlUrl="https://m.example/?a=1&amp;amp;amp;b=2"/>`), "M",
			"https://m.example/?a=1&b=2", nil},
		{"UTF-16, little end first", wide(unicode.LittleEndian, unicode.UseBOM, odd(`<outline text="Вести" xmlUrl="https://m.example/"/>`)),
			"Вести", "https://m.example/", nil},
		{"UTF-16 without a mark", wide(unicode.BigEndian, unicode.IgnoreBOM, odd(`<outline text="Вести" xmlUrl="https://m.example/"/>`)), "Вести",
			"https://m.example/", nil},
		{"UTF-16 without a mark, little end first", wide(unicode.LittleEndian, unicode.IgnoreBOM,
			odd(`<outline text="Вести" xmlUrl="https://m.example/"/>`)),
			"Вести", "https://m.example/", nil},
		{"UTF-16 that is UTF-8", strings.Replace(odd(`<outline text="Вести" xmlUrl="https://m.example/"/>`), "UTF-8", "utf-16", 1), "Вести",
			"https://m.example/", nil},
		{"an unknown encoding", strings.Replace(odd(`<outline text="Вести" xmlUrl="https://m.example/"/>`), "UTF-8", "x-none", 1), "Вести",
			"https://m.example/", nil},
		{"bytes that are no UTF-8", odd("<outline text=\"Caf\xe9\" xmlUrl=\"https://m.example/\"/>"), "Café", "https://m.example/", nil},
		{"a list that is not the UTF-8 that it says it is", odd("<outline text=\"\xc2\xe5\xf1\xf2\xe8\" xmlUrl=\"https://m.example/\"/>"),
			"Вести", "https://m.example/", nil},
		{"a link", odd(`<outline type="link" text="M" url="https://m.example/rss"/>`), "M", "https://m.example/rss", nil},
		{"an address by its short name", odd(`<outline text="M" type="rss" url="https://m.example/rss"/>`), "M", "https://m.example/rss", nil},
		{"a scheme that names a program", odd(`<outline text="M" xmlUrl="feed:https://m.example/rss"/>`), "M", "https://m.example/rss", nil},
		{"a scheme in place of http", odd(`<outline text="M" xmlUrl="feed://m.example/rss"/>`), "M", "http://m.example/rss", nil},
		{"values without quotes", odd(`<outline text=M xmlUrl=https://m.example/rss />`), "M", "https://m.example/rss", nil},
		{"attributes without a space", odd(`<outline text="M"xmlUrl="https://m.example/rss"/>`), "M", "https://m.example/rss", nil},
		{"a tag in a title", odd(`<outline text="a <b>c</b> > d" xmlUrl="https://m.example/rss"/>`), "a <b>c</b> > d", "https://m.example/rss",
			nil},
		{"quotes in a title", odd(`<outline text="The "best" feed" xmlUrl="https://m.example/rss"/>`), "The", "https://m.example/rss", nil},
		{"a tag without its end", odd(`<outline text="M" xmlUrl="https://m.example/rss"`), "M", "https://m.example/rss", nil},
		{"outlines without their end", odd(`<outline text="M" xmlUrl="https://m.example/rss">`), "M", "https://m.example/rss", nil},
		{"control characters", odd("<outline text=\"M\v\x00\" xmlUrl=\"https://m.example/rss\"/>"), "M", "https://m.example/rss", nil},
		{"an end that fits nothing", odd(`</outline></b><outline text="M" xmlUrl="https://m.example/rss"/>`), "M", "https://m.example/rss", nil},
		{"deeper than folders count", odd(strings.Repeat("<outline>", 99) + `<outline text="M" xmlUrl="https://m.example/rss"/>`), "M",
			"https://m.example/rss", nil},
		{"a document type", strings.Replace(odd(`<outline text="&m;" xmlUrl="https://m.example/rss"/>`), "<opml",
			"<!DOCTYPE opml [<!ENTITY m \"mm\">]><opml", 1), "&m;", "https://m.example/rss", nil},
		{"a quote that is not closed", odd(`<outline text="M" xmlUrl="https://m.example/rss/>`), "", "", []opml.LeftOut{{Line: 4, Why: broken}}},
		{"another quote that is not closed", odd(`<outline text="M xmlUrl="https://m.example/rss"/>`), "", "",
			[]opml.LeftOut{{Line: 4, Why: broken}}},
		{"a page without a feed", odd(`<outline text="M" htmlUrl="https://m.example/"/>`), "", "", []opml.LeftOut{{Line: 4, Why: nowhere}}},
		{"a feed without an address", odd(`<outline text="M" type="rss"/>`), "", "", []opml.LeftOut{{Line: 4, Why: nowhere}}},
		{"another list", odd(`<outline text="M" type="link" url="https://m.example/x.opml?v=1"/>`), "", "",
			[]opml.LeftOut{{Line: 4, URL: "https://m.example/x.opml?v=1", Why: "another list: import it by itself"}}},
		{"a comment", odd(`<!-- <outline text="M" xmlUrl="https://m.example/rss"/> -->`), "", "", nil},
		{"a comment without its end", odd(`<!-- <outline text="M" xmlUrl="https://m.example/rss"/>`), "M", "https://m.example/rss", nil},
		{"a title in a CDATA section", strings.Replace(odd(""), "Subs", "<![CDATA[Subs]]>", 1), "", "", nil},
		{"an outline that is no folder", odd(`<outline type="text" text="Notes"><outline text="M" xmlUrl="https://m.example/rss"/></outline>`),
			"M", "https://m.example/rss", nil},
		{"cut off", head + first + strings.TrimSpace(last), "", "",
			[]opml.LeftOut{{Line: 4, Why: "the list ends here without </opml>: more may have been cut off"}}},
		{"capitals", strings.NewReplacer("opml", "OPML", "outline", "OUTLINE", "xmlUrl", "XMLURL", "text=",
			"TEXT=").Replace(odd(`<outline text="M" xmlUrl="https://m.example/rss"/>`)), "M", "https://m.example/rss", nil},
		{"line ends of old", strings.ReplaceAll(odd(`<outline text="M" type="rss"/>`), "\n", "\r"), "", "",
			[]opml.LeftOut{{Line: 4, Why: nowhere}}},
	} {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			got, err := opml.Read([]byte(c.body))
			if err != nil {
				t.Fatal(err)
			}
			want := []opml.Feed{{Title: "First", URL: "https://first.example/rss"}, {Title: "Last", URL: "https://last.example/rss"}}
			if c.url != "" {
				want = slices.Insert(want, 1, opml.Feed{Title: c.title, URL: c.url})
			}
			if diff := cmp.Diff(&opml.Document{Title: "Subs", Feeds: want, LeftOut: c.left}, got, same); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestManyOutlines reads as many outlines as there may be, and says that there are more.
func TestManyOutlines(t *testing.T) {
	t.Parallel()
	got, err := opml.Read([]byte("<opml>" + strings.Repeat("<outline xmlUrl='a'/>\n", opml.MaxOutlines+1) + "</opml>"))
	if err != nil {
		t.Fatal(err)
	}
	want := []opml.LeftOut{{Line: opml.MaxOutlines + 1, Why: "more than 50000 outlines: this one and the rest are left out"}}
	if diff := cmp.Diff(want, got.LeftOut); diff != "" {
		t.Error(diff)
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
		first.LeftOut = nil
		if diff := cmp.Diff(first, second, same); diff != "" {
			t.Errorf("%s\n%s", diff, out)
		}
	})
}
