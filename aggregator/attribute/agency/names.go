package agency

import (
	"slices"
	"strings"

	"dateline/aggregator/attribute/lex"
)

// names are the spellings of agencies, as a tree of their folded words: the word's entry in the vocabulary has the number of the node
// of the spellings that begin with it, and steps leads from a node to that of one word more. The words of all spellings are in the
// vocabulary.
type names struct {
	words *lex.Vocabulary
	list  []spelling // in the order in which they were added; the number of a spelling is its index and one
	nodes []node     // the number of a node is its index and one
	steps map[uint64]int32
	parts []string // the words of the spellings, which share it

	folded strings.Builder // what fold returns is a part of it
}

// node is the beginning of one spelling or more, in words.
type node struct {
	first int32 // number of the first spelling that ends here, exact ones before the other; 0: none does
	more  bool  // longer spellings begin so
}

// step returns the key of the way from a node to that of one word more.
func step(from int32, word *lex.Word) uint64 { return uint64(from)<<32 | uint64(word.Number) }

// spelling is one way to print the name of an agency.
type spelling struct {
	key   string
	words []string  // folded; of an exact spelling: as printed
	head  *lex.Word // what the vocabulary has of the first one
	next  int32     // number of the next spelling with the same folded words; 0: none
	exact bool
	weak  bool // an ordinary word or another thing's acronym as well
}

// Name is a spelling met in a text.
type Name struct {
	Start, End int    // bytes of the text
	Key        string // of the agency, in the registry
	Weak       bool   // the spelling is an ordinary word too: it names the agency only where the words beside it say so
}

// newNames returns an empty list for about so many spellings.
func newNames(spellings int) *names {
	n := &names{
		words: lex.NewVocabulary(3 * spellings), list: make([]spelling, 0, spellings), parts: make([]string, 0, 2*spellings),
		nodes: make([]node, 0, 3*spellings/2), steps: make(map[uint64]int32, spellings),
	}
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
	sp := spelling{key: key, exact: m.exact, weak: m.weak}
	at := len(n.parts)
	if m.exact {
		n.parts = appendPrinted(n.parts, printed)
	} else {
		n.parts = appendParts(n.parts, folded)
	}
	sp.words = n.parts[at:len(n.parts):len(n.parts)]
	head, end := n.grow(folded)
	sp.head = head
	before, k := int32(0), n.nodes[end-1].first
	for k > 0 {
		o := &n.list[k-1]
		if o.exact == sp.exact && slices.Equal(o.words, sp.words) {
			n.parts = n.parts[:at]
			if o.key != key {
				return o.key
			}
			return ""
		}
		if sp.exact && !o.exact {
			break
		}
		before, k = k, o.next
	}
	sp.next = k
	n.list = append(n.list, sp)
	if number := int32(len(n.list)); before == 0 {
		n.nodes[end-1].first = number
	} else {
		n.list[before-1].next = number
	}
	return ""
}

// grow returns the node of folded words, which it makes, and what the vocabulary has of the first one.
func (n *names) grow(folded string) (head *lex.Word, end int32) {
	first, rest, more := strings.Cut(folded, " ")
	head = n.words.Add(first, 0)
	if head.Names == 0 {
		n.nodes = append(n.nodes, node{})
		head.Names = int32(len(n.nodes))
	}
	end = head.Names
	for more {
		first, rest, more = strings.Cut(rest, " ")
		by := step(end, n.words.Add(first, 0))
		next := n.steps[by]
		if next == 0 {
			n.nodes[end-1].more = true
			n.nodes = append(n.nodes, node{})
			next = int32(len(n.nodes))
			n.steps[by] = next
		}
		end = next
	}
	return head, end
}

// step returns the node behind one that word leads to; 0: no spelling goes on so.
func (n *names) step(from int32, word *lex.Word) int32 {
	if word == nil || !n.nodes[from-1].more {
		return 0
	}
	return n.steps[step(from, word)]
}

// lookup returns the key of the first spelling that was added with these folded words.
func (n *names) lookup(folded string) (key string, ok bool) {
	word, rest, more := strings.Cut(folded, " ")
	head := n.words.Folded([]byte(word))
	if head == nil {
		return "", false
	}
	at := head.Names
	for at > 0 && more {
		word, rest, more = strings.Cut(rest, " ")
		at = n.step(at, n.words.Folded([]byte(word)))
	}
	if at == 0 {
		return "", false
	}
	first := n.nodes[at-1].first
	if first == 0 {
		return "", false
	}
	for k := first; k > 0; k = n.list[k-1].next {
		first = min(first, k)
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
func (n *names) match(s string, i int) (found Name, ok bool) {
	end := lex.WordEnd(s, i)
	if end == i {
		return Name{}, false
	}
	head := n.words.Look(s[i:end])
	if head == nil {
		return Name{}, false
	}
	for at := head.Names; at > 0; {
		for k := n.nodes[at-1].first; k > 0; k = n.list[k-1].next {
			sp := &n.list[k-1]
			if e, there := sp.at(s, i); there {
				found, ok = Name{i, e, sp.key, sp.weak}, true
				break
			}
		}
		start, _ := gap(s, end)
		if start == end {
			break
		}
		end = lex.WordEnd(s, start)
		at = n.step(at, n.words.Look(s[start:end]))
	}
	return found, ok
}

// gap returns the end of what may part two words of a name at i, or i, and whether a quotation mark is in it.
func gap(s string, i int) (end int, quoted bool) {
	for range 4 {
		r, size := lex.At(s, i)
		if size == 0 || lex.IsWord(r) || r == '\n' || !joins(r) {
			break
		}
		quoted = quoted || lex.IsQuote(r)
		i += size
	}
	return i, quoted
}

// at reports whether sp is at i, and where it ends.
func (sp *spelling) at(s string, i int) (int, bool) {
	quoted := false
	end := i
	for k, w := range sp.words {
		if k > 0 {
			start, q := gap(s, end)
			if start == end {
				return 0, false
			}
			i, quoted = start, quoted || q
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
func (n *names) read(s string, list []lex.Token, k int) (found Name, ok bool) {
	if k >= len(list) || list[k].Word == nil {
		return Name{}, false
	}
	list = list[k:]
	for at, words := list[0].Word.Names, 1; at > 0; words++ {
		for k := n.nodes[at-1].first; k > 0; k = n.list[k-1].next {
			sp := &n.list[k-1]
			if e, there := sp.stands(s, list); there {
				found, ok = Name{list[0].Start, e, sp.key, sp.weak}, true
				break
			}
		}
		if words == len(list) {
			break
		}
		at = n.step(at, list[words].Word)
	}
	return found, ok
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
