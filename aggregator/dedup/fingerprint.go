package dedup

import (
	"slices"
	"strings"

	"github.com/cespare/xxhash/v2"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// How texts are fingerprinted: the hash of every run of four words, of which winnowing keeps the smallest of
// each four in a row, over the first hundred words, and of each eight in a row behind them. Two texts that share seven words in a row
// share a fingerprint (Schleimer, Wilkerson, Aiken: Winnowing, 2003); what is the smallest of eight is that of any four of them, too, so
// a text that begins in the middle of another one is found by the half of its fingerprints. Hashes of 32 bits and a hundred words find a
// lead of 25 words in the full text as surely as 64 bits and all words do, in half the space.
const (
	shingleWords     = 4
	winnow           = 4
	winnowBehind     = 8
	fingerprintWords = 100 // of a text, are fingerprinted closely
	maxWords         = 200 // of a text, are fingerprinted, and compared word by word
	MinWords         = 12  // a shorter text is compared by its title alone
)

// Text is an item as its text is compared with others.
type Text struct {
	item     news.Item
	tokens   []text.Token // of the lead; of one under MinWords with the title before it, if that is longer
	title    []text.Token // of the title; without one, of the beginning of the lead
	shingles []uint32     // one for each run of four tokens
	terms    []uint32     // the fingerprints, ascending, each once
	subject  uint32       // of the title without its figures and dates, as all issues of a series have it; 0: none
	made     *made        // from the above, when it was first asked for; of no two texts with other tokens
}

// made is what is asked of a text again: it is looked up before the transaction that stores it, and in it.
type made struct {
	story   *storyTerms // with storyWords
	figures *[]string   // see plainFigures
	set     []uint32    // see shingleSet
}

// shingleSet returns the shingles, ascending, each once.
func (t *Text) shingleSet() []uint32 {
	if t.made.set == nil {
		t.made.set = set(t.shingles)
	}
	return t.made.set
}

// NewText prepares an item, cleaned and credited, to be compared.
func NewText(it news.Item) *Text { return NewTextOf(it, text.Tokens(it.Lead, maxWords)) }

// NewTextOf is [NewText] of an item whose lead was cut into tokens, all of them or at least 200. They are changed.
func NewTextOf(it news.Item, lead []text.Token) *Text {
	title := it.Title
	if term := it.Credits.Marker; term != "" { // "UPDATE 1" counts nothing
		title = strings.Replace(title, term, " ", 1)
	}
	t := &Text{item: it, made: &made{}, tokens: leadTokens(lead), title: notation(untimed(text.Tokens(title, maxWords)))}
	if n := len(t.tokens); 0 < n && n < MinWords && len(t.title) >= MinWords {
		t.tokens = slices.Concat(t.title, t.tokens)
	}
	t.shingles = shingles(t.tokens)
	if len(t.tokens) >= MinWords {
		t.terms = fingerprints(t.shingles)
	}
	t.subject = subject(t.title)
	if len(t.title) == 0 {
		t.title = t.tokens[:min(len(t.tokens), MinWords)]
	}
	return t
}

// leadTokens returns the words of a lead that are compared. A figure that it was cut behind may be half of one, such as 3,3 million.
func leadTokens(tokens []text.Token) []text.Token {
	tokens = tokens[:min(len(tokens), maxWords)]
	if len(tokens) == maxWords && tokens[maxWords-1].Figure {
		tokens = tokens[:maxWords-1]
	}
	return notation(unstamped(tokens))
}

// Of returns the text as that of it, which says the same: an item gets its key and dates after its text was prepared.
func (t *Text) Of(it news.Item) *Text {
	out := *t
	out.item = it
	return &out
}

// Fingerprint returns what the item is to be found by.
func (t *Text) Fingerprint() news.Fingerprint {
	return news.Fingerprint{Item: t.item.Key, At: t.item.Date(), Terms: t.wanted()}
}

// wanted is the fingerprints and the subject.
func (t *Text) wanted() []uint32 {
	if t.subject == 0 {
		return t.terms
	}
	all := append(slices.Clone(t.terms), t.subject)
	slices.Sort(all)
	return slices.Compact(all)
}

func shingles(tokens []text.Token) []uint32 {
	if len(tokens) < shingleWords {
		return nil
	}
	words := make([]uint64, len(tokens))
	for i, t := range tokens {
		words[i] = xxhash.Sum64String(t.Text)
	}
	out := make([]uint32, len(words)-shingleWords+1)
	for i := range out {
		var h uint64
		for _, w := range words[i : i+shingleWords] {
			h = (h ^ w) * 0x9e3779b97f4a7c15
			h ^= h >> 29
		}
		out[i] = uint32(h >> 32)
	}
	return out
}

// fingerprints returns the hashes that a text is found by, ascending, each once.
func fingerprints(shingles []uint32) []uint32 {
	near := min(len(shingles), fingerprintWords-shingleWords+1)
	kept := make([]uint32, 0, len(shingles)/2+1)
	kept = winnowed(kept, shingles[:near], winnow)
	kept = winnowed(kept, shingles[near:], winnowBehind)
	slices.Sort(kept)
	return slices.Compact(kept)
}

// winnowed appends the smallest of each so many hashes in a row, in the order of the hashes.
func winnowed(kept, hashes []uint32, window int) []uint32 {
	for i := 0; len(hashes) > 0 && (i == 0 || i+window <= len(hashes)); i++ {
		if h := slices.Min(hashes[i:min(i+window, len(hashes))]); len(kept) == 0 || kept[len(kept)-1] != h {
			kept = append(kept, h)
		}
	}
	return kept
}

// minSubject is how many words besides figures and dates make a title one that names a series.
const minSubject = 2

func subject(title []text.Token) uint32 {
	var b strings.Builder
	b.Grow(16 * len(title))
	b.WriteString("title")
	words := 0
	for _, t := range title {
		b.WriteByte(0)
		if _, counts := figure(t); counts {
			b.WriteByte('#')
			continue
		}
		b.WriteString(t.Text)
		words++
	}
	if words < minSubject {
		return 0
	}
	return max(uint32(xxhash.Sum64String(b.String())>>32), 1)
}

// without returns the text without the words that only fingerprints in common cover.
func (t *Text) without(ignored map[uint32]bool) *Text {
	if len(ignored) == 0 {
		return t
	}
	covered := make([]bool, len(t.tokens))
	for i, s := range t.shingles {
		if ignored[s] {
			for j := range shingleWords {
				covered[i+j] = true
			}
		}
	}
	out := *t
	out.tokens, out.made = nil, &made{}
	for i, tok := range t.tokens {
		if !covered[i] {
			out.tokens = append(out.tokens, tok)
		}
	}
	out.shingles = shingles(out.tokens)
	out.terms = slices.DeleteFunc(slices.Clone(t.terms), func(m uint32) bool { return ignored[m] })
	return &out
}
