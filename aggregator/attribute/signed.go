package attribute

import (
	"slices"
	"strings"

	"dateline/aggregator/attribute/lex"
)

// A credit behind a sign of copyright: "© AFP 2019 / Alberto Pizzolo".

// signedPhoto finds the first photo credit behind a copyright sign.
func (r *reader) signedPhoto(s string, start, end int) (photo, bool) {
	for i := start; ; {
		i = nextSign(s[:end], i)
		if i == end {
			return photo{}, false
		}
		if p, ok := r.signed(s, start, i); ok {
			return p, true
		}
		i += signLen(s, i)
	}
}

// signs are those of copyright, the letter c of either alphabet in brackets too.
var signs = [...]string{"©", "(c)", "(C)", "(с)", "(С)", "ⓒ"}

// nextSign returns where the first sign of copyright is in s from i on, or the end of s.
func nextSign(s string, i int) int {
	at := len(s)
	for _, sign := range signs {
		if k := strings.Index(s[i:at], sign); k >= 0 {
			at = i + k
		}
	}
	return at
}

// signLen returns the length of the sign of copyright at i, or 0.
func signLen(s string, i int) int {
	for _, sign := range signs {
		if strings.HasPrefix(s[i:], sign) {
			return len(sign)
		}
	}
	return 0
}

// signed reads "© AFP 2019 / Alberto Pizzolo" at i.
func (r *reader) signed(s string, start, i int) (photo, bool) {
	p := photo{rule: rulePhotoSign, line: lex.Between(i, r.lineEnd(s, i, i))}
	if p.line.End-p.line.Start > maxCredit {
		return p, false
	}
	p.line.End = r.dashed(s, i, r.barred(s, p.line.End))
	from := p.line.Start + signLen(s, i)
	j, labelled := label(s[:p.line.End], lex.SkipSpace(s, from))
	if labelled { // © Bild: NAME
		from = j
	}
	c := r.chain(s, from, p.line.End)
	switch {
	case r.caption && i == start && len(c.links) == 1 && c.end == len(s) && len(r.words(p.line)) < 6 && !isPublishers(s[start:], 1) &&
		!longNumber(s[from:]) && !strings.ContainsAny(s, "@|"): // © Muster Polizei
	case len(c.links) == 0, longNumber(s[from:p.line.End]), !r.opens(s, start, i) && c.end < p.line.End:
		return p, false
	case !r.anyAgency(c.links) && (isPublishers(s[start:], len(c.links)) || !anyKey(c.links) && !c.typed && !labelled &&
		!r.ownedLine(s, start, p.line, c)):
		return p, false
	case i == start && start > 0 && len(c.links) == 1 && !labelled && !r.anyAgency(c.links) && r.table.Index(len(s)) == len(r.table.Tokens):
		return p, false // the last line of a text is its publisher's
	}
	p.line.End = min(p.line.End, c.end)
	p.links = c.links
	p.frame(s, start, i)
	return p, true
}

// dashed returns where the credit at i ends before a dash and the caption behind it, or end: "©Ann Lee/AFP - The mayor opens the bridge".
func (r *reader) dashed(s string, i, end int) int {
	k := strings.Index(s[i:end], " - ")
	if k <= 0 {
		return end
	}
	words, small := r.count(s[:end], i+k+len(" - "))
	c := r.chain(s, i+signLen(s, i), i+k)
	if words < 5 || small < 2 || !c.typed || !r.anyAgency(c.links) {
		return end
	}
	return i + k
}

// longNumber reports whether six digits are together in a line: the number of a text.
func longNumber(line string) bool {
	n := 0
	for i := range len(line) {
		if n++; !lex.IsDigit(rune(line[i])) {
			n = 0
		}
		if n == 6 {
			return true
		}
	}
	return false
}

// barred returns the end of the line that ends at end before a bar, with what follows the bar where that is a credit too:
// "dpa | Jens Roe", "Jens Roe | AFP | Getty Images".
func (r *reader) barred(s string, end int) int {
	j := lex.SkipSpace(s, end)
	if j >= len(s) || s[j] != '|' || len(s)-j > maxCredit/2 {
		return end
	}
	if c := r.chain(s, j+1, len(s)); !c.typed || len(c.links) != 1 && !allKnown(c.links) || c.end < len(s) {
		return end
	}
	return len(s)
}

// ownedLine reports whether a line behind a copyright sign credits a picture though the registry knows no part of it: no year is
// in it, it is all of what follows, and it names a person and an owner, two owners, or one owner behind a caption.
func (r *reader) ownedLine(s string, start int, line lex.Span, c chain) bool {
	text := line.Of(s)
	rest := strings.Trim(s[line.End:], " .)]")
	if rest != "" || len(text) > maxCredit/2 || strings.ContainsAny(text, "@") ||
		!r.titled(s, line) && !r.looksLikeOutlet(s, lex.Between(line.Start+signLen(s, line.Start), line.End)) {
		return false
	}
	person := slices.ContainsFunc(c.links, func(l link) bool { return l.rank == rankPerson })
	return person || len(c.links) > 1 && strings.ContainsAny(text, "/|") || lex.SkipSpaceBack(s, line.Start) > start
}

// isPublishers reports whether a line with a copyright sign is a publisher's notice: a year is beside the sign, a word such as
// "reserved" in it, or the form of a company where it names one owner, no more.
func isPublishers(line string, owners int) bool {
	k := nextSign(line, 0)
	year := func(w string) bool { v, e := lex.Number(w, 0, 5); return e == 4 && v > 1900 && v < 2100 }
	words := 0
	for i := lex.NextWord(line, 0); i < len(line); i = lex.NextWord(line, lex.WordEnd(line, i)) {
		w := line[i:lex.WordEnd(line, i)]
		words++
		next := lex.NextWord(line, i+len(w))
		if year(w) && (i > k || i+len(w)+2 >= k && words < 4) || publishers.Has(w) || owners < 2 && companies.Has(w) ||
			companies.Has(line[i:lex.WordEnd(line, next)]) {
			return true
		}
	}
	return false
}
