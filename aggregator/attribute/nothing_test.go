package attribute

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"dateline/aggregator/news"
)

// grammar composes leads in which nothing is to be found, though they look for it: acronyms in brackets, words in
// capitals, dates, dashes, quotations, and the words of the trade.
type grammar struct{ *rand.Rand }

func (g grammar) pick(list ...string) string { return list[g.IntN(len(list))] }

func (g grammar) expand(s string) string {
	for {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			return s
		}
		j := strings.IndexByte(s[i:], '>') + i
		s = s[:i] + g.pick(nonterminals[s[i+1:j]]...) + s[j+1:]
	}
}

var nonterminals = map[string][]string{
	"person": {"Jane Roe", "John Doe", "the mayor", "the minister", "Ms. Roe", "the company", "President Roe",
		"Prime Minister Doe", "Foreign Minister Jane Roe", "the press service"},
	"ru-person": {"Иван Петров", "министр", "мэр города", "Анна Рогова", "глава завода", "директор музея", "пресс-служба",
		"премьер-министр Петров"},
	"org": {"the Data Protection Authority (DPA)", "the Association of Producers (AP)", "the Public Access Programme (PAP)",
		"the Enterprise Front End (EFE)", "the Standard Positioning Algorithm (SPA)", "the Shared Access Network Area (SANA)",
		"the Boston Tea Association (BTA)", "the Asian Pension Fund (AFP)", "the World Anti-Malware (WAM) group", "NATO", "the EU",
		"UNESCO", "the Tenants' Action Plan (TAP)", "the Prime Trend Index (PTI)", "the Map Editors' Nordic Alliance (MENA)"},
	"ru-org": {"Агентство по страхованию (АСВ)", "министерство (Минтранс)", "завод «Пример»", "Федеральная служба (ФНС)",
		"музей «ЭРА»", "НАТО", "ЕС", "холдинг (ПАП)", "компания «Спутник-1»"},
	"date": {"on May 5", "on 17 May 2023", "in March", "on Tuesday, 26 September", "by 1 January", "on Friday",
		"since Dec. 31, 2019", "between 3 and 9 July"},
	"ru-date": {"5 мая", "в понедельник", "с 1 января 2024 года", "17 мая", "в среду, 3 июля", "до 31 декабря"},
	"said": {"said", "reported", "noted", "told reporters", "told a press conference", "told parliament",
		"said in a statement", "was quoted as saying", "learned", "has learned", "wrote"},
	"ru-said": {"сообщил", "рассказал журналистам", "отметил", "заявил", "пояснил", "написал", "сообщил на пресс-конференции"},
	"what": {"output rose by 4.5%", "the photo was taken at night", "the map shows a trend", "the prime rate stayed at 5%",
		"the bridge would open", "three people were hurt", "the AP test has five parts", "the press release was wrong",
		"the update came late", "a copy of the photo credit was missing", "the dateline of the letter was false",
		"LIVE music returned", "the source of the river is near", "the picture by the window is old",
		"the CORRECTED figure is lower", "the breaking of the ice began", "the fleet has a spare satellite", "the byline mattered little"},
	"ru-what": {"добыча выросла на 4,5%", "фото было сделано ночью", "спутник вышел на орбиту", "мост откроют позже",
		"новости были хорошими", "источник реки рядом", "карта показывает рост", "прайм-тайм сдвинули", "фотограф снял весь город",
		"обновление вышло поздно"},
	"quote": {"\"We will see — perhaps,\"", "\"Nobody told us,\"", "“The photo is ours,”", "\"Reporting is a duty,\"",
		"\"By May, it will be done,\""},
	"ru-quote": {"«Посмотрим — может быть»,", "«Нам никто не сообщал»,", "«Фото наше»,", "\"Это важно\","},
	"cap":      {"NATO", "VAT", "GDP", "The VAT", "COVID-19", "IBM", "UNESCO"},
	"lead": {
		"<person> <said> <date> that <what>.",
		"<quote> <person> said <date>.",
		"<cap> – <what>.", "<cap> - <what>, <person> <said>.",
		"<org> <said> that <what>.", "According to plan, <what>.",
		"As <person> told the council <date>, <what>.",
		"<person> — the host of the evening — <said> that <what>.",
		"<cap> <said> <date> that <what>; <person> was absent.",
		"In Paris, London and Rome <what> <date>, <person> <said>.",
		"Moscow, <date>, was quiet: <what>.", "Minsk – a city of two million – <what>.",
		"May 5 was a holiday, and <what>.", "17 May 2023 was the day on which <what>.",
		"By <date>, <what>, <person> <said>.", "The minister resigned, citing poor health, and <what>.",
		"The table (see page 4) lists what was photographed by visitors <date>.",
		"The report, first published in 2019, was corrected <date>: <what>.",
		"Trend lines / map / source: none of it matters, <person> <said>.",
		"Signed in BERLIN on paper (A4), the letter says that <what>.",
		"The firm (formerly Example/Sample) <said> <what> via its site.",
	},
	"ru-lead": {
		"<ru-person> <ru-said> <ru-date>, что <ru-what>.",
		"<ru-quote> — <ru-said> <ru-person>.", "<ru-org> <ru-said>, что <ru-what>.",
		"По словам <ru-person>, <ru-what>.", "5 мая в Минске <ru-what>, <ru-said> <ru-person>.",
		"Москва — город большой: <ru-what>.", "НАТО — <ru-what>.", "Как <ru-said> <ru-person>, <ru-what>.",
		"Об этом <ru-said> <ru-person> <ru-date>.", "В Telegram <ru-what>.",
		"Фото и видео: <ru-what>.", "<ru-date> <ru-what> (на 3% больше), <ru-said> <ru-person>.",
		"По данным <ru-person>, <ru-what>.", "Сообщили, что <ru-what>.",
	},
}

// TestNothing composes 2,000 leads and expects that nothing is found in them and nothing cut.
func TestNothing(t *testing.T) {
	const seed = 20261124
	t.Logf("seed %d", seed)
	g := grammar{rand.New(rand.NewPCG(seed, 1))}
	r := registry(t)
	seen := map[string]bool{}
	for n := 0; n < 2000; n++ {
		lang, start := "en", "<lead>"
		if n%3 == 0 {
			lang, start = "ru", "<ru-lead>"
		}
		lead := g.expand(start)
		if n%2 == 0 {
			lead += " " + g.expand(start)
		}
		first := []rune(lead)[:1]
		lead = strings.ToUpper(string(first)) + lead[len(string(first)):]
		seen[lead] = true
		res := r.Credit(Input{Item: &news.Item{Language: lang}, Text: lead})
		if bad := misses(row{}, res); bad != nil || res.Lead != lead || len(res.Evidence) > 0 {
			t.Errorf("%q\n%s\nlead %q\n%s", lead, strings.Join(bad, "\n"), res.Lead, fmt.Sprint(res.Evidence))
		}
	}
	if len(seen) < 1500 {
		t.Errorf("only %d different leads", len(seen))
	}
}
