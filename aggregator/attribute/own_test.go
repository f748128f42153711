package attribute

import (
	"testing"

	"dateline/aggregator/news"
)

// TestOwnDateline: a dateline is the source's own where it names the agency of the source, or, where none is configured, its id.
func TestOwnDateline(t *testing.T) {
	t.Parallel()
	r := registry(t)
	for _, c := range []struct {
		src  news.Source
		text string
		own  bool
	}{
		{news.Source{ID: "minsk", Agency: "belta"}, "MINSK, 17 May (BelTA) - Rain fell on the lakes all day long.", true},
		{news.Source{ID: "belta"}, "MINSK, 17 May (BelTA) - Rain fell on the lakes all day long.", true},
		{news.Source{ID: "tass"}, "MINSK, 17 May (BelTA) - Rain fell on the lakes all day long.", false},
		{news.Source{ID: "belta"}, "MINSK, May 17. /TASS/. Rain fell on the lakes all day long.", false},
		{news.Source{ID: "(unknown)"}, "MINSK, 17 May (Unknown) - Rain fell on the lakes all day long.", false},
	} {
		d := r.Credit(Input{Item: &news.Item{Language: "en"}, Text: c.text, Source: c.src}).Credits.Dateline
		if own := d != nil && d.Own; own != c.own {
			t.Errorf("%s from %+v: own %v, want %v (%+v)", c.text, c.src, own, c.own, d)
		}
	}
}
