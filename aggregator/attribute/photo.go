package attribute

import (
	"strings"

	"dateline/aggregator/attribute/lex"
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
var labels = lex.Words(`photo; photos; archive photo; illustrative photo; photo credit; photo credits; photograph; picture; pictures; picture credit; image; images; image credit
credit; credits; creator; photo courtesy; file photo; фото; иллюстративное фото; архивное фото; фотография; фотографии; автор фото; источник фото; снимок; фота; аўтар фота; здымак
foto; fotos; fotografía; crédito; créditos; crédit; crédits; crédit photo; crédits photo; photo d illustration; bild; bilder; fotocredit
immagine; crediti; fot; zdjęcie; zdjęcia; imagem; imagen`, ";")

// bylines of photographs need no colon.
var photoBy = lex.Words("photo by; photos by; photograph by; picture by; photo courtesy of; image courtesy of; photo via; foto de; foto di; foto von", ";")

// photoWords may open a line without a colon if nothing but known names follows.
var photoWords = lex.Words("photo foto фото фота", " ")

const maxCredit = 200 // bytes of a credit line

// photo is a credit line as read.
type photo struct {
	line    lex.Span // as printed, without the label
	whole   lex.Span // with the label and the brackets
	caption lex.Span
	links   []link
	rule    string
}

// readPhoto finds the first photo credit between start and end, which lie in one paragraph.
func (r *Registry) readPhoto(s string, start, end int) (photo, bool) {
	s = s[:end]
	for i := start; i < end; {
		c, n := lex.At(s, i)
		switch {
		case c == '©' && r.opens(s, start, i):
			if p, ok := r.signed(s, start, i); ok {
				return p, true
			}
		case lex.IsWord(c):
			if r.opens(s, start, i) {
				if p, ok := r.labelled(s, start, i); ok {
					return p, true
				}
			}
			i = lex.WordEnd(s, i)
			continue
		}
		i += n
	}
	return r.bare(s, start)
}

// opens reports whether a credit may begin at i: at the head of a paragraph, behind a sentence, or in a bracket.
func (r *Registry) opens(s string, start, i int) bool {
	j := lex.SkipSpaceBack(s, i)
	if j <= start {
		return true
	}
	switch c := lex.Before(s, j); {
	case c == '(' || c == '[' || c == '|' || c == '.' || c == '!' || c == '?' || c == '…' || c == ':' || c == ';':
		return true
	case lex.IsDash(c):
		return j-len(string(c)) <= start || lex.IsSpace(lex.Before(s, j-len(string(c)))) || c != '-'
	case lex.IsQuote(c):
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
	if e := lex.WordEnd(s, i); j == i && i == start && len(s)-i < 100 && photoWords.Has(s[i:e]) { // Фото БЕЛТА
		j = lex.SkipSpace(s, e)
	}
	if j == i {
		return photo{}, false
	}
	if f := lex.Fold(s[i:j]); f == "creator" || f == "credit" || f == "credits" { // IPTC's own labels are part of the line
		if k := strings.IndexByte(s[i:], '|'); k > 0 {
			j = i
		}
	}
	p := photo{rule: rulePhotoLabel}
	p.line = lex.Between(lex.SkipSpace(s, j), r.lineEnd(s, i, j))
	if p.line.Empty() || p.line.End-p.line.Start > maxCredit {
		return p, false
	}
	links, typed := r.chain(s, p.line.Start, p.line.End)
	if !colon && (!typed || len(links) == 0) || !typed && !anyKey(links) && !looksLikeHouse(p.line.Of(s)) {
		return p, false
	}
	p.links = links
	p.frame(s, start, i)
	return p, typed || anyKey(links) || p.whole.End == len(s)
}

// looksLikeHouse reports whether a line behind a label may be the name of a house that the registry lacks, and not a
// sentence about the picture.
func looksLikeHouse(line string) bool {
	n := 0
	for i := lex.NextWord(line, 0); i < len(line); i = lex.NextWord(line, lex.WordEnd(line, i)) {
		w := line[i:lex.WordEnd(line, i)]
		if n++; n > 1 && lex.IsLatin(w) && lex.Case(w) == lex.Lower && !connectors.Has(w) && !joiners.Has(w) && !fillers.Has(w) && lex.Before(line, i) != '.' {
			return false
		}
	}
	return n <= 8
}

// label reads a label at i and returns where the line behind it begins, or i.
func label(s string, i int) (next int, colon bool) {
	end := i
	for n, j := 0, i; n < 3; n++ {
		e := lex.WordEnd(s, j)
		if e == j {
			break
		}
		end = e
		k := lex.SkipSpace(s, e)
		if k < len(s) && (s[k] == ':' && labels.Has(s[i:end]) || s[k] == '.' && strings.EqualFold(s[i:end], "fot")) {
			return k + 1, true
		}
		if n > 0 && photoBy.Has(s[i:end]) {
			return end, strings.HasSuffix(s[i:end], " of")
		}
		j = k
		if c, _ := lex.At(s, j); lex.IsApostrophe(c) {
			j++
		}
	}
	return i, false
}

// signed reads "© AFP 2019 / Alberto Pizzolo" at i.
func (r *Registry) signed(s string, start, i int) (photo, bool) {
	p := photo{rule: rulePhotoSign, line: lex.Between(i, r.lineEnd(s, i, i))}
	if !r.on(rulePhotoSign) || p.line.End-p.line.Start > maxCredit {
		return p, false
	}
	links, typed := r.chain(s, p.line.Start+len("©"), p.line.End)
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
	if m, ok := r.Whole(s[start:]); ok && r.sellsPictures(m.Key) {
		p.line = lex.Between(start, end)
		p.links = []link{{p.line, m.Key, r.rank(m.Key)}}
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
		p.line = lex.Between(i, end-1)
	} else {
		body := strings.TrimRight(s, ". ")
		for j := len(body); j > start; j-- {
			if c, _ := lex.At(body, j); j < len(body) && lex.IsSpace(c) && lex.Before(body, j) == '.' && !initialBefore(body, j-1) && r.sentence(body, j) {
				i = lex.SkipSpace(body, j)
				break
			}
		}
		p.line = lex.Between(i, len(body))
	}
	if p.line.End-p.line.Start > maxCredit || p.line.Empty() {
		return p, false
	}
	links, typed := r.chain(s, p.line.Start, p.line.End)
	if !typed || !anyKey(links) || len(links) < 2 {
		return p, false
	}
	p.links = links
	p.frame(s, start, i)
	return p, true
}

// sellsPictures reports whether the name of an agency alone on a line is a photo credit.
func (r *Registry) sellsPictures(key string) bool {
	k := r.Kind(key)
	return k == news.KindPhoto || k == news.KindDistributor
}

// sentence reports whether a sentence, not a part of a name, begins behind the full stop before i.
func (r *Registry) sentence(s string, i int) bool {
	c, _ := lex.At(s, lex.SkipSpace(s, i))
	return lex.IsUpper(c) || lex.IsQuote(c) || lex.IsDigit(c) || c == '(' || c == '©'
}

// initialBefore reports whether the full stop at i ends an initial.
func initialBefore(s string, i int) bool {
	c := lex.Before(s, i)
	if !lex.IsUpper(c) {
		return false
	}
	j := i - len(string(c))
	return j <= 0 || !lex.IsWord(lex.Before(s, j))
}

// lineEnd returns where the credit that opens at open and whose line begins at i ends: at its bracket, at the end of
// the sentence, or at the end of s.
func (r *Registry) lineEnd(s string, open, i int) int {
	depth := 0
	if c := lex.Before(s, lex.SkipSpaceBack(s, open)); c == '(' || c == '[' {
		depth = 1
	}
	for j := i; j < len(s) && j <= i+maxCredit; {
		c, n := lex.At(s, j)
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
				if lex.Before(s, lex.SkipSpaceBack(s, open)) == '(' || lex.Before(s, lex.SkipSpaceBack(s, open)) == '[' {
					return trimBack(s, i, j)
				}
			}
		case '.':
			k := lex.SkipSpace(s, j+n)
			if k > j+n && !initialBefore(s, j) && !lex.IsSpace(lex.Before(s, j)) && r.sentence(s, j+n) {
				return trimBack(s, i, j)
			}
		}
		j += n
	}
	return trimBack(s, i, len(s))
}

// frame sets what is cut with the line, and the caption before it.
func (p *photo) frame(s string, start, i int) {
	p.whole = lex.Between(i, p.line.End)
	j := lex.SkipSpaceBack(s, i)
	if c := lex.Before(s, j); j > start && (c == '(' || c == '[') {
		p.whole.Start = j - 1
		if k := lex.SkipSpace(s, p.line.End); k < len(s) && (s[k] == ')' || s[k] == ']') {
			p.whole.End = k + 1
		}
	}
	for p.whole.End < len(s) && (s[p.whole.End] == '.' || lex.IsSpace(rune(s[p.whole.End]))) {
		p.whole.End++
	}
	if strings.HasPrefix(s[p.whole.End:], "|") && strings.Count(s[p.whole.End:], " ") <= 4 { // a link beside it
		p.whole.End = len(s)
	}
	caption := strings.TrimRight(s[start:p.whole.Start], " \t\u00a0|/-–—:")
	if strings.HasSuffix(caption, ".") && !strings.HasSuffix(caption, "..") {
		caption = caption[:len(caption)-1]
	}
	if strings.TrimSpace(caption) != "" {
		p.caption = lex.Between(start, start+len(caption))
	}
}
