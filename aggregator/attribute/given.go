package attribute

import (
	_ "embed"
	"strings"

	"dateline/aggregator/attribute/lex"
)

//go:embed tables/given.txt
var givenTable string

// isGivenName reports whether a word, or its part before a hyphen, is a given name of tables/given.txt. The table is searched as it is: few
// lines ask, and no start waits for it.
func isGivenName(w string) bool {
	for {
		var buf [64]byte
		b := lex.AppendFold(append(buf[:0], ' '), w)
		if strings.Contains(givenTable, string(append(b, ';'))) {
			return true
		}
		k := strings.IndexByte(w, '-')
		if k <= 0 {
			return false
		}
		w = w[:k]
	}
}

// HasGivenName reports whether a name begins with a given name or an initial, or is in letters without capitals, where this is not known.
func HasGivenName(name string) bool {
	first, _, _ := strings.Cut(name, " ")
	return !cased(name) || isGivenName(first) || len([]rune(strings.Trim(first, "."))) == 1
}

// namesPerson reports whether a name of two to four words is that of a person by its given name, or by the initials before a surname.
func (r *reader) namesPerson(s string, at lex.Span) bool {
	if r.readPerson(s[:at.End], at.Start, 2) != at.End {
		return false
	}
	list := r.words(at)
	first := list[0].Of(s)
	initial := len([]rune(first)) == 1 && strings.HasPrefix(s[list[0].End:at.End], ".")
	return initial || isGivenName(first) || len(list) > 2 && isGivenName(list[1].Of(s))
}
