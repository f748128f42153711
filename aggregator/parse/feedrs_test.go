package parse

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// Floors of the feed-rs corpus: facts met, by kind.
var feedrsFloors = map[string]int{
	"title": 96, "link": 86, "id": 79, "published": 72, "updated": 81, "author": 67, "summary": 56, "content": 57,
	"category": 66, "media": 26, "credit": 2, "rights": 1, "feed title": 60, "feed language": 29,
}

// feedrsMisses are the facts that we do not meet, by file and kind, each with its reason.
var feedrsMisses = map[string]string{
	"atom_example_7 content":         "feed-rs writes an empty <br/> as <br></br>, which are two in HTML",
	"atom_relative link":             `a relative address without any base leads nowhere; with the document's address it is resolved`,
	"atom_xml_base content":          `feed-rs leaves addresses inside the content relative, xml:base or not`,
	"atom_mediarss_reddit_1 content": `feed-rs leaves addresses inside the content relative`,
	"atom_example_3 link":            `feed-rs keeps the redirect of feedproxy; feedburner:origLink is where it leads`,
	"rss_2.0_rps link":               `feed-rs keeps the redirect of feedproxy; feedburner:origLink is where it leads`,
	"rss_1.0_example_1 link":         `feed-rs leaves the link relative; it is resolved on the feed's own`,
	"rss_2.0_bbc credit":             `feed-rs makes a media credit of itunes:author, which is the author of the item here`,
	"rss_2.0_ch9 credit":             `feed-rs makes a media credit of itunes:author, which is the author of the item here`,
	"rss_2.0_nightvale credit":       `feed-rs makes a media credit of itunes:author, which is the author of the item here`,
	"rss_2.0_spiegel credit":         `feed-rs makes a media credit of itunes:author, which is the author of the item here`,
	"rss_2.0_spreaker credit":        `feed-rs makes a media credit of itunes:author, which is the author of the item here`,
	"rss_2.0_ilgiornale author":      `feed-rs calls an author given by mail and name in parentheses "author"`,
	"rss_2.0_relurl_1 author":        `feed-rs calls an author given by mail and name in parentheses "author"`,
	"rss_2.0_spiegel media":          `feed-rs takes the page of a player for a medium`,
}

type feedrsText struct{ Content string }

type feedrsPerson struct{ Name, URI, Email string }

type feedrsFeed struct {
	Title    *feedrsText
	Language string
	Entries  []struct {
		ID         string
		Title      *feedrsText
		Updated    *time.Time
		Published  *time.Time
		Authors    []feedrsPerson
		Links      []struct{ Href, Rel string }
		Summary    *feedrsText
		Content    *struct{ Body string }
		Categories []struct{ Term string }
		Rights     *feedrsText
		Media      []struct {
			Content []struct{ URL string }
			Credits []struct{ Entity string }
		}
	}
}

func TestFeedRS(t *testing.T) {
	met, all := map[string]int{}, map[string]int{}
	for _, file := range feedtest.Glob(t, "corpora/feed-rs/*/*.serde.json") {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var want feedrsFeed
		if err := json.Unmarshal(raw, &want); err != nil {
			t.Fatal(err)
		}
		base := strings.TrimSuffix(file, ".serde.json")
		body, err := os.ReadFile(base + ".xml")
		if err != nil {
			body, err = os.ReadFile(base + ".json")
		}
		if err != nil {
			t.Fatal(err)
		}
		name := base[strings.LastIndexByte(base, '/')+1:]
		d, err := Feed(t.Context(), body, Options{Zone: time.UTC})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		check := func(kind, got, wanted string, same bool) {
			all[kind]++
			_, miss := feedrsMisses[name+" "+kind]
			switch {
			case same:
				met[kind]++
			case miss:
			default:
				t.Errorf("%s %s:\n got %q\nwant %q", name, kind, got, wanted)
			}
		}
		feedrsCompare(check, d, &want, body)
	}
	for name, reason := range feedrsMisses {
		t.Logf("missed: %s: %s", name, reason)
	}
	for kind := range feedrsFloors {
		t.Logf("%s: %d of %d facts met", kind, met[kind], all[kind])
		if met[kind] < feedrsFloors[kind] {
			t.Errorf("%s: %d facts met, the floor is %d", kind, met[kind], feedrsFloors[kind])
		}
	}
}

func feedrsCompare(check func(kind, got, want string, same bool), d *Document, want *feedrsFeed, body []byte) {
	text := func(kind, got string, w *feedrsText) {
		if w != nil {
			s := flat(w.Content)
			check(kind, got, w.Content, got == w.Content || got == s)
		}
	}
	html := func(kind, got, w string) {
		check(kind, got, w, sameHTML(got, w) || Plain(got) == strings.TrimSpace(w) || sameHTML(got, withoutDiv(w)) || Plain(got) == Plain(w) &&
			!strings.Contains(got, "=\""))
	}
	text("feed title", d.Feed.Title, want.Title)
	if want.Language != "" {
		check("feed language", d.Feed.Language, want.Language, strings.EqualFold(d.Feed.Language, strings.ReplaceAll(want.Language, "_", "-")))
	}
	if len(d.Items) != len(want.Entries) {
		check("count", "", "", false)
		return
	}
	for i, w := range want.Entries {
		it := &d.Items[i]
		text("title", it.Title, w.Title)
		text("rights", it.Rights, w.Rights)
		if bytes.Contains(body, []byte(w.ID)) { // else feed-rs made it up
			check("id", it.GUID, w.ID, it.GUID == w.ID || it.GUID == "" && it.URL == w.ID)
		}
		if w.Published != nil {
			check("published", it.PublishedRaw, w.Published.String(), it.Published.Equal(*w.Published))
		}
		if w.Updated != nil {
			check("updated", it.UpdatedRaw, w.Updated.String(), it.Updated.Equal(*w.Updated) || it.UpdatedRaw == "" &&
				it.Published.Equal(*w.Updated))
		}
		for _, a := range w.Authors {
			check("author", names0(it.Authors), a.Name, slices.ContainsFunc(it.Authors, func(p news.Person) bool { return samePerson(p, a) }))
		}
		if len(w.Links) > 0 {
			check("link", it.URL, w.Links[0].Href, strings.EqualFold(strings.TrimSuffix(it.URL, "/"), strings.TrimSuffix(w.Links[0].Href, "/")))
		}
		if w.Summary != nil {
			html("summary", it.Summary, w.Summary.Content)
		}
		if w.Content != nil && w.Content.Body != "" {
			html("content", it.Content, w.Content.Body)
		}
		for _, c := range w.Categories {
			found := false
			for _, g := range it.Categories {
				found = found || g.Term == c.Term
			}
			check("category", "", c.Term, found)
		}
		for _, m := range w.Media {
			for _, c := range m.Content {
				found := c.URL == ""
				for _, g := range it.Media {
					found = found || strings.TrimSuffix(g.URL, "/") == strings.TrimSuffix(c.URL, "/")
				}
				check("media", "", c.URL, found)
			}
			for _, c := range m.Credits {
				found := false
				for _, g := range it.Media {
					for _, k := range g.Credits {
						found = found || k.Name == c.Entity
					}
				}
				check("credit", "", c.Entity, found)
			}
		}
	}
}

func names0(people []news.Person) string {
	var names []string
	for _, p := range people {
		names = append(names, p.Name+" "+p.Email)
	}
	return strings.Join(names, "; ")
}

func samePerson(p news.Person, w feedrsPerson) bool {
	q := person(w.Name)
	return p.Name == w.Name || p.Name == q.Name && p.Email == q.Email
}

// withoutDiv takes the div off that feed-rs leaves around XHTML (RFC 4287 section 3.1.1.3: it is no part of the content).
func withoutDiv(s string) string {
	s = strings.TrimSpace(s)
	if gt := strings.IndexByte(s, '>'); strings.HasPrefix(s, "<div") && gt > 0 {
		return strings.TrimSpace(strings.TrimSuffix(s[gt+1:], "</div>"))
	}
	return s
}
