package attribute

import (
	"testing"
	"time"

	"dateline/aggregator/attribute/lex"
	"dateline/aggregator/news"

	"github.com/google/go-cmp/cmp"
)

var belta = news.Source{ID: "belta", Name: "BelTA feed", Agency: "belta", URL: "https://eng.belta.by/rss", Site: "https://eng.belta.by/"}

// TestAgency shows who wins where several speak, and by what rule.
func TestAgency(t *testing.T) {
	for _, c := range []struct {
		name   string
		in     Input
		agency string
		rule   string
		other  string // losers and carriers, as ROLE ID
	}{
		{"dateline before all", Input{Text: "MOSCOW, May 5 (Reuters) - Output rose, he told TASS.", Source: belta}, "reuters",
			"dateline-place-date-agency", "carrier belta"},
		{"dateline and source agree", Input{Text: "MINSK, 5 May (BelTA) - Output rose.", Source: belta}, "belta",
			"dateline-place-date-agency", ""},
		{"byline before a signature", Input{Text: "By Jane Roe, Reuters\nOutput rose by a tenth in a year. (dpa)", Source: belta},
			"reuters", ruleByline, "originator dpa; carrier belta"},
		{"source line", Input{Text: "Output rose by a tenth, Interfax reported.\nSource: TASS", Source: belta}, "tass", ruleSource,
			"carrier belta"},
		{"own speech before another's report", Input{Text: "Reuters reported that output rose, BelTA has learned."}, "belta",
			ruleLearned, ""},
		{"the source's own name in the text", Input{Text: "TASS reported that output rose, reports BelTA.", Source: belta},
			"belta", ruleReport, ""},
		{"a reprint told in the text", Input{Text: "Output rose, he told TASS.", Source: belta}, "tass", ruleTold, "carrier belta"},
		{"an agency that was told to do something", Input{Text: "Judge Ian Holt told Reuters to hand over its notes on Friday."}, "", "", ""},
		{"an office that was told", Input{Text: "A man who told the Associated Press office in Oulu that he had a bomb was jailed."}, "", "", ""},
		{"a reporter that was told and arrested", Input{Text: "He told the Reuters reporter who was arrested, and told the Associated Press " +
			"reporter whose car burned."}, "", "", ""},
		{"the particle of the verb", Input{Item: &news.Item{Language: "de"}, Text: "Richter Jan Roe sagte der dpa ab: Die Agentur " +
			"darf nicht in den Saal."}, "", "", ""},
		{"an agency told a word before the day", Input{Text: "Output rose, he told Reuters on Friday."}, "reuters", ruleTold, ""},
		{"report before according to", Input{Text: "According to TASS, output rose, Reuters reported."}, "reuters", ruleReport, ""},
		{"document number", Input{Text: "5 May 2024 10:00 | 950-05-05-2024"}, "mfa-russia", ruleNumber, ""},
		{"the feed it came along with", Input{Item: &news.Item{Origin: &news.Feed{Title: "РИА Новости"}, Publisher: "TASS"},
			Source: belta}, "ria", ruleOrigin, "originator tass; carrier belta"},
		{"the site of that feed", Input{Item: &news.Item{Origin: &news.Feed{Title: "World",
			Site: "https://www.reuters.com/world"}}}, "reuters", ruleOrigin, ""},
		{"a feed that the registry lacks", Input{Item: &news.Item{Origin: &news.Feed{Title: "Example Daily"}}, Source: belta},
			"Example Daily", ruleOrigin, "carrier belta"},
		{"publisher", Input{Item: &news.Item{Publisher: "ТАСС"}, Source: belta}, "tass", rulePublish, "carrier belta"},
		{"author that is an agency", Input{Item: &news.Item{Authors: []news.Person{{Name: "Агентство «Интерфакс»"}}}}, "interfax",
			ruleAuthor, ""},
		{"author with an agency", Input{Item: &news.Item{Authors: []news.Person{{Name: "Jane Roe, Reuters"}}}, Source: belta},
			"reuters", ruleAuthor, "carrier belta"},
		{"host of the link", Input{Item: &news.Item{URL: "https://tass.com/world/1"}, Source: news.Source{Name: "Collector",
			Agency: "collector"}}, "tass", ruleLinkHost, "carrier collector"},
		{"host of the source is no news", Input{Item: &news.Item{URL: "https://eng.belta.by/1"}, Source: belta}, "belta", ruleConfig, ""},
		{"the source", Input{Item: &news.Item{URL: "https://example.org/1"}, Source: belta}, "belta", ruleConfig, ""},
		{"rights, last", Input{Item: &news.Item{Rights: "© Reuters 2024"}}, "reuters", ruleRightsElem, ""},
		{"rights do not outvote the source", Input{Item: &news.Item{Rights: "© Reuters 2024"}, Source: belta}, "belta", ruleConfig,
			"originator reuters"},
		{"nobody", Input{Item: &news.Item{URL: "https://example.org/1"}, Text: "Output rose."}, "", "", ""},
		{"late paragraphs only cite",
			Input{Text: "Output rose by a tenth in May, the port said.\nIt rose in June too, the port said on Monday.\nIt rose in July too, the " +
				"port said on Monday.\nOutput fell, TASS reported.", Source: belta}, "belta", ruleConfig, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := registry(t)
			res := r.Credit(c.in)
			got, rule := "", ""
			if a := res.Credits.Agency; a != nil {
				got, rule = a.ID(), a.Evidence.Rule
			}
			other := join(res.Credits.Other, "; ", func(o news.Credit) string { return string(o.Role) + " " + o.ID() })
			if got != c.agency || rule != c.rule || other != c.other {
				t.Errorf("got %q by %q, other %q; want %q by %q, other %q", got, rule, other, c.agency, c.rule, c.other)
			}
			check(t, r, c.in, res)
		})
	}
}

func TestDisplay(t *testing.T) {
	r := registry(t)
	for _, c := range []struct{ item, source, want string }{
		{"ru", "", "Рейтер"}, {"ru-RU", "en", "Рейтер"}, {"", "be", "Рэйтэр"}, {"en", "ru", "Reuters"}, {"", "", "Reuters"}, {"xx",
			"", "Reuters"},
	} {
		in := Input{Item: &news.Item{Language: c.item}, Text: "ROME (Reuters) - Output rose.", Source: news.Source{Language: c.source}}
		if a := r.Credit(in).Credits.Agency; a.Display != c.want || a.Name != "Reuters" {
			t.Errorf("%+v: shown as %q, printed as %q", c, a.Display, a.Name)
		}
	}
	in := Input{Source: news.Source{Name: "BelTA in English", Agency: "belta"}}
	if a := r.Credit(in).Credits.Agency; a == nil || a.Display != "BelTA in English" {
		t.Errorf("the source is shown as %+v", a)
	}
}

func TestAuthors(t *testing.T) {
	r := registry(t)
	for _, c := range []struct {
		name    string
		authors []string
		text    string
		byline  string
		photos  int
	}{
		{"one", []string{"Jane Roe"}, "", "Jane Roe", 0},
		{"two in one", []string{"Jane Roe and John Doe"}, "", "Jane Roe; John Doe", 0},
		{"By", []string{"By Jane Roe"}, "", "Jane Roe", 0},
		{"one word", []string{"Madonna"}, "", "Madonna", 0},
		{"small letters", []string{"bell hooks"}, "", "bell hooks", 0},
		{"said twice", []string{"Jane Roe"}, "By Jane Roe\nOutput rose by a tenth in May, the port said.", "Jane Roe", 0},
		{"more than the text says", []string{"John Doe"}, "By Jane Roe\nOutput rose by a tenth in May, the port said.",
			"Jane Roe; John Doe", 0},
		{"an agency is no person", []string{"TASS"}, "", "", 0},
		{"nobody", []string{"admin", "Редакция", ""}, "", "", 0},
		{"the feed's own name", []string{"BelTA feed"}, "", "", 0},
		{"a photo credit", []string{"Фото: Анна Рогова/ТАСС"}, "", "", 1},
		{"with an agency", []string{"Jane Roe, Reuters"}, "", "Jane Roe", 0},
		{"job without a comma", []string{"Jane Roe Political Editor"}, "", "Jane Roe", 0},
		{"job with a region", []string{"Jane Roe Middle East correspondent"}, "", "Jane Roe", 0},
		{"outlet without a comma", []string{"By Jane Roe BBC News, Washington"}, "", "Jane Roe", 0},
		{"guest of a paper", []string{"Jane Roe Special to the Star"}, "", "Jane Roe", 0},
		{"three names and a job", []string{"Ana María Ruiz Corresponsal"}, "", "Ana María Ruiz", 0},
		{"time behind the name", []string{"Jane Roe Published 6:00 a.m. ET Jan. 5, 2019"}, "", "Jane Roe", 0},
		{"staff of a paper", []string{"Jane Roe and John Doe / Yomiuri Shimbun Staff Writers"}, "", "Jane Roe; John Doe", 0},
		{"account", []string{"Jane Roe @janeroe"}, "", "Jane Roe", 0},
		{"mail address", []string{"Jane Roe <jane@example.com>"}, "", "Jane Roe", 0},
		{"capitals and a city", []string{"ANA LIMA DE SÃO PAULO"}, "", "ANA LIMA", 0},
		{"editor", []string{"Edited by Jane Roe"}, "", "", 0},
		{"kind of text", []string{"Ein Kommentar von Max Muster"}, "", "Max Muster", 0},
		{"label in Croatian", []string{"Piše: Ivan Horvat"}, "", "Ivan Horvat", 0},
		{"who held a talk, in Russian", []string{"Беседовала Ольга Сидорова"}, "", "Ольга Сидорова", 0},
		{"source in the author's place", []string{"Izvor: Tanjug"}, "", "", 0},
		{"job in letters without case", []string{"김철수 기자"}, "", "김철수", 0},
		{"place in letters without case", []string{"القاهرة - محمد علي"}, "", "محمد علي", 0},
		{"desk of an agency", []string{"Redazione ANSA"}, "", "", 0},
		{"photographer and editor", []string{"By Jane Roe; photos by Tom Poe; edited by Pat Lowry"}, "", "Jane Roe", 1},
		{"roles behind slashes, in Spanish", []string{"Por Ana Ruiz / Fotos: Luis Pérez / Edición: Eva Gil"}, "", "Ana Ruiz", 1},
		{"roles behind commas, in Russian", []string{"Текст: Анна Рогова, фото: Иван Петров, редактор: Олег Сидоров"}, "", "Анна Рогова", 1},
		{"checker of facts", []string{"Written by Jane Roe; additional reporting by Ann Bell; fact-checked by Pat Lowry"}, "",
			"Jane Roe; Ann Bell", 0},
		{"translator, in French", []string{"Par Lucie Morel, traduit par Marc Petit"}, "", "Lucie Morel", 0},
		{"photographer in brackets", []string{"By Jane Roe and Tom Poe (photos)"}, "", "Jane Roe", 1},
		{"both roles in brackets, in German", []string{"Von Eva Bolt (Text) und Tilo Marx (Fotos)"}, "", "Eva Bolt", 1},
		{"both roles in brackets, in Russian", []string{"Анна Рогова (текст), Иван Петров (фото)"}, "", "Анна Рогова", 1},
		{"text and pictures by one", []string{"Text and photos by Jane Roe"}, "", "Jane Roe", 1},
		{"roles in a line", nil, "By Jane Roe, with Ann Bell; photos by Tom Poe; edited by Pat Lowry\nOutput rose by a tenth in May.",
			"Jane Roe; Ann Bell", 1},
		{"firm", []string{"Norvane Holdings"}, "", "", 0},
		{"airline", []string{"Skarvik Airlines"}, "", "", 0},
		{"firm in a line", nil, "By Valley Biz Promotions\nOutput rose by a tenth in May, the port said.", "", 0},
		{"firm, in Russian", []string{"Холдинг Заря"}, "", "", 0},
		{"day", []string{"By Tuesday"}, "", "", 0},
		{"month", []string{"April"}, "", "", 0},
		{"one word behind By", []string{"By Design"}, "", "", 0},
		{"host of two letters", []string{"SZ.de"}, "", "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := Input{Item: &news.Item{}, Text: c.text, Source: belta}
			for _, a := range c.authors {
				in.Item.Authors = append(in.Item.Authors, news.Person{Name: a})
			}
			res := r.Credit(in)
			if got := join(res.Credits.Byline, "; ", news.Credit.Label); got != c.byline || len(res.Credits.Photos) != c.photos {
				t.Errorf("byline %q, %d photos", got, len(res.Credits.Photos))
			}
			check(t, r, in, res)
		})
	}
}

func TestMedia(t *testing.T) {
	r := registry(t)
	credits := func(list ...string) (m []news.MediaCredit) {
		for i := 0; i < len(list); i += 2 {
			m = append(m, news.MediaCredit{Role: list[i], Name: list[i+1]})
		}
		return m
	}
	for _, c := range []struct {
		name  string
		media []news.Media
		text  string
		want  []string // LINE | CAPTION | URL | CHAIN
	}{
		{"one line", []news.Media{{URL: "https://a.example/1.jpg", Credits: credits("", "Russian MFA/TASS")}}, "",
			[]string{"Russian MFA/TASS||https://a.example/1.jpg|owner mfa-russia, supplier tass"}},
		{"roles", []news.Media{{Credits: credits("distribution company", "Getty Images", "photographer", "Jane Roe")}}, "",
			[]string{"Getty Images/Jane Roe|||photographer Jane Roe, supplier getty"}},
		{"line and parts", []news.Media{{Credits: credits("", "Jane Roe/AFP", "photographer", "Jane Roe", "", "AFP")}}, "",
			[]string{"Jane Roe/AFP|||photographer Jane Roe, owner afp"}},
		{"end of the description", []news.Media{{Description: "A bridge. Belarusian MFA/BelTA"}}, "",
			[]string{"Belarusian MFA/BelTA|A bridge||owner mfa-belarus, supplier belta"}},
		{"title", []news.Media{{Title: "Фото: БЕЛТА"}}, "", []string{"БЕЛТА|||owner belta"}},
		{"copyright", []news.Media{{Copyright: "© EPA"}}, "", []string{"© EPA|||owner epa"}},
		{"once though printed twice", []news.Media{{URL: "https://a.example/1.jpg", Credits: credits("", "Russian MFA/TASS")}},
			"Sergey Lavrov. Russian MFA/TASS\nMINSK, 5 May (BelTA) - Lead.",
			[]string{"Russian MFA/TASS|Sergey Lavrov|https://a.example/1.jpg|owner mfa-russia, supplier tass"}},
		{"two pictures of one hand", []news.Media{{URL: "https://a.example/1.jpg", Credits: credits("", "Jane Roe/AFP")},
			{URL: "https://a.example/2.jpg", Credits: credits("", "Jane Roe/AFP")}}, "",
			[]string{"Jane Roe/AFP||https://a.example/1.jpg|photographer Jane Roe, owner afp",
				"Jane Roe/AFP||https://a.example/2.jpg|photographer Jane Roe, owner afp"}},
		{"no credit", []news.Media{{URL: "https://a.example/1.jpg", Description: "A bridge."}}, "", nil},
		{"a film is no picture", []news.Media{{Type: "video/mp4", Credits: credits("", "Jane Roe/AFP")}}, "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := Input{Item: &news.Item{Media: c.media}, Text: c.text}
			res := r.Credit(in)
			var got []string
			for _, p := range res.Credits.Photos {
				got = append(got, p.Line+"|"+p.Caption+"|"+p.URL+"|"+join(p.Chain, ", ",
					func(o news.Credit) string { return string(o.Role) + " " + o.ID() }))
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
			check(t, r, in, res)
		})
	}
}

func TestRights(t *testing.T) {
	r := registry(t)
	in := Input{Item: &news.Item{Rights: "© BelTA"},
		Text: "Output rose by a tenth in May, the port said.\n© 1999-2024 TASS. All rights reserved."}
	if got := r.Credit(in).Credits.Rights; got != "© BelTA" {
		t.Errorf("got %q, want what the feed says", got)
	}
	in.Item = nil
	if got := r.Credit(in).Credits.Rights; got != "© 1999-2024 TASS. All rights reserved." {
		t.Errorf("got %q, want the text's own", got)
	}
}

func TestTitle(t *testing.T) {
	r := registry(t)
	for title, want := range map[string]string{
		"UPDATE 1 - Output rose": "UPDATE 1", "Output rose (LEAD)": "LEAD", "Мост открыт (дополнено)": "дополнено",
		"MOSCOW, 5 May (BelTA) - Output rose": "", "Фото: ТАСС": "", "Output rose (AP)": "",
	} {
		in := Input{Item: &news.Item{Title: title}}
		c := r.Credit(in).Credits
		if c.Marker != want || c.Dateline != nil || c.Photos != nil || c.Agency != nil {
			t.Errorf("%q: got %+v", title, c)
		}
	}
	in := Input{Item: &news.Item{Title: "UPDATE 1 - Output rose"}, Text: "CORRECTED: Output rose."}
	if got := r.Credit(in).Credits.Marker; got != "CORRECTED" {
		t.Errorf("got %q, want the text's mark", got)
	}
}

func TestYear(t *testing.T) {
	day := func(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 12, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		name       string
		month, day int
		item       time.Time
		want       int
	}{
		{"same day", 5, 17, day(2023, 5, 17), 2023},
		{"old year's last day, new year's item", 12, 31, day(2024, 1, 1), 2023},
		{"new year's first day, old year's item", 1, 1, day(2023, 12, 31), 2024},
		{"found months later", 5, 17, day(2023, 9, 26), 2023},
		{"found next year", 11, 30, day(2024, 2, 1), 2023},
		{"leap day", 2, 29, day(2023, 3, 1), 2020},
		{"no date of the item", 5, 17, time.Time{}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := lex.YearOf(c.month, c.day, c.item); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
	r := registry(t)
	in := Input{Item: &news.Item{Published: day(2024, 1, 1)}, Text: "ВЕНА, 31 декабря. /ТАСС/. Снег."}
	if d := r.Credit(in).Credits.Dateline; d.Year != 2023 {
		t.Errorf("got %d", d.Year)
	}
}

func TestNilItem(t *testing.T) {
	r := registry(t)
	res := r.Credit(Input{})
	if d := cmp.Diff(Result{Evidence: []news.Credit{}}, res); d != "" {
		t.Error(d)
	}
}
