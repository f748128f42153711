package publish

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
)

// single renders a wire of one entry and reads it back.
func single(t *testing.T, o Options, items ...news.Item) readEntry {
	t.Helper()
	w := newWorld(t)
	w.publish(items...)
	f := parse(t, render(t, o, w))
	if len(f.Entries) != 1 {
		t.Fatalf("%d entries, want 1", len(f.Entries))
	}
	return f.Entries[0]
}

// pressBut is the press conference with one thing changed.
func pressBut(change func(*news.Item)) news.Item {
	it := press()
	change(&it)
	return it
}

func names(all []readPerson) []string {
	out := []string{}
	for _, who := range all {
		out = append(out, who.Name)
	}
	return out
}

func TestAuthors(t *testing.T) {
	person := []news.Credit{{Role: news.Byline, Name: "Jane Roe"}}
	for name, tt := range map[string]struct {
		items                 []news.Item
		authors, contributors []string
	}{
		"the originator where no person is known": {[]news.Item{press()}, []string{"BelTA"}, []string{"Russian MFA", "TASS"}},
		"persons first, then the agency contributes": {
			[]news.Item{pressBut(func(it *news.Item) { it.Credits.Byline = person })},
			[]string{"Jane Roe"}, []string{"BelTA", "Russian MFA", "TASS"},
		},
		"the source where nobody was found": {
			[]news.Item{pressBut(func(it *news.Item) { it.Credits = news.Credits{}; it.Media = nil })},
			[]string{"BelTA"}, []string{},
		},
		"the feed's author where credits were not judged": {
			[]news.Item{pressBut(func(it *news.Item) {
				it.Credits, it.Media = news.Credits{}, nil
				it.Authors = []news.Person{{Name: "БЕЛТА"}, {Name: "Jane Roe", URI: "https://people.example/jane"}}
			})},
			[]string{"Jane Roe"}, []string{"BelTA"},
		},
		"the feed's author as a contributor where the byline is another": {
			[]news.Item{pressBut(func(it *news.Item) {
				it.Credits.Byline, it.Credits.Photos = person, nil
				it.Media, it.Authors = nil, []news.Person{{Name: "jane roe"}, {Name: "John Doe"}}
				it.Contributors = []news.Person{{Name: "Ann Lee"}}
			})},
			[]string{"Jane Roe"}, []string{"BelTA", "John Doe", "Ann Lee"},
		},
		"nobody twice whose field says more than the name": {
			[]news.Item{pressBut(func(it *news.Item) {
				it.Credits.Byline, it.Credits.Photos = person, nil
				it.Media, it.Authors = nil, []news.Person{{Name: "By Jane Roe, TASS"}, {Name: "Jane Roebuck"}}
			})},
			[]string{"Jane Roe"}, []string{"BelTA", "Jane Roebuck"},
		},
		"nobody who was judged to be no credit": {
			[]news.Item{pressBut(func(it *news.Item) {
				it.Credits.Photos, it.Media = nil, nil
				it.Credits.Other = []news.Credit{{Name: "admin"}}
				it.Authors = []news.Person{{Name: "admin"}}
			})},
			[]string{"BelTA"}, []string{},
		},
		"whom the text cites is neither": {
			[]news.Item{pressBut(func(it *news.Item) { it.Credits.Cited = []news.Credit{{Role: news.Cited, Name: "Interfax"}} })},
			[]string{"BelTA"}, []string{"Russian MFA", "TASS"},
		},
		"carriers contribute": {
			[]news.Item{pressBut(func(it *news.Item) { it.Credits.Photos, it.Media = nil, nil }), {Source: "tass", GUID: "1"},
				{Source: "mid", GUID: "2"}},
			[]string{"BelTA"}, []string{"TASS", "Russian MFA"},
		},
		"of a reprint the agency it names": {
			[]news.Item{pressBut(func(it *news.Item) {
				it.Credits = news.Credits{Agency: &news.Credit{Name: "ТАСС", Agency: "tass", Display: "TASS"}}
				it.Media = nil
			})},
			[]string{"TASS"}, []string{"BelTA"},
		},
		"of a source that is not configured what its feed is called": {
			[]news.Item{{Source: "gone", GUID: "1", Feed: news.Feed{Title: "The Gone Wire"}}},
			[]string{"The Gone Wire"}, []string{},
		},
		"of a source without anything its host": {
			[]news.Item{{Source: "gone", GUID: "1", URL: "https://gone.example/1"}}, []string{"gone.example"}, []string{},
		},
		"at the least its id": {[]news.Item{{Source: "gone", GUID: "1"}}, []string{"gone"}, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			e := single(t, options(), tt.items...)
			if diff := cmp.Diff(tt.authors, names(e.Authors)); diff != "" {
				t.Errorf("authors (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.contributors, names(e.Contributors)); diff != "" {
				t.Errorf("contributors (-want +got):\n%s", diff)
			}
			if len(e.Publisher) == 0 || e.Publisher[0] == "" {
				t.Error("no dc:publisher")
			}
		})
	}
}

func TestGrant(t *testing.T) {
	credit := `<p class="credit"><a href="https://belta.example/politics/1">BelTA</a>, Moscow, 17 May. Photo: Russian MFA/TASS.</p>`
	long := "<p>" + strings.Repeat("word ", 99) + "<b>last</b> </p><ul><li>more</ul>"
	for name, tt := range map[string]struct {
		grant            news.Content
		change           func(*news.Item)
		content, summary string
		pictures         int
	}{
		"headline":        {news.Headline, nil, credit, "", 0},
		"summary":         {news.Summary, nil, "<p>The ministers met in the capital.</p>" + credit, "", 1},
		"none is summary": {"", nil, "<p>The ministers met in the capital.</p>" + credit, "", 1},
		"summary cut from a text": {news.Summary, func(it *news.Item) { it.Summary, it.Content = "", long },
			"<p>" + strings.Repeat("word ", 99) + "last…</p>" + credit, "", 1},
		"short text not cut": {news.Summary, func(it *news.Item) { it.Summary, it.Content = "", "<p>A &lt;b&gt;</p>text" },
			"<p>A &lt;b&gt; text</p>" + credit, "", 1},
		"full": {news.Full, nil, "<p>The ministers met in the capital.</p><p>They spoke of dialogue & trade.</p>" + credit,
			"<p>The ministers met in the capital.</p>", 1},
		"full without content": {news.Full, func(it *news.Item) { it.Content = "" }, "<p>The ministers met in the capital.</p>" + credit, "",
			1},
		"full of nothing": {news.Full, func(it *news.Item) { it.Content, it.Summary = "", "" }, credit, "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			o := options()
			o.Sources = slices.Clone(o.Sources)
			o.Sources[0].Content = tt.grant
			it := press()
			if tt.change != nil {
				tt.change(&it)
			}
			e := single(t, o, it)
			var summary string
			for _, s := range e.Summary {
				summary += s.Text
			}
			if diff := cmp.Diff([]string{tt.content, tt.summary}, []string{e.Content[0].Text, summary}); diff != "" {
				t.Errorf("content and summary (-want +got):\n%s", diff)
			}
			if len(e.Media) != tt.pictures {
				t.Errorf("%d pictures, want %d", len(e.Media), tt.pictures)
			}
			if tt.pictures == 0 && len(e.Credits) != 3 {
				t.Errorf("credits of the photo %v, want the line and two more", e.Credits)
			}
		})
	}
	t.Run("a source that is configured no more", func(t *testing.T) {
		e := single(t, options(), pressBut(func(it *news.Item) { it.Source = "gone" }))
		if strings.Contains(e.Content[0].Text, "capital") || len(e.Media) > 0 {
			t.Errorf("content %q, media %v", e.Content[0].Text, e.Media)
		}
	})
	t.Run("without the credit line", func(t *testing.T) {
		o := options()
		o.CreditLine = false
		if e := single(t, o, press()); strings.Contains(e.Content[0].Text, "credit") || e.Citation[0] == "" {
			t.Errorf("content %q, citation %q", e.Content[0].Text, e.Citation)
		}
		e := single(t, o, news.Item{Source: "tass", GUID: "t", Title: "A </b> headline"})
		if diff := cmp.Diff([]readText{{"html", "A &lt;/b&gt; headline"}}, e.Content); diff != "" {
			t.Errorf("where nothing else is granted (-want +got):\n%s", diff)
		}
	})
}

func TestLinks(t *testing.T) {
	belta := pressBut(func(it *news.Item) { it.Media = nil })
	tass := news.Item{Source: "tass-ru", GUID: "t", URL: "https://tass.example/ru/1", Language: "ru_RU"}
	mid := news.Item{Source: "mid", GUID: "m", URL: "https://mid.example/1"}
	alternate := readLink{Rel: "alternate", Href: "https://belta.example/politics/1", Lang: "en"}
	for name, tt := range map[string]struct {
		items []news.Item
		want  []readLink
	}{
		"of one item": {[]news.Item{belta}, []readLink{alternate}},
		"carriers": {[]news.Item{belta, tass, mid}, []readLink{
			alternate,
			{Rel: "http://purl.org/dc/terms/hasVersion", Href: "https://tass.example/ru/1", Lang: "ru-RU", Title: "ТАСС"},
			{Rel: "http://purl.org/dc/terms/hasVersion", Href: "https://mid.example/1", Lang: "en", Title: "Russian MFA"},
		}},
		"the originator's version": {[]news.Item{pressBut(func(it *news.Item) {
			it.Media, it.Credits = nil, news.Credits{Agency: &news.Credit{Name: "ТАСС", Agency: "tass"}}
		}), mid, tass}, []readLink{
			alternate,
			{Rel: "http://purl.org/dc/terms/hasVersion", Href: "https://mid.example/1", Lang: "en", Title: "Russian MFA"},
			{Rel: "via", Href: "https://tass.example/ru/1", Lang: "ru-RU", Title: "ТАСС"},
		}},
		"another item of the originator, which is published itself": {[]news.Item{belta,
			{Source: "belta", GUID: "2", URL: "https://belta.example/2"}}, []readLink{
			alternate,
			{Rel: "http://purl.org/dc/terms/hasVersion", Href: "https://belta.example/2", Lang: "en", Title: "BelTA"},
		}},
		"a carrier without a page": {[]news.Item{belta, {Source: "mid", GUID: "m"}}, []readLink{alternate}},
		"enclosures but no pictures": {[]news.Item{pressBut(func(it *news.Item) {
			it.Media = append(it.Media, news.Media{URL: "https://belta.example/1.mp3", Type: "Audio/MPEG; x=y", Length: 7, Title: "Sound"},
				news.Media{URL: "https://belta.example/1.mp3"}, news.Media{URL: "https://belta.example/2", Type: "film", Length: -1})
		})}, []readLink{
			alternate,
			{Rel: "enclosure", Href: "https://belta.example/1.mp3", Type: "audio/mpeg", Length: "7", Title: "Sound"},
			{Rel: "enclosure", Href: "https://belta.example/2"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			e := single(t, options(), tt.items...)
			if diff := cmp.Diff(tt.want, e.Links); diff != "" {
				t.Errorf("links (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSource(t *testing.T) {
	minted := news.SourceKey("belta").URN()
	for name, tt := range map[string]struct {
		change func(*news.Item)
		want   readSource
	}{
		"as its feed says": {
			func(it *news.Item) {
				it.Feed = news.Feed{
					ID: "https://belta.example/feed", Title: "News of BelTA", Updated: day, Self: "https://belta.example/feed.atom",
					Site: "https://belta.example/news", Authors: []news.Person{{Name: "Desk <d@b.example>", URI: "https://belta.example/desk"}},
					Rights: "© the desk",
				}
			},
			readSource{
				ID: []string{"https://belta.example/feed"}, Title: []readText{{"", "News of BelTA"}}, Updated: []string{"2023-05-17T12:44:00Z"},
				Authors: []readPerson{{"Desk", "https://belta.example/desk"}}, Rights: []readText{{"", "© the desk"}},
				Links: []readLink{{Rel: "self", Href: "https://belta.example/feed.atom"}, {Rel: "alternate", Href: "https://belta.example/news"}},
			},
		},
		"as the configuration says where its feed is silent": {
			func(it *news.Item) { it.Feed = news.Feed{} },
			readSource{
				ID: []string{minted}, Title: []readText{{"", "BelTA"}}, Updated: []string{"2023-05-17T12:45:00Z"},
				Authors: []readPerson{{"BelTA", ""}}, Rights: []readText{{"", "© BelTA"}},
				Links: []readLink{{Rel: "self", Href: "https://belta.example/rss"}, {Rel: "alternate", Href: "https://belta.example/"}},
			},
		},
		"never updated after we read it": {
			func(it *news.Item) { it.Feed = news.Feed{ID: "Not canonical", Updated: day.AddDate(1, 0, 0)} },
			readSource{
				ID: []string{minted}, Title: []readText{{"", "BelTA"}}, Updated: []string{"2023-05-17T12:45:00Z"},
				Authors: []readPerson{{"BelTA", ""}}, Rights: []readText{{"", "© BelTA"}},
				Links: []readLink{{Rel: "self", Href: "https://belta.example/rss"}, {Rel: "alternate", Href: "https://belta.example/"}},
			},
		},
		"of the item where it brought one": {
			func(it *news.Item) {
				it.Origin = &news.Feed{ID: "tag:other.example,2023:feed", Title: "Other </b>", Updated: day}
			},
			readSource{
				ID: []string{"tag:other.example,2023:feed"}, Title: []readText{{"html", "Other &lt;/b&gt;"}}, Updated: []string{"2023-05-17T12:44:00Z"},
				Authors: []readPerson{{"BelTA", ""}},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			e := single(t, options(), pressBut(tt.change))
			if diff := cmp.Diff([]readSource{tt.want}, e.Source); diff != "" {
				t.Errorf("source (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEntry(t *testing.T) {
	e := single(t, options(), press(), news.Item{Source: "tass", GUID: "t", URL: "https://tass.example/1"})
	t.Run("id is the key's where the source has none fit", func(t *testing.T) {
		if want := news.ItemKey("belta", press().GUID).URN(); e.ID[0] != want {
			t.Errorf("id %s, want %s", e.ID[0], want)
		}
	})
	t.Run("published is exact, updated carries the position", func(t *testing.T) {
		if e.Published[0] != "2023-05-17T12:44:00Z" || e.Updated[0] != "2023-05-17T12:44:00.000001Z" {
			t.Errorf("published %s, updated %s", e.Published, e.Updated)
		}
	})
	t.Run("a missing date stays missing", func(t *testing.T) {
		e := single(t, options(), pressBut(func(it *news.Item) { it.Published = time.Time{} }))
		if len(e.Published) > 0 || e.Updated[0] != "2023-05-17T12:45:00.000001Z" {
			t.Errorf("published %s, updated %s", e.Published, e.Updated)
		}
	})
	t.Run("categories", func(t *testing.T) {
		want := []readCategory{
			{Term: "belarus", Scheme: "urn:dateline:topic"}, {Term: "russia", Scheme: "urn:dateline:topic", Label: "Russia & neighbours"},
			{Term: "belta", Scheme: "urn:dateline:source", Label: "BelTA"}, {Term: "tass", Scheme: "urn:dateline:source", Label: "TASS"},
			{Term: "Politics"},
		}
		if diff := cmp.Diff(want, e.Categories); diff != "" {
			t.Errorf("categories (-want +got):\n%s", diff)
		}
	})
	t.Run("citation, provenance and rights", func(t *testing.T) {
		got := []string{e.Citation[0], e.Provenance[0], e.Rights[0].Text, e.Publisher[0]}
		want := []string{"BelTA, Moscow, 17 May. Photo: Russian MFA/TASS. Also carried by: TASS.", "MOSCOW, 17 May (BelTA) -", "© BelTA", "BelTA"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("no IPTC unless asked", func(t *testing.T) {
		if len(e.Dateline)+len(e.Creditline)+len(e.By)+len(e.InfoSource) > 0 {
			t.Error("elements of nar:")
		}
		o := options()
		o.IPTC = true
		e := single(t, o, pressBut(func(it *news.Item) { it.Credits.Byline = []news.Credit{{Name: "Jane Roe"}} }))
		got := [][]string{e.Dateline, e.Creditline, e.By, e.InfoSource}
		if diff := cmp.Diff([][]string{{"MOSCOW, 17 May (BelTA) -"}, {"Russian MFA/TASS"}, {"Jane Roe"}, {"BelTA"}}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("an unknown language is not that of the feed", func(t *testing.T) {
		e := single(t, options(), news.Item{Source: "gone", GUID: "1"})
		if e.Lang == nil || *e.Lang != "" {
			t.Errorf("xml:lang %v, want it empty", e.Lang)
		}
	})
	t.Run("a title that looks like markup is shown as it is", func(t *testing.T) {
		e := single(t, options(), pressBut(func(it *news.Item) { it.Title = "The </b> tag" }))
		if diff := cmp.Diff([]readText{{"html", "The &lt;/b&gt; tag"}}, e.Title); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	for name, tt := range map[string]struct{ lead, summary, want string }{
		"from the lead": {"one two three four five six seven eight nine ten eleven twelve thirteen", "<p>x</p>",
			"one two three four five six seven eight nine ten eleven twelve …"},
		"from the summary":      {"", "<p>A short</p><p>text</p>", "A short text"},
		"at the least the name": {"", "", "BelTA"},
	} {
		t.Run("a missing title "+name, func(t *testing.T) {
			e := single(t, options(), pressBut(func(it *news.Item) { it.Title, it.Lead, it.Summary, it.Content = "", tt.lead, tt.summary, "" }))
			if e.Title[0].Text != tt.want {
				t.Errorf("title %q, want %q", e.Title[0].Text, tt.want)
			}
		})
	}
}
