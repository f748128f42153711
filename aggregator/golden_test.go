package aggregator_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// minsk and moscow are zones of a fixed offset, so that the test needs no table of zones.
var (
	minsk  = time.FixedZone("Europe/Minsk", 3*3600)
	moscow = time.FixedZone("Europe/Moscow", 3*3600)
)

// agencies are the sources of testdata/wire.
func agencies() []news.Source {
	every := 15 * time.Minute
	return []news.Source{
		{ID: "belta", Name: "BelTA", Agency: "belta", URL: "https://eng.belta.by/rss", Site: "https://eng.belta.by/", Language: "en", Zone: minsk,
			Every: every, Rights: "© BelTA", Content: news.Summary, Topics: []string{"belarus"}, Enabled: true},
		{ID: "mfa", Name: "Russian MFA", Agency: "mid", URL: "https://mid.ru/en/rss.php", Site: "https://mid.ru/en/", Language: "en",
			Zone:  moscow,
			Every: every, Content: news.Full, Enabled: true},
		{ID: "tass-ru", Name: "ТАСС", Agency: "tass", URL: "https://tass.ru/rss/v2.xml", Site: "https://tass.ru/", Language: "ru", Zone: moscow,
			Every: every, Content: news.Headline, Enabled: true},
	}
}

// TestDocuments takes the composed feeds of three agencies all the way to the merged document, as a golden file
// shows it. The agencies are visited one after the other on the afternoon of their news.
func TestDocuments(t *testing.T) {
	t.Parallel()
	bubbleAt(t, time.Date(2023, 5, 17, 14, 0, 0, 0, time.UTC), func(t *testing.T) {
		s := feedtest.NewHost("https://wire.example")
		for path, file := range map[string]string{"/rss": "belta", "/en/rss.php": "mfa", "/rss/v2.xml": "tass"} {
			body, err := os.ReadFile(filepath.Join("testdata", "wire", file+".xml"))
			if err != nil {
				t.Fatal(err)
			}
			s.Set(path, feedtest.Doc(string(body)))
		}
		r := newHarnessOver(t, s, agencies()...)
		for _, src := range r.sources {
			r.good(src.ID)
			time.Sleep(time.Minute)
		}
		r.sound()
		r.followed(t)
		got := r.atom()
		r.merged(t, got)

		golden := filepath.Join("testdata", "wire", "feed.atom")
		if *update {
			if err := os.WriteFile(golden, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), string(got)); d != "" {
			t.Errorf("run with -update and read the difference:\n%s", d)
		}
	})
}
