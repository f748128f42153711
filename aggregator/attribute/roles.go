package attribute

import (
	"strings"

	"dateline/aggregator/attribute/lex"
	"dateline/aggregator/news"
)

// A byline may name several who made a piece, each with what they did: "By Ann Lee; photos by Tom Roe; edited by Pat Lowry", "Von Ann Lee
// und Tom Roe (Fotos)". A role reaches to the next label; one in brackets is of the name before it alone. Who took the pictures is a
// photographer, and who edited, translated or checked the text is no author.

// role is what those who are named in a part of a byline did.
type role int

const (
	roleAuthor role = iota
	rolePhotos
	roleOther
)

// Words of a role before a name or in brackets behind one.
var (
	authorRoles = wordSet("authorRoles")
	photoRoles  = wordSet("photoRoles")
	otherRoles  = wordSet("otherRoles")
)

// roled is a part of a byline whose names have one role.
type roled struct {
	role role
	at   lex.Span
}

const maxRoles = 400 // bytes of a byline

// readRoles reads the roles of a byline between start and end. There are none where all in it wrote, or where it names one alone.
func (r *reader) readRoles(s string, start, end int) (list []roled) {
	if end-start > maxRoles {
		return nil
	}
	s = s[:end]
	part, others, last := roled{at: lex.Between(start, start)}, false, start // last: where the part of the list before ends
	file := func(to, next int, then role) {
		if part.at = trimPart(s, part.at.Start, to); !part.at.Empty() {
			list = append(list, part)
			others = others || part.role != roleAuthor
		}
		part = roled{role: then, at: lex.Between(next, next)}
	}
	for i := lex.SkipSpace(s, start); i < end; {
		if is, next := roleLabel(s, i); next > i {
			if before := trimPart(s, part.at.Start, max(last, part.at.Start)); !before.Empty() {
				if too, bare := roleOf(before.Of(s)); bare { // Text and photos by Ann Lee
					return r.bothRoles(s, trimPart(s, next, end), too, is)
				}
			}
			file(i, next, is)
			i = next
		}
		stop, next := r.nextPart(s, i)
		if is, to, ok := roleBehind(s, stop); ok {
			file(last, i, is)
			if w := r.word(s, lex.SkipSpace(s, to)); joiners.is(w) {
				to = w.End
			}
			file(stop, to, roleAuthor)
			next = to
		}
		last, i = stop, lex.SkipSpace(s, next)
	}
	if file(end, end, roleAuthor); !others || len(list) < 2 {
		return nil
	}
	return list
}

// bothRoles returns the two roles of one person; there are none where at is not the name of one.
func (r *reader) bothRoles(s string, at lex.Span, one, other role) []roled {
	if one == other || r.readPerson(s[:at.End], at.Start, 2) != at.End {
		return nil
	}
	return []roled{{one, at}, {other, at}}
}

// roleOf returns the role that words alone name: "Fotos", "words by".
func roleOf(words string) (role, bool) {
	switch {
	case authorRoles.Has(words):
		return roleAuthor, true
	case photoRoles.Has(words):
		return rolePhotos, true
	case otherRoles.Has(words):
		return roleOther, true
	}
	return roleAuthor, false
}

// roleLabel reads the longest label of a role at i, and returns where the names begin behind it, or i. A label of one word has a colon or
// begins with a small letter, but for "By" and its like.
func roleLabel(s string, i int) (is role, next int) {
	next = i
	for n, e := 0, i; n < 4; n++ {
		from := lex.NextWord(s, e)
		to := lex.WordEnd(s, from)
		if to == from || n > 0 && strings.ContainsAny(s[e:from], ",;:|/()\n") {
			break
		}
		e = to
		k := lex.SkipSpace(s, e)
		colon := k < len(s) && s[k] == ':'
		if colon {
			k = lex.SkipSpace(s, k+1)
		}
		c := lex.RuneAt(s, k)
		if k == e || !lex.IsLetter(c) || isLower(c) {
			continue
		}
		if of, ok := roleOf(s[i:e]); ok && (colon || n > 0 || isLower(lex.RuneAt(s, i)) || bylineStarts.Has(s[i:e])) {
			is, next = of, k
		}
	}
	return is, next
}

// roleBehind reads the role in brackets that open at i, and returns where they end: "(Fotos)".
func roleBehind(s string, i int) (is role, end int, ok bool) {
	if i >= len(s) || s[i] != '(' {
		return is, i, false
	}
	k := strings.IndexByte(s[i:], ')')
	if k < 0 {
		return is, i, false
	}
	is, ok = roleOf(s[i+1 : i+k])
	return is, i + k + 1, ok
}

// roles files what the roles of a byline name: persons as authors, who took the pictures as credits of these. Evidence returns that of a
// span of s.
func (c *scan) roles(r *reader, s string, list []roled, evidence func(at lex.Span, rule string) news.Evidence) {
	for _, part := range list {
		switch part.role {
		case roleAuthor:
			for _, p := range r.readPeople(s, part.at.Start, part.at.End).persons {
				cr := news.Credit{Role: news.Byline, Name: p.Of(s), Evidence: evidence(p, ruleByline)}
				c.evidence = append(c.evidence, cr)
				c.out.Byline = addPerson(c.out.Byline, cr)
			}
		case rolePhotos:
			if links := r.chain(s, part.at.Start, part.at.End); len(links.links) > 0 {
				ev := evidence(part.at, rulePhotoLabel)
				c.addPhoto(news.Photo{Line: part.at.Of(s), Chain: r.credits(s, c.language, links.links, ev), Evidence: ev})
			}
		}
	}
}

// areRoles reports whether the roles read from a paragraph are a byline, not a sentence: it opens as a byline does, and all whom it says to
// have written are names.
func (c *scan) areRoles(list []roled, line string) bool {
	if opening(line, 0) == 0 {
		return false
	}
	for _, part := range list {
		if part.role == roleAuthor {
			of := c.r.readPeople(c.s, part.at.Start, part.at.End)
			if len(of.persons) == 0 || of.unknown > 0 {
				return false
			}
		}
	}
	return true
}
