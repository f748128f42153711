package publish

import (
	"testing"

	"dateline/aggregator/news"
)

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
