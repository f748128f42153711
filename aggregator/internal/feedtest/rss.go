package feedtest

import (
	"encoding/xml"
	"fmt"
	"strings"
)

// Item is an item of a feed document as it is printed there. An empty element is not written.
type Item struct {
	Title, Link, GUID, Description, PubDate string // empty: the element is left out
}

// RSS returns a document of RSS 2.0.
func RSS(title string, items ...Item) string {
	return document(title, "https://wire.example/", "", items)
}

// document is RSS with the channel's link and with hints, elements of the channel.
func document(title, link, hints string, items []Item) string {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel>\n")
	element(&b, "title", title)
	element(&b, "link", link)
	b.WriteString(hints)
	for _, it := range items {
		it.write(&b)
	}
	b.WriteString("</channel></rss>\n")
	return b.String()
}

func (it Item) write(b *strings.Builder) {
	b.WriteString("<item>\n")
	element(b, "title", it.Title)
	element(b, "link", it.Link)
	element(b, `guid isPermaLink="false"`, it.GUID)
	element(b, "description", it.Description)
	element(b, "pubDate", it.PubDate)
	b.WriteString("</item>\n")
}

// element writes an element; tag may have attributes.
func element(b *strings.Builder, tag, text string) {
	if text == "" {
		return
	}
	name, _, _ := strings.Cut(tag, " ")
	fmt.Fprintf(b, "<%s>", tag)
	_ = xml.EscapeText(b, []byte(text)) // no error from a strings.Builder
	fmt.Fprintf(b, "</%s>\n", name)
}
