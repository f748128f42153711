package text

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

func tokens(s string) string {
	var all []string
	for _, t := range Tokens(s, 100) {
		all = append(all, t.Text)
	}
	return strings.Join(all, "|")
}

func TestTokens(t *testing.T) {
	for _, c := range []struct{ fact, in, want string }{
		{"words are folded", "BelTA, «Ещё» раз", "belta|еще|раз"},
		{"a comma groups", "1,330 tonnes", "1330|tonnes"},
		{"a space groups", "1 330 тонн", "1330|тонн"},
		{"a no-break space groups", "12\u00a0500\u00a0000", "12500000"},
		{"a thin space groups", "1\u2009330", "1330"},
		{"a year does not begin a group", "in 2026 200 came", "in|2026|200|came"},
		{"four digits are no group", "1,3300", "1.3300"},
		{"a decimal comma", "4,5 %", "4.5"},
		{"a decimal point", "4.5 per cent", "4.5|per|cent"},
		{"a sentence ends behind a figure", "In 2026. 5 came", "in|2026|5|came"},
		{"a score stays together", "2:1, 1–2", "2:1|1-2"},
		{"a date stays together", "17.05.2026", "17.05.2026"},
		{"a minus belongs to its figure", "from -5 to −3", "from|-5|to|-3"},
		{"a hyphen is no minus", "Su-27", "su|27"},
		{"letters part from a figure", "17th 10km 5-го", "17|th|10|km|5|го"},
		{"figures in a name stay", "G7", "g7"},
		{"an apostrophe parts", "don’t", "don|t"},
		{"what is invisible is not there", "so\u00adft", "soft"},
		{"compatibility forms", "ﬁn①", "fin1"},
		{"nothing", " – ", ""},
	} {
		t.Run(c.fact, func(t *testing.T) {
			if got := tokens(c.in); got != c.want {
				t.Errorf("Tokens(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
}

func TestTokensSayWhatTheyAre(t *testing.T) {
	got := Tokens("Minsk received 5 guests, -3 then", 5)
	want := []Token{{Text: "minsk", Upper: true, First: true}, {Text: "received"}, {Text: "5", Figure: true}, {Text: "guests"},
		{Text: "-3", Figure: true}}
	if len(got) != len(want) {
		t.Fatalf("%d tokens, want %d", len(got), len(want))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("token %d is %+v, want %+v", i, got[i], want[i])
		}
	}
}

// TestTokensKnowSentencesAndQuotations: upper case says that a token begins a sentence, a bracket that it is quoted.
func TestTokensKnowSentencesAndQuotations(t *testing.T) {
	for _, c := range []struct{ fact, in, want string }{
		{"a full stop ends a sentence", "Rain fell. Gulls cried! Why? None knew", "RAIN fell GULLS cried WHY NONE knew"},
		{"an abbreviation ends none", "T. May flew to St. Ives on 5. May", "T may flew to st ives on 5 may"},
		{"a line ends one", "Rain\nGulls", "RAIN GULLS"},
		{"guillemets quote", "He said «it rains» and left", "HE said [it] [rains] and left"},
		{"straight marks quote", `He said "it rains" and left`, "HE said [it] [rains] and left"},
		{"English marks quote", "He said “it rains” and left", "HE said [it] [rains] and left"},
		{"German marks quote", "Er sagt „es regnet“ und geht", "ER sagt [es] [regnet] und geht"},
		{"a quotation ends with its paragraph", "He said \"it rains\nGulls cried", "HE said [it] [rains] GULLS cried"},
	} {
		var all []string
		for _, tok := range Tokens(c.in, 100) {
			w := tok.Text
			if tok.First {
				w = strings.ToUpper(w)
			}
			if tok.Quoted {
				w = "[" + w + "]"
			}
			all = append(all, w)
		}
		if got := strings.Join(all, " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.fact, got, c.want)
		}
	}
}

// FuzzTokens: no token is empty, and what was cut once is cut the same way again (but that runes may compose once
// an invisible one between them is gone). Fewer tokens are the first of more, also behind those of another text.
func FuzzTokens(f *testing.F) {
	for _, s := range []string{"1,330 тонн", "−5…−3 °C", "2:1 don’t", "Ǆ①ﬁ", "1'000,5/6"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		all := Tokens(s, 1000)
		before := Tokens("It rains. It", 10)
		for _, n := range []int{0, 1, 2, 5, len(all)} {
			n = min(n, len(all))
			if got := AppendTokens(slices.Clone(before), s, n); !slices.Equal(got, slices.Concat(before, all[:n])) {
				t.Errorf("%d tokens of %q are %v, of more the first are %v", n, s, got[len(before):], all[:n])
			}
		}
		var once []string
		for _, tok := range all {
			if tok.Text == "" {
				t.Fatalf("an empty token in %q", s)
			}
			once = append(once, tok.Text)
		}
		var twice []string
		for _, tok := range Tokens(strings.Join(once, " | "), 1000) {
			twice = append(twice, tok.Text)
		}
		if a, b := norm.NFKC.String(strings.Join(once, "|")), norm.NFKC.String(strings.Join(twice, "|")); a != b {
			t.Errorf("Tokens(%q) = %q, again %q", s, a, b)
		}
	})
}

func BenchmarkTokens(b *testing.B) {
	for name, s := range map[string]string{
		"en": strings.Repeat("The committee said on Tuesday that 1,330 residents of the district had taken part in the works. ", 6),
		"ru": strings.Repeat("Комитет сообщил во вторник, что в работах приняли участие 1 330 жителей района, включая школьников. ", 7),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(s)))
			b.ReportAllocs()
			for b.Loop() {
				Tokens(s, 100)
			}
		})
	}
}
