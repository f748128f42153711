package feed

import (
	"dateline/aggregator/publish/view"
)

// The vocabularies of the trade, beside what a format says by itself: Media RSS, Dublin Core, IPTC. Atom and RSS use the
// same elements.

// Names of the vocabularies, by prefix.
const (
	nsAtom    = "http://www.w3.org/2005/Atom"
	nsMedia   = "http://search.yahoo.com/mrss/"
	nsDC      = "http://purl.org/dc/elements/1.1/"
	nsDCTerms = "http://purl.org/dc/terms/"
	nsNAR     = "http://iptc.org/std/nar/2006-10-01/"
	nsContent = "http://purl.org/rss/1.0/modules/content/"
	nsHistory = "http://purl.org/syndication/history/1.0" // RFC 5005
)

// vocabularies is what an entry says in them.
type vocabularies struct {
	Publisher   string         `xml:"dc:publisher,omitempty"`
	Citation    string         `xml:"dcterms:bibliographicCitation,omitempty"`
	Provenance  string         `xml:"dcterms:provenance,omitempty"`
	Licence     string         `xml:"dcterms:license,omitempty"` // in Atom only the name of one that has no address
	Pictures    []mediaContent `xml:"media:content"`
	Credits     []mediaCredit  `xml:"media:credit"`
	Dateline    string         `xml:"nar:dateline,omitempty"`
	Creditlines []string       `xml:"nar:creditline"`
	By          []string       `xml:"nar:by"`
	InfoSource  string         `xml:"nar:infoSource,omitempty"`
}

type mediaContent struct {
	URL         string          `xml:"url,attr"`
	Type        string          `xml:"type,attr,omitempty"`
	Medium      string          `xml:"medium,attr,omitempty"`
	Size        int64           `xml:"fileSize,attr,omitempty"`
	Width       int             `xml:"width,attr,omitempty"`
	Height      int             `xml:"height,attr,omitempty"`
	Title       *atomText       `xml:"media:title"`
	Description *atomText       `xml:"media:description"`
	Thumbnail   *mediaThumbnail `xml:"media:thumbnail"`
	Credits     []mediaCredit   `xml:"media:credit"`
	Copyright   string          `xml:"media:copyright,omitempty"`
	Licence     *mediaLicence   `xml:"media:license"`
}

// mediaLicence has an address or a name.
type mediaLicence struct {
	Href string `xml:"href,attr,omitempty"`
	Name string `xml:",chardata"`
}

type mediaThumbnail struct {
	URL string `xml:"url,attr"`
}

type mediaCredit struct {
	Role   string `xml:"role,attr,omitempty"`
	Scheme string `xml:"scheme,attr,omitempty"`
	Name   string `xml:",chardata"`
}

func newVocabularies(c *view.Entry, o EntryOptions) vocabularies {
	t := vocabularies{Publisher: view.Plain(c.Agency.Name), Citation: c.CreditLineText()}
	if d := c.Item.Credits.Dateline; d != nil {
		t.Provenance = view.OneLine(d.Raw)
	}
	t.pictures(c.Pictures())
	if o.IPTC {
		t.iptc(c)
	}
	return t
}

// prefixes are the vocabularies that an entry uses.
type prefixes struct{ media, dc, dcterms, nar, content bool }

func (u prefixes) or(v prefixes) prefixes {
	return prefixes{u.media || v.media, u.dc || v.dc, u.dcterms || v.dcterms, u.nar || v.nar, u.content || v.content}
}

// namespaces declare the prefixes that a document uses, on its root.
type namespaces struct {
	Media   string `xml:"xmlns:media,attr,omitempty"`
	DC      string `xml:"xmlns:dc,attr,omitempty"`
	DCTerms string `xml:"xmlns:dcterms,attr,omitempty"`
	NAR     string `xml:"xmlns:nar,attr,omitempty"`
	Content string `xml:"xmlns:content,attr,omitempty"`
}

func (u prefixes) declare() (v namespaces) {
	for _, ns := range []struct {
		used bool
		to   *string
		name string
	}{{u.media, &v.Media, nsMedia}, {u.dc, &v.DC, nsDC}, {u.dcterms, &v.DCTerms, nsDCTerms}, {u.nar, &v.NAR, nsNAR},
		{u.content, &v.Content, nsContent}} {
		if ns.used {
			*ns.to = ns.name
		}
	}
	return v
}

func (t *vocabularies) uses() prefixes {
	return prefixes{
		media:   len(t.Pictures)+len(t.Credits) > 0,
		dc:      t.Publisher != "",
		dcterms: t.Citation+t.Provenance+t.Licence != "",
		nar:     t.Dateline != "" || t.InfoSource != "" || len(t.Creditlines)+len(t.By) > 0,
	}
}

// atomMedia is optional for Media RSS, which knows `plain` and `html`.
func atomMedia(s string) *atomText {
	t := optional(s)
	if t != nil && t.Type == "" {
		t.Type = "plain"
	}
	return t
}

func (t *vocabularies) pictures(all []view.Picture) {
	for _, pic := range all {
		credits := mediaCredits(pic.Photos)
		if pic.URL == "" {
			t.Credits = credits
			continue
		}
		m := mediaContent{
			URL: pic.URL, Type: view.MimeType(pic.Type), Medium: "image", Size: max(pic.Length, 0),
			Width: max(pic.Width, 0), Height: max(pic.Height, 0), Title: atomMedia(pic.Media.Title),
			Description: atomMedia(pic.Description), Credits: credits, Copyright: view.Plain(pic.Copyright),
		}
		if t := view.Web(pic.Thumbnail); t != "" {
			m.Thumbnail = &mediaThumbnail{URL: t}
		}
		if l := view.Licence(pic.Licence); l != "" {
			m.Licence = &mediaLicence{Href: view.Web(l), Name: licenceName(l)}
		}
		t.Pictures = append(t.Pictures, m)
	}
}

// licenceName returns the name of the licence s where it has no address, else "".
func licenceName(s string) string {
	if view.Web(s) != "" {
		return ""
	}
	return view.Plain(s)
}

// iptc repeats the credits in the vocabulary of IPTC's news architecture.
func (t *vocabularies) iptc(c *view.Entry) {
	t.Dateline = t.Provenance
	t.Creditlines = view.PhotoLines(c.Photos)
	for _, who := range c.Byline {
		t.By = append(t.By, who.Name)
	}
	t.InfoSource = c.Agency.Name
}
