package feed

import (
	"cmp"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/view"
)

// jsonCredits is the extension `_credits` of an item: everything that is known of who made what. Empty members are left
// out, but for agency and line.
type jsonCredits struct {
	Agency       jsonParty       `json:"agency"`          // the originator
	Joint        []jsonParty     `json:"joint,omitempty"` // further originators, in the order printed
	Line         string          `json:"line"`            // as in the content
	Dateline     *jsonDateline   `json:"dateline,omitempty"`
	Byline       []jsonCredit    `json:"byline,omitempty"`
	Photos       []jsonPhoto     `json:"photos,omitempty"`
	Cited        []jsonCredit    `json:"cited,omitempty"`
	Other        []jsonCredit    `json:"other,omitempty"` // what conflicts with the rest and lost
	Contributors []string        `json:"contributors,omitempty"`
	Marker       string          `json:"marker,omitempty"` // of an update, as printed
	Number       string          `json:"number,omitempty"` // of the document, as printed
	Rights       string          `json:"rights,omitempty"`
	Licence      string          `json:"licence,omitempty"` // address, else name
	Media        []jsonLicence   `json:"media,omitempty"`   // pictures and recordings that have a licence
	Source       jsonSource      `json:"source"`
	Via          *jsonParty      `json:"via,omitempty"` // who published it, where that is not the originator
	Carriers     []jsonCarrier   `json:"carriers,omitempty"`
	Replaces     *jsonRelated    `json:"replaces,omitempty"` // the source's own earlier report
	Story        []jsonRelated   `json:"story,omitempty"`    // other reports
	StoryCount   news.StoryCount `json:"tellings"`           // of the story, this one among them
}

type jsonParty struct {
	Key  string `json:"key,omitempty"` // of the registry
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
}

type jsonCredit struct {
	Role     news.Role     `json:"role"`
	Name     string        `json:"name"` // as printed
	Agency   string        `json:"agency,omitempty"`
	Display  string        `json:"display,omitempty"`
	Evidence *jsonEvidence `json:"evidence,omitempty"`
}

// jsonEvidence says where a credit was read. The words are not repeated: the name is as printed, and the text round it
// may be text that is not granted.
type jsonEvidence struct {
	Field string `json:"field,omitempty"`
	Start int    `json:"start,omitempty"`
	End   int    `json:"end,omitempty"`
	Rule  string `json:"rule,omitempty"`
}

type jsonDateline struct {
	Place  string `json:"place,omitempty"`
	Month  int    `json:"month,omitempty"`
	Day    int    `json:"day,omitempty"`
	Year   int    `json:"year,omitempty"`
	Agency string `json:"agency,omitempty"`
	Raw    string `json:"raw"`
}

type jsonPhoto struct {
	Line    string       `json:"line"` // as printed
	Caption string       `json:"caption,omitempty"`
	URL     string       `json:"url,omitempty"`
	Chain   []jsonCredit `json:"chain,omitempty"`
}

type jsonSource struct {
	ID      string `json:"id"`      // as configured
	AtomID  string `json:"atom_id"` // of its feed
	Name    string `json:"name"`
	Agency  string `json:"agency,omitempty"`
	Title   string `json:"title"`
	URL     string `json:"url,omitempty"`
	Licence string `json:"licence,omitempty"` // of its feed
}

// jsonLicence is the licence of a picture or a recording.
type jsonLicence struct {
	URL     string `json:"url"`
	Licence string `json:"licence"` // address, else name
}

type jsonCarrier struct {
	Source   string    `json:"source"`
	Name     string    `json:"name"`
	URL      string    `json:"url,omitempty"`
	Language string    `json:"language,omitempty"`
	Original bool      `json:"original,omitempty"` // it is the originator's own
	Join     *jsonJoin `json:"join,omitempty"`
}

type jsonJoin struct {
	Level string  `json:"level"`
	Rule  string  `json:"rule,omitempty"`
	Score float64 `json:"score,omitempty"`
}

type jsonRelated struct {
	URL      string    `json:"url"`
	Title    string    `json:"title,omitempty"`
	Language string    `json:"language,omitempty"`
	Join     *jsonJoin `json:"join,omitempty"`
}

func newJSONCredits(c *view.Entry, at view.Addresses, contributors []view.Party) *jsonCredits {
	cs, src := c.Item.Credits, newAtomSource(c)
	all := &jsonCredits{
		Agency: jsonParty{Key: c.Agency.Key, Name: c.Agency.Name, URL: c.AgencyLink}, Line: c.CreditLineText(),
		Photos: jsonPhotos(c), Cited: creditList(news.Cited, cs.Cited), Other: creditList("", cs.Other),
		Marker: view.OneLine(cs.Marker), Number: view.OneLine(cs.Number), Rights: c.Rights, Licence: c.Licence, Media: jsonLicences(c),
		Source: jsonSource{ID: c.Source.ID, AtomID: src.ID, Name: c.Publisher.Name, Agency: c.Source.Agency, Title: view.Plain(src.Title.Text),
			URL: src.address(), Licence: src.licence()},
	}
	if d := cs.Dateline; d != nil {
		all.Dateline = &jsonDateline{Place: view.OneLine(d.Place), Month: d.Month, Day: d.Day, Year: d.Year, Agency: view.OneLine(d.Agency),
			Raw: view.OneLine(d.Raw)}
	}
	if all.Byline = creditList(news.Byline, cs.Byline); all.Byline == nil {
		for _, who := range c.Byline {
			all.Byline = append(all.Byline, jsonCredit{Role: news.Byline, Name: who.Name})
		}
	}
	for _, who := range c.Joint {
		all.Joint = append(all.Joint, jsonParty{Key: who.Key, Name: who.Name, URL: who.Site})
	}
	for _, who := range contributors {
		all.Contributors = append(all.Contributors, who.Name)
	}
	if c.Via {
		all.Via = &jsonParty{Key: c.Publisher.Key, Name: c.Publisher.Name, URL: cmp.Or(c.Link, c.Publisher.Site)}
	}
	for _, o := range c.Copies {
		all.Carriers = append(all.Carriers, jsonCarrier{
			Source: o.Source.ID, Name: o.Name, URL: cmp.Or(o.Link, o.Site), Language: o.Lang, Original: o.Original, Join: joinOf(o.Join),
		})
	}
	if j := c.Item.Supersedes; j != nil && !j.Entry.IsZero() {
		all.Replaces = &jsonRelated{URL: at.Entry(j.Entry), Join: joinOf(j)}
	}
	all.StoryCount = c.StoryCount
	for _, o := range c.Related {
		all.Story = append(all.Story, jsonRelated{URL: at.Entry(o.Key), Title: o.Title, Language: o.Lang})
	}
	return all
}

// jsonLicences returns the licences of the pictures and recordings that are let out.
func jsonLicences(c *view.Entry) []jsonLicence {
	media := c.Enclosures()
	for _, pic := range c.Pictures() {
		media = append(media, pic.Media)
	}
	var all []jsonLicence
	for _, m := range media {
		if l := view.Licence(m.Licence); l != "" && m.URL != "" {
			all = append(all, jsonLicence{URL: m.URL, Licence: l})
		}
	}
	return all
}

func jsonPhotos(c *view.Entry) []jsonPhoto {
	var all []jsonPhoto
	for _, ph := range c.Photos {
		all = append(all, jsonPhoto{Line: ph.Line, Caption: ph.Caption, URL: ph.URL, Chain: creditList("", ph.Chain)})
	}
	return all
}

// creditList converts credits; role is that of credits without one.
func creditList(role news.Role, credits []news.Credit) []jsonCredit {
	var all []jsonCredit
	for _, cr := range credits {
		one := jsonCredit{Role: cr.Role, Name: view.Name(cr.Name), Agency: cr.Agency, Display: view.Name(cr.Display)}
		if one.Role == "" {
			one.Role = role
		}
		if one.Display == one.Name {
			one.Display = ""
		}
		if e := cr.Evidence; e != (news.Evidence{}) {
			one.Evidence = &jsonEvidence{Field: view.OneLine(e.Field), Start: e.Start, End: e.End, Rule: view.OneLine(e.Rule)}
		}
		all = append(all, one)
	}
	return all
}

func joinOf(j *news.Join) *jsonJoin {
	if j == nil {
		return nil
	}
	return &jsonJoin{Level: j.Level, Rule: j.Rule, Score: j.Score}
}
