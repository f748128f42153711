package publish

import (
	"fmt"
	"testing"
	"time"

	"dateline/aggregator/news"
)

// day is when the wire's items were seen.
var day = time.Date(2023, 5, 17, 12, 44, 0, 0, time.UTC)

// item returns it with what every stored item has.
func item(it news.Item) news.Item {
	if it.Source == "" {
		it.Source = "belta"
	}
	if it.Key.IsZero() {
		it.Key = news.ItemKey(it.Source, it.GUID)
	}
	if it.FirstSeen.IsZero() {
		it.FirstSeen = day.Add(time.Minute)
	}
	it.Revised, it.Revision = it.FirstSeen, max(it.Revision, 1)
	return it
}

// registry is a small registry of agencies.
func registry(key string) (news.Agency, bool) {
	a, ok := agencies[key]
	return a, ok
}

var agencies = map[string]news.Agency{
	"belta": {Key: "belta", Name: "BelTA", Names: map[string]string{"ru": "БЕЛТА"}, Kind: news.KindAgency,
		Site: "https://belta.example/"},
	"tass": {Key: "tass", Name: "TASS", Names: map[string]string{"ru": "ТАСС"}, Also: []string{"ITAR-TASS"},
		Site: "https://tass.example/"},
	"mfa-russia": {Key: "mfa-russia", Name: "Russian MFA", Names: map[string]string{"ru": "МИД России"}, Site: "https://mid.example/"},
}

// options are those of the wire below.
func options() Options {
	return Options{
		Title:      "Agency wire",
		BaseURL:    "https://wire.example/",
		Language:   "en",
		CreditLine: true,
		Contact:    "https://wire.example/about",
		Version:    "1.0",
		Agency:     registry,
		Topics:     map[string]string{"russia": "Russia & neighbours"},
		Sources: []news.Source{
			{ID: "belta", Name: "BelTA", Agency: "belta", URL: "https://belta.example/rss", Site: "https://belta.example/", Language: "en",
				Content: news.Full, Topics: []string{"belarus"}, Rights: "© BelTA", Every: 10 * time.Minute},
			{ID: "tass", Name: "TASS", Agency: "tass", URL: "https://tass.example/rss", Site: "https://tass.example/", Language: "en",
				Content: news.Headline, Topics: []string{"russia"}, Every: 5 * time.Minute},
			{ID: "tass-ru", Name: "ТАСС", Agency: "tass", URL: "https://tass.example/ru/rss", Language: "ru", Content: news.Summary},
			{ID: "mid", Name: "Russian MFA", Agency: "mfa-russia", URL: "https://mid.example/rss", Language: "en", Content: news.Summary},
		},
	}
}

// press is a press conference as one agency reports it, the photo of which came through another.
func press() news.Item {
	return news.Item{
		Source: "belta", GUID: "https://belta.example/politics/1", URL: "https://belta.example/politics/1",
		Title:   "Ministers speak of dialogue after talks",
		Summary: "<p>The ministers met in the capital.</p>",
		Content: "<p>The ministers met in the capital.</p><p>They spoke of dialogue & trade.</p>",
		Lead:    "The ministers met in the capital.", Published: day, Language: "en",
		Categories: []news.Category{{Term: "Politics"}},
		Media: []news.Media{{
			URL: "https://belta.example/photo/1.jpg", Type: "image/jpeg", Length: 1200, Description: "The minister speaks.",
			Credits: []news.MediaCredit{{Name: "Russian MFA/TASS"}},
		}},
		Feed: news.Feed{Title: "BelTA news", Self: "https://belta.example/rss", Site: "https://belta.example/", Updated: day},
		Credits: news.Credits{
			Agency: &news.Credit{Role: news.Originator, Name: "BelTA", Agency: "belta", Display: "BelTA",
				Evidence: news.Evidence{Field: "text", Start: 16, End: 21, Words: "BelTA", Rule: "dateline"}},
			Dateline: &news.Dateline{Place: "MOSCOW", Month: 5, Day: 17, Year: 2023, Agency: "belta", Raw: "MOSCOW, 17 May (BelTA) -"},
			Photos: []news.Photo{{
				Line: "Russian MFA/TASS", URL: "https://belta.example/photo/1.jpg",
				Chain: []news.Credit{
					{Role: news.Owner, Name: "Russian MFA", Agency: "mfa-russia"},
					{Role: news.Supplier, Name: "TASS", Agency: "tass"},
				},
			}},
		},
	}
}

// ordinary is a wire of one piece that two agencies carry and n others.
func ordinary(tb testing.TB, n int) *world {
	tb.Helper()
	w := newWorld(tb)
	var p pending
	for _, items := range ordinaryItems(n) {
		p.add(news.Public, items)
	}
	w.commit(p)
	return w
}

// ordinaryItems returns the items of each entry of an ordinary wire.
func ordinaryItems(n int) [][]news.Item {
	all := [][]news.Item{{press(), {Source: "tass", GUID: "t1", URL: "https://tass.example/world/1", Title: "Ministers met", Published: day}}}
	for i := range n {
		it := press()
		it.GUID = fmt.Sprintf("https://belta.example/economy/%d", i)
		it.URL = it.GUID
		it.Title = fmt.Sprintf("Output of the works grows by %d tonnes", i)
		it.Published = day.Add(time.Duration(i/3) * time.Minute)
		all = append(all, []news.Item{it})
	}
	return all
}
