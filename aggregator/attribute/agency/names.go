package agency

import (
	"slices"
	"strings"

	"dateline/aggregator/attribute/lex"
)

// names maps the first word of every spelling to the spellings that begin with it, the longest first.
type names map[string][]spelling

// spelling is one way to print the name of an agency.
type spelling struct {
	key   string
	words []string // folded; of an exact spelling: as printed
	exact bool
	weak  bool // an ordinary word or another thing's acronym as well
}

// Name is a spelling met in a text.
type Name struct {
	Start, End int
	Key        string
	Weak       bool
}

// add takes in a spelling and its folded words; it returns the key that has it already, if that is another.
func (n names) add(key, printed, folded string, m signs) (taken string) {
	if folded == "" {
		return ""
	}
	list := strings.Split(folded, " ")
	sp := spelling{key: key, words: list, exact: m.exact, weak: m.weak}
	if m.exact {
		sp.words = asPrinted(printed)
	}
	head := list[0]
	for _, o := range n[head] {
		if o.exact == sp.exact && slices.Equal(o.words, sp.words) {
			if o.key != key {
				return o.key
			}
			return ""
		}
	}
	n[head] = append(n[head], sp)
	return ""
}

// sort puts the longest spellings first, and the exact ones before the others.
func (n names) sort() {
	for _, list := range n {
		if len(list) == 1 {
			continue
		}
		slices.SortStableFunc(list, func(a, b spelling) int {
			switch d := len(b.words) - len(a.words); {
			case d != 0:
				return d
			case a.exact == b.exact:
				return 0
			case a.exact:
				return -1
			}
			return 1
		})
	}
}

// asPrinted cuts s into words and leaves their case.
func asPrinted(s string) []string {
	var list []string
	for i := lex.NextWord(s, 0); i < len(s); {
		j := lex.WordEnd(s, i)
		list = append(list, s[i:j])
		i = lex.NextWord(s, j)
	}
	return list
}

// match reads the longest spelling that begins with the word at i.
func (n names) match(s string, i int) (Name, bool) {
	end := lex.WordEnd(s, i)
	if end == i || end-i > 64 {
		return Name{}, false
	}
	var buf [160]byte
	for _, sp := range n[string(lex.AppendFold(buf[:0], s[i:end]))] {
		if e, ok := sp.at(s, i); ok {
			return Name{i, e, sp.key, sp.weak}, true
		}
	}
	return Name{}, false
}

// at reports whether sp stands at i, and where it ends.
func (sp *spelling) at(s string, i int) (int, bool) {
	quoted := false
	end := i
	for k, w := range sp.words {
		if k > 0 {
			start := end
			for n := 0; n < 4; n++ {
				r, size := lex.At(s, start)
				if size == 0 || lex.IsWord(r) || r == '\n' || !joins(r) {
					break
				}
				quoted = quoted || lex.IsQuote(r)
				start += size
			}
			if start == end {
				return 0, false
			}
			i = start
		}
		end = lex.WordEnd(s, i)
		if end-i > 64 {
			return 0, false
		}
		if sp.exact {
			if s[i:end] != w {
				return 0, false
			}
			continue
		}
		var buf [160]byte
		if string(lex.AppendFold(buf[:0], s[i:end])) != w {
			return 0, false
		}
	}
	if r, n := lex.At(s, end); quoted && lex.IsQuote(r) { // the quotation mark that closes a part of the name
		end += n
	}
	return end, true
}

// read reads the longest spelling that begins with the token k.
func (n names) read(s string, list []lex.Token, k int) (Name, bool) {
	if k >= len(list) || list[k].Word == nil {
		return Name{}, false
	}
	for _, sp := range n[list[k].Word.Fold] {
		if e, ok := sp.stands(s, list[k:]); ok {
			return Name{list[k].Start, e, sp.key, sp.weak}, true
		}
	}
	return Name{}, false
}

// stands reports whether list begins with sp, and where it ends.
func (sp *spelling) stands(s string, list []lex.Token) (int, bool) {
	if len(list) < len(sp.words) || list[len(sp.words)-1].End > len(s) {
		return 0, false
	}
	quoted := false
	for k, w := range sp.words {
		t := list[k]
		if sp.exact && t.Of(s) != w || !sp.exact && t.Fold() != w {
			return 0, false
		}
		if k == 0 {
			continue
		}
		gap := s[list[k-1].End:t.Start]
		if gap == " " {
			continue
		}
		n := 0
		for _, r := range gap {
			if n++; n > 4 || r == '\n' || !joins(r) {
				return 0, false
			}
			quoted = quoted || lex.IsQuote(r)
		}
	}
	end := list[len(sp.words)-1].End
	if r, n := lex.At(s, end); quoted && lex.IsQuote(r) { // the quotation mark that closes a part of the name
		end += n
	}
	return end, true
}

// joins reports whether r may stand between two words of a name.
func joins(r rune) bool {
	return lex.IsSpace(r) || lex.IsQuote(r) || lex.IsApostrophe(r) || lex.IsDash(r) || r == '.' || r == '&' || r == '/'
}

// whole reads a spelling that is all of s but for quotation marks around it.
func (n names) whole(s string) (Name, bool) {
	i := lex.NextWord(s, 0)
	m, ok := n.match(s, i)
	if !ok || lex.NextWord(s, m.End) < len(s) {
		return Name{}, false
	}
	return m, true
}

// FirstName reads the first name of an agency between start and end.
func (r *Registry) FirstName(s string, start, end int) (Name, bool) {
	s = s[:end]
	for i := lex.NextWord(s, start); i < end; i = lex.NextWord(s, lex.WordEnd(s, i)) {
		if m, ok := r.names.match(s, i); ok {
			return m, true
		}
	}
	return Name{}, false
}
