package view

import (
	"cmp"
	"html"
	"strings"
	"unicode"

	"dateline/aggregator/news"
)

// defaultSummary is how many characters of plain text a summary has at most where [maker] does not say.
const defaultSummary = 500

// grant is what a source lets out of its items. It alone decides what may be republished: every public byte of a text, of a
// caption and of the address of a picture passes through one of its methods. The zero grant lets out headlines.
type grant struct {
	content news.Content
	limit   int  // of a summary, in characters
	keep    bool // page furniture goes out with the text
}

// grant returns how much of its texts a source lets republish.
func (m *Maker) grant(src news.Source) grant {
	limit := m.Summary
	if limit <= 0 {
		limit = defaultSummary
	}
	return grant{src.Content, limit, src.KeepFurniture}
}

// texts returns the granted part of an item's text, as HTML, and the summary where that is another text. A summary is plain
// text of at most limit characters.
func (g grant) texts(it news.Item) (content, summary string) {
	content, summary = g.bodies(it)
	switch g.content {
	case news.Full:
		if content == "" || content == summary {
			return summary, ""
		}
		return content, summary
	case news.Summary:
		if t := shorten(cmp.Or(PlainText(summary), PlainText(content)), g.limit); t != "" {
			return "<p>" + html.EscapeString(t) + "</p>", ""
		}
	}
	return "", ""
}

// bodies returns the whole text of an item and its summary as HTML, without page furniture.
func (g grant) bodies(it news.Item) (content, summary string) {
	content, summary = it.Content, it.Summary
	if !g.keep {
		summary, content = it.WithoutFurniture()
	}
	return strings.TrimSpace(legal(content)), strings.TrimSpace(legal(summary))
}

// title returns the granted part of a title, which is one line: all of it only where whole texts are granted, since some feeds put the
// text there.
func (g grant) title(t string) string {
	if g.content == news.Full {
		return t
	}
	return shorten(t, cmp.Or(g.limit, defaultSummary))
}

// media reports whether pictures and recordings are let out, by their addresses.
func (g grant) media() bool { return g.content == news.Summary || g.content == news.Full }

// caption returns the granted part of the title or the description of a picture or a recording.
func (g grant) caption(s string) string {
	switch g.content {
	case news.Full:
		return s
	case news.Summary:
		return shorten(OneLine(s), g.limit)
	}
	return ""
}

// shorten returns s, one line, where it has at most limit characters; else as many of its first sentences as fit, and where
// none does, as many words as fit with an ellipsis.
func shorten(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	r := []rune(s)
	if len(r) <= limit {
		return s
	}
	if limit <= 0 {
		return ""
	}
	for end := limit; end > 0; end-- {
		if endsSentence(r, end) {
			return strings.TrimSpace(string(r[:end]))
		}
	}
	end := limit - 1 // the ellipsis is a character
	for end > 0 && !unicode.IsSpace(r[end]) {
		end--
	}
	if end == 0 { // a script without spaces, or no words
		for end = limit - 1; end > 0 && unicode.Is(unicode.M, r[end]); end-- {
		}
	}
	loose := func(c rune) bool { return unicode.IsSpace(c) || strings.ContainsRune(".,;:-–—", c) }
	return strings.TrimRightFunc(string(r[:end]), loose) + "…"
}

// endsSentence reports whether a sentence ends before place end of r: at a full stop, an exclamation or a question mark, with
// quotation marks and brackets behind it. A full stop after a word of up to three letters may be that of an abbreviation, and
// before a small letter it is.
func endsSentence(r []rune, end int) bool {
	if end < len(r) && strings.ContainsRune(closers, r[end]) {
		return false
	}
	stop := end - 1
	for stop > 0 && strings.ContainsRune(closers, r[stop]) {
		stop--
	}
	switch c := r[stop]; {
	case strings.ContainsRune("。！？", c):
		return true
	case !strings.ContainsRune(".!?…", c) || end < len(r) && !unicode.IsSpace(r[end]):
		return false
	case c != '.':
		return true
	}
	for i := end; i < len(r); i++ {
		if unicode.IsLetter(r[i]) {
			if unicode.IsLower(r[i]) {
				return false
			}
			break
		}
		if !unicode.IsSpace(r[i]) && !strings.ContainsRune(openers, r[i]) {
			break
		}
	}
	letters := 0
	for i := stop - 1; i >= 0 && unicode.IsLetter(r[i]); i-- {
		letters++
	}
	return letters > 3 || letters == 0 && stop > 0 && r[stop-1] != '.'
}

// closers may follow the end of a sentence, openers may precede the next.
const (
	closers = `"'”’»)]`
	openers = `"'“„‘«([`
)
