package attribute

import (
	"strings"

	"dateline/aggregator/news"
)

// A photo credit stands behind a label ("Photo:", "Фото:", "(Photo by ...)"), behind a copyright sign, or bare at
// the end of a caption ("Sergey Lavrov. Russian MFA/TASS"), where every part must be known and at least one be in the
// registry. The caption is what stands before it in the same paragraph.

const (
	rulePhotoLabel = "photo-label"
	rulePhotoSign  = "photo-copyright"
	rulePhotoChain = "photo-chain"
)

// labels stand before a colon and a photo credit.
var labels = words(`photo; photos; archive photo; illustrative photo; photo credit; photo credits; photograph; picture; pictures; picture credit; image; images; image credit
credit; credits; creator; photo courtesy; file photo; фото; иллюстративное фото; архивное фото; фотография; фотографии; автор фото; источник фото; снимок; фота; аўтар фота; здымак
foto; fotos; fotografía; crédito; créditos; crédit; crédits; crédit photo; crédits photo; photo d illustration; bild; bilder; fotocredit
immagine; crediti; fot; zdjęcie; zdjęcia; imagem; imagen`, ";")

// bylines of photographs need no colon.
var photoBy = words("photo by; photos by; photograph by; picture by; photo courtesy of; image courtesy of; photo via; foto de; foto di; foto von", ";")

// photoWords may open a line without a colon if nothing but known names follows.
var photoWords = words("photo foto фото фота", " ")

const maxCredit = 200 // bytes of a credit line

// photo is a credit line as read.
type photo struct {
	line    span // as printed, without the label
	whole   span // with the label and the brackets
	caption span
	links   []link
	rule    string
}

// readPhoto finds the first photo credit between start and end, which lie in one paragraph.
func (r *Registry) readPhoto(s string, start, end int) (photo, bool) {
	s = s[:end]
	for i := start; i < end; {
		c, n := rune1(s, i)
		switch {
		case c == '©' && r.opens(s, start, i):
			if p, ok := r.signed(s, start, i); ok {
				return p, true
			}
		case isWord(c):
			if r.opens(s, start, i) {
				if p, ok := r.labelled(s, start, i); ok {
					return p, true
				}
			}
			i = wordEnd(s, i)
			continue
		}
		i += n
	}
	return r.bare(s, start)
}

// opens reports whether a credit may begin at i: at the head of a paragraph, behind a sentence, or in a bracket.
func (r *Registry) opens(s string, start, i int) bool {
	j := skipSpaceBack(s, i)
	if j <= start {
		return true
	}
	switch c := before(s, j); {
	case c == '(' || c == '[' || c == '|' || c == '.' || c == '!' || c == '?' || c == '…' || c == ':' || c == ';':
		return true
	case isDash(c):
		return j-len(string(c)) <= start || isSpace(before(s, j-len(string(c)))) || c != '-'
	case isQuote(c):
		return j < i
	case c == '/':
		return false
	}
	return false
}

// labelled reads a label at i and the credit behind it.
func (r *Registry) labelled(s string, start, i int) (photo, bool) {
	if !r.on(rulePhotoLabel) {
		return photo{}, false
	}
	j, colon := label(s, i)
	if e := wordEnd(s, i); j == i && i == start && len(s)-i < 100 && photoWords.has(s[i:e]) { // Фото БЕЛТА
		j = skipSpace(s, e)
	}
	if j == i {
		return photo{}, false
	}
	if f := foldWords(s[i:j]); f == "creator" || f == "credit" || f == "credits" { // IPTC's own labels are part of the line
		if k := strings.IndexByte(s[i:], '|'); k > 0 {
			j = i
		}
	}
	p := photo{rule: rulePhotoLabel}
	p.line = span{skipSpace(s, j), r.lineEnd(s, i, j)}
	if p.line.empty() || p.line.end-p.line.start > maxCredit {
		return p, false
	}
	links, typed := r.chain(s, p.line.start, p.line.end)
	if !colon && (!typed || len(links) == 0) || !typed && !anyKey(links) && !looksLikeHouse(p.line.of(s)) {
		return p, false
	}
	p.links = links
	p.frame(s, start, i)
	return p, typed || anyKey(links) || p.whole.end == len(s)
}

// looksLikeHouse reports whether a line behind a label may be the name of a house that the registry lacks, and not a
// sentence about the picture.
func looksLikeHouse(line string) bool {
	n := 0
	for i := nextWord(line, 0); i < len(line); i = nextWord(line, wordEnd(line, i)) {
		w := line[i:wordEnd(line, i)]
		if n++; n > 1 && isLatin(w) && caseOf(w) == lower && !connectors.has(w) && !joiners.has(w) && !fillers.has(w) && before(line, i) != '.' {
			return false
		}
	}
	return n <= 8
}

// label reads a label at i and returns where the line behind it begins, or i.
func label(s string, i int) (next int, colon bool) {
	end := i
	for n, j := 0, i; n < 3; n++ {
		e := wordEnd(s, j)
		if e == j {
			break
		}
		end = e
		k := skipSpace(s, e)
		if k < len(s) && (s[k] == ':' && labels.has(s[i:end]) || s[k] == '.' && strings.EqualFold(s[i:end], "fot")) {
			return k + 1, true
		}
		if n > 0 && photoBy.has(s[i:end]) {
			return end, strings.HasSuffix(s[i:end], " of")
		}
		j = k
		if c, _ := rune1(s, j); isApostrophe(c) {
			j++
		}
	}
	return i, false
}

// signed reads "© AFP 2019 / Alberto Pizzolo" at i.
func (r *Registry) signed(s string, start, i int) (photo, bool) {
	p := photo{rule: rulePhotoSign, line: span{i, r.lineEnd(s, i, i)}}
	if !r.on(rulePhotoSign) || p.line.end-p.line.start > maxCredit {
		return p, false
	}
	links, typed := r.chain(s, p.line.start+len("©"), p.line.end)
	if len(links) == 0 || !typed && !anyKey(links) {
		return p, false
	}
	p.links = links
	p.frame(s, start, i)
	return p, true
}

func anyKey(links []link) bool {
	for _, l := range links {
		if l.key != "" {
			return true
		}
	}
	return false
}

// bare reads a credit without a label at the end of s: all of the paragraph, its last sentence or its last bracket.
func (r *Registry) bare(s string, start int) (photo, bool) {
	end := len(s)
	p := photo{rule: rulePhotoChain}
	if !r.on(rulePhotoChain) || end-start > 1200 {
		return p, false
	}
	if m, ok := r.whole(s[start:]); ok && r.sellsPictures(m.key) {
		p.line = span{start, end}
		p.links = []link{{p.line, m.key, r.rank(m.key)}}
		p.frame(s, start, start)
		return p, true
	}
	if !strings.ContainsAny(s[start:], "/") && !strings.Contains(s[start:], " via ") {
		return p, false
	}
	i := start
	if strings.HasSuffix(s, ")") || strings.HasSuffix(s, "]") {
		if k := strings.LastIndexAny(s[start:], "(["); k >= 0 {
			i = start + k + 1
		}
		p.line = span{i, end - 1}
	} else {
		body := strings.TrimRight(s, ". ")
		for j := len(body); j > start; j-- {
			if c, _ := rune1(body, j); j < len(body) && isSpace(c) && before(body, j) == '.' && !initialBefore(body, j-1) && r.sentence(body, j) {
				i = skipSpace(body, j)
				break
			}
		}
		p.line = span{i, len(body)}
	}
	if p.line.end-p.line.start > maxCredit || p.line.empty() {
		return p, false
	}
	links, typed := r.chain(s, p.line.start, p.line.end)
	if !typed || !anyKey(links) || len(links) < 2 {
		return p, false
	}
	p.links = links
	p.frame(s, start, i)
	return p, true
}

// sellsPictures reports whether the name of an agency alone on a line is a photo credit.
func (r *Registry) sellsPictures(key string) bool {
	k := r.kind(key)
	return k == news.KindPhoto || k == news.KindDistributor
}

// sentence reports whether a sentence, not a part of a name, begins behind the full stop before i.
func (r *Registry) sentence(s string, i int) bool {
	c, _ := rune1(s, skipSpace(s, i))
	return isUpper(c) || isQuote(c) || isDigit(c) || c == '(' || c == '©'
}

// initialBefore reports whether the full stop at i ends an initial.
func initialBefore(s string, i int) bool {
	c := before(s, i)
	if !isUpper(c) {
		return false
	}
	j := i - len(string(c))
	return j <= 0 || !isWord(before(s, j))
}

// lineEnd returns where the credit that opens at open and whose line begins at i ends: at its bracket, at the end of
// the sentence, or at the end of s.
func (r *Registry) lineEnd(s string, open, i int) int {
	depth := 0
	if c := before(s, skipSpaceBack(s, open)); c == '(' || c == '[' {
		depth = 1
	}
	for j := i; j < len(s) && j <= i+maxCredit; {
		c, n := rune1(s, j)
		switch c {
		case '\n':
			return trimBack(s, i, j)
		case '|':
			if open < i || s[i] == 0xc2 { // behind a bar stands another thing, but for IPTC's own labels
				return trimBack(s, i, j)
			}
		case '(', '[':
			depth++
		case ')', ']':
			if depth--; depth <= 0 {
				if depth < 0 {
					return trimBack(s, i, j)
				}
				if before(s, skipSpaceBack(s, open)) == '(' || before(s, skipSpaceBack(s, open)) == '[' {
					return trimBack(s, i, j)
				}
			}
		case '.':
			k := skipSpace(s, j+n)
			if k > j+n && !initialBefore(s, j) && !isSpace(before(s, j)) && r.sentence(s, j+n) {
				return trimBack(s, i, j)
			}
		}
		j += n
	}
	return trimBack(s, i, len(s))
}

// frame sets what is cut with the line, and the caption before it.
func (p *photo) frame(s string, start, i int) {
	p.whole = span{i, p.line.end}
	j := skipSpaceBack(s, i)
	if c := before(s, j); j > start && (c == '(' || c == '[') {
		p.whole.start = j - 1
		if k := skipSpace(s, p.line.end); k < len(s) && (s[k] == ')' || s[k] == ']') {
			p.whole.end = k + 1
		}
	}
	for p.whole.end < len(s) && (s[p.whole.end] == '.' || isSpace(rune(s[p.whole.end]))) {
		p.whole.end++
	}
	if strings.HasPrefix(s[p.whole.end:], "|") && strings.Count(s[p.whole.end:], " ") <= 4 { // a link beside it
		p.whole.end = len(s)
	}
	caption := strings.TrimRight(s[start:p.whole.start], " \t\u00a0|/-–—:")
	if strings.HasSuffix(caption, ".") && !strings.HasSuffix(caption, "..") {
		caption = caption[:len(caption)-1]
	}
	if strings.TrimSpace(caption) != "" {
		p.caption = span{start, start + len(caption)}
	}
}
