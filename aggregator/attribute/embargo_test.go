package attribute

import (
	"testing"
	"time"

	"dateline/aggregator/news"
)

// TestEmbargo: what asks for an embargo is read with its moment, in the zone that it names, else the source's, on the day that it
// names, else the next; news of an embargo on goods asks for none.
func TestEmbargo(t *testing.T) {
	t.Parallel()
	minsk := time.FixedZone("", 3*3600)
	base := time.Date(2026, 11, 24, 10, 30, 0, 0, time.UTC) // a Tuesday
	const untimed, none = "untimed", "none"
	for text, want := range map[string]string{
		"EMBARGOED UNTIL 06:00 GMT, 25 NOVEMBER 2026":                      "2026-11-25T06:00:00Z",
		"EMBARGOED UNTIL 06:00 GMT Wednesday, November 25":                 "2026-11-25T06:00:00Z",
		"Embargoed until 0600 GMT on Wednesday\nThe bank kept its rate.":   "2026-11-25T06:00:00Z",
		"STRICTLY EMBARGOED UNTIL 00:01 BST 26 November":                   "2026-11-25T23:01:00Z",
		"EMBARGO: 00.01hrs, Thursday 26 November 2026":                     "2026-11-25T21:01:00Z",
		"Embargoed for release until 6 a.m. ET Nov. 25, 2026":              "2026-11-25T11:00:00Z",
		"Embargoed for publication until 6:30pm UTC+2 today":               "2026-11-24T16:30:00Z",
		"UNDER EMBARGO UNTIL 2026-11-25T06:00:00Z":                         "2026-11-25T06:00:00Z",
		"UNDER EMBARGO UNTIL 2026-11-25 06:00":                             "2026-11-25T03:00:00Z",
		"NOT FOR PUBLICATION BEFORE 09:00 25.11.2026":                      "2026-11-25T06:00:00Z",
		"NOT FOR PUBLICATION BEFORE 12 NOON GMT":                           "2026-11-24T12:00:00Z",
		"NOT FOR RELEASE UNTIL 25 NOVEMBER":                                "2026-11-24T21:00:00Z",
		"NOT TO BE PUBLISHED BEFORE 06:00 +0500":                           "2026-11-25T01:00:00Z",
		"DO NOT PUBLISH BEFORE 06:00 GMT+5 25/11/2026":                     "2026-11-25T01:00:00Z",
		"HOLD FOR RELEASE UNTIL 1800 GMT":                                  "2026-11-24T18:00:00Z",
		"FOR RELEASE AT 18:00 GMT":                                         "2026-11-24T18:00:00Z",
		"[EMBARGOED UNTIL 18:00 GMT] The bank kept its rate.":              "2026-11-24T18:00:00Z",
		"(Embargo until 18:00 GMT) The bank kept its rate.":                "2026-11-24T18:00:00Z",
		"MINSK, 24 November (BelTA) - EMBARGOED UNTIL 18:00 GMT. The bank": "2026-11-24T18:00:00Z",
		"The bank kept its rate.\nEMBARGOED UNTIL 18:00 GMT":               "2026-11-24T18:00:00Z",
		"Embargoed until 18:00 Moscow time":                                "2026-11-24T15:00:00Z",
		"Embargoed until midnight GMT tonight":                             "2026-11-24T00:00:00Z",
		"EMBARGOED UNTIL 1 JANUARY 06:00 GMT":                              "2027-01-01T06:00:00Z",
		"EMBARGOED UNTIL 10:00 GMT":                                        "2026-11-24T10:00:00Z", // just over
		"EMBARGOED UNTIL 06:00 GMT":                                        "2026-11-25T06:00:00Z",
		"Эмбарго до 18:00 мск 24 ноября":                                   "2026-11-24T15:00:00Z",
		"ЭМБАРГО ДО 18.00 25.11.2026":                                      "2026-11-25T15:00:00Z",
		"Эмбарго до 9:00 по московскому времени 25 ноября 2026 года. Банк": "2026-11-25T06:00:00Z",
		"Эмбарго до 18:00 по Минску":                                       "2026-11-24T15:00:00Z",
		"Эмбарго до 9 часов утра среды":                                    "2026-11-25T06:00:00Z",
		"Не публиковать до 18:00":                                          "2026-11-24T15:00:00Z",
		"Не публиковать до 25 ноября":                                      "2026-11-24T21:00:00Z",
		"Просьба не публиковать ранее 18:00 завтра":                        "2026-11-25T15:00:00Z",
		"НЕ ДЛЯ ПУБЛИКАЦИИ ДО 18:00 МСК":                                   "2026-11-24T15:00:00Z",
		"Публикация разрешена с 18:00 мск":                                 "2026-11-24T15:00:00Z",
		"(под эмбарго до 18:00) Банк сохранил ставку.":                     "2026-11-24T15:00:00Z",

		"SPERRFRIST: 25. November 2026, 18:00 Uhr": "2026-11-25T15:00:00Z",
		"Sperrfrist bis Mittwoch, 18 Uhr":          "2026-11-25T15:00:00Z",
		"Не публікаваць да 18:00 25 лістапада":     "2026-11-25T15:00:00Z",
		"Ембарго до 9 години середи":               "2026-11-25T06:00:00Z",

		"EMBARGOED":                                   untimed,
		"EMBARGOED: the bank keeps its rate":          untimed,
		"UNDER EMBARGO until the minister has spoken": untimed,
		"NOT FOR PUBLICATION":                         untimed,
		"EMBARGOED UNTIL DELIVERY OF THE SPEECH":      untimed,
		"Не публиковать до особого распоряжения":           untimed,
		"Не для публикации":                                untimed,
		"(EMBARGOED) The bank keeps its rate, it will say": untimed,

		"EU extends embargo until 25 November":                                 none,
		"Embargo until 2027 extended by the EU":                                none,
		"Embargoed goods worth five million seized at the border":              none,
		"Эмбарго до 2027 года продлено":                                        none,
		"Sperrfrist aufgehoben: die Bank":                                      none,
		"Ембарго на зерно до кінця року":                                       none,
		"Эмбарго до конца года":                                                none,
		"Продовольственное эмбарго до 31 декабря 2026 года":                    none,
		"Россия продлила эмбарго до 18:00":                                     none,
		"The report was embargoed until 06:00 GMT on Monday":                   none,
		"EMBARGO LIFTED: the bank keeps its rate":                              none,
		"Эмбарго снято: банк сохранил ставку":                                  none,
		"Publishers ask for publication of the list by 06:00 GMT":              none,
		"Rain fell.\nIt rained.\nIt rained on.\nAgain.\nEmbargo: 18:00 GMT\nx": none,
		"": none,
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			e := Input{Item: &news.Item{Published: base}, Text: text, Source: news.Source{Zone: minsk}}.embargo()
			got := none
			switch {
			case e != nil && e.Until.IsZero():
				got = untimed
			case e != nil:
				got = e.Until.Format(time.RFC3339)
			}
			if got != want {
				t.Errorf("%s, want %s (%+v)", got, want, e)
			}
			if e != nil && text[e.Evidence.Start:e.Evidence.End] != e.Evidence.Words {
				t.Errorf("the words %q are not at %d", e.Evidence.Words, e.Evidence.Start)
			}
		})
	}
}

// TestEmbargoZone: a time without a zone is in that of the source, else of the item's date; where neither is known it cannot be read.
// A title asks as a text does, but not for ever by a word in the middle.
func TestEmbargoZone(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 24, 10, 30, 0, 0, time.UTC)
	for fact, tt := range map[string]struct {
		in   Input
		want time.Time
		none bool
	}{
		"of the date": {Input{Item: &news.Item{Published: at, PublishedRaw: "Tue, 24 Nov 2026 13:30:00 +0300",
			Title: "EMBARGOED UNTIL 18:00: Bank keeps rate"}},
			time.Date(2026, 11, 24, 15, 0, 0, 0, time.UTC), false},
		"unknown": {Input{Item: &news.Item{Published: at, Title: "EMBARGOED UNTIL 18:00: Bank keeps rate"}}, time.Time{}, false},
		"no date": {Input{Item: &news.Item{Title: "EMBARGOED UNTIL 18:00 GMT: Bank keeps rate"}, Seen: at},
			time.Date(2026, 11, 24, 18, 0, 0, 0, time.UTC), false},
		"bracket": {Input{Item: &news.Item{Published: at, Title: "Bank keeps rate [EMBARGOED UNTIL 18:00 GMT]"}},
			time.Date(2026, 11, 24, 18, 0, 0, 0, time.UTC), false},
		"a kicker": {Input{Item: &news.Item{Published: at, Title: "Embargo: what changes in spring"}}, time.Time{}, true},
		"no item":  {Input{Text: "EMBARGOED"}, time.Time{}, true},
	} {
		t.Run(fact, func(t *testing.T) {
			t.Parallel()
			e := tt.in.embargo()
			if (e == nil) != tt.none || e != nil && !e.Until.Equal(tt.want) {
				t.Errorf("%+v", e)
			}
		})
	}
}
