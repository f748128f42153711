package search

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
	"dateline/store"
	"dateline/store/storetest"
)

// towns brings two spellings of a town together, and knows no other.
type towns struct{}

func (towns) Key(printed string) string {
	if s := text.Fold(printed); s != "озерный" {
		return s
	}
	return "ozerny"
}

func (towns) Spellings(key string) []string {
	if key == "ozerny" {
		return []string{"ozerny", "озерный"}
	}
	return []string{key}
}

// fielded returns a store with four reports, and a searcher that knows their sources.
func fielded(t *testing.T) (*memory, *Searcher) {
	t.Helper()
	s := newMemory(t)
	languages := map[string]string{"belta": "en", "tass": "en", "tass-ru": "ru"}
	for source, language := range languages {
		w := storetest.Visit{Source: source, Now: noon.AddDate(0, 0, -3), State: &news.State{Language: language}}
		if err := s.s.Update(w.Now, func(tx *store.Tx) error { return w.Put(tx) }); err != nil {
			t.Fatal(err)
		}
	}
	filed := func(place string) news.Credits { return news.Credits{Dateline: &news.Dateline{Place: place}} }
	s.put(noon.AddDate(0, 0, -2), news.Public, news.Item{Source: "belta", GUID: "1", Title: "Footbridge opens", Credits: filed("OZERNY")})
	s.put(noon.AddDate(0, 0, -1), news.Public, news.Item{Source: "tass-ru", GUID: "1", Title: "Мост открыт", Credits: filed("ОЗЁРНЫЙ")})
	s.put(noon, news.Public, news.Item{Source: "belta", GUID: "2", Title: "Football season ends", Language: "en-GB", Credits: filed("MINSK")})
	s.put(noon.AddDate(0, 0, 1), news.Public, news.Item{Source: "tass", GUID: "1", Title: "Grain harvest begins"})
	f := &Searcher{Places: towns{}, Queries: map[string]string{"harvest": "grain OR мост", "again": "topic:harvest"},
		Sources: map[string]news.Source{
			"belta": {ID: "belta", Language: "en", Topics: []string{"belarus"}}, "tass": {ID: "tass", Language: "en", Topics: []string{"russia"}},
			"tass-ru": {ID: "tass-ru", Language: "ru", Topics: []string{"russia"}},
		}}
	return s, f
}

func TestFindByField(t *testing.T) {
	s, f := fielded(t)
	for query, want := range map[string][]string{
		"place:ozerny":                  {"Мост открыт", "Footbridge opens"},
		"place:Озёрный":                 {"Мост открыт", "Footbridge opens"},
		"place:ozerny source:belta":     {"Footbridge opens"},
		"place:minsk":                   {"Football season ends"},
		"source:belta -place:озёрный":   {"Football season ends"},
		"language:ru":                   {"Мост открыт"},
		"language:en":                   {"Grain harvest begins", "Football season ends", "Footbridge opens"},
		"language:en source:belta":      {"Football season ends", "Footbridge opens"},
		"topic:russia":                  {"Grain harvest begins", "Мост открыт"},
		"topic:russia language:ru":      {"Мост открыт"},
		"source:tass -topic:russia":     {},
		"topic:none":                    {},
		"topic:harvest":                 {"Grain harvest begins", "Мост открыт"},
		"topic:harvest -language:ru":    {"Grain harvest begins"},
		"topic:again":                   {},
		"foot*":                         {"Football season ends", "Footbridge opens"},
		"footbr*":                       {"Footbridge opens"},
		"foot* source:belta -season":    {"Footbridge opens"},
		"place:oze*":                    {"Footbridge opens"},
		"foot* since:2026-11-24":        {"Football season ends"},
		"foot* until:2026-11-23":        {"Footbridge opens"},
		"source:belta until:2026-11-24": {"Football season ends", "Footbridge opens"},
		"tellings:1 foot*":              {"Football season ends", "Footbridge opens"},
		"tellings:2":                    {},
		"football OR topic:harvest":     {"Football season ends", "Grain harvest begins", "Мост открыт"},
		"source:belta OR place:ozerny":  {"Football season ends", "Footbridge opens", "Мост открыт"},
	} {
		t.Run(query, func(t *testing.T) {
			if d := cmp.Diff(want, s.titles(f, query)); d != "" {
				t.Error(d)
			}
		})
	}
	t.Run("a topic by query cannot be excluded", func(t *testing.T) {
		err := s.s.View(func(v store.View) error {
			_, err := f.Find(v, "grain -topic:harvest")
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "cannot be excluded") {
			t.Errorf("error %v", err)
		}
	})
}

// TestTellings: the number of reports and copies of a story is at least what is wanted, of one that is one report with a copy, too.
func TestTellings(t *testing.T) {
	s := newMemory(t)
	s.put(noon, news.Public, news.Item{Source: "belta", GUID: "1", Title: "Footbridge opens"},
		news.Item{Source: "belta", GUID: "2", Title: "Footbridge painted"}, news.Item{Source: "belta", GUID: "3", Title: "Footbridge closed"},
		news.Item{Source: "belta", GUID: "4", Title: "Fair opens"}, news.Item{Source: "belta", GUID: "5", Title: "Fair opens, carried"})
	one, two, report, copied := s.items[0].Key, s.items[1].Key, s.items[3].Key, s.items[4].Key
	joined := storetest.Visit{Source: "belta", Now: noon.Add(time.Hour), Entries: []news.Entry{
		{Key: report, Published: noon, Items: []news.Key{report, copied}}, {Key: copied, State: news.Merged, Into: report}}}
	if err := s.s.Update(joined.Now, func(tx *store.Tx) error {
		if err := joined.Put(tx); err != nil {
			return err
		}
		return tx.PutStory([]news.Key{one, two})
	}); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string][]string{
		"tellings:2":            {"Fair opens", "Footbridge painted", "Footbridge opens"},
		"fair tellings:3":       {},
		"footbridge tellings:3": {},
		"footbridge tellings:1": {"Footbridge closed", "Footbridge painted", "Footbridge opens"},
	} {
		if d := cmp.Diff(want, s.titles(&Searcher{}, query)); d != "" {
			t.Errorf("%s: %s", query, d)
		}
	}
}

func TestExplain(t *testing.T) {
	s, f := fielded(t)
	for query, want := range map[string][]Part{
		"footbridge harvest":       {{Text: "footbridge", Found: 1}, {Text: "harvest", Found: 1}},
		"footbridge unheard":       {{Text: "footbridge", Found: 1}, {Text: "unheard"}},
		"footbridge -place:ozerny": {{Text: "footbridge", Found: 1}, {Text: "-place:ozerny", Without: true, Found: 1}},
		"grain since:2026-12-24":   {{Text: "grain", Found: 1}, {Text: "since:2026-12-24", Without: true, Found: 1}},
		"source:nowhere":           {{Text: "source:nowhere", Unknown: true}},
		"topic:nothing grain":      {{Text: "topic:nothing", Unknown: true}, {Text: "grain", Found: 1}},
		"unheard":                  nil,
		"unheard OR never":         nil,
	} {
		t.Run(query, func(t *testing.T) {
			err := s.s.View(func(v store.View) error {
				got, err := f.Explain(v, query)
				for i := range got {
					if got[i].Without == (got[i].Query == got[i].Text) {
						t.Errorf("%s is the query of %+v", got[i].Query, got[i])
					}
					got[i].Query = ""
				}
				if d := cmp.Diff(want, got); d != "" {
					t.Error(d)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
}
