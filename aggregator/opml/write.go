package opml

import (
	"bytes"
	"encoding/xml"
	"strings"
)

// Bytes returns the document: the same for the same list. Feeds without a topic come first, then the folders in the
// order in which their topics are first used.
func (d *Document) Bytes() []byte {
	w := &writer{names: map[string]string{}}
	for _, t := range d.Topics {
		w.names[t.ID] = t.Name
	}
	w.WriteString(xml.Header)
	w.open("opml", "version", "2.0", "xmlns:dateline", Namespace)
	w.open("head")
	w.line("<title>" + escaped(d.Title) + "</title>")
	w.close("head")
	w.open("body")
	var topics []string
	inside := map[string][]Feed{}
	for _, f := range d.Feeds {
		if len(f.Topics) == 0 {
			w.feed(f)
		}
		for _, t := range f.Topics {
			if inside[t] == nil {
				topics = append(topics, t)
			}
			inside[t] = append(inside[t], f)
		}
	}
	for _, t := range topics {
		w.folder(t, inside[t])
	}
	w.close("body")
	w.close("opml")
	return w.Bytes()
}

type writer struct {
	bytes.Buffer
	depth int
	names map[string]string // of topics
}

func (w *writer) line(s string) { w.WriteString(strings.Repeat("  ", w.depth) + s + "\n") }

// open opens an element with attributes, names and values in turn; those without a value are left out.
func (w *writer) open(name string, attrs ...string) {
	w.line("<" + name + attributes(attrs) + ">")
	w.depth++
}

func (w *writer) close(name string) {
	w.depth--
	w.line("</" + name + ">")
}

func (w *writer) folder(topic string, feeds []Feed) {
	name := w.names[topic]
	if name == "" || name == topic {
		w.open("outline", "text", topic)
	} else {
		w.open("outline", "text", name, "dateline:topic", topic)
	}
	for _, f := range feeds {
		w.feed(f)
	}
	w.close("outline")
}

func (w *writer) feed(f Feed) {
	attrs := []string{"type", "rss", "text", f.Title, "title", f.Title, "xmlUrl", f.URL, "htmlUrl", f.Site, "language", f.Language,
		"category", strings.Join(f.Topics, ",")}
	for _, a := range f.Own {
		attrs = append(attrs, "dateline:"+a.Name, a.Value)
	}
	w.line("<outline" + attributes(attrs) + "/>")
}

func attributes(pairs []string) string {
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			b.WriteString(" " + pairs[i] + `="` + escaped(pairs[i+1]) + `"`)
		}
	}
	return b.String()
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder takes everything
	return b.String()
}
