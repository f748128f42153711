package attribute

import (
	"testing"

	"dateline/aggregator/news"
)

func TestKill(t *testing.T) {
	for _, c := range []struct{ fact, title, text, words string }{
		{"mark before a colon", "KILL: Footbridge opens", "", "KILL"},
		{"mark before a dash", "WITHDRAWN - Footbridge opens", "", "WITHDRAWN"},
		{"mandatory", "MANDATORY KILL – Footbridge opens", "", "MANDATORY KILL"},
		{"annul", "ANNUL: Footbridge opens", "", "ANNUL"},
		{"bracket at the head", "(KILL) Footbridge opens", "", "KILL"},
		{"bracket at the end", "Footbridge opens (WITHDRAWN)", "", "WITHDRAWN"},
		{"alone", "АННУЛИРОВАНО", "", "АННУЛИРОВАНО"},
		{"russian mark", "АННУЛИРОВАНО: Мост открыт", "", "АННУЛИРОВАНО"},
		{"russian mark, verb", "АННУЛИРУЕТСЯ. Мост открыт", "", "АННУЛИРУЕТСЯ"},
		{"russian bracket", "Мост открыт (СНЯТО С ЛЕНТЫ)", "", "СНЯТО С ЛЕНТЫ"},
		{"head of the text", "Мост открыт", "СНЯТЬ С ЛЕНТЫ! Мост открыт для жителей.", "СНЯТЬ С ЛЕНТЫ"},
		{"sentence", "Footbridge opens", "This story has been withdrawn. The editors regret it.", "This story has been withdrawn"},
		{"request", "Footbridge opens", "Editors: please kill the above story, which was filed in error.",
			"Editors: please kill the above story"},
		{"russian sentence", "Мост открыт", "Сообщение аннулировано.", "Сообщение аннулировано"},
		{"russian request", "Мост открыт", "Просим снять с ленты наш материал от 12.00.", "Просим снять с ленты наш материал"},

		{"annulment", "ANNULMENT: Footbridge opens", "", "ANNULMENT"},
		{"retracted", "RETRACTED: Footbridge opens", "", "RETRACTED"},
		{"retraction", "RETRACTION – Footbridge opens", "", "RETRACTION"},
		{"retraction alone", "RETRACTION", "Footbridge opens.", "RETRACTION"},
		{"russian annulment", "АННУЛЯЦИЯ: Мост открыт", "", "АННУЛЯЦИЯ"},
		{"russian recall", "Мост открыт", "ОТЗЫВ. Мост открыт для жителей.", "ОТЗЫВ"},
		{"french bracket", "Le pont est ouvert (DÉPÊCHE ANNULÉE)", "", "DÉPÊCHE ANNULÉE"},

		{"sanctions withdrawn", "Sanctions withdrawn", "The sanctions were withdrawn on Monday.", ""},
		{"people killed", "Killed: three soldiers at the border", "", ""},
		{"a name", "Kill Bill: a retrospective in Minsk", "", ""},
		{"a line in capitals", "KILL: THE FILM THAT WON IN CANNES", "", ""},
		{"a report of others", "UN report withdrawn", "The report was withdrawn by the United Nations after a review.", ""},
		{"a bill", "Bill (withdrawn) returns to parliament", "", ""},
		{"results annulled", "Итоги выборов аннулированы", "Итоги выборов аннулированы, сообщила комиссия.", ""},
		{"troops", "WITHDRAWN TROOPS return home", "", ""},
		{"a licence", "Лицензия аннулирована", "Лицензия банка аннулирована решением регулятора.", ""},
		{"a film", "Фильм снят с проката", "Материал снят на плёнку.", ""},
		{"a cancellation", "ОТМЕНА: концерт не состоится", "", ""},
		{"an update", "UPDATE 1 - Footbridge opens", "", ""},
		{"a paper retracted", "Retraction: journal takes back a study", "", ""},
		{"the retraction of something", "RETRACTION of landing gear failed, report says", "", ""},
		{"an ambassador recalled", "ОТЗЫВ ПОСЛА: что говорят в МИД", "", ""},
		{"a review", "Отзыв: хороший фильм", "", ""},
		{"far below", "Footbridge opens", "The bridge opened. This story has been withdrawn from the paper, its author said.", ""},
	} {
		t.Run(c.fact, func(t *testing.T) {
			r, err := New(nil, Rules())
			if err != nil {
				t.Fatal(err)
			}
			got := r.Credit(Input{Item: &news.Item{Title: c.title}, Text: c.text}).Credits.Kill
			switch {
			case got == nil && c.words != "":
				t.Errorf("no mark, want %q", c.words)
			case got != nil && got.Words != c.words:
				t.Errorf("%q by %s, want %q", got.Words, got.Rule, c.words)
			case got != nil && map[string]string{"title": c.title, "text": c.text}[got.Field][got.Start:got.End] != got.Words:
				t.Errorf("it does not stand at %d..%d of the %s", got.Start, got.End, got.Field)
			}
		})
	}
}

func TestCorrection(t *testing.T) {
	for mark, want := range map[string]bool{
		"UPDATE 1": true, "CORRECTED": true, "CORRECTED-UPDATE 2": true, "2nd UPDATE": false, "ИСПРАВЛЕНО": true,
		"Уточнение": true, "ОБНОВЛЕНО": true,
		"Выпраўлена": true, "Korrektur": true, "URGENT": false, "МОЛНИЯ": false, "BREAKING NEWS": false, "LEAD": false, "": false,
		"ПОВТОР": false,
	} {
		if got := Correction(mark); got != want {
			t.Errorf("%q: %v, want %v", mark, got, want)
		}
	}
	if Corrects("CORRECTED", "CORRECTED") || !Corrects("", "CORRECTED") || Corrects("CORRECTED", "") {
		t.Error("a correction is told once, when it is new")
	}
}

// TestKillTable: every mark of the table withdraws, before a colon and in brackets.
func TestKillTable(t *testing.T) {
	t.Parallel()
	r := registry(t)
	for mark := range killMarks {
		for _, title := range []string{mark + ": Footbridge opens", "Footbridge opens (" + mark + ")"} {
			if found := r.on("").kill(title, ""); found == nil || found.Words != mark {
				t.Errorf("%q: %+v", title, found)
			}
		}
	}
	if len(killMarks) < 30 {
		t.Errorf("%d marks", len(killMarks))
	}
}
