package attribute

import (
	"slices"
	"strings"
	"testing"

	"dateline/aggregator/news"
)

// Every way of citing an agency or an outlet that testdata/citedforms.tsv has is read in its language.
func TestCitedForms(t *testing.T) {
	t.Parallel()
	r := registry(t)
	for _, row := range formRows(t, "citedforms.tsv", 2, 850) {
		language, form := row[0], row[1]
		name := "Reuters"
		if language == "ar" {
			name = "رويترز"
		}
		text := strings.ReplaceAll(form, "X", name)
		got := r.Credit(Input{Item: &news.Item{Language: language}, Text: text}).Credits
		list := got.Cited
		if got.Agency != nil {
			list = append(list, *got.Agency)
		}
		if !slices.ContainsFunc(list, func(c news.Credit) bool { return c.ID() == "reuters" }) {
			t.Errorf("%s: %s: %v", language, text, list)
		}
	}
}

// A pronoun behind "citing" is a reason, not a source.
func TestNoCitedPronoun(t *testing.T) {
	t.Parallel()
	r := registry(t)
	for _, text := range []string{
		"Суд отклонил жалобу, сославшись на то, что срок её подачи истёк.",
		"Завод закрыли, сославшись на это обстоятельство, ещё в мае.",
	} {
		if got := r.Credit(Input{Item: &news.Item{Language: "ru"}, Text: text}).Credits.Cited; len(got) > 0 {
			t.Errorf("%s: %v", text, got)
		}
	}
}

// Whom a text names beside a report that is not the one at hand is cited, and makes no originator.
func TestEarlierReportIsCited(t *testing.T) {
	t.Parallel()
	r := registry(t)
	for _, tt := range []struct{ language, text string }{
		{"ru", "Ранее ТАСС сообщал, что мост закрыт. Мост откроют в мае, заявил мэр."},
		{"uk", "Раніше «ТАСС» повідомляло, що міст закрито."},
		{"en", "TASS reported earlier that the bridge was closed."},
		{"de", "Im Sommer 1976 meldete die TASS, die Brücke sei gesperrt."},
		{"de", "Die TASS meldete im Sommer, die Brücke werde gesperrt. Stimmt das?"},
	} {
		got := r.Credit(Input{Item: &news.Item{Language: tt.language}, Text: tt.text}).Credits
		if got.Agency != nil || len(got.Cited) != 1 || got.Cited[0].ID() != "tass" {
			t.Errorf("%s: originator %v, cited %v", tt.text, got.Agency, got.Cited)
		}
	}
}

// A name that other bodies and persons have is no agency and no outlet where the words beside it are theirs.
func TestNameOfAnother(t *testing.T) {
	t.Parallel()
	r := registry(t)
	for _, tt := range []struct{ language, text string }{
		{"pt", "Segundo a ANP, o preço da gasolina subiu."},
		{"nl", "Dat meldt het CBS in een nieuw rapport."},
		{"de", "Der Trainer Paul Spiegel kam zu spät. Laut Spiegel war der Zug schuld."},
		{"bg", "Според телевизията Иванов води с два гласа."},
	} {
		got := r.Credit(Input{Item: &news.Item{Language: tt.language}, Text: tt.text}).Credits
		if got.Agency != nil || len(got.Cited) > 0 {
			t.Errorf("%s: originator %v, cited %v", tt.text, got.Agency, got.Cited)
		}
	}
}

// An agency signs a text behind a slash that no other one closes.
func TestSlashedSignature(t *testing.T) {
	t.Parallel()
	r := registry(t)
	for _, text := range []string{
		"Мостът е затворен до май, каза кметът./БТА",
		"Мостът е затворен до май, каза кметът. /БТА.",
	} {
		got := r.Credit(Input{Item: &news.Item{Language: "bg"}, Text: text})
		if a := got.Credits.Agency; a == nil || a.ID() != "bta" || got.Lead != "Мостът е затворен до май, каза кметът." {
			t.Errorf("%s: %v, lead %q", text, a, got.Lead)
		}
	}
}

// A verb of reporting in the sentence "об этом" makes an originator with the past of a verb of telling too, and one that is not beside
// "wcześniej" is of the report at hand.
func TestReportsItself(t *testing.T) {
	t.Parallel()
	r := registry(t)
	for _, tt := range []struct{ language, text string }{
		{"ru", "Мост закрыли до мая. Об этом сообщило агентство Reuters со ссылкой на мэра."},
		{"ru", "Мост закрыт до мая. Об этом сообщает в понедельник Reuters, ссылаясь на мэра."},
		{"ru", "Мост закрыт. Как сообщает ИА \"Reuters\", его откроют в мае."},
		{"pl", "Most zamknięto, jak te, które zamknięto wcześniej - donosi Reuters."},
	} {
		got := r.Credit(Input{Item: &news.Item{Language: tt.language}, Text: tt.text}).Credits
		if got.Agency == nil || got.Agency.ID() != "reuters" {
			t.Errorf("%s: originator %v, cited %v", tt.text, got.Agency, got.Cited)
		}
	}
}
