package text

import "testing"

func TestLine(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                         "",
		"plain":                    "plain",
		" a \t b\r\nc ":            "a b c",
		"a\x00b\u0085c":            "ab c",
		"\u202eturned\u202c round": "turned round",
		"\ufeffmark":               "mark",
		"12\u00a0km\u202f\u00a0":   "12\u00a0km",
		"Минск\u2028Гомель\u2003Орша": "Минск Гомель Орша",
		"bad \xff byte": "bad \ufffd byte",
	} {
		got := Line(in)
		if got != want {
			t.Errorf("Line(%q) = %q, want %q", in, got, want)
		}
		if again := Line(got); again != got {
			t.Errorf("Line(%q) = %q: it is no fixed point", got, again)
		}
	}
}

func TestVisible(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"a\n\tb": "a\n\tb", "a\u200eb\x01c": "abc", "Минск\ufeff": "Минск"} {
		if got := Visible(in); got != want {
			t.Errorf("Visible(%q) = %q, want %q", in, got, want)
		}
	}
}
