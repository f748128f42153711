package demo

import (
	"bytes"
	"encoding/xml"
	"text/template"
	"time"
)

// house is the style of one agency's feed.
type house struct {
	document     *template.Template
	date         string // layout of dates
	utc          bool   // dates are in UTC, not in the time of Moscow
	mediaType    string
	etag         bool
	lastModified bool
}

// render returns the document of the articles, with links below base and dates that much later than in the script.
func (h house) render(base string, articles []article, later time.Duration) []byte {
	type printed struct {
		article
		Date string // as the house prints it; empty: none
	}
	all := make([]printed, len(articles))
	for i, a := range articles {
		a = a.on(later)
		all[i].article = a
		switch {
		case a.At == "":
		case h.utc:
			all[i].Date = a.moment.UTC().Format(h.date)
		default:
			all[i].Date = a.moment.Format(h.date)
		}
	}
	var b bytes.Buffer
	err := h.document.Execute(&b, struct {
		Base, Updated string
		Articles      []printed
	}{base, built.Add(later).Format(time.RFC3339), all})
	if err != nil {
		panic(err) // a template of ours that does not fit the struct above
	}
	return b.Bytes()
}

// document reads the template of a feed. Text is escaped where the template says `xml`.
func document(text string) *template.Template {
	escape := func(s string) string {
		var b bytes.Buffer
		if err := xml.EscapeText(&b, []byte(s)); err != nil {
			panic(err) // a buffer takes everything
		}
		return b.String()
	}
	return template.Must(template.New("").Funcs(template.FuncMap{"xml": escape}).Parse(text))
}

// built is when every document was built, in the script.
var built = time.Date(2026, time.May, 18, 6, 0, 0, 0, time.UTC)

// belta: the whole text as escaped HTML, the photo with its caption printed twice, dates with an offset.
func belta(title, language string) house {
	return house{date: time.RFC1123Z, mediaType: "application/rss+xml; charset=utf-8", etag: language == "en", lastModified: true,
		document: document(
			`<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>
<title>` + title + `</title><link>{{.Base}}/</link><language>` + language + `</language><description>` + title + `</description>
{{range $a := .Articles}}<item>
<title>{{xml .Title}}</title>
<link>{{$.Base}}{{.Path}}</link>
<guid isPermaLink="false">{{.ID}}</guid>
<category>{{xml .Category}}</category>
{{with .Date}}<pubDate>{{.}}</pubDate>
{{end}}{{with .Photo}}<media:content url="{{$.Base}}{{$a.Path}}.jpg" type="image/jpeg"><media:title>{{xml .}}</media:title></media:content>
{{end}}<description>{{with .Photo}}{{xml (printf "<p><img src=\"%s%s.jpg\" alt=\"%s\"/></p><p>%s</p>" $.Base $a.Path . .)}}{{end}}{{/*
*/}}{{range .Paragraphs}}{{xml (printf "<p>%s</p>" .)}}{{end}}</description>
</item>
{{end}}</channel></rss>
`)}
}

// tass: everything in CDATA with blanks inside, several categories, no validators at all.
func tass(title, language string) house {
	return house{date: time.RFC1123Z, mediaType: "text/xml; charset=utf-8", document: document(
		`<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel>
<title>` + title + `</title><link>{{.Base}}/</link><language>` + language + `</language><description>` + title + `</description>
{{range .Articles}}<item>
<title><![CDATA[ {{.Title}} ]]></title>
<link><![CDATA[ {{$.Base}}{{.Path}} ]]></link>
<guid isPermaLink="false"><![CDATA[ {{.ID}} ]]></guid>
{{with .Date}}<pubDate>{{.}}</pubDate>
{{end}}<description><![CDATA[ {{.Text}} ]]></description>
<category>{{xml .Category}}</category>
</item>
{{end}}</channel></rss>
`)}
}

// ministry: plain text, dates without an offset, an ETag.
func ministry() house {
	return house{date: "02.01.2006 15:04", mediaType: "application/xml", etag: true, document: document(
		`<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel>
<title>The Ministry of Foreign Affairs of the Russian Federation</title><link>{{.Base}}/</link>
<description>News of the ministry</description>
{{range .Articles}}<item>
<title>{{xml .Title}}</title>
<link>{{$.Base}}{{.Path}}</link>
<guid isPermaLink="false">{{.ID}}</guid>
{{with .Date}}<pubDate>{{.}}</pubDate>
{{end}}<description>{{xml .Text}}</description>
</item>
{{end}}</channel></rss>
`)}
}

// paper: Atom with ids of its own and named authors.
func paper() house {
	return house{date: time.RFC3339, utc: true, mediaType: "application/atom+xml", etag: true, lastModified: true, document: document(
		`<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
<id>tag:courier.example,2026:feed</id><title>Zarechye Courier</title><updated>{{.Updated}}</updated>
<link href="{{.Base}}/"/><link rel="self" href="{{.Base}}/courier/feed.atom"/><author><name>Zarechye Courier</name></author>
{{range .Articles}}<entry>
<id>{{.ID}}</id><title>{{xml .Title}}</title><updated>{{.Date}}</updated><published>{{.Date}}</published>
<link href="{{$.Base}}{{.Path}}"/>{{with .Author}}<author><name>{{xml .}}</name></author>{{end}}
<content type="html">{{range .Paragraphs}}{{xml (printf "<p>%s</p>" .)}}{{end}}</content>
</entry>
{{end}}</feed>
`)}
}
