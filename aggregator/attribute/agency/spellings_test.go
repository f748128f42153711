package agency

import (
	"slices"
	"strings"
	"testing"

	"dateline/aggregator/text"
)

func TestPlaceSpellings(t *testing.T) {
	t.Parallel()
	s := PlaceSpellings()
	for printed, want := range map[string]string{
		"MOSCOW": "moscow", "Москва": "moscow", "МІНСК": "minsk", "Den Haag": "hague", "NEW YORK": "new-york", "new-york": "new-york",
		"دمشق": "damascus", "ZARECHYE": "zarechye", "MOSCOW, Russia": "moscow", "MOSCOW, Idaho": "moscow, idaho", "Dubai, UAE": "dubai",
		"KIEV, Ukraine": "kyiv", "Rostov/Don": "rostov/don", "": "",
	} {
		if got := s.Key(printed); got != want || s.Key(got) != got {
			t.Errorf("%s: %s, want %s", printed, got, want)
		}
	}
	if got := s.Spellings("minsk"); !slices.Contains(got, "минск") || !slices.Contains(got, "minsk") ||
		!slices.Contains(got, "minsk, belarus") {
		t.Errorf("minsk: %v", got)
	}
	if got := s.Spellings("zarechye"); !slices.Equal(got, []string{"zarechye"}) {
		t.Errorf("zarechye: %v", got)
	}
}

// TestSpellingsAreOfOnePlace: each line has a key that can be in an address, and no spelling is in two.
func TestSpellingsAreOfOnePlace(t *testing.T) {
	t.Parallel()
	of := map[string]string{}
	last := ""
	for line := range strings.Lines(spellings) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		key, names, ok := strings.Cut(strings.TrimRight(line, "\n"), ": ")
		key, _, _ = strings.Cut(key, ", ")
		if !ok || key <= last || strings.Trim(key, "abcdefghijklmnopqrstuvwxyz-") != "" {
			t.Errorf("line %q", line)
		}
		last = key
		for name := range strings.SplitSeq(names, "; ") {
			name = text.Fold(name)
			if other := of[name]; name == "" || other != "" && other != key {
				t.Errorf("%s: %q is of %s, too", key, name, other)
			}
			of[name] = key
		}
	}
}
