package text

import "testing"

func TestCanonicalTag(t *testing.T) {
	for in, want := range map[string]string{
		"ru": "ru", "ru_RU": "ru-RU", "EN-us": "en-US", "be-tarask": "be-tarask", "zh-Hant-TW": "zh-Hant-TW",
		"": "", "und": "", "xx": "", "Russian": "", "ru RU": "", "-": "",
	} {
		t.Run(in, func(t *testing.T) {
			if got := CanonicalTag(in); got != want {
				t.Errorf("Tongue(%q) = %q, want %q", in, got, want)
			}
		})
	}
}

func TestBaseLanguage(t *testing.T) {
	for in, want := range map[string]string{"ru": "ru", "ru_RU": "ru", "zh-Hant-TW": "zh", "": "", "xx": "", "RUS": "ru"} {
		t.Run(in, func(t *testing.T) {
			if got := BaseLanguage(in); got != want {
				t.Errorf("Language(%q) = %q, want %q", in, got, want)
			}
		})
	}
}

func TestRightToLeft(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]bool{
		"ar": true, "ar-EG": true, "he": true, "fa": true, "ur_PK": true, "en": false, "ru": false, "az": false, "az-Arab": true, "": false,
	} {
		if got := RightToLeft(tag); got != want {
			t.Errorf("%s: %t", tag, got)
		}
	}
}
