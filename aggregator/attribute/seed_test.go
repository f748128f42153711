package attribute

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// seed is the article that is the whole problem in one page, as an item of BelTA's feed.
func seed(t testing.TB) Input {
	b, err := os.ReadFile(filepath.Join(feedtest.Outside(t), "seed", "belta-article.txt"))
	if err != nil {
		t.Fatal(err)
	}
	return Input{
		Item: &news.Item{
			Title:     "Lavrov: NATO's reckless expansion undermines prospect of European security dialogue",
			URL:       "https://eng.belta.by/politics/view/example-2023/",
			Published: time.Date(2023, 5, 17, 12, 44, 0, 0, time.UTC),
		},
		Text:   string(b),
		Source: news.Source{ID: "belta", Name: "BelTA", Agency: "belta", Language: "en", Site: "https://eng.belta.by/"},
	}
}

func TestSeedArticle(t *testing.T) {
	r := registry(t)
	in := seed(t)
	res := r.Credit(in)
	c := res.Credits

	t.Run("agency", func(t *testing.T) {
		if c.Agency == nil || c.Agency.Agency != "belta" || c.Agency.Display != "BelTA" || c.Agency.Evidence.Words != "BelTA" {
			t.Errorf("got %+v", c.Agency)
		}
	})
	t.Run("dateline", func(t *testing.T) {
		want := &news.Dateline{Place: "MOSCOW", Month: 5, Day: 17, Year: 2023, Agency: "belta", Own: true, Raw: "MOSCOW, 17 May (BelTA)"}
		if d := cmp.Diff(want, c.Dateline, cmpopts.IgnoreFields(news.Dateline{}, "Evidence")); d != "" {
			t.Error(d)
		}
	})
	t.Run("photo once", func(t *testing.T) {
		want := []news.Photo{{Line: "Russian MFA/TASS", Caption: "Sergey Lavrov", Chain: []news.Credit{
			{Role: news.Owner, Name: "Russian MFA", Agency: "mfa-russia", Display: "Russian MFA"},
			{Role: news.Supplier, Name: "TASS", Agency: "tass", Display: "TASS"},
		}}}
		ignore := cmpopts.IgnoreTypes(news.Evidence{})
		if d := cmp.Diff(want, c.Photos, ignore); d != "" {
			t.Error(d)
		}
	})
	t.Run("nothing of the furniture", func(t *testing.T) {
		if len(c.Byline) > 0 || len(c.Cited) > 0 || len(c.Other) > 0 || c.Marker != "" || c.Number != "" || c.Rights != "" {
			t.Errorf("got %+v", c)
		}
	})
	t.Run("lead", func(t *testing.T) {
		if !strings.HasPrefix(res.Lead, "NATO's reckless expansion not only to the east") ||
			!strings.HasSuffix(res.Lead, "the minister added.") {
			t.Errorf("begins %.60q, ends %q", res.Lead, res.Lead[max(0, len(res.Lead)-60):])
		}
	})
	t.Run("year from the page without the item's date", func(t *testing.T) {
		in := in
		it := *in.Item
		it.Published = time.Time{}
		in.Item = &it
		if d := r.Credit(in).Credits.Dateline; d == nil || d.Year != 2023 {
			t.Errorf("got %+v", d)
		}
	})
	t.Run("twice the same", func(t *testing.T) {
		if d := cmp.Diff(res, r.Credit(in)); d != "" {
			t.Error(d)
		}
	})
}
