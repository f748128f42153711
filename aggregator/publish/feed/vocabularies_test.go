package feed

import (
	"testing"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/view"
)

// An entry that uses nothing else of the vocabulary still has its prefix declared.
func TestPrefixOfALicenceIsDeclaredWhereItIsUsed(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		item      news.Item
		atom, rss bool
	}{
		"no licence":          {news.Item{}, false, false},
		"address":             {news.Item{Licence: "https://l.example/"}, false, true},
		"name":                {news.Item{Licence: "Free"}, true, true},
		"name of its feed":    {news.Item{Feed: news.Feed{Licence: "Free"}}, true, false},
		"address of its feed": {news.Item{Feed: news.Feed{Licence: "https://l.example/"}}, false, false},
	} {
		a := &atomEntry{Source: &atomSource{Licence: licenceName(tt.item.Feed.Licence)}}
		a.Licence = licenceName(tt.item.Licence)
		i := &rssItem{}
		i.Licence = view.Plain(tt.item.Licence)
		if a.uses().dcterms != tt.atom || i.uses().dcterms != tt.rss {
			t.Errorf("%s: dcterms in Atom %t, want %t; in RSS %t, want %t", name, a.uses().dcterms, tt.atom, i.uses().dcterms, tt.rss)
		}
	}
}

// The address of a source that has none is not that of its licence.
func TestLicenceIsNotTheAddressOfASource(t *testing.T) {
	t.Parallel()
	s := &atomSource{Links: []atomLink{{Rel: relLicence, Href: "https://l.example/"}}}
	if s.address() != "" || s.licence() != "https://l.example/" {
		t.Errorf("address %q, licence %q", s.address(), s.licence())
	}
}
