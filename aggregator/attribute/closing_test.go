package attribute

import (
	"slices"
	"strings"
	"testing"

	"dateline/aggregator/news"
)

// A name that ends a sentence behind a comma and one word in small letters is cited in any language, unless that word joins it to
// others.
func TestClosingVerb(t *testing.T) {
	t.Parallel()
	r := registry(t)
	for _, tt := range []struct{ language, text, cited string }{
		{"sq", "Ura mbi lumin do të mbetet e mbyllur, xarbon BBC.", "bbc"},
		{"sq", "“Ura do të mbetet e mbyllur”, xarbon “Reuters”.", "reuters"},
		{"sq", "Ura mbi lumin do të mbetet e mbyllur, xarbon agjencia Reuters.", "reuters"},
		{"pl", "Most będzie zamknięty jeszcze przez tydzień - xarbuje „Financial Times”.", "financial-times"},
		{"", "Ura mbi lumin do të mbetet e mbyllur, xarbon Example.com.", "Example.com"},
		{"ru", "Мост закроют до мая, рассказал Петров РИА «Новости».", "ria"},
		{"cs", "Most bude zavřený do května, řekl Novák ČTK.", "ctk"},
		{"bg", "Мостът ще бъде затворен, пише британското евроскептично издание The Daily Express днес.", "daily-express"},
		{"sq", "Ura mbi lumin do të mbetet e mbyllur, transmeton Klan Kosova dhe shton se ka punë.", "klan-kosova"},
		{"fi", "Silta pysyy kiinni toukokuuhun, kirjoittaa saksalaislehti Der Spiegel tänään.", "der-spiegel"},
		{"uk", "Видання Reuters, яке раніше писало про цей міст, повідомляє нові терміни.", "reuters"},
		{"da", "Det tyske nyhedsbureau dpa har tidligere rapporteret, at broen er lukket.", "dpa"},

		{"de", "Die Stadt lud viele Medien ein, darunter Reuters.", ""},
		{"es", "La ciudad invitó a varios medios, incluida Reuters.", ""},
		{"de", "Die Brücke bleibt zu, sagte Stefan Reuter.", ""},
		{"de", "Die Brücke bleibt noch lange zu, sagt Reuter.", ""},
		{"sq", "Ura mbi lumin do të mbetet e mbyllur, xarbon Reuters dhe qyteti tjetër i vjetër.", ""},
		{"en", "The city hosted the bureau and the owner, rival Reuters.", ""},
	} {
		c := r.Credit(Input{Item: &news.Item{Language: tt.language}, Text: tt.text}).Credits
		var got []string
		for _, p := range c.Cited {
			got = append(got, p.ID())
		}
		if c.Agency != nil {
			got = append(got, c.Agency.ID())
		}
		if tt.cited == "" && len(got) > 0 || tt.cited != "" && !slices.Contains(got, tt.cited) {
			t.Errorf("%s %q: %q, want %q", tt.language, tt.text, got, tt.cited)
		}
	}
}

// TestOwnSources: words for sources, the newspaper's own or unnamed ones, name no party; the newspaper behind them is cited.
func TestOwnSources(t *testing.T) {
	t.Parallel()
	r := registry(t)
	for text, want := range map[string]string{
		"Мост закрыт, сообщила со ссылкой на свои источники газета Magyar Nemzet.": "magyar-nemzet",
		"Погода будет малооблачная, сообщают синоптики.":                           "",
		"Цены выросли вдвое, сообщают аналитики.":                                  "",
		"Новых солдат мало, сообщает издание.":                                     "",
		"Мост закрыт, сообщает городская полиция.":                                 "городская полиция",
		"Автор по шагам пишет CI-систему с нуля.":                                  "",
		"Мост через реку закрыт до мая — Sky News\nРемонт начнётся в среду.":       "sky-news",
		"Мост через реку закрыт — Иванов\nРемонт начнётся в среду.":                "",
	} {
		var got []string
		for _, c := range r.Credit(Input{Item: &news.Item{Language: "ru"}, Text: text}).Credits.Cited {
			got = append(got, c.ID())
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: cited %q, want %q", text, got, want)
		}
	}
}
