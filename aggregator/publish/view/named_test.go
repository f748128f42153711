package view

import (
	"testing"
	"time"

	"dateline/aggregator/news"
)

// TestNamedTitle: the originator's name is before a headline once, in the entry's language; a correction says so.
func TestNamedTitle(t *testing.T) {
	t.Parallel()
	m := &Maker{Sources: map[string]*news.Source{"a": {ID: "a", Name: "BelTA"}, "none": {ID: "none"}}}
	tass := &news.Credit{Name: "TASS", Agency: "tass"}
	corrected := news.Credits{Marker: "CORRECTED"}
	for name, tt := range map[string]struct {
		it   news.Item
		want string
	}{
		"a headline":                  {news.Item{Title: "Rain in Ozerny"}, "BelTA: Rain in Ozerny"},
		"begins with the name":        {news.Item{Title: "BelTA: Rain in Ozerny"}, "BelTA: Rain in Ozerny"},
		"begins with it in capitals":  {news.Item{Title: "BELTA: Rain"}, "BELTA: Rain"},
		"begins with a longer name":   {news.Item{Title: "BelTA learned of rain"}, "BelTA: BelTA learned of rain"},
		"begins with another colon":   {news.Item{Title: "Live: rain"}, "BelTA: Live: rain"},
		"the originator, not carrier": {news.Item{Title: "Rain", Credits: news.Credits{Agency: tass}}, "TASS: Rain"},
		"a correction": {news.Item{Title: "Rain", Credits: corrected, Corrected: time.Unix(1e9, 0)},
			"BelTA, corrected: Rain"},
		"a correction that says so": {news.Item{Title: "CORRECTED: Rain", Credits: corrected, Corrected: time.Unix(1e9, 0)},
			"BelTA, corrected: Rain"},
		"a correction that says so in brackets": {news.Item{Title: "(CORRECTED) Rain", Credits: corrected, Corrected: time.Unix(1e9, 0)},
			"BelTA, corrected: Rain"},
		"a word that begins as the mark does": {news.Item{Title: "CORRECTEDNESS", Credits: corrected, Corrected: time.Unix(1e9, 0)},
			"BelTA, corrected: CORRECTEDNESS"},
		"a mark alone": {news.Item{Title: "CORRECTED:", Credits: corrected, Corrected: time.Unix(1e9, 0)},
			"BelTA, corrected: CORRECTED:"},
		"a correction in German": {news.Item{Title: "Regen", Language: "de-AT", Credits: corrected, Corrected: time.Unix(1e9, 0)},
			"BelTA, korrigiert: Regen"},
		"a correction that begins with the name": {news.Item{Title: "BelTA: Rain", Credits: corrected, Corrected: time.Unix(1e9, 0)},
			"BelTA, corrected: Rain"},
		"a correction that begins so": {news.Item{Title: "BelTA, corrected: Rain", Credits: corrected, Corrected: time.Unix(1e9, 0)},
			"BelTA, corrected: Rain"},
		"no headline": {news.Item{Lead: "It rains in Ozerny."}, "BelTA: It rains in Ozerny."},
	} {
		tt.it.Source = "a"
		if got := m.Entry(news.Entry{}, []news.Item{tt.it}).NamedTitle(); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
