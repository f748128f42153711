package attribute

import (
	"slices"
	"strings"

	"dateline/aggregator/attribute/lex"
)

// labels precede a colon and a photo credit.
var labels = wordSet("labels")

// inlineLabels may be in the middle of a line before a colon: "Dopravce nakupuje letouny foto: Reuters".
var inlineLabels = wordSet("inlineLabels")

// sourceLabels name the source of a text as well as that of a picture.
var sourceLabels = wordClass("sourceLabels")

// captionLabels precede a caption: "Foto: NAME Popisek: TEXT".
var captionLabels = wordClass("captionLabels")

// gluedLabels are labels that are at the end of a word: "ОбществоФото: NAME".
var gluedLabels = wordClass("glued")

// dotted are labels before three full stops: "Credit...NAME".
var dotted = wordSet("dotted")

// photoBy are labels that need no colon.
var photoBy = wordSet("photoBy")

// photoWords need no colon where a typed line follows them to the end of the paragraph.
var photoWords = wordClass("photoWords")

// copyrights need no colon where a person and an agency follow them: "Copyright Ann Lee/AP".
var copyrights = wordClass("copyrights")

// gluedCredit is a label between a caption and a name without a space on either side, once or twice.
const gluedCredit = "Credit"

// labelledPhoto finds the first photo credit behind a label.
func (r *reader) labelledPhoto(s string, start, end int) (photo, bool) {
	inline, ok := r.inline(s, start)
	if k := strings.LastIndex(s[start:end], gluedCredit); !ok && k > 0 { // ... in the port.CreditAnn Lee for The New York Times
		k += start
		i := start + len(strings.TrimSuffix(s[start:k], gluedCredit))
		if next := lex.RuneAt(s, k+len(gluedCredit)); lex.IsUpper(next) && !lex.IsWord(lex.Before(s, i)) {
			if p, ok := r.credited(s, start, i, k+len(gluedCredit)); ok {
				return p, true
			}
		}
	}
	stop := end
	if ok {
		stop = inline.whole.Start
	}
	if !r.table.Any(headLabel) {
		return inline, ok
	}
	for _, w := range r.words(lex.Between(start, stop)) {
		short := r.caption && shortLabels.Has(w.Of(s)) && lex.Before(s, lex.SkipSpaceBack(s, w.Start)) == ',' // Jan Nowak, fot. AFP
		if w.Is(headLabel) && (short || !behindWord(s, start, w.Start) && r.opens(s, start, w.Start)) {
			if p, ok := r.labelled(s, start, w.Start); ok {
				return p, true
			}
		}
	}
	return inline, ok
}

// behindWord reports whether a space and a word precede i, as before most words; false: another look is needed.
func behindWord(s string, start, i int) bool {
	if i < start+3 || s[i-1] != ' ' {
		return false
	}
	c := s[i-2]
	return 'a' <= c && c <= 'z' || c == ',' || c >= 0x80 && (s[i-3] == 0xd0 || s[i-3] == 0xd1)
}

// inline finds the first label before a colon in the middle of a line, and the credit behind it.
func (r *reader) inline(s string, start int) (photo, bool) {
	for k := start; ; k++ {
		n := strings.IndexByte(s[k:], ':')
		if n < 0 {
			return photo{}, false
		}
		k += n
		i, source := labelBefore(s, start, k)
		if composed := composedLabel(s, start, k); composed >= 0 && (i < 0 || composed < i || source) {
			i, source = composed, false
		} else if i < 0 || r.opens(s, start, i) && !source {
			continue
		}
		p, ok := r.credited(s, start, i, k+1)
		sold := i == start && len(p.links) > 0 && r.sellsPictures(p.links[len(p.links)-1].key) // Source: Have a nice day/Shutterstock
		if ok && (!source || (allKnown(p.links) || r.titled(s, p.line) || sold) && r.pictured(s, start, i, p.links)) {
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
			if k := strings.LastIndexFunc(w, lex.IsUpper); k > 0 && gluedLabels.Has(w[k:]) {
				return end - len(w[k:]), false
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

// pictureWords are what a picture is called in a label, pictureNotes the other words of a label, pictureEndings end words that name a
// picture and its sort in one.
var (
	pictureWords   = wordSet("pictureWords")
	pictureNotes   = wordSet("pictureNotes")
	pictureEndings = wordList("pictureEndings")
)

// composedLabel returns where a label of two words or more before the colon at k begins, one that names a picture among them, or that of
// one word that ends so: "Sursa imaginii:", "Archieffoto:". It returns -1 where there is none.
func composedLabel(s string, start, k int) int {
	best, named := -1, false
	for i, n := lex.SkipSpaceBack(s, k), 0; n < 5 && i > start; n++ {
		end := i
		for i > start && lex.IsWord(lex.Before(s, i)) {
			_, size := lex.Last(s, i)
			i -= size
		}
		w := s[i:end]
		compound := slices.ContainsFunc(pictureEndings, func(e string) bool { return endsWith(w, e) })
		if w == "" || !pictureNotes.Has(w) && !pictureWords.Has(w) && !compound {
			break
		}
		named = named || pictureWords.Has(w) || compound
		if named && (n > 0 || compound) && lex.Case(w) != lex.Lower && !leading.Has(w) && !prepositions.Has(w) {
			best = i
		}
		i = lex.SkipSpaceBack(s, i)
		if c := lex.Before(s, i); i > start && (lex.IsApostrophe(c) || c == '-') {
			i -= len(string(c))
		}
	}
	return best
}

// endsWith reports whether a word ends with letters and has three more before them.
func endsWith(w, end string) bool {
	k := len(w) - len(end)
	return k > 2 && strings.EqualFold(w[k:], end)
}

// pictured reports whether the label of a source at i is that of a picture: the source sells pictures, two share them, or the
// caption before it is no sentence.
func (r *reader) pictured(s string, start, i int, links []link) bool {
	if k := strings.IndexByte(s[i:], ':'); k > 0 && photoWords.is(r.word(s, r.nextWord(s, i+k))) { // Quelle: Foto NAME
		return true
	}
	if len(links) > 1 && links[0].rank == rankPerson && strings.Contains(s[i:], "/") { // Quelle: ARD/Jan Roe
		return true
	}
	keys := 0
	for _, l := range links {
		if r.sellsPictures(l.key) || r.caption {
			return true
		}
		if l.key != "" {
			keys++
		}
	}
	return keys > 1 || keys == 1 && i > start && !endsSentence(strings.TrimRight(s[start:i], " (["))
}

// iptcLabels are IPTC's own labels, which are part of a line with bars.
var iptcLabels = wordSet("iptcLabels")

// labelled reads a label at i and the credit behind it.
func (r *reader) labelled(s string, start, i int) (photo, bool) {
	j, colon := label(s, i)
	if w := r.word(s, i); j == i && r.caption && captionAuthors.Has(w.Of(s)) && strings.HasPrefix(s[w.End:], ":") {
		j, colon = w.End+1, true
	}
	bare := false
	word := r.word(s, i)
	if j == i && len(s)-i < 100 && word.Is(photoWords.class|sourceLabels.class|copyrights.class) { // Фото БЕЛТА
		j, bare = lex.SkipSpace(s, word.End), true
	}
	if j == i {
		return photo{}, false
	}
	if iptcLabels.Has(s[i:j]) {
		if k := strings.IndexByte(s[i:], '|'); k > 0 {
			j = i
		}
	}
	if colon {
		return r.credited(s, start, i, j)
	}
	p := photo{rule: rulePhotoLabel, line: lex.Between(lex.SkipSpace(s, j), r.barred(s, r.lineEnd(s, i, j)))}
	if p.line.Empty() || p.line.End-p.line.Start > maxCredit {
		return p, false
	}
	if bare && nextSign(s[:p.line.End], p.line.Start) < p.line.End { // Image ID 27 © Jane Roe
		return p, false
	}
	if of, ok := r.outletLabel(s, start, i, p.line); ok {
		return of, true
	}
	c := r.chain(s, p.line.Start, p.line.End)
	sold := !bare && c.end == len(s) && len(c.links) > 1 && r.sellsPictures(c.links[len(c.links)-1].key) && len(r.words(p.line)) < 9
	shared := bare && len(c.links) == 2 && c.links[0].rank == rankPerson // фото nord-stream2/Axel Schmidt
	owned := !bare && len(c.links) == 2 && c.links[0].rank == rankPerson && c.end == len(s) && r.titled(s, p.line)
	before := lex.Before(s, lex.SkipSpaceBack(s, i))
	set := i == start || endsSentence(strings.TrimRight(s[start:i], " ([")) || strings.ContainsRune("/([|·•", before) ||
		before > 0x7f && lex.IsDash(before)
	single := len(c.links) == 1 && (c.links[0].rank == rankPerson || !cased(p.line.Of(s)) && len(r.words(p.line)) < 4) &&
		(c.end == len(s) || c.end == p.line.End && strings.ContainsRune("([", before)) &&
		word.Is(photoWords.class) && set // ... in the port. Bild Jan Roe
	given := len(c.links) == 1 && (before == '(' || r.caption && set) && c.end == p.line.End && r.titled(s, p.line) &&
		(!bare || givenWords.Has(word.Of(s))) // (Provided by Muster Office)
	if !c.typed && !shared && !owned && !sold && !given || len(c.links) == 0 || c.end < p.line.End || bare && i > start && !anyKey(c.links) &&
		!addressed(s, c.links) && !shared && !single && !given || bare && sourceLabels.is(word) && !r.sellsPictures(c.links[0].key) ||
		bare && copyrights.is(word) && (len(c.links) < 2 || c.links[0].rank != rankPerson) {
		return p, false
	}
	p.links = c.links
	p.frame(s, start, i)
	return p, true
}

// outletLabel reads a label with the name of the outlet before the colon: "(Foto Prensa Libre: Ann Lee)".
func (r *reader) outletLabel(s string, start, i int, line lex.Span) (photo, bool) {
	k := strings.IndexByte(line.Of(s), ':')
	if k <= 0 {
		return photo{}, false
	}
	k += line.Start
	outlet, name := lex.Between(line.Start, lex.SkipSpaceBack(s, k)), lex.SkipSpace(s, k+1)
	if r.readPerson(s[:line.End], name, 2) != line.End || !r.titled(s, outlet) || len(r.words(outlet)) > 3 ||
		r.allFiller(outlet) {
		return photo{}, false
	}
	p := photo{rule: rulePhotoLabel, line: line}
	p.links = []link{{lex.Between(name, line.End), "", rankPerson}, {outlet, "", rankOwner}}
	if m, ok := r.Whole(outlet.Of(s)); ok {
		p.links[1].key, p.links[1].rank = m.Key, r.rank(m.Key)
	}
	p.frame(s, start, i)
	return p, true
}

// credited reads the credit behind the label at i, whose colon ends at j.
func (r *reader) credited(s string, start, i, j int) (photo, bool) {
	p := photo{rule: rulePhotoLabel}
	p.line = lex.Between(lex.SkipSpace(s, j), r.barred(s, r.lineEnd(s, i, j)))
	if p.line.Empty() || p.line.End-p.line.Start > maxCredit {
		return p, false
	}
	if k := strings.LastIndexAny(s[start:i], "()[]"); k >= 0 && (s[start+k] == '(' || s[start+k] == '[') &&
		lex.Before(s, lex.SkipSpaceBack(s, i)) == ',' {
		i = start + k + 1 // (PAP, Fot: NAME)
		p.line.Start = i
	}
	c := r.chain(s, p.line.Start, p.line.End)
	p.line.End = min(p.line.End, c.end)
	captioned := r.hasCaption(s, p.line.End)
	account := len(c.links) == 2 && c.links[0].rank == rankPerson && strings.HasPrefix(strings.TrimSpace(s[c.links[0].at.End:]), "/") &&
		!strings.Contains(p.line.Of(s), "@")
	if !captioned && !c.typed && !anyKey(c.links) && !account && !r.looksLikeOutlet(s, p.line) {
		return p, false
	}
	p.links = c.links
	p.frame(s, start, i)
	return p, captioned || c.typed || anyKey(c.links) || p.whole.End == len(s)
}

// hasCaption reports whether the label of a caption is at i.
func (r *reader) hasCaption(s string, i int) bool {
	i = lex.SkipSpace(s, i)
	w := r.word(s, i)
	return captionLabels.is(w) && strings.HasPrefix(s[w.End:], ":")
}

// addressed reports whether a part of a chain is the name of a host.
func addressed(s string, links []link) bool {
	return slices.ContainsFunc(links, func(l link) bool { return isAddress(l.at.Of(s)) })
}

// looksLikeOutlet reports whether a line behind a label may be the name of an outlet that the registry lacks, and not a
// sentence about the picture.
func (r *reader) looksLikeOutlet(s string, line lex.Span) bool {
	list := r.words(line)
	if n := len(list); n > 1 && n < 5 && slices.ContainsFunc(list, outletWords.is) && list[0].Case != lex.Lower { // Foto: Muster list
		return true
	}
	_, known := r.Match(s, line.Start) // NASA's Muster Center
	for n, w := range list {
		before := lex.Before(s, w.Start)
		if n > 0 && lex.IsLatin(w.Of(s)) && w.Case == lex.Lower && !w.Is(connectors.class|joiners.class|fillers.class) &&
			before != '.' && !((r.caption || known) && lex.IsApostrophe(before)) && (w.End >= line.End || s[w.End] != '.') {
			return false
		}
	}
	return len(list) <= 8
}

// shortLabels are labels that a full stop cuts: "fot. NAME".
var shortLabels = wordSet("shortLabels")

// commaLabels precede a comma: "Image source, Getty Images".
var commaLabels = wordSet("commaLabels")

// captionAuthors precede a colon and the one who made a picture, in its own description.
var captionAuthors = wordSet("captionAuthors")

// pictureBy reports whether a label is that of photoBy with another word for a picture: "photograph courtesy of".
func pictureBy(label string) bool {
	word, rest, ok := strings.Cut(label, " ")
	return ok && pictureWords.Has(word) && photoBy.Has("photo "+rest)
}

// label reads a label at i and returns where the line behind it begins, or i.
func label(s string, i int) (next int, colon bool) {
	end, by := i, i
	for n, j := 0, i; n < 6; n++ {
		e := lex.WordEnd(s, j)
		if e == j {
			break
		}
		end = e
		k := lex.SkipSpace(s, e)
		switch {
		case k == len(s):
		case s[k] == ':' && labels.Has(s[i:end]):
			return k + 1, true
		case strings.HasPrefix(s[k:], ".:") && (labels.Has(s[i:end]) || shortLabels.Has(s[i:end])):
			return k + len(".:"), true
		case s[k] == '.' && shortLabels.Has(s[i:end]), s[k] == ',' && commaLabels.Has(s[i:end]):
			return k + 1, true
		case strings.HasPrefix(s[k:], "...") && dotted.Has(s[i:end]):
			return k + len("..."), true
		}
		if n > 0 && (photoBy.Has(s[i:end]) || pictureBy(s[i:end])) {
			by = end
		}
		j = k
		if c, n := lex.At(s, j); lex.IsApostrophe(c) { // Foto d’arxiu
			j += n
		}
	}
	return by, strings.HasSuffix(s[i:by], " of")
}
