package text

import (
	"strings"

	"golang.org/x/text/language"
)

// CanonicalTag returns s as a language tag of BCP 47, such as `ru` for `ru` and `ru-RU` for `ru_RU`; empty where
// s is none or names a language that is not registered.
func CanonicalTag(s string) string {
	s = strings.ReplaceAll(strings.TrimSpace(s), "_", "-")
	t, err := language.Raw.Parse(s)
	if err != nil {
		return ""
	}
	if base, _, _ := t.Raw(); base.String() == "und" {
		return ""
	}
	return t.String()
}

// BaseLanguage returns the language of a tag of BCP 47 without script, region or anything else, such as `ru` for
// `ru_RU`; empty where [CanonicalTag] is.
func BaseLanguage(s string) string {
	base, _, _ := strings.Cut(CanonicalTag(s), "-")
	return base
}

// RightToLeft reports whether a language, a tag of BCP 47, is written from right to left; one that is not known is not.
func RightToLeft(s string) bool {
	script, _ := language.Make(CanonicalTag(s)).Script()
	switch script.String() {
	case "Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm":
		return true
	}
	return false
}
