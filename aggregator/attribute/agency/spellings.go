package agency

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"

	"dateline/aggregator/text"
)

//go:embed spellings.txt
var spellings string

// Spellings brings the spellings of a place together under one key. It is read-only once made and may be used by any number of
// goroutines.
type Spellings struct {
	keys map[string]string   // by folded spelling
	all  map[string][]string // by key
}

// PlaceSpellings returns what spellings.txt says.
func PlaceSpellings() *Spellings {
	s := &Spellings{keys: make(map[string]string), all: make(map[string][]string)}
	for line := range strings.Lines(spellings) {
		key, names, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		key, countries, has := strings.Cut(key, ", ")
		all := strings.Split(names, "; ")
		for _, name := range all {
			s.add(key, name)
		}
		for country := range strings.SplitSeq(countries, "; ") {
			for _, name := range all {
				if has && inASCII(name) { // as are the names of countries
					s.add(key, name+", "+country)
				}
			}
		}
	}
	return s
}

// add adds a spelling of the place with a key.
func (s *Spellings) add(key, name string) {
	name = text.Fold(name)
	s.keys[name] = key
	if !slices.Contains(s.all[key], name) {
		s.all[key] = append(s.all[key], name)
	}
}

func inASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}

// Key returns the key of a place as printed, such as `moscow` for MOSCOW and Москва; of one that is not known it is the folded
// spelling. A key is its own key.
func (s *Spellings) Key(printed string) string {
	folded := text.Fold(printed)
	if _, is := s.all[folded]; is {
		return folded
	}
	if key, known := s.keys[folded]; known {
		return key
	}
	return folded
}

// Spellings returns the folded spellings of the place with a key; of one that is not known the key itself.
func (s *Spellings) Spellings(key string) []string {
	if all := s.all[key]; all != nil {
		return slices.Clone(all)
	}
	return []string{key}
}
