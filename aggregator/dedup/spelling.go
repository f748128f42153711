package dedup

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A name is printed in several spellings, cases and scripts; a word has slips.

// oneName reports whether two words are one name in two spellings, cases or scripts: Zelensky and Zelenskyy, Минск and Минске,
// Volodymyr and Vladimir, Brexit and брекзит, but not Slovakia and Slovenia.
func oneName(a, b string) bool {
	if a == b || shortForm(a, b) {
		return true
	}
	if s := skeleton(a); len(s) >= shortName && s == skeleton(b) {
		return true
	}
	one, other := []rune(a), []rune(b)
	if len(one) != len(other) && slices.Equal(slices.Compact([]rune(a)), slices.Compact([]rune(b))) { // Маас and Мас
		return true
	}
	n := 0
	for n < min(len(one), len(other)) && one[n] == other[n] {
		n++
	}
	longer := max(len(one), len(other))
	return n > shortName && longer-n <= ending || longer > typoLetters && slip(one[n:], other[n:])
}

// shortForms are names that are printed as often by their letters, with the beginning of the whole.
var shortForms = map[string]string{
	"рф": "росси", "ес": "евросоюз", "рб": "белорус", "рк": "казахстан", "eu": "european", "uk": "brit", "gb": "brit",
}

func shortForm(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) > len("рф") {
		return false
	}
	whole := shortForms[a]
	return whole != "" && strings.HasPrefix(b, whole)
}

// typoLetters is the length of a word up to which another letter makes it another word.
const typoLetters = 6

// slip reports whether two endings differ by one letter: another one, one too many, or two that changed places.
func slip(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	switch len(b) - len(a) {
	case 0:
		return len(a) > 0 && slices.Equal(a[1:], b[1:]) || len(a) > 1 && a[0] == b[1] && a[1] == b[0] && slices.Equal(a[2:], b[2:])
	case 1:
		return slices.Equal(a, b[1:])
	}
	return false
}

// ending is how many letters the end of a name may have that comes in cases and spellings.
const ending = 3

// skeleton is the consonants of a word in Latin letters, each once where it occurs twice.
func skeleton(s string) string {
	var b strings.Builder
	last := ""
	for _, r := range s {
		c, known := consonants[r]
		if !known {
			c = string(r)
		}
		if c != "" && c != last {
			b.WriteString(c)
		}
		last = c
	}
	return b.String()
}

// consonants writes letters in the Latin ones that sound alike; vowels are left out.
var consonants = map[rune]string{
	'a': "", 'e': "", 'i': "", 'o': "", 'u': "", 'y': "", 'а': "", 'е': "", 'и': "", 'о': "", 'у': "", 'ы': "", 'э': "", 'ю': "", 'я': "",
	'й': "", 'ь': "", 'ъ': "", 'і': "", 'ї': "", 'є': "",
	'б': "b", 'в': "v", 'г': "g", 'ґ': "g", 'д': "d", 'ж': "zh", 'з': "s", 'z': "s", 'к': "k", 'c': "k", 'л': "l", 'м': "m", 'н': "n",
	'п': "p", 'р': "r", 'с': "s", 'т': "t", 'ф': "f", 'х': "h", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "sh", 'x': "ks", 'w': "v",
}

// sameBeginning reports whether two words begin alike, as those of one stem do.
func sameBeginning(a, b string) bool {
	letters := 0
	for i, r := range a {
		if letters++; letters > shortName {
			end := i + utf8.RuneLen(r)
			return end <= len(b) && a[:end] == b[:end]
		}
	}
	return false
}
