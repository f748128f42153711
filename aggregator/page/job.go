package page

import (
	"strings"

	"dateline/aggregator/text"
)

// What the head of a page says of those whom it names as authors: a post of theirs, or a label or a post in the field of the name.

// headAuthors adds the authors of the head: but for the house, and those of whom the page says that they did another thing.
func (d *document) headAuthors(a *Article, l *linked) {
	own := d.ownNames(l.publisher)
	a.House = own
	for _, p := range l.authors {
		isPaper := p.Kind != Organization && (isHouse(p.Name, own, d.address, d.head.canonical) || d.head.isPaper(p.Name))
		if !isPaper && !namesAnother(p.Name) && !d.notBy[text.Fold(p.Name)] {
			a.addAuthor(p)
		}
	}
	for _, name := range d.head.authors {
		if !d.head.isPaper(name) && !isHouse(name, own, d.address, d.head.canonical) && !namesAnother(name) && !d.notBy[text.Fold(name)] {
			a.addAuthor(Author{Name: name})
		}
	}
}

// isOtherJob reports whether a person of ld+json has a post that says that the person did another thing than writing, and keeps the name.
func (d *document) isOtherJob(person any, name string) bool {
	o, ok := person.(object)
	if !ok || !isOtherPost(plain(str(o["jobTitle"]))) {
		return false
	}
	d.setNotBy(name)
	return true
}

// isOtherPost reports whether a post is of one who does not write: "Fotograf", "Video producer". An editor may write, unless the post says
// what is edited besides: "Photo editor".
func isOtherPost(post string) bool {
	words, other, unknown := text.Words(text.Fold(post)), false, 0
	if len(words) > maxRole || strings.Contains(post, ":") {
		return false
	}
	for _, w := range words {
		switch {
		case editorWords()[w], openingWords()[w], houseWords()[w], joinsNames[w]:
		case byWords[w]:
			return false
		case authorLabels()[w] || bioWords()[w]:
			return false
		case roleWords()[w], pictureWords()[w], photographerWords()[w], taskWords()[w]:
			other = true
		default:
			unknown++
		}
	}
	return other && unknown < 2 // two may be a name
}

// isEditorOnly reports whether a post is that of an editor and no more, in a language in which the word is not that of one who writes, as
// "Redakteur" is.
func isEditorOnly(post string) bool {
	switch text.Fold(post) {
	case "editor", "editors", "editör", "szerkesztő", "редактор", "редакторка", "рэдактар", "urednik", "urednica", "επιμέλεια":
		return true
	}
	return false
}

// namesAnother reports whether a name of a head has a label or a post in it by which the one who is named is no author of the article, or
// is not certain to be: "Photos by Ed Stone", "Ann Lee (photos)", "As told to Ann Lee", "Ann Lee via Storyful".
func namesAnother(name string) bool {
	f := text.Fold(text.Line(name))
	words := text.Words(f)
	if strings.ContainsAny(f, "©") || len(words) == 0 || askWords[words[0]] {
		return true
	}
	for i, w := range words {
		if viaWords[w] && i+1 < len(words) {
			return true
		}
		if i > 0 && byWords[w] && isRoleStart(words[0]) && namesOtherRole(strings.Join(words[:i+1], " ")) {
			return true
		}
	}
	if label, _, ok := strings.Cut(f, ":"); ok && (namesOtherRole(label) && !strings.HasPrefix(label, "interv")) {
		return true
	}
	parts := strings.FieldsFunc(strings.NewReplacer(" - ", "|", " – ", "|", " — ", "|").Replace(name), func(r rune) bool {
		return strings.ContainsRune("|,(/;•·", r)
	})
	return len(parts) == 2 && isOtherPost(strings.Trim(parts[1], " )"))
}

// isRoleStart reports whether a word begins the label of what someone did rather than a name.
func isRoleStart(w string) bool {
	return roleWords()[w] || taskWords()[w] || pictureWords()[w] || photographerWords()[w] || openingWords()[w] || writeWords()[w] ||
		authorLabels()[w]
}

// viaWords are words before one who handed a text on, and askWords begin the name of a column.
var (
	viaWords = map[string]bool{"via": true, "told": true, "courtesy": true}
	askWords = map[string]bool{"ask": true, "dear": true, "as": true}
)
