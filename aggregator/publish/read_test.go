package publish

import (
	"encoding/xml"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"dateline/aggregator/publish/view"
)

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
	Size        string       `xml:"fileSize,attr"`
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
	c := checker{t}
	f := parse(t, doc)
	c.one("id", f.ID)
	c.one("title", f.Title)
	c.date("updated", f.Updated)
	c.links(f.Links)
	if len(f.Entries) != entries {
		t.Errorf("%d entries, want %d", len(f.Entries), entries)
	}
	ids, stamps := make(map[string]bool), make(map[string]bool)
	for _, e := range f.Entries {
		c.entry(e)
		if ids[e.ID[0]] || stamps[e.Updated[0]] {
			t.Errorf("entry %s of %s: twice in the document", e.ID, e.Updated)
		}
		ids[e.ID[0]], stamps[e.Updated[0]] = true, true
		if e.Lang == nil && f.Lang != "" || e.Lang != nil && !langForm.MatchString(*e.Lang) {
			t.Errorf("language %v", e.Lang)
		}
	}
}

// checker reports what is wrong with the parts of a document.
type checker struct{ *testing.T }

func (c checker) entry(e readEntry) {
	c.Helper()
	c.one("id", e.ID)
	c.once("title", len(e.Title))
	c.text("title", e.Title)
	c.date("updated", e.Updated)
	if len(e.Published) > 0 {
		c.date("published", e.Published)
	}
	if len(e.Authors) == 0 {
		c.Error("no author")
	}
	c.people(e.Authors)
	c.people(e.Contributors)
	c.links(e.Links)
	c.text("rights", e.Rights)
	c.once("content", len(e.Content))
	c.text("content", e.Content)
	if len(e.Summary) > 1 || !view.UsableID(e.ID[0]) {
		c.Errorf("%d summaries of %s", len(e.Summary), e.ID[0])
	}
	for _, cat := range e.Categories {
		if strings.TrimSpace(cat.Term) == "" || htmlEnd.MatchString(cat.Label) {
			c.Errorf("category %+v", cat)
		}
	}
	ours := slices.ContainsFunc(e.Categories, func(cat readCategory) bool { return cat.Scheme == "urn:dateline:change" })
	if !ours && (len(e.Title) != 1 || e.Title[0].Text != "Withdrawn") {
		c.once("source", len(e.Source))
	}
	for _, s := range e.Source {
		c.source(s)
	}
	c.media(e.Media, e.Credits)
}

func (c checker) source(s readSource) {
	c.Helper()
	c.one("source/id", s.ID)
	c.once("source/title", len(s.Title))
	c.text("source/title", s.Title)
	c.date("source/updated", s.Updated)
	c.people(s.Authors)
	c.links(s.Links)
	if !view.UsableID(s.ID[0]) || len(s.Authors) == 0 {
		c.Errorf("source %+v", s)
	}
}

func (c checker) media(all []readMedia, credits []readCredit) {
	c.Helper()
	pictures := make(map[string]bool)
	for _, m := range all {
		if pictures[m.URL] || !uriForm.MatchString(m.URL) || m.Type != "" && strings.Count(m.Type, "/") != 1 || m.Medium != "image" ||
			strings.HasPrefix(m.Size, "-") {
			c.Errorf("media %+v", m)
		}
		pictures[m.URL] = true
		c.text("media:description", m.Description)
		credits = append(credits, m.Credits...)
	}
	for _, cr := range credits {
		if cr.Name == "" || (cr.Role != "") != (cr.Scheme == "urn:ebu") || cr.Role != "" && cr.Role != "photographer" &&
			cr.Role != "distribution company" {
			c.Errorf("media:credit %+v", cr)
		}
	}
}

func (c checker) once(what string, n int) {
	c.Helper()
	if n != 1 {
		c.Errorf("%d elements %s, want 1", n, what)
	}
}

func (c checker) one(what string, s []string) {
	c.Helper()
	if c.once(what, len(s)); len(s) == 1 && strings.TrimSpace(s[0]) == "" {
		c.Errorf("%s is blank", what)
	}
}

func (c checker) date(what string, s []string) {
	c.Helper()
	if c.once(what, len(s)); len(s) == 1 && !rfc3339.MatchString(s[0]) {
		c.Errorf("%s %q", what, s[0])
	}
}

func (c checker) text(what string, all []readText) {
	c.Helper()
	for _, s := range all {
		if strings.TrimSpace(s.Text) == "" {
			c.Errorf("%s is blank", what)
		}
		if s.Type != "html" && (htmlEnd.MatchString(s.Text) || strings.Contains(s.Text, "&amp;")) {
			c.Errorf("%s of type %q looks like markup: %q", what, s.Type, s.Text)
		}
	}
}

func (c checker) people(all []readPerson) {
	c.Helper()
	for _, who := range all {
		if who.Name == "" || htmlEnd.MatchString(who.Name) || address.MatchString(who.Name) {
			c.Errorf("name %q", who.Name)
		}
		if who.URI != "" && !uriForm.MatchString(who.URI) {
			c.Errorf("uri %q", who.URI)
		}
	}
}

func (c checker) links(all []readLink) {
	c.Helper()
	rels := make(map[string]int)
	for _, l := range all {
		if !uriForm.MatchString(l.Href) || !langForm.MatchString(l.Lang) || htmlEnd.MatchString(l.Title) || strings.Count(l.Type, "/") > 1 ||
			strings.HasPrefix(l.Length, "-") {
			c.Errorf("link %+v", l)
		}
		rels[l.Rel]++
	}
	if rels["alternate"] > 1 || rels["related"] > 0 {
		c.Errorf("links by relation: %v", rels)
	}
}
