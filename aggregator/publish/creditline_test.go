package publish

import (
	"slices"
	"strings"
	"testing"

	"dateline/aggregator/news"
)

func TestCreditLine(t *testing.T) {
	reprint := func(it *news.Item) {
		it.Credits.Agency = &news.Credit{Name: "ТАСС", Agency: "tass", Display: "TASS"}
	}
	for name, tt := range map[string]struct {
		change func(*news.Item)
		others []news.Item
		lang   string
		want   string
	}{
		"whole": {nil, []news.Item{{Source: "tass"}}, "", "BelTA, Moscow, 17 May. Photo: Russian MFA/TASS. Also carried by: TASS."},
		"carriers in the order of the alphabet, each once": {
			nil, []news.Item{{Source: "tass"}, {Source: "tass", GUID: "2"}, {Source: "mid"}, {Source: "belta", GUID: "2"}},
			"", "BelTA, Moscow, 17 May. Photo: Russian MFA/TASS. Also carried by: Russian MFA, TASS.",
		},
		"in Russian": {
			func(it *news.Item) { it.Credits.Byline = []news.Credit{{Name: "Анна Ли"}} }, []news.Item{{Source: "tass"}},
			"ru-RU", "BelTA, Moscow, 17 мая, автор Анна Ли. Фото: Russian MFA/TASS. Передали также: TASS.",
		},
		"in the language of the piece": {
			func(it *news.Item) { it.Language = "ru"; reprint(it) }, nil,
			"", "TASS, Moscow, 17 мая. Фото: Russian MFA/TASS. Через BelTA.",
		},
		"of a text that came from nowhere": {func(it *news.Item) { it.Source, it.URL, it.Feed = "", "", news.Feed{} }, nil, "",
			"BelTA, Moscow, 17 May. Photo: Russian MFA/TASS."},
		"of a text that came from nowhere and names nobody": {
			func(it *news.Item) {
				it.Source, it.URL, it.Feed, it.Media, it.Credits = "", "", news.Feed{}, nil, news.Credits{}
			}, nil, "", "",
		},
		"of a text that names a place only": {
			func(it *news.Item) {
				it.Source, it.URL, it.Feed, it.Media, it.Credits = "", "", news.Feed{}, nil, news.Credits{Dateline: &news.Dateline{Place: "MINSK"}}
			}, nil, "", "Minsk.",
		},
		"a reprint": {reprint, nil, "", "TASS, Moscow, 17 May. Photo: Russian MFA/TASS. Via BelTA."},
		"a reprint that the originator has too": {
			reprint, []news.Item{{Source: "tass"}, {Source: "mid"}},
			"", "TASS, Moscow, 17 May. Photo: Russian MFA/TASS. Via BelTA. Also carried by: Russian MFA.",
		},
		"of an agency that is not in the registry": {
			func(it *news.Item) { it.Credits.Agency = &news.Credit{Name: "Minsk Herald"} }, nil,
			"", "Minsk Herald, Moscow, 17 May. Photo: Russian MFA/TASS. Via BelTA.",
		},
		"of the source under another spelling": {
			func(it *news.Item) { it.Credits.Agency = &news.Credit{Name: "belta"} }, nil,
			"", "belta, Moscow, 17 May. Photo: Russian MFA/TASS.",
		},
		"of the source under its name in another language": {
			func(it *news.Item) { it.Credits.Agency = &news.Credit{Name: "БЕЛТА", Agency: "belta"} }, nil,
			"", "БЕЛТА, Moscow, 17 May. Photo: Russian MFA/TASS.",
		},
		"taken from the feed that the item names": {
			func(it *news.Item) { it.Credits.Agency, it.Origin = nil, &news.Feed{Title: "Other Wire"} }, nil,
			"", "Other Wire, Moscow, 17 May. Photo: Russian MFA/TASS. Via BelTA.",
		},
		"persons": {
			func(it *news.Item) {
				it.Credits.Byline = []news.Credit{{Name: "Ann Lee"}, {Name: "J. Roe", Display: "Jane Roe"}}
			}, nil,
			"", "BelTA, Moscow, 17 May, by Ann Lee, Jane Roe. Photo: Russian MFA/TASS.",
		},
		"nothing but the source": {func(it *news.Item) { it.Credits, it.Media = news.Credits{}, nil }, nil, "", "BelTA."},
		"a photo line is kept as printed and given once": {
			func(it *news.Item) {
				it.Credits.Dateline = nil
				it.Credits.Photos = []news.Photo{{Line: "J. Roe / AP."}, {Line: "J. Roe / AP."}, {Line: "<TASS> & co."}}
			}, nil, "", "BelTA. Photo: J. Roe / AP.; <TASS> & co.",
		},
		"a dateline without a date": {
			func(it *news.Item) { it.Credits.Dateline = &news.Dateline{Place: "Minsk", Month: 5} }, nil,
			"", "BelTA, Minsk. Photo: Russian MFA/TASS.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			it := press()
			if tt.change != nil {
				tt.change(&it)
			}
			items := append([]news.Item{it}, tt.others...)
			if got := New(options()).CreditLine(news.Entry{Key: it.Key}, items, tt.lang); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
	t.Run("without items", func(t *testing.T) {
		if got := New(options()).CreditLine(news.Entry{}, nil, ""); got != "" {
			t.Errorf("got %q, want nothing", got)
		}
	})
}

func TestCreditLineLinks(t *testing.T) {
	tass := news.Item{Source: "tass", GUID: "t", URL: "https://tass.example/1?a=b&c=d"}
	link := func(url, name string) string { return `<a href="` + url + `">` + name + `</a>` }
	for name, tt := range map[string]struct {
		agency string
		others []news.Item
		want   []string
	}{
		"the originator's own page": {"belta", []news.Item{tass}, []string{
			link("https://belta.example/politics/1", "BelTA") + ", Moscow",
			"Also carried by: " + link("https://tass.example/1?a=b&amp;c=d", "TASS") + ".</p>",
		}},
		"the originator's version": {"tass", []news.Item{tass}, []string{
			link("https://tass.example/1?a=b&amp;c=d", "TASS") + ", Moscow", "Via " + link("https://belta.example/politics/1", "BelTA") + ".</p>",
		}},
		"the originator's site": {"tass", nil, []string{link("https://tass.example/", "TASS") + ", Moscow"}},
		"the site of a carrier without page": {"belta", []news.Item{{Source: "tass", GUID: "t"}},
			[]string{link("https://tass.example/", "TASS") + ".</p>"}},
	} {
		t.Run(name, func(t *testing.T) {
			it := pressBut(func(it *news.Item) {
				a, _ := registry(tt.agency)
				it.Credits.Agency = &news.Credit{Name: a.Name, Agency: a.Key}
			})
			e := single(t, options(), append([]news.Item{it}, tt.others...)...)
			for _, want := range tt.want {
				if !strings.Contains(e.Content[0].Text, want) {
					t.Errorf("content %s\nwant in it %s", e.Content[0].Text, want)
				}
			}
		})
	}
}

// TestJointOriginators: agencies that report together are together at the head of the line, each once, in the order printed, and
// are contributors beside the first; JSON Feed names them.
func TestJointOriginators(t *testing.T) {
	t.Parallel()
	it := press()
	it.Credits.Photos, it.Media = nil, nil
	it.Credits.Joint = append(it.Credits.Joint,
		news.Credit{Name: "BelTA", Agency: "belta"}, news.Credit{Name: "AFP"}, news.Credit{Name: "TASS", Agency: "tass"},
		news.Credit{Name: "AFP"})
	for lang, want := range map[string]string{"en": "BelTA, AFP and TASS, Moscow, 17 May.", "ru": "BelTA, AFP и TASS, Moscow, 17 мая."} {
		if got := New(options()).CreditLine(news.Entry{}, []news.Item{it}, lang); got != want {
			t.Errorf("%s: %s, want %s", lang, got, want)
		}
	}
	w := newWorld(t)
	w.publish(it)
	h := served(t, w)
	if text := body(t, ask(h, "GET", "/feed.json")); !strings.Contains(text,
		`"joint":[{"name":"AFP"},{"key":"tass","name":"TASS","url":"https://tass.example/"}]`) {
		t.Error("JSON Feed does not name them: " + text)
	}
	f := parse(t, body(t, ask(h, "GET", "/feed.atom")))
	if got := names(f.Entries[0].Contributors); !slices.Equal(got, []string{"AFP", "TASS"}) {
		t.Errorf("contributors %q", got)
	}
}
