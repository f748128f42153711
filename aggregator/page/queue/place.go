package queue

import (
	"slices"
	"strings"
	"unicode"

	"dateline/aggregator/attribute"
	"dateline/aggregator/news"
	"dateline/aggregator/page"
	"dateline/aggregator/text"
)

// Where a credit in the text of a page counts. A paragraph that says other things first and names someone at its end speaks of what it
// says: of the next issue, a calendar, a book. A name counts where its line is a credit line, and that of a picture in what is said of it.

// dropAsides removes the persons and the pictures that are named in a text behind other words of a paragraph. opening ends with the
// first paragraph, in which a dateline may name a person.
func dropAsides(res *attribute.Result, read string, opening page.Span, captions []string) {
	byline := slices.Clone(res.Credits.Byline)
	aside := func(c news.Credit) bool {
		if c.Role != news.Byline || c.Evidence.Field != "text" {
			return false
		}
		start, line := lineAt(read, c.Evidence.Start)
		before := line[:max(firstOfList(byline, read, c.Evidence.Start)-start, 0)]
		if c.Evidence.Rule == "byline-contributed" && (start < opening.End || strings.ContainsAny(line, "0123456789")) {
			return true // it says where someone was another time
		}
		if start < opening.End && opening.End <= start+len(line) {
			return len(before) > maxDateline
		}
		return !isLabel(before)
	}
	named := func(start, end int) bool { // by a byline in the part of a line
		return slices.ContainsFunc(res.Credits.Byline, func(c news.Credit) bool {
			return c.Evidence.Field == "text" && start <= c.Evidence.Start && c.Evidence.Start < end
		})
	}
	res.Credits.Byline = slices.DeleteFunc(res.Credits.Byline, aside)
	res.Evidence = slices.DeleteFunc(res.Evidence, aside)
	res.Credits.Photos = slices.DeleteFunc(res.Credits.Photos, func(ph news.Photo) bool {
		if ph.Evidence.Field != "text" {
			return false
		}
		start, line := lineAt(read, ph.Evidence.Start)
		before := line[:ph.Evidence.Start-start]
		if start+len(line) < opening.End && strings.Contains(line, " | ") && !slices.Contains(captions, line) && !page.IsPicture(line) &&
			!isPictureLabel(before[strings.LastIndexByte(before, '|')+1:]) {
			return true // the newsroom and its agency
		}
		return !slices.Contains(captions, line) && !(isLabel(before) && isPictureLabel(before)) && !named(start, ph.Evidence.Start)
	})
}

// dropState removes the agency AP from a dateline of a town of Andhra Pradesh, or that was one: papers there abbreviate the state so, and
// the agency names the country between.
func dropState(res *attribute.Result, src news.Source) {
	d := res.Credits.Dateline
	if d == nil || d.Agency != ap || src.Agency == ap || !ofAndhra[text.Fold(d.Place)] || strings.Contains(d.Raw, ",") {
		return
	}
	d.Agency = ""
	isIt := func(c news.Credit) bool { return c.Agency == ap && c.Role == news.Originator }
	if a := res.Credits.Agency; a != nil && isIt(*a) {
		res.Credits.Agency = nil
	}
	res.Evidence = slices.DeleteFunc(res.Evidence, isIt)
}

// dropCorrection removes an agency that a line names which says what was put right in the text.
func dropCorrection(res *attribute.Result, read string, src news.Source) {
	a := res.Credits.Agency
	if a == nil || a.Evidence.Field != "text" || src.Agency != "" {
		return
	}
	if start, line := lineAt(read, a.Evidence.Start); start == 0 || !correction().MatchString(line) {
		return
	}
	res.Credits.Agency = nil
	res.Evidence = slices.DeleteFunc(res.Evidence, func(c news.Credit) bool {
		return c.Role == news.Originator && c.Agency == a.Agency
	})
}

// correction matches the beginning of a line that says what was put right.
var correction = compiled(`(?i)^(?:correction|clarification|erratum|errata|korrektur|richtigstellung|correcci[oó]n|` +
	`rectifica|fe de erratas|correctif|rectificatif|correç|` +
	`rättelse|rettelse|oikaisu|sprostowanie|oprava|ispravka|исправлен|уточнен|поправка|düzeltme|helyreigazít)`)

const ap = "ap"

// ofAndhra are the towns of the state.
var ofAndhra = map[string]bool{"hyderabad": true, "visakhapatnam": true, "vizag": true, "vijayawada": true, "amaravati": true,
	"tirupati": true, "tirumala": true, "guntur": true, "nellore": true, "kurnool": true, "kadapa": true, "rajahmundry": true,
	"kakinada": true, "anantapur": true, "ongole": true, "eluru": true, "chittoor": true, "srikakulam": true, "vizianagaram": true}

// isPictureLabel reports whether a field of a line is the label of a picture.
func isPictureLabel(field string) bool {
	return strings.TrimSpace(field) != "" && page.IsPicture(field)
}

const (
	maxDateline = 150 // bytes of a first paragraph before the person that its dateline names
	maxLabel    = 5   // words
)

// lineAt returns the line of a text with the place i in it, and where it starts.
func lineAt(text string, i int) (start int, line string) {
	start = strings.LastIndexByte(text[:i], '\n') + 1
	line, _, _ = strings.Cut(text[start:], "\n")
	return start, line
}

// sentenceEnd matches the end of a sentence before another.
var sentenceEnd = compiled(`\pL{3,}[.!?…]["'”»)]*\s|[。！？]`)

// isLabel reports whether what is in a line before a name can be its label: a few words and no sentence.
func isLabel(before string) bool {
	words := 0
	for w := range strings.FieldsSeq(before) {
		if strings.ContainsFunc(w, unicode.IsLetter) {
			words++
		}
	}
	return words <= maxLabel && !sentenceEnd().MatchString(before)
}

// namesNoOne reports whether the line of a photo names neither a person nor an owner: "N/A", "Archive", "Staff photo".
func namesNoOne(p news.Photo) bool {
	known := slices.ContainsFunc(p.Chain, func(c news.Credit) bool { return c.Agency != "" })
	return !known && (attribute.NamesNoOne(p.Line) || page.IsPosts(p.Line))
}

// isDoubtful reports whether the line of a photo names an owner in a way in which no owner is named: with "by", a sign of a licence,
// half of a quotation, or a verb.
func isDoubtful(p news.Photo) bool {
	return page.IsClause(p.Line) || slices.ContainsFunc(p.Chain, func(c news.Credit) bool {
		return c.Agency == "" && (doubtful().MatchString(c.Name) ||
			strings.Count(c.Name, "（") != strings.Count(c.Name, "）") || strings.Count(c.Name, `"`)%2 == 1)
	})
}

// doubtful matches a name that is none.
var doubtful = compiled(`(?i) (?:by|par|von|przez|autor) |\bCC[ -](?:BY|0)|@\S+ on |://|[<>{}=]`)

// dropEvidence removes the evidence of pictures that are credited no more.
func dropEvidence(res *attribute.Result, pictures []news.Photo) {
	has := func(all []news.Photo, c news.Credit) bool {
		return slices.ContainsFunc(all, func(p news.Photo) bool {
			return slices.ContainsFunc(p.Chain, func(o news.Credit) bool { return o.Role == c.Role && o.ID() == c.ID() })
		})
	}
	res.Evidence = slices.DeleteFunc(res.Evidence, func(c news.Credit) bool { return has(pictures, c) && !has(res.Credits.Photos, c) })
}
