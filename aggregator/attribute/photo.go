package attribute

import (
	"slices"
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
credit; credits; creator; photo courtesy; file photo; featured image; mandatory credit; фото; иллюстративное фото; архивное фото; фотография; фотографии; автор фото; источник фото; снимок; фота; аўтар фота; здымак
снимка; снимки; автор снимка; світлина; ілюстративне фото; автор світлини; foto; fotos; fotografía; crédito; créditos; crédit; crédits; crédit photo; crédits photo; photo d illustration; bild; bilder; fotocredit
immagine; crediti; fot; zdjęcie; zdjęcia; imagem; imagen; ilustrační foto; zdroj foto; autor foto; autor fotografie; fotografie; slika; fotografija; fotoğraf; φωτογραφία; fotó; foto ilustrativa`, ";")

// inlineLabels may stand in the middle of a line before a colon: "Dopravce nakupuje letouny foto: Reuters".
var inlineLabels = lex.Words("photo; photos; photo credit; image credit; mandatory credit; featured image; фото; фота; снимка; снимки; светлина; світлина; foto; fotos; fot; zdjęcie; fotó; fotoğraf", ";")

// sourceLabels name the source of a text as well as that of a picture.
var sourceLabels = lex.Words("zdroj; źródło; vir; izvor; джерело; источник; източник; quelle; fonte; fuente", ";")

// captionLabels stand before a caption: "Foto: NAME Popisek: TEXT".
var captionLabels = lex.Words("popisek; popis; caption; подпись; pie de foto; légende; bildtext", ";")

// glued are labels that stand at the end of a word: "ОбществоФото: NAME".
var glued = []string{"Фото", "Foto", "Photo"}

// photoBy are labels that need no colon.
var photoBy = lex.Words(`photo by; photos by; photograph by; picture by; photo courtesy of; image courtesy of; photo via; image via; featured image via; picture via; foto de; foto di; foto von
image copyright; derechos de autor de la imagen; direito de imagem; droits d auteur; getty images copyright`, ";")

// photoWords need no colon where a typed line follows them to the end of the paragraph.
var photoWords = lex.Words("photo foto фото фота снимка", " ")

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
	var first photo
	found := false
	for _, rule := range r.rules.photos {
		if p, ok := rule.photo(r, s, start, end); ok && (!found || p.whole.Start < first.whole.Start) {
			first, found = p, true
		}
	}
	for _, rule := range r.rules.photoEnds {
		if !found {
			first, found = rule.photoEnd(r, s, start)
		}
	}
	return first, found
}

// signedPhoto finds the first photo credit behind a copyright sign.
func (r *Registry) signedPhoto(s string, start, end int) (photo, bool) {
	for i := start; ; {
		k := strings.Index(s[i:end], "©")
		if k < 0 {
			return photo{}, false
		}
		i += k
		if r.opens(s, start, i) {
			if p, ok := r.signed(s, start, i); ok {
				return p, true
			}
		}
		i += len("©")
	}
}

// labelledPhoto finds the first photo credit behind a label.
func (r *Registry) labelledPhoto(s string, start, end int) (photo, bool) {
	inline, ok := r.inline(s, start)
	stop := end
	if ok {
		stop = inline.whole.Start
	}
	for i := start; i < stop; {
		c, n := lex.At(s, i)
		if !lex.IsWord(c) {
			i += n
			continue
		}
		e := lex.WordEnd(s, i)
		if !behindWord(s, start, i) && r.opens(s, start, i) && r.heads.of(s[i:e])&headLabel != 0 {
			if p, ok := r.labelled(s, start, i); ok {
				return p, true
			}
		}
		i = e
	}
	return inline, ok
}

// behindWord reports whether a space and a word stand before i, as before most words; false: another look is needed.
func behindWord(s string, start, i int) bool {
	if i < start+3 || s[i-1] != ' ' {
		return false
	}
	c := s[i-2]
	return 'a' <= c && c <= 'z' || c == ',' || c >= 0x80 && (s[i-3] == 0xd0 || s[i-3] == 0xd1)
}

// inline finds the first label before a colon in the middle of a line, and the credit behind it.
func (r *Registry) inline(s string, start int) (photo, bool) {
	for k := start; ; k++ {
		n := strings.IndexByte(s[k:], ':')
		if n < 0 {
			return photo{}, false
		}
		k += n
		i, source := labelBefore(s, start, k)
		if i < 0 || r.opens(s, start, i) && !source {
			continue
		}
		p, ok := r.credited(s, start, i, k+1)
		if ok && (!source || r.pictured(s, start, i, p.links)) {
			return p, true
		}
	}
}

// labelBefore returns where the label before the colon at k begins, or -1; source: it may be the source of a text.
func labelBefore(s string, start, k int) (i int, source bool) {
	end := lex.SkipSpaceBack(s, k)
	best := -1
	for i, n := end, 0; n < 3; n++ {
		for i > start && lex.IsWord(lex.Before(s, i)) {
			_, size := lex.Last(s, i)
			i -= size
		}
		switch w := s[i:end]; {
		case inlineLabels.Has(w):
			best, source = i, false
		case n == 0 && sourceLabels.Has(w):
			best, source = i, true
		case n == 0:
			for _, g := range glued {
				if strings.HasSuffix(w, g) {
					return end - len(g), false
				}
			}
		}
		i = lex.SkipSpaceBack(s, i)
		if i <= start {
			break
		}
	}
	if best > start {
		j := lex.SkipSpaceBack(s, best)
		from := j
		for from > start && lex.IsWord(lex.Before(s, from)) {
			_, size := lex.Last(s, from)
			from -= size
		}
		if prepositions.Has(s[from:j]) { // На фото: ...
			return -1, false
		}
	}
	return best, source
}

// pictured reports whether the label of a source at i is that of a picture: the source sells pictures, two share them, or the
// caption before it is no sentence.
func (r *Registry) pictured(s string, start, i int, links []link) bool {
	keys := 0
	for _, l := range links {
		if r.sellsPictures(l.key) {
			return true
		}
		if l.key != "" {
			keys++
		}
	}
	return keys > 1 || keys == 1 && i > start && !endsSentence(strings.TrimRight(s[start:i], " (["))
}

// opens reports whether a credit may begin at i: at the head of a paragraph, behind a sentence, or in a bracket.
func (r *Registry) opens(s string, start, i int) bool {
	j := lex.SkipSpaceBack(s, i)
	if j <= start {
		return true
	}
	switch c := lex.Before(s, j); {
	case c == '(' || c == '[' || c == '|' || c == '·' || c == '•' || c == '.' || c == '!' || c == '?' || c == '…' || c == ':' || c == ';':
		return true
	case lex.IsDash(c):
		return j-len(string(c)) <= start || lex.IsSpace(lex.Before(s, j-len(string(c)))) || c != '-'
	case lex.IsQuote(c):
		return j < i
	case c == '/':
		return lex.IsSpace(lex.Before(s, j-1)) && j < i
	}
	return false
}

// labelled reads a label at i and the credit behind it.
func (r *Registry) labelled(s string, start, i int) (photo, bool) {
	j, colon := label(s, i)
	lone := false
	if e := lex.WordEnd(s, i); j == i && len(s)-i < 100 && (photoWords.Has(s[i:e]) || sourceLabels.Has(s[i:e])) { // Фото БЕЛТА
		j, lone = lex.SkipSpace(s, e), true
	}
	if j == i {
		return photo{}, false
	}
	if f := lex.Fold(s[i:j]); f == "creator" || f == "credit" || f == "credits" { // IPTC's own labels are part of the line
		if k := strings.IndexByte(s[i:], '|'); k > 0 {
			j = i
		}
	}
	if colon {
		return r.credited(s, start, i, j)
	}
	p := photo{rule: rulePhotoLabel, line: lex.Between(lex.SkipSpace(s, j), r.lineEnd(s, i, j))}
	if p.line.Empty() || p.line.End-p.line.Start > maxCredit {
		return p, false
	}
	c := r.chain(s, p.line.Start, p.line.End)
	shared := lone && len(c.links) == 2 && c.links[0].rank == rankPerson // фото nord-stream2/Axel Schmidt
	if !c.typed && !shared || len(c.links) == 0 || c.end < p.line.End || lone && i > start && !anyKey(c.links) && !addressed(s, c.links) && !shared || lone && sourceLabels.Has(s[i:lex.WordEnd(s, i)]) && !r.sellsPictures(c.links[0].key) {
		return p, false
	}
	p.links = c.links
	p.frame(s, start, i)
	return p, true
}

// credited reads the credit behind the label at i, whose colon ends at j.
func (r *Registry) credited(s string, start, i, j int) (photo, bool) {
	p := photo{rule: rulePhotoLabel}
	p.line = lex.Between(lex.SkipSpace(s, j), r.lineEnd(s, i, j))
	if p.line.Empty() || p.line.End-p.line.Start > maxCredit {
		return p, false
	}
	if k := strings.LastIndexAny(s[start:i], "()[]"); k >= 0 && (s[start+k] == '(' || s[start+k] == '[') && lex.Before(s, lex.SkipSpaceBack(s, i)) == ',' {
		i = start + k + 1 // (PAP, Fot: NAME)
		p.line.Start = i
	}
	c := r.chain(s, p.line.Start, p.line.End)
	p.line.End = min(p.line.End, c.end)
	captioned := hasCaption(s, p.line.End)
	if !captioned && !c.typed && !anyKey(c.links) && !looksLikeOutlet(p.line.Of(s)) {
		return p, false
	}
	p.links = c.links
	p.frame(s, start, i)
	return p, captioned || c.typed || anyKey(c.links) || p.whole.End == len(s)
}

// hasCaption reports whether the label of a caption stands at i.
func hasCaption(s string, i int) bool {
	i = lex.SkipSpace(s, i)
	e := lex.WordEnd(s, i)
	return captionLabels.Has(s[i:e]) && strings.HasPrefix(s[e:], ":")
}

// addressed reports whether a part of a chain is the name of a host.
func addressed(s string, links []link) bool {
	return slices.ContainsFunc(links, func(l link) bool { return isAddress(l.at.Of(s)) })
}

// looksLikeOutlet reports whether a line behind a label may be the name of an outlet that the registry lacks, and not a
// sentence about the picture.
func looksLikeOutlet(line string) bool {
	n := 0
	for i := lex.NextWord(line, 0); i < len(line); i = lex.NextWord(line, lex.WordEnd(line, i)) {
		w := line[i:lex.WordEnd(line, i)]
		if n++; n > 1 && lex.IsLatin(w) && lex.Case(w) == lex.Lower && !connectors.Has(w) && !joiners.Has(w) && !fillers.Has(w) && lex.Before(line, i) != '.' && lex.RuneAt(line, i+len(w)) != '.' {
			return false
		}
	}
	return n <= 8
}

// label reads a label at i and returns where the line behind it begins, or i.
func label(s string, i int) (next int, colon bool) {
	end := i
	for n, j := 0, i; n < 6; n++ {
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
	if p.line.End-p.line.Start > maxCredit {
		return p, false
	}
	c := r.chain(s, p.line.Start+len("©"), p.line.End)
	if len(c.links) == 0 || !c.typed && !anyKey(c.links) {
		return p, false
	}
	p.line.End = min(p.line.End, c.end)
	p.links = c.links
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
	if end-start > 1200 {
		return p, false
	}
	if m, ok := r.Whole(s[start:]); ok && r.sellsPictures(m.Key) {
		p.line = lex.Between(start, end)
		p.links = []link{{p.line, m.Key, r.rank(m.Key)}}
		p.frame(s, start, start)
		return p, true
	}
	for _, at := range r.bareLines(s, start) {
		if at.Empty() || at.End-at.Start > maxCredit {
			continue
		}
		c := r.chain(s, at.Start, at.End)
		if c.end < at.End || !anyKey(c.links) || !r.bareChain(s, start, at, c) {
			continue
		}
		p.line, p.links = at, c.links
		p.frame(s, start, at.Start)
		return p, true
	}
	return p, false
}

// bareChain reports whether a chain without a label is a credit: every part is known and there are two, or one behind a bar or in a
// bracket; or an owner in title case before an agency, in a bracket or with "handout".
func (r *Registry) bareChain(s string, start int, at lex.Span, c chain) bool {
	before := lex.Before(s, lex.SkipSpaceBack(s, at.Start))
	bracket := before == '(' || before == '['
	switch {
	case c.typed && len(c.links) > 1:
		return true
	case c.typed && (before == '|' || bracket && r.sellsPictures(c.links[0].key)):
		return at.Start > start
	}
	line := at.Of(s)
	if !strings.Contains(line, "/") && !strings.Contains(line, " via ") || len(c.links) < 2 {
		return false
	}
	given := strings.Contains(strings.ToLower(line), "handout") || strings.Contains(strings.ToLower(line), "courtesy")
	seller := len(c.links) == 2 && r.sellsPictures(c.links[1].key) && !strings.Contains(c.links[0].at.Of(s), " ")
	return (bracket || given) && titled(line) || seller
}

// titled reports whether the words of a line begin with capitals, but for connectors and fillers.
func titled(line string) bool {
	for i := lex.NextWord(line, 0); i < len(line); i = lex.NextWord(line, lex.WordEnd(line, i)) {
		w := line[i:lex.WordEnd(line, i)]
		if isLower(lex.RuneAt(w, 0)) && !connectors.Has(w) && !fillers.Has(w) && w != "via" {
			return false
		}
	}
	return true
}

// bareLines returns where a credit without a label may stand at the end of a paragraph: in the last bracket, behind the last bar,
// behind the last sentence, and from a known name before a slash on.
func (r *Registry) bareLines(s string, start int) []lex.Span {
	end := len(s)
	if strings.HasSuffix(s, ")") || strings.HasSuffix(s, "]") {
		if k := strings.LastIndexAny(s[start:], "(["); k >= 0 {
			return []lex.Span{lex.Between(start+k+1, end-1)}
		}
	}
	body := strings.TrimRight(s, ". ")
	if k := strings.LastIndexByte(body[start:], '|'); k >= 0 {
		return []lex.Span{lex.Between(lex.SkipSpace(s, start+k+1), len(body))}
	}
	if !strings.Contains(s[start:], "/") && !strings.Contains(s[start:], " via ") {
		return nil
	}
	i := start
	for j := len(body); j > start; j-- {
		if c, _ := lex.At(body, j); j < len(body) && lex.IsSpace(c) && lex.Before(body, j) == '.' && !initialBefore(body, j-1) && r.sentence(body, j) {
			i = lex.SkipSpace(body, j)
			break
		}
	}
	list := []lex.Span{lex.Between(i, len(body))}
	for k := i; k < len(body); k = lex.NextWord(body, lex.WordEnd(body, k)) {
		if k > i && lex.IsSpace(lex.Before(body, k)) {
			if m, ok := r.Match(body, k); ok && strings.HasPrefix(body[m.End:], "/") && lex.Case(body[k:m.End]) == lex.Capital { // Premier głosował PAP/EPA/NAME
				list = append(list, lex.Between(k, len(body)))
				break
			}
		}
	}
	if k := strings.LastIndex(body[i:], " / "); k > 0 { // palinchak / DepositPhotos
		if j := strings.LastIndexByte(body[i:i+k], ' '); j > 0 {
			list = append(list, lex.Between(i+j+1, len(body)))
		}
	}
	return list
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
		case ':':
			k := j
			for k > i && lex.IsWord(lex.Before(s, k)) {
				_, size := lex.Last(s, k)
				k -= size
			}
			if captionLabels.Has(s[k:j]) {
				return trimBack(s, i, k)
			}
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
