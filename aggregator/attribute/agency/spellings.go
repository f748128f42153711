package agency

import (
	_ "embed"
	"slices"
	"strings"

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
		for name := range strings.SplitSeq(names, "; ") {
			s.keys[text.Fold(name)] = key
			if !slices.Contains(s.all[key], text.Fold(name)) {
				s.all[key] = append(s.all[key], text.Fold(name))
			}
		}
	}
	return s
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
