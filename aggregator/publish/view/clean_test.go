package view

import "testing"

func TestName(t *testing.T) {
	for in, want := range map[string]string{
		"Jane Roe":                       "Jane Roe",
		"Иван Иванов":                    "Иван Иванов",
		"TASS <press@tass.example>":      "TASS",
		"press@tass.example (Jane Roe)":  "Jane Roe",
		"Jane Roe (press@tass.example)":  "Jane Roe",
		"press@tass.example":             "",
		"mailto:press@tass.example":      "",
		"<b>Jane</b> Roe":                "Jane Roe",
		"&lt;b&gt;Jane&lt;/b&gt;":        "Jane",
		"&amp;lt;b&amp;gt;Jane":          "Jane",
		"R&D desk":                       "R&D desk",
		"Tom &amp; Ann":                  "Tom & Ann",
		"R&2D":                           "R& 2D",
		"BelTA (Minsk)":                  "BelTA (Minsk)",
		"  Jane \n Roe\x01 ":             "Jane Roe",
		"&lt;press@tass.example&gt; Ann": "Ann",
		"<>":                             "",
		"":                               "",
	} {
		t.Run(in, func(t *testing.T) {
			got := Name(in)
			if got != want {
				t.Errorf("name(%q) = %q, want %q", in, got, want)
			}
			if again := Name(got); again != got {
				t.Errorf("name(%q) = %q: not stable", got, again)
			}
		})
	}
}

func TestLineOfText(t *testing.T) {
	for in, want := range map[string]string{
		"": "", " ": "", "a": "a", "a b": "a b", " a": "a", "a ": "a", "a  b": "a b", "a\tb": "a b", "a\u00a0b": "a b",
		"а\x01б": "аб", "\ufffd": "", "\xff": "", "a\u0085b": "ab", "я я": "я я",
	} {
		t.Run(in, func(t *testing.T) {
			got := OneLine(in)
			if got != want || !isOneLine(got) {
				t.Errorf("line(%q) = %q, want %q", in, got, want)
			}
			if isOneLine(in) != (in == want) {
				t.Errorf("isLine(%q) = %v", in, isOneLine(in))
			}
		})
	}
}

// TestLineTurnsNothing: what turns the direction of a text, and tag characters, are in no line.
func TestLineTurnsNothing(t *testing.T) {
	t.Parallel()
	if got := OneLine("g\u202e\u2066 \U000e0041\U000e007fx\u200f"); got != "g x" {
		t.Errorf("%q", got)
	}
}

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"AT&amp;T": "AT&T", "&amp;lt;b&amp;gt;x": "x", "a<b>c</b>": "a c", "a </i> b": "a b", "x < y": "x < y",
		"1 < 2 & a<b": "1 < 2 & a< b", "a</": "a< /", "<": "<", "&#x41;": "A", "&amp;#38;amp;amp;#x41;": "& #x41;",
	} {
		t.Run(in, func(t *testing.T) {
			if got := Plain(in); got != want || Plain(got) != got {
				t.Errorf("plain(%q) = %q, then %q, want %q", in, got, Plain(got), want)
			}
		})
	}
}

func TestTagLike(t *testing.T) {
	for in, want := range map[string]bool{
		"plain": false, "x < y": false, "<b>": false, "a<b": false, "R&D": false, "AT&T": false, "a & b": false,
		"</b>": true, "a </i> b": true, "AT&amp;T": true, "&#39;": true, "&x2": true, "&copy 2023": true,
	} {
		t.Run(in, func(t *testing.T) {
			if got := TagLike(in); got != want {
				t.Errorf("tagLike(%q) = %v, want %v", in, got, want)
			}
		})
	}
}

func FuzzName(f *testing.F) {
	f.Add("TASS <press@tass.example>")
	f.Add("&amp;lt;b&gt; (a@b.c)")
	f.Fuzz(func(t *testing.T, s string) {
		got := Name(s)
		if TagLike(got) || got != OneLine(got) {
			t.Errorf("name(%q) = %q", s, got)
		}
		if again := Name(got); again != got {
			t.Errorf("name(%q) = %q, then %q", s, got, again)
		}
	})
}
