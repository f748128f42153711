package publish

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"dateline/aggregator/news"
)

// TestEveryLanguageHasEveryKey: each file of words has the keys of the English one, each once, with the same places to fill in.
func TestEveryLanguageHasEveryKey(t *testing.T) {
	t.Parallel()
	places := regexp.MustCompile(`\{\w+\}`)
	read := func(lang string) map[string][]string {
		file, err := wordFiles.ReadFile("words/" + lang + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		all := make(map[string][]string)
		for l := range strings.Lines(string(file)) {
			key, value, ok := strings.Cut(strings.TrimRight(l, "\n"), " = ")
			if _, twice := all[key]; !ok || twice || value == "" || value != strings.TrimSpace(value) {
				t.Errorf("%s: line %q", lang, l)
			}
			all[key] = places.FindAllString(value, -1)
			slices.Sort(all[key])
			if n := len(strings.Split(value, ", ")); key == "months" && n != 12 {
				t.Errorf("%s: %d months", lang, n)
			}
		}
		return all
	}
	english := read("en")
	for key := range new(entryWords).fields() {
		if _, ok := english[key]; !ok {
			t.Errorf("en: no %s", key)
		}
	}
	if len(words) < 12 || len(english) != len(new(entryWords).fields())+1 {
		t.Errorf("%d languages, %d keys", len(words), len(english))
	}
	for lang := range words {
		file := read(lang)
		for key, want := range english {
			if got, ok := file[key]; !ok || !slices.Equal(got, want) {
				t.Errorf("%s: %s fills in %v, want %v", lang, key, got, want)
			}
		}
		if len(file) != len(english) {
			t.Errorf("%s: %d keys, want %d", lang, len(file), len(english))
		}
	}
}

// TestVisibleLineInLanguages: the line is in the entry's language; where there are no words in it, in English.
func TestVisibleLineInLanguages(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string]string{
		"be":        "БелТА, Масква, 17 мая, аўтар Ann. Фота: MFA/TASS. Перадалі таксама: TASS.",
		"be-tarask": "БелТА, Масква, 17 мая, аўтар Ann. Фота: MFA/TASS. Перадалі таксама: TASS.",
		"ru":        "БелТА, Масква, 17 мая, автор Ann. Фото: MFA/TASS. Передали также: TASS.",
		"uk":        "БелТА, Масква, 17 травня, автор Ann. Фото: MFA/TASS. Передали також: TASS.",
		"de":        "БелТА, Масква, 17. Mai, von Ann. Foto: MFA/TASS. Auch verbreitet von: TASS.",
		"pl":        "БелТА, Масква, 17 maja, autor Ann. Fot.: MFA/TASS. Podali także: TASS.",
		"cs":        "БелТА, Масква, 17. května, autor Ann. Foto: MFA/TASS. Převzali také: TASS.",
		"fr":        "БелТА, Масква, 17 mai, par Ann. Photo\u00a0: MFA/TASS. Également diffusé par\u00a0: TASS.",
		"es":        "БелТА, Масква, 17 de mayo, por Ann. Foto: MFA/TASS. También difundido por: TASS.",
		"it":        "БелТА, Масква, 17 maggio, di Ann. Foto: MFA/TASS. Diffuso anche da: TASS.",
		"pt-BR":     "БелТА, Масква, 17 de maio, por Ann. Foto: MFA/TASS. Também divulgado por: TASS.",
		"zh-Hans":   "БелТА, Масква, 5月17日, 作者 Ann. 图片： MFA/TASS. 同时刊载： TASS.",
		"sv":        "БелТА, Масква, 17 May, by Ann. Photo: MFA/TASS. Also carried by: TASS.",
		"en-GB":     "БелТА, Масква, 17 May, by Ann. Photo: MFA/TASS. Also carried by: TASS.",
	} {
		it := news.Item{Source: "belta", Language: lang, Credits: news.Credits{
			Agency: &news.Credit{Name: "БелТА", Agency: "belta"}, Dateline: &news.Dateline{Place: "МАСКВА", Month: 5, Day: 17},
			Byline: []news.Credit{{Name: "Ann"}}, Photos: []news.Photo{{Line: "MFA/TASS"}},
		}}
		if got := New(options()).CreditLine(news.Entry{}, []news.Item{it, {Source: "tass"}}, ""); got != want {
			t.Errorf("%s: %s\nwant %s", lang, got, want)
		}
	}
}
