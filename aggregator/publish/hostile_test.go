package publish

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
)

// hostile is a wire of everything that feeds were seen to do wrong, one thing an item.
func hostile(tb testing.TB) *world {
	tb.Helper()
	w := newWorld(tb)
	all := hostileItems()
	for i := range all {
		if all[i].GUID == "" {
			all[i].GUID = fmt.Sprint("hostile ", i)
		}
	}
	w.publishEach(all...)
	w.publish(news.Item{Source: "tass-ru", GUID: "a", URL: "https://tass.example/ru/1", Title: "Одно", Published: day},
		news.Item{Source: "gone", GUID: "b", URL: "ftp://gone.example/1", Title: "Two"},
		news.Item{Source: "belta", GUID: "c", URL: "https://belta.example/3?a=[1]", Language: "be-tarask"},
		news.Item{Source: "nowhere", GUID: "d"})
	return w
}

func hostileItems() []news.Item {
	many := make([]news.Media, 0, 40)
	for i := range 40 {
		many = append(many, news.Media{
			URL: fmt.Sprintf("https://media.example/%d.jpg", i%30), Medium: "image", Title: "a </b> title", Length: int64(i - 20),
			Description: "AT&amp;T \x01 </i>", Copyright: "© </b> press@example.com", Thumbnail: "//no.example/x", Width: -1,
			Credits: []news.MediaCredit{{Role: "owner", Scheme: "urn:any", Name: "A </b> B"},
				{Role: "photographer", Scheme: "urn:ebu", Name: "Jane Doe"}, {}},
		})
	}
	return []news.Item{
		{},
		{Title: "Заголовок", URL: "https://пример.рф/новости/очень длинный путь из многих слов чтобы метка вышла за предел.html?q=ё#а#б",
			Language: "ru_RU"},
		{Title: "An end tag </b> in a title", URL: "https://belta.example/a b\"<>[]{}|\\^`"},
		{Title: "Entities AT&amp;T and &lt;b&gt; and &#39; and &x2"},
		{Title: "R&D, x < y, a<b, <b>"},
		{Title: "Controls \x01\x0b\u0085\ufffd\ufffe in a title", Summary: "<p>\x02 text \u0091</p>"},
		{Title: "  \t ", Lead: "one two three four five six seven eight nine ten eleven twelve thirteen"},
		{Title: "Lines\r\nand\ttabs", Content: "<p>only content</p>"},
		{Title: "Mail in names", Authors: []news.Person{{Name: "TASS <press@tass.example>"}, {Name: "press@tass.example (Jane Roe)"},
			{Name: "desk@tass.example"}, {Name: "Bold <b>Name</b>", URI: "javascript:alert(1)"},
			{Name: "A <x@y.example> </b>", Email: "x@y.example"}},
			Contributors: []news.Person{{Name: "mailto:a@b.example"}, {Name: "( Someone )", URI: "https://people.example/я"}, {Name: "X&amp;Y"},
				{Name: "R&2D"}}},
		{Title: "No such language", Language: "xx-yy"},
		{Title: "Language in words", Language: "Russian"},
		{Title: "Equal dates", Published: day},
		{Title: "Equal dates", Published: day},
		{Title: "Epoch", Published: time.Unix(0, 0).UTC()},
		{Title: "Many media", Media: many},
		{Title: "Media types", Media: []news.Media{
			{URL: "https://media.example/1", Type: "image"}, {URL: "https://media.example/2.mp3", Type: "audio/mpeg; x=\"<", Length: 5},
			{URL: "https://media.example/3.mp4", Medium: "film"}, {URL: "javascript:alert(1)", Type: "image/png"}, {URL: "", Type: "image/png"},
			{URL: "https://media.example/видео 1.mp4", Medium: "video", Type: "video/mp4", Title: "Film </b>"}, {URL: "data:image/png;base64,AA"}}},
		{Title: "Chain", Credits: news.Credits{Photos: []news.Photo{
			{Line: "<b>Foto</b> x@y.example/TASS \x01", Chain: []news.Credit{{Role: news.Photographer, Name: "Ann <a@b.example>"},
				{Role: "other", Name: "</b>"}, {Role: news.Supplier, Name: "TASS", Agency: "tass"}}},
			{Line: "", URL: "ftp://x.example/1"}, {Line: "No address"}, {Line: "No address"}}}},
		{Title: "Credits of nothing", Credits: news.Credits{Agency: &news.Credit{},
			Dateline: &news.Dateline{Month: 13, Day: 40, Place: "\x01", Raw: " "}, Byline: []news.Credit{{Name: "<>"}, {Name: "a@b.example"}}}},
		{Title: "Hostile agency", Credits: news.Credits{Agency: &news.Credit{Name: "Wire </b> & <script>alert(1)</script> x@y.example"},
			Dateline: &news.Dateline{Place: "NEW </b> YORK", Raw: "NEW </b> YORK -\x02"}}},
		{Title: "Blank rights", Rights: " \n ", Categories: []news.Category{{}, {Term: " "}, {Term: "a\x01", Label: "</b>"},
			{Term: "a", Scheme: "not a uri"}}},
		{Title: "Tagged rights", Rights: "© <a href='x'>us</a> &copy;"},
		{Title: "Bare origin", Origin: &news.Feed{}},
		{Title: "Origin by title", Origin: &news.Feed{Title: "Other </b> wire <x@y.example>", Self: "not a link", ID: "https://пример.рф/"}},
		{Title: "Origin whole", Origin: &news.Feed{ID: "https://other.example/feed", Title: "Other", Self: "https://other.example/feed",
			Site: "https://other.example/", Updated: day.AddDate(50, 0, 0), Authors: []news.Person{{Name: "a@b.example"}}, Rights: "©"}},
		{Title: "Odd feed", Feed: news.Feed{ID: "HTTP://Belta.example", Title: "</b>", Updated: time.Unix(0, 0), Self: "/rss",
			Site: "mailto:x@y.example", Authors: []news.Person{{Name: "<b>"}, {Name: "Desk <d@b.example>"}}, Rights: "&amp;"}},
		{Title: "Unknown source", Source: "was-here", Summary: "<p>secret</p>", Content: "<p>secret</p>", URL: "https://was.example/1"},
		{Title: "Headline", Source: "tass", Summary: "<p>secret</p>", Content: "<p>secret</p>",
			Media: []news.Media{{URL: "https://media.example/secret.jpg", Type: "image/jpeg", Description: "secret",
				Credits: []news.MediaCredit{{Name: "Ann/TASS"}}}, {URL: "https://media.example/secret.mp3", Type: "audio/mpeg"}}},
		{Title: "Summary", Source: "mid", Content: "<p>" + strings.Repeat("word ", 99) + "<b>last</b></p><p>secret</p>"},
		{Title: "Long id", GUID: strings.Repeat("ы", 4000), URL: "http://[::1]:8080/x"},
		{Title: "Bad host", URL: "http://exa mple/x"}, {Title: "No host", URL: "http:///x"}, {Title: "Scripted", URL: "javascript:alert(1)"},
	}
}

func TestHostile(t *testing.T) {
	variants := map[string]func(*Options){
		"plain":         func(*Options) {},
		"iptc":          func(o *Options) { o.IPTC = true },
		"no line":       func(o *Options) { o.CreditLine = false },
		"nothing known": func(o *Options) { *o = Options{BaseURL: "https://wire.example"} },
	}
	for name, change := range variants {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := options()
			change(&o)
			o.ID = "urn:uuid:5b2e5d3c-4c1b-4f0e-8a53-0c4a1f1f2a3b"
			w := hostile(t)
			got := render(t, o, w)
			check(t, got, len(w.entries()))
			if strings.Contains(got, "secret") {
				t.Error("text that no source granted went out")
			}
			if d := cmp.Diff(got, render(t, o, hostile(t))); d != "" {
				t.Errorf("the same wire gave other bytes: %s", d)
			}
		})
	}
	t.Run("empty", func(t *testing.T) { check(t, render(t, options(), newWorld(t)), 0) })
}
