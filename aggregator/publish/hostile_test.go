package publish

import (
	"encoding/xml"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"dateline/aggregator/news"
)

// hostile is a wire of everything that feeds were seen to do wrong, one thing an item.
func hostile() *wire {
	w := newWire()
	for i, it := range hostileItems() {
		if it.GUID == "" {
			it.GUID = fmt.Sprint("hostile ", i)
		}
		w.publish(it)
	}
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
			Credits: []news.MediaCredit{{Role: "owner", Scheme: "urn:any", Name: "A </b> B"}, {Role: "photographer", Scheme: "urn:ebu", Name: "Jane Doe"}, {}},
		})
	}
	return []news.Item{
		{},
		{Title: "Заголовок", URL: "https://пример.рф/новости/очень длинный путь из многих слов чтобы метка вышла за предел.html?q=ё#а#б", Language: "ru_RU"},
		{Title: "An end tag </b> in a title", URL: "https://belta.example/a b\"<>[]{}|\\^`"},
		{Title: "Entities AT&amp;T and &lt;b&gt; and &#39; and &x2"},
		{Title: "R&D, x < y, a<b, <b>"},
		{Title: "Controls \x01\x0b\u0085\ufffd\ufffe \xff\xfe in a title", Summary: "<p>\x02 text \u0091</p>"},
		{Title: "  \t ", Lead: "one two three four five six seven eight nine ten eleven twelve thirteen"},
		{Title: "Lines\r\nand\ttabs", Content: "<p>only content</p>"},
		{Title: "Mail in names", Authors: []news.Person{{Name: "TASS <press@tass.example>"}, {Name: "press@tass.example (Jane Roe)"}, {Name: "desk@tass.example"}, {Name: "Bold <b>Name</b>", URI: "javascript:alert(1)"}, {Name: "A <x@y.example> </b>", Email: "x@y.example"}},
			Contributors: []news.Person{{Name: "mailto:a@b.example"}, {Name: "( Someone )", URI: "https://people.example/я"}, {Name: "X&amp;Y"}, {Name: "R&2D"}}},
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
			{Line: "<b>Foto</b> x@y.example/TASS \x01", Chain: []news.Credit{{Role: news.Photographer, Name: "Ann <a@b.example>"}, {Role: "other", Name: "</b>"}, {Role: news.Supplier, Name: "TASS", Agency: "tass"}}},
			{Line: "", URL: "ftp://x.example/1"}, {Line: "No address"}, {Line: "No address"}}}},
		{Title: "Credits of nothing", Credits: news.Credits{Agency: &news.Credit{}, Dateline: &news.Dateline{Month: 13, Day: 40, Place: "\x01", Raw: " "}, Byline: []news.Credit{{Name: "<>"}, {Name: "a@b.example"}}}},
		{Title: "Hostile agency", Credits: news.Credits{Agency: &news.Credit{Name: "Wire </b> & <script>alert(1)</script> x@y.example"}, Dateline: &news.Dateline{Place: "NEW </b> YORK", Raw: "NEW </b> YORK -\x02"}}},
		{Title: "Blank rights", Rights: " \n ", Categories: []news.Category{{}, {Term: " "}, {Term: "a\x01", Label: "</b>"}, {Term: "a", Scheme: "not a uri"}}},
		{Title: "Tagged rights", Rights: "© <a href='x'>us</a> &copy;"},
		{Title: "Bare origin", Origin: &news.Feed{}},
		{Title: "Origin by title", Origin: &news.Feed{Title: "Other </b> wire <x@y.example>", Self: "not a link", ID: "https://пример.рф/"}},
		{Title: "Origin whole", Origin: &news.Feed{ID: "https://other.example/feed", Title: "Other", Self: "https://other.example/feed", Site: "https://other.example/", Updated: day.AddDate(50, 0, 0), Authors: []news.Person{{Name: "a@b.example"}}, Rights: "©"}},
		{Title: "Odd feed", Feed: news.Feed{ID: "HTTP://Belta.example", Title: "</b>", Updated: time.Unix(0, 0), Self: "/rss", Site: "mailto:x@y.example", Authors: []news.Person{{Name: "<b>"}, {Name: "Desk <d@b.example>"}}, Rights: "&amp;"}},
		{Title: "Unknown source", Source: "was-here", Summary: "<p>secret</p>", Content: "<p>secret</p>", URL: "https://was.example/1"},
		{Title: "Headline", Source: "tass", Summary: "<p>secret</p>", Content: "<p>secret</p>", Media: []news.Media{{URL: "https://media.example/secret.jpg", Type: "image/jpeg", Description: "secret", Credits: []news.MediaCredit{{Name: "Ann/TASS"}}}, {URL: "https://media.example/secret.mp3", Type: "audio/mpeg"}}},
		{Title: "Summary", Source: "mid", Content: "<p>" + strings.Repeat("word ", 49) + "<b>fiftieth</b></p><p>secret</p>"},
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
			o := options()
			change(&o)
			w := hostile()
			got := render(t, o, w)
			check(t, got, len(w.entries))
			if strings.Contains(got, "secret") {
				t.Error("text that no source granted went out")
			}
			if again := render(t, o, hostile()); again != got {
				t.Error("the same wire gave other bytes")
			}
		})
	}
	t.Run("empty", func(t *testing.T) { check(t, render(t, options(), newWire()), 0) })
}

// The structure that Atom and its validators ask of a document, read without our own types.
type readFeed struct {
	Lang    string      `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	ID      []string    `xml:"http://www.w3.org/2005/Atom id"`
	Title   []string    `xml:"http://www.w3.org/2005/Atom title"`
	Updated []string    `xml:"http://www.w3.org/2005/Atom updated"`
	Links   []readLink  `xml:"http://www.w3.org/2005/Atom link"`
	Entries []readEntry `xml:"http://www.w3.org/2005/Atom entry"`
}

type readEntry struct {
	Lang         *string        `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	ID           []string       `xml:"http://www.w3.org/2005/Atom id"`
	Title        []readText     `xml:"http://www.w3.org/2005/Atom title"`
	Updated      []string       `xml:"http://www.w3.org/2005/Atom updated"`
	Published    []string       `xml:"http://www.w3.org/2005/Atom published"`
	Authors      []readPerson   `xml:"http://www.w3.org/2005/Atom author"`
	Contributors []readPerson   `xml:"http://www.w3.org/2005/Atom contributor"`
	Categories   []readCategory `xml:"http://www.w3.org/2005/Atom category"`
	Links        []readLink     `xml:"http://www.w3.org/2005/Atom link"`
	Content      []readText     `xml:"http://www.w3.org/2005/Atom content"`
	Summary      []readText     `xml:"http://www.w3.org/2005/Atom summary"`
	Rights       []readText     `xml:"http://www.w3.org/2005/Atom rights"`
	Source       []readSource   `xml:"http://www.w3.org/2005/Atom source"`
	Publisher    []string       `xml:"http://purl.org/dc/elements/1.1/ publisher"`
	Citation     []string       `xml:"http://purl.org/dc/terms/ bibliographicCitation"`
	Provenance   []string       `xml:"http://purl.org/dc/terms/ provenance"`
	Media        []readMedia    `xml:"http://search.yahoo.com/mrss/ content"`
	Credits      []readCredit   `xml:"http://search.yahoo.com/mrss/ credit"`
	Dateline     []string       `xml:"http://iptc.org/std/nar/2006-10-01/ dateline"`
	Creditline   []string       `xml:"http://iptc.org/std/nar/2006-10-01/ creditline"`
	By           []string       `xml:"http://iptc.org/std/nar/2006-10-01/ by"`
	InfoSource   []string       `xml:"http://iptc.org/std/nar/2006-10-01/ infoSource"`
}

type readSource struct {
	ID      []string     `xml:"http://www.w3.org/2005/Atom id"`
	Title   []readText   `xml:"http://www.w3.org/2005/Atom title"`
	Updated []string     `xml:"http://www.w3.org/2005/Atom updated"`
	Authors []readPerson `xml:"http://www.w3.org/2005/Atom author"`
	Links   []readLink   `xml:"http://www.w3.org/2005/Atom link"`
	Rights  []readText   `xml:"http://www.w3.org/2005/Atom rights"`
}

type readText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

type readPerson struct {
	Name string `xml:"name"`
	URI  string `xml:"uri"`
}

type readCategory struct {
	Term   string `xml:"term,attr"`
	Scheme string `xml:"scheme,attr"`
	Label  string `xml:"label,attr"`
}

type readLink struct {
	Rel    string `xml:"rel,attr"`
	Href   string `xml:"href,attr"`
	Lang   string `xml:"hreflang,attr"`
	Type   string `xml:"type,attr"`
	Title  string `xml:"title,attr"`
	Length string `xml:"length,attr"`
}

type readMedia struct {
	URL         string       `xml:"url,attr"`
	Type        string       `xml:"type,attr"`
	Medium      string       `xml:"medium,attr"`
	Description []readText   `xml:"description"`
	Credits     []readCredit `xml:"credit"`
}

type readCredit struct {
	Role   string `xml:"role,attr"`
	Scheme string `xml:"scheme,attr"`
	Name   string `xml:",chardata"`
}

func parse(t *testing.T, doc string) readFeed {
	t.Helper()
	var f readFeed
	if err := xml.Unmarshal([]byte(doc), &f); err != nil {
		t.Fatalf("not well-formed: %v", err)
	}
	return f
}

var (
	htmlEnd  = regexp.MustCompile(`</(a|b|i|p|div|span|script)>`)
	address  = regexp.MustCompile(`\S+@\S+\.\S+`)
	rfc3339  = regexp.MustCompile(`^(199|2[0-9]{2})[0-9]-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z$`)
	uriForm  = regexp.MustCompile(`^https?://(\[[0-9a-fA-F:]+\])?[0-9A-Za-z;/?:@&=+$.\-_!~*'()%,]*(#[0-9A-Za-z;/?:@&=+$.\-_!~*'()%,]*)?$`)
	langForm = regexp.MustCompile(`^([a-z]{2,3}(-[0-9A-Za-z]+)*)?$`)
)

// check fails the test for everything in an Atom document that a validator complains of.
func check(t *testing.T, doc string, entries int) {
	t.Helper()
	for _, r := range doc {
		if r == utf8.RuneError || r < 0x20 && r != '\n' || 0x7f <= r && r <= 0x9f {
			t.Errorf("character %U", r)
		}
	}
	f := parse(t, doc)
	once := func(what string, n int) {
		t.Helper()
		if n != 1 {
			t.Errorf("%d elements %s, want 1", n, what)
		}
	}
	one := func(what string, s []string) {
		t.Helper()
		if once(what, len(s)); len(s) == 1 && strings.TrimSpace(s[0]) == "" {
			t.Errorf("%s is blank", what)
		}
	}
	text := func(what string, all []readText) {
		t.Helper()
		for _, s := range all {
			if strings.TrimSpace(s.Text) == "" {
				t.Errorf("%s is blank", what)
			}
			if s.Type != "html" && (htmlEnd.MatchString(s.Text) || strings.Contains(s.Text, "&amp;")) {
				t.Errorf("%s of type %q looks like markup: %q", what, s.Type, s.Text)
			}
		}
	}
	people := func(all []readPerson) {
		t.Helper()
		for _, who := range all {
			if who.Name == "" || htmlEnd.MatchString(who.Name) || address.MatchString(who.Name) {
				t.Errorf("name %q", who.Name)
			}
			if who.URI != "" && !uriForm.MatchString(who.URI) {
				t.Errorf("uri %q", who.URI)
			}
		}
	}
	links := func(all []readLink) {
		t.Helper()
		alternates := 0
		for _, l := range all {
			if !uriForm.MatchString(l.Href) || !langForm.MatchString(l.Lang) || htmlEnd.MatchString(l.Title) || strings.Count(l.Type, "/") > 1 {
				t.Errorf("link %+v", l)
			}
			if l.Rel == "alternate" {
				alternates++
			}
			if l.Rel == "related" {
				t.Error("rel=related")
			}
		}
		if alternates > 1 {
			t.Errorf("%d alternates", alternates)
		}
	}
	date := func(what string, s []string) {
		t.Helper()
		if once(what, len(s)); len(s) == 1 && !rfc3339.MatchString(s[0]) {
			t.Errorf("%s %q", what, s[0])
		}
	}
	one("id", f.ID)
	one("title", f.Title)
	date("updated", f.Updated)
	links(f.Links)
	if len(f.Entries) != entries {
		t.Errorf("%d entries, want %d", len(f.Entries), entries)
	}
	ids, stamps := make(map[string]bool), make(map[string]bool)
	for _, e := range f.Entries {
		one("id", e.ID)
		once("title", len(e.Title))
		text("title", e.Title)
		date("updated", e.Updated)
		if len(e.Published) > 0 {
			date("published", e.Published)
		}
		if len(e.Authors) == 0 {
			t.Error("no author")
		}
		people(e.Authors)
		people(e.Contributors)
		links(e.Links)
		text("rights", e.Rights)
		if n := len(e.Content) + len(e.Summary); n == 0 || n > 2 || len(e.Content) > 1 {
			t.Errorf("%d contents, %d summaries", len(e.Content), len(e.Summary))
		}
		if ids[e.ID[0]] || stamps[e.Updated[0]] || !UsableID(e.ID[0]) {
			t.Errorf("entry %s of %s: twice in the document, or not canonical", e.ID, e.Updated)
		}
		ids[e.ID[0]], stamps[e.Updated[0]] = true, true
		if e.Lang == nil && f.Lang != "" || e.Lang != nil && !langForm.MatchString(*e.Lang) {
			t.Errorf("language %v", e.Lang)
		}
		for _, c := range e.Categories {
			if strings.TrimSpace(c.Term) == "" || htmlEnd.MatchString(c.Label) {
				t.Errorf("category %+v", c)
			}
		}
		once("source", len(e.Source))
		for _, s := range e.Source {
			one("source/id", s.ID)
			once("source/title", len(s.Title))
			text("source/title", s.Title)
			date("source/updated", s.Updated)
			people(s.Authors)
			links(s.Links)
			if !UsableID(s.ID[0]) || len(s.Authors) == 0 {
				t.Errorf("source %+v", s)
			}
		}
		credits := e.Credits
		pictures := make(map[string]bool)
		for _, m := range e.Media {
			if pictures[m.URL] || !uriForm.MatchString(m.URL) || m.Type != "" && strings.Count(m.Type, "/") != 1 || m.Medium != "image" {
				t.Errorf("media %+v", m)
			}
			pictures[m.URL] = true
			text("media:description", m.Description)
			credits = append(credits, m.Credits...)
		}
		for _, c := range credits {
			if c.Name == "" || (c.Role != "") != (c.Scheme == "urn:ebu") || c.Role != "" && c.Role != "photographer" && c.Role != "distribution company" {
				t.Errorf("media:credit %+v", c)
			}
		}
	}
}
