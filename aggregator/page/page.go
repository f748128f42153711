package page

import (
	"bytes"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html/charset"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// MaxSize is the length of the longest page that is read, in bytes.
const MaxSize = 2 << 20

// Options says where a page comes from.
type Options struct {
	URL         string // that answered, after all redirects; empty: unknown
	Asked       string // that was asked for; empty: URL
	ContentType string // as received; empty: unknown
}

// Article is what a page states of the article on it. What the page does not say is empty.
type Article struct {
	Title     string   // plain text
	Text      string   // plain text, "\n" between paragraphs, without captions; package attribute reads datelines and bylines in it
	Opening   Span     // of Text: the beginning of the running text, up to the end of its first paragraph, where a dateline may be
	Foot      int      // of Text: where the lines below the last paragraph of the running text begin; its length: there are none
	Aside     bool     // the paragraph above Foot has no word of the others: it may be a notice of the house
	Captions  []string // lines of Text that are below a picture: what is said of it
	Authors   []Author // in the order of the page, each once
	Publisher string   // of the page, by its ld+json
	Site      string   // name of the site, by its meta elements
	House     []string // names by which the page calls its site and its publisher, folded
	Reviewed  []string // who made the work that the article reviews, by its ld+json: no author of the article

	Origins  []Origin // whose report it is based on or supplied by, by its ld+json
	Credit   string   // creditText of its ld+json
	Dateline string   // of its ld+json

	LeadPicture *news.Media  // the one above the text, where nothing says whether it is the article's or a sponsor's; nil: none
	Media       []news.Media // pictures: Description is the caption, Title the text in place of the picture, Copyright the credit line
	Rights      string       // as printed
	SiteRights  string       // notice in the footer of the page: of the site rather than of the article
	Licence     string       // address, else name
	Canonical   string       // absolute address, http or https
	Language    string       // BCP 47
	Published   time.Time    // where the page gives it with an offset, else midnight UTC of its day
}

// Span is a part of a text, in bytes.
type Span struct{ Start, End int }

// Author is a name that a page gives as the author's.
type Author struct {
	Name string
	Kind AuthorKind // empty: not known
}

// AuthorKind says what the page says of an author.
type AuthorKind string

// The kinds of authors.
const (
	Unknown      AuthorKind = ""             // a meta element: a person, an organisation or the site itself
	Person       AuthorKind = "person"       // ld+json calls it a Person
	Organization AuthorKind = "organization" // ld+json calls it an Organization
	Visible      AuthorKind = "visible"      // it is marked as the author on the article itself
)

// Origin is a document or an organisation that an article comes from.
type Origin struct {
	Name string // of the organisation
	URL  string // of the document or the organisation
}

// Why a page has no article, or none that could be found with certainty.
var (
	ErrNotPage = errors.New("page: not HTML, or longer than is read")
	ErrFront   = errors.New("page: the front page of a site")
	ErrNone    = errors.New("page: no article on it")
	ErrSeveral = errors.New("page: several articles on it, and which one is meant is uncertain")
)

// Read returns what an HTML page states of the article on it. It is pure and reads any input. The errors are [ErrNotPage], [ErrFront],
// [ErrNone] and [ErrSeveral]; then nothing is known.
func Read(page []byte, o Options) (Article, error) {
	switch {
	case len(page) > MaxSize || !isHTML(page, o.ContentType):
		return Article{}, ErrNotPage
	case isFront(o):
		return Article{}, ErrFront
	}
	d := &document{nodes: parse(decoded(page, o.ContentType), o.URL), address: o.URL, base: o.URL}
	d.readHead()
	d.readLinked()
	if d.head.canonical != "" && isRoot(d.head.canonical) && !isRoot(o.URL) {
		return Article{}, ErrFront
	}
	d.findHeading()
	d.walk(0)
	d.flush()
	err := d.findArticle()
	if err != nil && d.linked == nil && d.head.kind != "article" {
		return Article{}, err
	}
	return d.article(err == nil), nil
}

// isFront reports whether a request for an article was led to the front page of a site.
func isFront(o Options) bool { return isRoot(o.URL) && o.Asked != "" && !isRoot(o.Asked) }

// isRoot reports whether an address is that of a site as a whole, in one of its languages or not.
func isRoot(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.RawQuery != "" {
		return false
	}
	p := strings.Trim(u.Path, "/")
	return p == "" || len(p) == 2 || p == "index.html" || p == "index.php"
}

func isHTML(page []byte, contentType string) bool {
	t, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	switch strings.TrimSpace(t) {
	case "text/html", "application/xhtml+xml":
		return true
	case "", "text/plain", "application/octet-stream":
		return IsPage(page)
	}
	return false
}

// IsPage reports whether b is a whole HTML page, by its beginning, rather than a piece of one or another text.
func IsPage(b []byte) bool {
	head := bytes.ToLower(bytes.TrimLeft(b[:min(len(b), 1024)], "\ufeff \t\r\n"))
	return bytes.HasPrefix(head, []byte("<!doctype html")) || bytes.HasPrefix(head, []byte("<head")) ||
		bytes.HasPrefix(head, []byte("<")) && bytes.Contains(head, []byte("<html"))
}

// decoded returns a page as UTF-8.
func decoded(page []byte, contentType string) []byte {
	if utf8.Valid(page) {
		return page
	}
	enc, _, _ := charset.DetermineEncoding(page[:min(len(page), 1024)], contentType)
	if out, err := enc.NewDecoder().Bytes(page); err == nil {
		page = out
	}
	return bytes.ToValidUTF8(page, []byte(string(utf8.RuneError)))
}

// document is a page being read.
type document struct {
	nodes   []node
	address string // that answered
	base    string // of the addresses on it
	head    head
	linked  *linked // the article of its ld+json; nil: none, or not one

	reviewed []string        // who made the works that its ld+json says are reviewed
	sites    []string        // names of the site, by its ld+json
	notBy    map[string]bool // folded names of persons who did another thing than writing the article

	heading   int32    // the node of the article's heading; 0: none
	lines     []line   // outside furniture and figures
	total     int32    // bytes of prose in lines
	figures   []figure // outside furniture
	names     []byline // marked as authors
	found     part     // the article
	kinds     []kind   // of lines; root -1: outside the article
	running   kind     // of its running text; root -1: there is none, or it is uncertain
	uncertain int32    // where running is uncertain, the element round the first text, which may be another piece's; 0: there is none
	proseLine int      // the first line of prose in it
	proseLast int      // the last one
	textEnd   int      // the line with which it has ended
	footEnd   int      // the line with which its foot has ended
	boxes     map[int32]boxed
	subject   subject  // nil: not read yet
	picture   int32    // the first one of the article; 0: there is none
	line      line     // being built
	written   int32    // the last text of it
	authors   int      // elements marked as the author's round it
	others    int      // works and quotations round it
	fields    []byline // of the element with names that is being read
	text      strings.Builder
}

// article puts together what was read. Where found is false the page has no text of an article, and the head alone speaks.
func (d *document) article(found bool) Article {
	h, l := &d.head, d.linked
	if l == nil {
		l = new(linked)
	}
	a := Article{
		Title: first(d.headingText(), l.title, h.title), Publisher: l.publisher, Site: h.site, Origins: l.origins, Credit: l.credit,
		Dateline: l.dateline, Rights: rightsOf(l.rights, h.rights), Licence: first(l.licence, h.licence),
		Canonical: first(h.canonical, l.address), Language: first(text.CanonicalTag(l.language), text.CanonicalTag(h.language)),
		Published: l.published, Reviewed: d.reviewed,
	}
	if a.Published.IsZero() {
		a.Published = h.published
	}
	if found {
		d.findProse()
		d.writeText(&a)
		d.visibleAuthors(&a)
	} else {
		a.Text = l.body
		a.Opening.End, a.Foot = len(a.Text), len(a.Text)
	}
	d.headAuthors(&a, l)
	a.SiteRights = d.siteRights()
	for _, f := range d.articleFigures(found) {
		a.Media = append(a.Media, f.media())
	}
	if found {
		a.LeadPicture = d.leadPicture()
	}
	if isPhotoCredit(l.credit) {
		a.Media = append(a.Media, news.Media{Medium: "image", Copyright: l.credit})
	}
	for _, m := range l.media {
		if !found || m.Description == "" || !d.isPortrait(m.Description) && d.isOwnCaption(m.Description, none) {
			a.Media = append(a.Media, m)
		}
	}
	if len(a.Media) > maxMedia {
		a.Media = a.Media[:maxMedia]
	}
	return a
}

const (
	maxMedia   = 40 // pictures of an article
	maxAuthors = 12
)

// addAuthor adds an author once; a kind that says more replaces one that says less.
func (a *Article) addAuthor(p Author) {
	p.Name = text.Line(p.Name)
	if p.Name == "" || len(p.Name) > 200 || strings.Contains(p.Name, "://") || len(a.Authors) >= maxAuthors {
		return
	}
	i := slices.IndexFunc(a.Authors, func(o Author) bool { return text.Fold(o.Name) == text.Fold(p.Name) })
	switch {
	case i < 0:
		a.Authors = append(a.Authors, p)
	case a.Authors[i].Kind == Unknown || p.Kind == Organization || p.Kind == Person:
		a.Authors[i].Kind = p.Kind
	}
}

// first returns the first of all that is not empty, as one line.
func first(all ...string) string {
	for _, s := range all {
		if s = text.Line(s); s != "" {
			return s
		}
	}
	return ""
}
