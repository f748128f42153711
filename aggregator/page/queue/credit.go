package queue

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"dateline/aggregator/attribute"
	"dateline/aggregator/news"
	"dateline/aggregator/page"
	"dateline/aggregator/text"
)

// Credit returns the credits that an article's page states, with evidence of the field [news.PageField] and without offsets, since its
// text is not kept. it is what the feed says of the item; zero: there is no feed. Without a source and where the page names no one
// else, an agency of the registry that the page calls its publisher is the originator.
func Credit(r *attribute.Registry, src news.Source, it news.Item, art page.Article, seen time.Time) attribute.Result {
	item := itemOf(r, src, it, art)
	in := attribute.Input{Item: &item, Text: art.Text, Source: src, Seen: seen}
	res, opening := creditOpening(r, &in, art.Opening)
	dropState(&res, src)
	dropCorrection(&res, in.Text, src)
	pictures := slices.Clone(res.Credits.Photos)
	if foot := art.Text[art.Foot:]; foot != "" && strings.HasSuffix(in.Text, foot) {
		dropFoot(&res, art, len(in.Text)-len(foot))
	}
	dropAsides(&res, in.Text, opening, art.Captions)
	dropOthers(&res, art, in.Text, opening)
	dropRoles(&res, art, in.Text)
	dropFromBylines(r, &res, art, in.Text)
	citeUnderByline(&res, in.Text, opening, src)
	chooseRights(&res, art)
	addSiteRights(r, &res, art)
	if !hasPlace(res) && art.Dateline != "" {
		in.Text = strings.TrimRight(art.Dateline, " -–—.") + " — " + cmp.Or(res.Lead, art.Title)
		if below := r.Credit(in); hasPlace(below) {
			res.Credits.Dateline = below.Credits.Dateline
		}
	}
	if d := res.Credits.Dateline; d != nil && d.Place == "" && d.Agency == "" {
		res.Credits.Dateline = nil // the day of the page's header, on which it was published
	}
	for _, o := range art.Origins {
		if cr, ok := basedOn(r, o); ok {
			res.Credits.Cited = append(res.Credits.Cited, cr)
			res.Evidence = append(res.Evidence, cr)
		}
	}
	res.Credits.Photos = slices.DeleteFunc(distinctPhotos(withCaptions(res.Credits.Photos)), func(p news.Photo) bool {
		return runsOn(p) || namesNoOne(p) || isDoubtful(p)
	})
	res.Credits.Byline = slices.DeleteFunc(slices.Clone(res.Credits.Byline), func(c news.Credit) bool {
		isOther := attribute.NamesNoOne(c.Name) || page.IsPost(c.Name) || page.IsOtherRole(c.Name) || page.HasRoleWord(c.Name)
		return c.Agency == "" && (isOther || isHeadOnly(res, c, art))
	})
	dropEvidence(&res, pictures)
	onPage(&res)
	return res
}

// itemOf returns the item as its page gives it: its fields, of which the feed's own are used for what it is about.
func itemOf(r *attribute.Registry, src news.Source, it news.Item, art page.Article) news.Item {
	item := news.Item{
		Title: cmp.Or(art.Title, it.Title), Language: cmp.Or(it.Language, art.Language), URL: cmp.Or(art.Canonical, it.URL),
		Published: it.Published, Updated: it.Updated, Feed: it.Feed, Media: art.Media, Rights: art.Rights, Licence: art.Licence,
	}
	if item.Published.IsZero() && item.Updated.IsZero() {
		item.Published = art.Published
	}
	item.Authors = authorsOf(r, art)
	if art.LeadPicture != nil && isPress(r, *art.LeadPicture) {
		item.Media = append([]news.Media{*art.LeadPicture}, art.Media...)
	}
	for _, o := range art.Origins {
		if key, ok := r.Lookup(o.Name); ok && o.URL == "" && key != src.Agency {
			item.Origin = &news.Feed{Title: o.Name}
			break
		}
	}
	if _, known := r.Lookup(art.Publisher); known && src.Agency == "" && item.Origin == nil && !hasAgency(r, item.Authors) {
		item.Publisher = art.Publisher
	}
	return item
}

// isPress reports whether a picture is credited to an agency of news or a ministry, which sponsors' pictures are not.
func isPress(r *attribute.Registry, m news.Media) bool {
	res := r.Credit(attribute.Input{Item: &news.Item{Media: []news.Media{m}}})
	return slices.ContainsFunc(res.Credits.Photos, func(p news.Photo) bool {
		return slices.ContainsFunc(p.Chain, func(c news.Credit) bool {
			kind := r.Kind(c.Agency)
			return kind == news.KindAgency || kind == news.KindMinistry
		})
	})
}

// creditOpening credits a text with a dateline in its opening or with none. A line above the opening that has one belongs to another
// piece, and so does what begins with one below. It returns the text that counts in in, and its opening.
func creditOpening(r *attribute.Registry, in *attribute.Input, opening page.Span) (attribute.Result, page.Span) {
	in.Text = in.Text[:endOfReport(r, *in, opening)]
	opening.End = min(opening.End, len(in.Text))
	for {
		res := r.Credit(*in)
		d := res.Credits.Dateline
		if d == nil || d.Place == "" || d.Evidence.Field != "text" {
			return res, opening
		}
		from, line := lineAt(in.Text, d.Evidence.Start)
		to := min(from+len(line)+1, len(in.Text))
		isOpening := opening.Start <= d.Evidence.Start && d.Evidence.Start < opening.End
		if isOpening && !isPast(d, in) && (from+len(line) >= opening.End || !isEvent(d, line)) &&
			!isQuoted(in.Text[max(d.Evidence.End, from):from+len(line)]) {
			return res, opening
		}
		in.Text = in.Text[:from] + in.Text[to:]
		if to <= opening.Start {
			opening.Start, opening.End = opening.Start-(to-from), opening.End-(to-from)
		}
	}
}

// isPast reports whether a dateline is of another year than the article: it begins a report that the article quotes.
func isPast(d *news.Dateline, in *attribute.Input) bool {
	on := in.Item.Published
	if on.IsZero() {
		on = in.Seen
	}
	return d.Year != 0 && !on.IsZero() && (d.Year < on.Year()-1 || d.Year > on.Year()+1)
}

// isQuoted reports whether what follows a dateline begins with a small letter: the text speaks of the dateline of another report.
func isQuoted(rest string) bool {
	rest = strings.TrimLeft(rest, " -–—.:)")
	first, size := utf8.DecodeRuneInString(rest)
	next, _ := utf8.DecodeRuneInString(rest[min(size, len(rest)):])
	return unicode.IsLower(first) && !unicode.IsUpper(next)
}

// isEvent reports whether a line that begins with a dateline is one of a calendar rather than of a report: short, with words behind the
// place and the day, and without an agency.
func isEvent(d *news.Dateline, line string) bool {
	_, rest, _ := strings.Cut(line, d.Raw)
	return d.Agency == "" && len(line) < maxEvent && strings.IndexFunc(rest, unicode.IsLetter) >= 0
}

// maxEvent is the length of the longest line of a calendar, in bytes.
const maxEvent = 160

// endOfReport returns where the text of an article ends: before a paragraph behind the opening that has a dateline of an agency. Where one
// directly follows the opening, or there are several, the text is a digest of several pieces and ends before the opening.
func endOfReport(r *attribute.Registry, in attribute.Input, opening page.Span) int {
	text, end, others := in.Text, len(in.Text), 0
	for from := opening.End; from < len(text); {
		to := len(text)
		if i := strings.IndexByte(text[from+1:], '\n'); i >= 0 {
			to = from + 1 + i
		}
		if in.Text = text[from:to]; isDated(r, in) {
			if others++; others > 1 || from == opening.End {
				return opening.Start
			}
			end = from
		}
		from = to
	}
	return end
}

// dropFoot removes the persons that are named in the foot of a text, from a place in it on, where others are named elsewhere: a byline
// above the text is the author's, and one at the foot then that of a teaser. Below an aside nothing counts but a trailer in
// brackets.
func dropFoot(res *attribute.Result, art page.Article, from int) {
	inFoot := func(c news.Credit) bool {
		if c.Role != news.Byline || c.Evidence.Field == "text" {
			return c.Role == news.Byline && c.Evidence.Start >= from
		}
		isNamed := func(a page.Author) bool { return a.Kind == page.Visible && a.Name == c.Name }
		at := strings.Index(art.Text, c.Name)
		return at >= art.Foot && slices.ContainsFunc(art.Authors, isNamed)
	}
	photoInFoot := func(p news.Photo) bool { return p.Evidence.Field == "text" && p.Evidence.Start >= from }
	if art.Aside {
		signed := func(c news.Credit) bool {
			return c.Evidence.Rule == "byline-trailer" && strings.HasPrefix(art.Text[art.Foot:], "(")
		}
		inAside := func(c news.Credit) bool { return inFoot(c) && !signed(c) }
		res.Credits.Byline = slices.DeleteFunc(res.Credits.Byline, inAside)
		res.Evidence = slices.DeleteFunc(res.Evidence, inAside)
		res.Credits.Photos = slices.DeleteFunc(res.Credits.Photos, photoInFoot)
	}
	if !slices.ContainsFunc(res.Credits.Byline, func(c news.Credit) bool { return !inFoot(c) }) {
		return
	}
	if !slices.ContainsFunc(res.Credits.Byline, inFoot) {
		return
	}
	res.Credits.Byline = slices.DeleteFunc(res.Credits.Byline, inFoot)
	res.Evidence = slices.DeleteFunc(res.Evidence, inFoot)
	res.Credits.Photos = slices.DeleteFunc(res.Credits.Photos, photoInFoot)
}

// isDated reports whether a paragraph has a dateline with an agency.
func isDated(r *attribute.Registry, in attribute.Input) bool {
	if head := in.Text[:min(len(in.Text), 120)]; !strings.ContainsAny(head, "(/-–—电") {
		return false
	}
	in.Item = &news.Item{Language: in.Item.Language}
	res := r.Credit(in)
	return hasPlace(res) && res.Credits.Dateline.Agency != ""
}

// hasPlace reports whether a dateline was read, rather than a date of the page's header.
func hasPlace(res attribute.Result) bool {
	return res.Credits.Dateline != nil && res.Credits.Dateline.Place != ""
}

// authorsOf returns the authors of a page that are known to be persons or agencies: what it calls an organisation must be in the
// registry; a name of a meta element must be too, or have a person's form and not be that of the site.
func authorsOf(r *attribute.Registry, art page.Article) (out []news.Person) {
	persons := slices.ContainsFunc(art.Authors, func(a page.Author) bool { return a.Kind == page.Person || a.Kind == page.Visible })
	for _, a := range art.Authors {
		_, known := r.Lookup(a.Name)
		own := isOwnName(a.Name, art)
		switch {
		case known:
		case own, a.Kind == page.Organization:
			continue
		case a.Kind == page.Unknown && (persons || !page.AreNames(a.Name)),
			a.Kind == page.Person && !strings.Contains(a.Name, " ") && isCased(a.Name):
			continue
		}
		out = append(out, news.Person{Name: a.Name})
	}
	if _, known := r.Lookup(art.Credit); known && !hasAgency(r, out) {
		out = append(out, news.Person{Name: art.Credit})
	}
	return out
}

// isHeadOnly reports whether a name is in a meta element alone of a page that names others as its authors.
func isHeadOnly(res attribute.Result, c news.Credit, art page.Article) bool {
	return c.Evidence.Field != "text" &&
		slices.ContainsFunc(art.Authors, func(a page.Author) bool { return a.Kind == page.Unknown && a.Name == c.Name }) &&
		slices.ContainsFunc(res.Credits.Byline, func(o news.Credit) bool { return o.Evidence.Field == "text" })
}

// isCased reports whether a name is in a script with capitals.
func isCased(name string) bool { return strings.ToLower(name) != strings.ToUpper(name) }

// isOwnName reports whether a name is that of the site or of its publisher.
func isOwnName(name string, art page.Article) bool {
	f := text.Fold(name)
	return f == text.Fold(art.Site) || f == text.Fold(art.Publisher) || art.IsHouse(name)
}

// hasAgency reports whether one of the authors is an agency of the registry.
func hasAgency(r *attribute.Registry, authors []news.Person) bool {
	return slices.ContainsFunc(authors, func(p news.Person) bool { _, ok := r.Lookup(p.Name); return ok })
}

// basedOn returns what an article says it is based on: a document of an agency is cited, since a report about it is still the
// reporter's.
func basedOn(r *attribute.Registry, o page.Origin) (cr news.Credit, ok bool) {
	if o.URL == "" {
		return cr, false
	}
	key, ok := r.Lookup(o.Name)
	if !ok {
		if u, err := url.Parse(o.URL); err == nil {
			key, ok = r.Host(u.Hostname())
		}
	}
	name := o.Name
	if name == "" && ok {
		name = r.Display(key, "en")
	}
	return news.Credit{Role: news.Cited, Name: name, Agency: key, Evidence: news.Evidence{Words: cmp.Or(o.Name, o.URL), Rule: "isBasedOn"}}, ok
}

// maxPageCaption is the length of the longest caption that is kept of a page, in bytes.
const maxPageCaption = 500

// withCaptions returns the photos with the captions of pictures alone: what precedes a photo line in the text is the article's, and
// no text of a page is kept.
func withCaptions(all []news.Photo) []news.Photo {
	for i := range all {
		if all[i].Evidence.Field == "text" || len(all[i].Caption) > maxPageCaption {
			all[i].Caption = ""
		}
	}
	return all
}

// distinctPhotos returns the photos with each line once: a page repeats its picture in several sizes, and addresses are not kept.
func distinctPhotos(all []news.Photo) (out []news.Photo) {
	for _, p := range all {
		i := slices.IndexFunc(out, func(o news.Photo) bool { return text.Fold(o.Line) == text.Fold(p.Line) })
		switch {
		case i < 0:
			out = append(out, p)
		case out[i].Caption == "":
			out[i].Caption = p.Caption
		}
	}
	return out
}

// runsOn reports whether the line of a photo goes on as a sentence behind an owner that the registry does not know, as captions on pages
// do: where the name ends is not certain.
func runsOn(p news.Photo) bool {
	for i, cr := range p.Chain {
		before := ""
		for w := range strings.FieldsSeq(cr.Name) {
			switch small := startsSmall(w); {
			case cr.Agency != "":
			case small && (strings.HasSuffix(before, ",") || before == "" && i > 0):
				return true
			case before != "" && sentenceStarts[w] && !startsSmall(before):
				return true
			}
			before = w
		}
	}
	return false
}

// startsSmall reports whether a word begins with a small letter.
func startsSmall(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return unicode.IsLower(r)
}

// sentenceStarts are words that begin a sentence where they begin with a capital and follow a name.
var sentenceStarts = map[string]bool{"The": true, "A": true, "An": true, "This": true, "In": true, "On": true, "At": true, "Der": true,
	"Die": true,
	"Das": true, "Le": true, "La": true, "Les": true, "El": true, "Los": true, "Il": true, "На": true, "В": true}

// onPage names the page as the field of all evidence that is not the config's.
func onPage(res *attribute.Result) {
	at := func(ev *news.Evidence) {
		if ev.Field != "config" {
			ev.Field, ev.Start, ev.End = news.PageField, 0, 0
		}
	}
	all := func(list []news.Credit) {
		for i := range list {
			at(&list[i].Evidence)
		}
	}
	c := &res.Credits
	for _, list := range [][]news.Credit{res.Evidence, c.Byline, c.Cited, c.Other, c.Joint} {
		all(list)
	}
	if c.Agency != nil {
		at(&c.Agency.Evidence)
	}
	if c.Dateline != nil {
		at(&c.Dateline.Evidence)
	}
	for i := range c.Photos {
		at(&c.Photos[i].Evidence)
		all(c.Photos[i].Chain)
	}
	if c.Kill != nil {
		at(c.Kill)
	}
}
