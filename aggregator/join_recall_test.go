package aggregator_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// houses are ways in which agencies open and close a report, with its place put in.
var houses = map[string][][2]string{
	"en": {
		{"%s, 24 November (BelTA) – ", ""},
		{"%s, November 24. /TASS/. ", " Photo: Valery Sharifulin/TASS"},
		{"%s, Nov 24 (Interfax) - ", " (Photo by Anna Keller)"},
		{"24 November, Minsk /Corr. BELTA/. ", " Photo courtesy of the press service"},
	},
	"ru": {
		{"%s, 24 ноября. /ТАСС/. ", ""},
		{"24 ноября, Минск /Корр. БЕЛТА/. ", " Фото: Павел Сидорик/БЕЛТА"},
		{"%s, 24 ноя — РИА Новости. ", " © РИА Новости / Пётр Новак"},
	},
}

// TestReprintsJoin: four hundred reports, two thousand in the whole form, each as another agency reprints it, under its own
// dateline, with its own photo credit, whole or a lead of 25 to 40 words, are one entry with their original.
func TestReprintsJoin(t *testing.T) {
	t.Parallel()
	r := feedtest.Rand(t)
	s := feedtest.NewServer(t)
	const each = 200
	documents := scale(1, 2, 10)
	day := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	originals, copies := make([]feedtest.Item, 0, documents*each), make([]feedtest.Item, 0, documents*each)
	for i := range documents * each {
		g := feedtest.Grammars[i%len(feedtest.Grammars)]
		text, title := g.Text(r, 60+r.IntN(60)), g.Title(r)
		house := houses[g.Language]
		from := r.IntN(len(house))
		to := (from + 1 + r.IntN(len(house)-1)) % len(house)
		write := func(source string, n int, text string, at time.Time) feedtest.Item {
			place := map[string]string{"en": "OZERNY", "ru": "МОСКВА"}[g.Language]
			open := house[n][0]
			if strings.Contains(open, "%s") {
				open = fmt.Sprintf(open, place)
			}
			return feedtest.Item{
				GUID: fmt.Sprint(source, "-", i), Link: fmt.Sprintf("https://%s.example/%d", source, i), Title: title,
				Description: "<p>" + open + text + "</p><p>" + house[n][1] + "</p>", PubDate: at.Format(time.RFC1123Z),
			}
		}
		at := day.Add(time.Duration(i/each) * 3 * time.Hour) // each document is newer than the one before
		originals = append(originals, write("alpha", from, text, at))
		if i%3 > 0 {
			text = feedtest.FirstWords(text, 25+15*(i%3-1)) + " …"
		}
		copies = append(copies, write("bravo", to, text, at.Add(time.Duration(r.IntN(120))*time.Minute)))
	}
	alpha, bravo := s.Source("alpha"), s.Source("bravo")
	h := newHarness(t, alpha, bravo)
	for n := range documents {
		s.Set("/alpha", page("alpha", originals[n*each:][:each]...))
		s.Set("/bravo", page("bravo", copies[n*each:][:each]...))
		h.good("alpha")
		h.good("bravo")
	}
	original := map[string]news.Key{}
	for _, it := range h.items("alpha") {
		original[strings.TrimPrefix(it.GUID, "alpha-")] = it.Key
	}
	joined := 0
	for _, it := range h.items("bravo") {
		switch {
		case it.Join == nil:
		case it.Join.With != original[strings.TrimPrefix(it.GUID, "bravo-")]:
			t.Errorf("%q joined another report", it.Title)
		default:
			joined++
		}
	}
	share := float64(joined) / float64(documents*each)
	t.Logf("%.4f of the reprints found", share)
	if share < .99 {
		t.Error("less than .99 found")
	}
}
