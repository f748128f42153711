package publish

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
)

// What documents say of licences, read without our own types.
type readLicences struct {
	Links  []readLink `xml:"http://www.w3.org/2005/Atom link"`
	Names  []string   `xml:"http://purl.org/dc/terms/ license"`
	Source struct {
		Links []readLink `xml:"http://www.w3.org/2005/Atom link"`
		Names []string   `xml:"http://purl.org/dc/terms/ license"`
	} `xml:"http://www.w3.org/2005/Atom source"`
	Pictures []struct {
		Licence []struct {
			Href string `xml:"href,attr"`
			Name string `xml:",chardata"`
		} `xml:"http://search.yahoo.com/mrss/ license"`
	} `xml:"http://search.yahoo.com/mrss/ content"`
}

// licences are those that a document names: of the entry, of its feed and of its picture.
type licences struct{ Entry, Feed, Picture string }

// addresses returns the addresses of the licences that are linked, with a space behind each.
func addresses(links []readLink) string {
	var b strings.Builder
	for _, l := range links {
		if l.Rel == "license" {
			b.WriteString("link " + l.Href + " ")
		}
	}
	return b.String()
}

func (r readLicences) said() licences {
	said := licences{
		Entry: strings.TrimSpace(addresses(r.Links) + strings.Join(r.Names, " ")),
		Feed:  strings.TrimSpace(addresses(r.Source.Links) + strings.Join(r.Source.Names, " ")),
	}
	for _, p := range r.Pictures {
		for _, l := range p.Licence {
			said.Picture += strings.TrimSpace(l.Href + " " + l.Name)
		}
	}
	return said
}

// readLicensed returns what each format says of the licences of the only entry of w, and fails the test for what is no Atom.
func readLicensed(t *testing.T, o Options, it news.Item) (atom, rss, feed licences) {
	t.Helper()
	w := newWorld(t)
	w.publish(it)
	h := New(o).Handler(w.view)
	if err := h.Refresh(); err != nil {
		t.Fatal(err)
	}
	docs := documents(t, h, []string{"/feed.atom", "/feed.rss", "/feed.json"})
	check(t, string(docs["/feed.atom"].Bytes), 1)
	var a struct {
		Entry readLicences `xml:"http://www.w3.org/2005/Atom entry"`
	}
	var r struct {
		Item readLicences `xml:"channel>item"`
	}
	var j struct {
		Items []struct {
			Credits struct {
				Licence string
				Source  struct{ Licence string }
				Media   []struct{ URL, Licence string }
			} `json:"_credits"`
		}
	}
	for _, err := range []error{
		xml.Unmarshal(docs["/feed.atom"].Bytes, &a), xml.Unmarshal(docs["/feed.rss"].Bytes, &r), json.Unmarshal(docs["/feed.json"].Bytes, &j),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	c := j.Items[0].Credits
	feed = licences{Entry: c.Licence, Feed: c.Source.Licence}
	for _, m := range c.Media {
		feed.Picture += m.URL + " " + m.Licence
	}
	return a.Entry.said(), r.Item.said(), feed
}

func TestLicenceIsRepublishedInTheElementOfTheStandard(t *testing.T) {
	t.Parallel()
	const item, feed = "https://l.example/item", "https://l.example/feed"
	const picture, config = "https://l.example/picture", "https://l.example/config"
	const photo = "https://belta.example/photo/1.jpg "
	for name, tt := range map[string]struct {
		configured      string
		item            licences
		atom, rss, json licences
	}{
		"addresses": {"", licences{item, feed, picture},
			licences{"link " + item, "link " + feed, picture}, licences{item, "", picture}, licences{item, feed, photo + picture}},
		"names": {"", licences{"Free to\nquote", "With a link", "Once only"},
			licences{"Free to quote", "With a link", "Once only"}, licences{"Free to quote", "", "Once only"},
			licences{"Free to quote", "With a link", photo + "Once only"}},
		"the source's where nothing else is said, but not of a picture": {config, licences{},
			licences{"link " + config, "link " + config, ""}, licences{config, "", ""}, licences{config, config, ""}},
		"their own before the source's": {config, licences{item, "With a link", ""},
			licences{"link " + item, "With a link", ""}, licences{item, "", ""}, licences{item, "With a link", ""}},
		"an address of another kind is a name": {"", licences{"javascript:alert(1)", "urn:l", "mailto:a"},
			licences{"javascript:alert(1)", "urn:l", "mailto:a"}, licences{"javascript:alert(1)", "", "mailto:a"},
			licences{"javascript:alert(1)", "urn:l", photo + "mailto:a"}},
		"none where nothing is said": {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := options()
			o.Sources[0].Licence = tt.configured
			atom, rss, feed := readLicensed(t, o, pressBut(func(it *news.Item) {
				it.Licence, it.Feed.Licence, it.Media[0].Licence = tt.item.Entry, tt.item.Feed, tt.item.Picture
			}))
			if diff := cmp.Diff([]licences{tt.atom, tt.rss, tt.json}, []licences{atom, rss, feed}); diff != "" {
				t.Errorf("Atom, RSS, JSON Feed (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLicenceOfAnotherFeedIsNotThatOfTheSource(t *testing.T) {
	t.Parallel()
	o := options()
	o.Sources[0].Licence = "Terms of the source"
	atom, _, feed := readLicensed(t, o, pressBut(func(it *news.Item) {
		it.Feed.Licence, it.Origin = "Terms of the feed", &news.Feed{Title: "Other", Licence: "https://l.example/other"}
	}))
	if atom.Feed != "link https://l.example/other" || feed.Feed != "https://l.example/other" {
		t.Errorf("Atom says %q, JSON Feed %q", atom.Feed, feed.Feed)
	}
}

// TestPageNamesTheLicence: the page of an entry names its licence, with a link where it has an address.
func TestPageNamesTheLicence(t *testing.T) {
	t.Parallel()
	for licence, want := range map[string]string{
		"https://l.example/by?a=1&b": `<p class="small">Licence: <a rel="license" href="https://l.example/by?a=1&amp;b">https://l.example/by?a=1&amp;b</a></p>`,
		"Free <to> quote":            `<p class="small">Licence: Free &lt;to&gt; quote</p>`,
		"":                           "",
	} {
		w, k := revised(t, func(it *news.Item) { it.Licence = licence })
		page := body(t, ask(searched(t, w, func(*Options) {}), "GET", "/entries/"+k.String()))
		if !strings.Contains(page, want) || strings.Contains(page, "Licence:") != (want != "") {
			t.Errorf("%q: the page lacks %s", licence, want)
		}
	}
}
