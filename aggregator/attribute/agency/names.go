package agency

import (
	"slices"
	"strings"

	"dateline/aggregator/attribute/lex"
)

// names are the spellings of agencies. Those that begin with one word are a list, the longest first, exact ones before the others; the
// word's entry in the vocabulary has the number of the first one. The words of all spellings are in the vocabulary.
type names struct {
	words *lex.Vocabulary
	list  []spelling // the number of a spelling is its index and one
	parts []string   // the words of the spellings, which share it

	folded strings.Builder // what fold returns is a part of it
}

// spelling is one way to print the name of an agency.
type spelling struct {
	key    string
	folded string
	words  []string  // folded; of an exact spelling: as printed
	head   *lex.Word // what the vocabulary has of the first one
	next   int32     // number of the next spelling with the same first word; 0: none
	exact  bool
	weak   bool // an ordinary word or another thing's acronym as well
}

// Name is a spelling met in a text.
type Name struct {
	Start, End int    // bytes of the text
	Key        string // of the agency, in the registry
	Weak       bool   // the spelling is an ordinary word too: it names the agency only where the words beside it say so
}

// newNames returns an empty list for about so many spellings.
func newNames(spellings int) *names {
	n := &names{words: lex.NewVocabulary(5 * spellings / 2), list: make([]spelling, 0, spellings), parts: make([]string, 0, 2*spellings)}
	n.folded.Grow(16 * spellings)
	return n
}

// fold returns the words of s as [lex.Fold] does, without an allocation of its own.
func (n *names) fold(s string) string {
	if lex.IsFolded(s) {
		return s
	}
	at := n.folded.Len()
	var buf [128]byte
	n.folded.Write(lex.AppendWords(buf[:0], s))
	return n.folded.String()[at:]
}

// add takes in a spelling and its folded words; it returns the key that has it already, if that is another.
func (n *names) add(key, printed, folded string, m signs) (taken string) {
	if folded == "" {
		return ""
	}
	sp := spelling{key: key, folded: folded, exact: m.exact, weak: m.weak}
	at := len(n.parts)
	if m.exact {
		n.parts = appendPrinted(n.parts, printed)
	} else {
		n.parts = appendParts(n.parts, folded)
	}
	sp.words = n.parts[at:len(n.parts):len(n.parts)]
	first, _, _ := strings.Cut(folded, " ")
	head := n.words.Add(first, 0)
	sp.head = head
	before, k := int32(0), head.Names
	for k > 0 {
		o := &n.list[k-1]
		if o.exact == sp.exact && slices.Equal(o.words, sp.words) {
			n.parts = n.parts[:at]
			if o.key != key {
				return o.key
			}
			return ""
		}
		if len(o.words) < len(sp.words) || len(o.words) == len(sp.words) && sp.exact && !o.exact {
			break
		}
		before, k = k, o.next
	}
	sp.next = k
	n.list = append(n.list, sp)
	if number := int32(len(n.list)); before == 0 {
		head.Names = number
	} else {
		n.list[before-1].next = number
	}
	if !m.exact {
		for _, w := range sp.words[1:] {
			n.words.Add(w, 0)
		}
	}
	return ""
}

// lookup returns the key of the first spelling that was added with these folded words.
func (n *names) lookup(folded string) (key string, ok bool) {
	word, _, _ := strings.Cut(folded, " ")
	head := n.words.Folded(word)
	if head == nil {
		return "", false
	}
	first := int32(0)
	for k := head.Names; k > 0; k = n.list[k-1].next {
		if n.list[k-1].folded == folded && (first == 0 || k < first) {
			first = k
		}
	}
	if first == 0 {
		return "", false
	}
	return n.list[first-1].key, true
}

// appendPrinted appends the words of s in their case.
func appendPrinted(list []string, s string) []string {
	for i := lex.NextWord(s, 0); i < len(s); {
		j := lex.WordEnd(s, i)
		list = append(list, s[i:j])
		i = lex.NextWord(s, j)
	}
	return list
}

// appendParts appends what one space parts in s.
func appendParts(list []string, s string) []string {
	for {
		w, rest, more := strings.Cut(s, " ")
		list = append(list, w)
		if !more {
			return list
		}
		s = rest
	}
}

// match reads the longest spelling that begins with the word at i.
func (n *names) match(s string, i int) (Name, bool) {
	end := lex.WordEnd(s, i)
	if end == i {
		return Name{}, false
	}
	head := n.words.Look(s[i:end])
	if head == nil {
		return Name{}, false
	}
	for k := head.Names; k > 0; k = n.list[k-1].next {
		sp := &n.list[k-1]
		if e, ok := sp.at(s, i); ok {
			return Name{i, e, sp.key, sp.weak}, true
		}
	}
	return Name{}, false
}

// at reports whether sp is at i, and where it ends.
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
func (n *names) read(s string, list []lex.Token, k int) (Name, bool) {
	if k >= len(list) || list[k].Word == nil {
		return Name{}, false
	}
	for at := list[k].Word.Names; at > 0; at = n.list[at-1].next {
		sp := &n.list[at-1]
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

// joins reports whether r may be between two words of a name.
func joins(r rune) bool {
	return lex.IsSpace(r) || lex.IsQuote(r) || lex.IsApostrophe(r) || lex.IsDash(r) || r == '.' || r == '&' || r == '/'
}

// whole reads a spelling that is all of s but for quotation marks around it.
func (n *names) whole(s string) (Name, bool) {
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
