package attribute

import (
	"slices"
	"strings"

	"dateline/aggregator/attribute/lex"
	"dateline/aggregator/news"
)

// A photo credit follows a label ("Photo:", "Фото:", "(Photo by ...)"), behind a copyright sign, or bare at
// the end of a caption ("Sergey Lavrov. Russian MFA/TASS"), where every part must be known and at least one be in the
// registry. The caption is what precedes it in the same paragraph.

const (
	rulePhotoLabel = "photo-label"
	rulePhotoSign  = "photo-copyright"
	rulePhotoChain = "photo-chain"
)

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
func (r *reader) readPhoto(s string, start, end int) (photo, bool) {
	s = s[:r.calledEnd(s, start, end)]
	var first photo
	found := false
	for _, rule := range r.rules.photos {
		if p, ok := rule.photo(r, s, start, len(s)); ok && (!found || p.whole.Start < first.whole.Start) {
			first, found = p, true
		}
	}
	for _, rule := range r.rules.photoEnds {
		if !found {
			first, found = rule.photoEnd(r, s, start)
		}
	}
	if found && len(s) < end && lex.SkipSpace(s, first.whole.End) == len(s) {
		first.whole.End = end
	}
	return first, found
}

// calledEnd returns where the words that ask for a click begin at the end of a caption: "(AP Photo/Ann Lee) more >", "Ann Lee/AP hide
// caption".
func (r *reader) calledEnd(s string, start, end int) int {
	list := r.words(lex.Between(start, end))
	if n := len(list); n > 2 && strings.ContainsAny(s[start:end], "/|)") && callEnds.Has(list[n-1].Of(s)) {
		for n = max(1, n-7); n < len(list)-1; n++ {
			if w := list[n]; s[list[n-1].End:w.Start] == " " && photoCalls.Has(s[w.Start:end]) {
				return list[n-1].End
			}
		}
	}
	k := strings.LastIndexAny(s[start:end], ")]+")
	if k >= 0 && strings.HasSuffix(s[:end], " OUT") && lex.Case(s[start+k+1:end]) == lex.Capital { // (CTK Photo/Ann Lee) SLOVAKIA OUT
		return start + k + 1
	}
	if k < 0 || end-start-k > 40 || !photoCalls.Has(s[start+k+1:end]) {
		return end
	}
	if s[start+k] == '+' { // © ANSA +CLICCA PER INGRANDIRE
		return lex.SkipSpaceBack(s, start+k)
	}
	return start + k + 1
}

// photoCalls are words behind a caption that ask for a click, callEnds those with which they end.
var (
	photoCalls = wordSet("photoCalls")
	callEnds   = wordSet("callEnds")
)

// opens reports whether a credit may begin at i: at the head of a paragraph, behind a sentence, or in a bracket.
func (r *reader) opens(s string, start, i int) bool {
	j := lex.SkipSpaceBack(s, i)
	if j <= start {
		return true
	}
	switch c := lex.Before(s, j); {
	case j == i && lex.IsLetter(c): // glued to a word
		return true
	case c == '(' || c == '[' || c == '|' || c == '·' || c == '•' || c == '.' || c == '!' || c == '?' || c == '…' || c == ':' || c == ';':
		return true
	case lex.IsDash(c):
		return j-len(string(c)) <= start || lex.IsSpace(lex.Before(s, j-len(string(c)))) || c != '-'
	case lex.IsQuote(c), lex.IsApostrophe(c):
		return j < i
	case c == '/':
		return j < i
	}
	return false
}

// publishers are words of a publisher's notice behind a copyright sign, companies those of the names of companies.
var (
	publishers = wordSet("publishers")
	companies  = wordSet("companies")
)

// anyAgency reports whether a part of a chain is an agency or one that sells pictures.
func (r *reader) anyAgency(links []link) bool {
	return slices.ContainsFunc(links, func(l link) bool {
		k := r.Kind(l.key)
		return l.key != "" && (k == news.KindAgency || k == news.KindPhoto || k == news.KindDistributor)
	})
}

// allKnown reports whether every part of a chain is in the registry or a person.
func allKnown(links []link) bool {
	return !slices.ContainsFunc(links, func(l link) bool { return l.key == "" && l.rank != rankPerson })
}

func anyKey(links []link) bool {
	for _, l := range links {
		if l.key != "" {
			return true
		}
	}
	return false
}

// sentence reports whether a sentence, not a part of a name, begins behind the full stop before i.
func (r *reader) sentence(s string, i int) bool {
	c, _ := lex.At(s, lex.SkipSpace(s, i))
	return lex.IsUpper(c) || lex.IsQuote(c) || lex.IsDigit(c) || c == '(' || c == '©' || c >= 0x590 && lex.IsLetter(c) && !lex.IsLower(c)
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

// abbreviations end with a full stop that ends no sentence.
var abbreviations = wordSet("abbreviations")

// abbreviated reports whether the full stop at i ends an abbreviation: "Muster GmbH & Co. KG".
func abbreviated(s string, i int) bool {
	j := i
	for j > 0 && lex.IsWord(lex.Before(s, j)) {
		_, n := lex.Last(s, j)
		j -= n
	}
	return j < i && i-j < 6 && abbreviations.Has(s[j:i])
}

// letterBefore reports whether the full stop at i ends a letter of an abbreviation: "e. V.", "s. r. o."
func letterBefore(s string, i int) bool {
	c := lex.Before(s, i)
	return isLower(c) && !lex.IsWord(lex.Before(s, i-len(string(c)))) && lex.IsSpace(lex.RuneAt(s, i+1))
}

// lineEnd returns where the credit that opens at open and whose line begins at i ends: at its bracket, at the end of
// the sentence, or at the end of s.
func (r *reader) lineEnd(s string, open, i int) int {
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
			if e := nextLabel(s, i, j); e > i {
				return trimBack(s, i, e)
			}
		case '|':
			if open < i || s[i] == 0xc2 { // behind a bar is another thing, but for IPTC's own labels
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
			if k > j+n && !initialBefore(s, j) && !letterBefore(s, j) && !abbreviated(s, j) && !lex.IsSpace(lex.Before(s, j)) &&
				r.sentence(s, j+n) &&
				!r.agencyOnly(s, j+n) {
				return trimBack(s, i, j)
			}
		}
		if c >= 0x590 && c < 0x780 && lex.IsLatin(s[j-1:]) && lex.IsLetter(rune(s[j-1])) { // REUTERS / ANN LEEمصر
			return trimBack(s, i, j)
		}
		j += n
	}
	return trimBack(s, i, len(s))
}

// nextLabel returns where a credit that begins at i ends before the label of another role, whose colon is at j: at the comma in "Photo: Jan
// Roe, Model: Ann Lee". 0: there is none.
func nextLabel(s string, i, j int) int {
	e := lex.SkipSpaceBack(s, j)
	k := e
	for k > i && lex.IsLetter(lex.Before(s, k)) {
		_, size := lex.Last(s, k)
		k -= size
	}
	comma := lex.SkipSpaceBack(s, k)
	if k == e || k == comma || lex.Before(s, comma) != ',' || !lex.IsSpace(lex.RuneAt(s, j+1)) {
		return 0
	}
	return comma - 1
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
