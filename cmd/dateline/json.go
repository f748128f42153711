package main

import (
	"bytes"
	"encoding/json"
	"io"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
	"dateline/cmd/dateline/node"
)

// json prints one value on one line.
func (a *app) json(v any) error { return writeJSON(a.stdout, v) }

// writeJSON writes one value on one line. Markup stays readable: nothing here goes into a page. What could move a terminal's cursor or
// turn letters round is escaped, which is the same to a program that reads it.
func writeJSON(to io.Writer, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := to.Write(text.EscapedJSON(b.Bytes()))
	return err
}

// moment is a time, null where it is missing.
type moment = node.Moment

// number is a part of a date, null where none is printed.
type number int

func (n number) MarshalJSON() ([]byte, error) {
	if n == 0 {
		return []byte("null"), nil
	}
	return json.Marshal(int(n))
}

// itemRow is an item as `export` prints it.
type itemRow struct {
	Item      news.Key    `json:"item"`
	Entry     news.Key    `json:"entry"`
	Source    string      `json:"source"`
	GUID      string      `json:"guid"`
	URL       string      `json:"url"`
	Title     string      `json:"title"`
	Language  string      `json:"language"`
	Published moment      `json:"published"`
	Updated   moment      `json:"updated"`
	FirstSeen moment      `json:"first_seen"`
	Revision  int         `json:"revision"`
	Withdrawn bool        `json:"withdrawn"`
	Held      bool        `json:"held"`
	Embargo   *embargoRow `json:"embargo"` // null: it asks for none
	Credits   credits     `json:"credits"`
	Join      *joinRow    `json:"join"`
	Story     []news.Key  `json:"story"` // the other entries of it

	StoryCount *news.StoryCount `json:"tellings,omitempty"` // of the story; nil: it is in no store
}

type joinRow struct {
	Level string  `json:"level"`
	Rule  string  `json:"rule"`
	Score float64 `json:"score"`
}

// credits is who made an item, as `export` and `credit` print it.
type credits struct {
	Agency   string    `json:"agency"`
	Joint    []string  `json:"joint"`
	Line     string    `json:"line"`
	Dateline *dateline `json:"dateline"`
	Byline   []string  `json:"byline"`
	Photo    []photo   `json:"photo"`
	Cited    []string  `json:"cited"`
	Marker   string    `json:"marker"`
	Rights   string    `json:"rights"`
}

type dateline struct {
	Place  string `json:"place"`
	Month  number `json:"month"`
	Day    number `json:"day"`
	Year   number `json:"year"`
	Agency string `json:"agency"`
	Raw    string `json:"raw"`
}

type photo struct {
	Line    string   `json:"line"`
	Caption string   `json:"caption"`
	Chain   []string `json:"chain"`
}

// newItemRow returns the row of an item of e, whose credit line is given, and the story that it is in; nil: none is known.
func newItemRow(it news.Item, e news.Entry, line string, story *news.StoryCount) itemRow {
	r := itemRow{
		Item: it.Key, Entry: it.Entry, Source: it.Source, GUID: it.GUID, URL: it.URL, Title: it.Title, Language: it.Language,
		Published: moment(it.Published), Updated: moment(it.Updated), FirstSeen: moment(it.FirstSeen), Revision: it.Revision,
		Withdrawn: it.Withdrawn, Held: it.Held, Embargo: newEmbargo(it.Embargo), Credits: newCredits(it.Credits, line),
		Story: append([]news.Key{}, e.Related()...), StoryCount: story,
	}
	if j := it.Join; j != nil {
		r.Join = &joinRow{Level: j.Level, Rule: j.Rule, Score: j.Score}
	}
	return r
}

// creditedIn returns an item of an entry with the agency of the entry's line, where only the configuration says whose the item's own is:
// it carries the report of the representative, the first of items.
func creditedIn(it news.Item, items []news.Item) news.Item {
	own := it.Credits.Agency
	if it.Join == nil || len(items) == 0 || items[0].Credits.Agency == nil || own != nil && own.Evidence.Field != "config" {
		return it
	}
	it.Credits.Agency = items[0].Credits.Agency
	return it
}

// embargoRow is an embargo that an item asks for.
type embargoRow struct {
	Until moment `json:"until"` // null: no time could be read
	Words string `json:"words"`
	Ended moment `json:"ended"` // null: it has not
}

func newEmbargo(e *news.Embargo) *embargoRow {
	if e == nil {
		return nil
	}
	return &embargoRow{Until: moment(e.Until), Words: e.Evidence.Words, Ended: moment(e.Ended)}
}

func newCredits(c news.Credits, line string) credits {
	out := credits{Joint: ids(c.Joint), Line: line, Byline: []string{}, Photo: []photo{}, Cited: ids(c.Cited), Marker: c.Marker,
		Rights: c.Rights}
	if c.Agency != nil {
		out.Agency = c.Agency.ID()
	}
	if d := c.Dateline; d != nil {
		out.Dateline = &dateline{Place: d.Place, Month: number(d.Month), Day: number(d.Day), Year: number(d.Year), Agency: d.Agency, Raw: d.Raw}
	}
	for _, by := range c.Byline {
		out.Byline = append(out.Byline, by.Name)
	}
	for _, p := range c.Photos {
		out.Photo = append(out.Photo, photo{Line: p.Line, Caption: p.Caption, Chain: ids(p.Chain)})
	}
	return out
}

func ids(all []news.Credit) []string {
	out := make([]string, len(all))
	for i, c := range all {
		out[i] = c.ID()
	}
	return out
}
