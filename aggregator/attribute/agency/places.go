package agency

import (
	_ "embed"
	"strings"
	"sync"

	"dateline/aggregator/attribute/lex"
)

//go:embed places.txt
var places string

// Gazetteer looks up the places that places.txt names. The file is read when the first place is looked up.
type Gazetteer struct {
	table func() *placeTable
}

// placeTable is what places.txt holds.
type placeTable struct {
	index   lex.Index   // of names, folded and parted by one space
	kinds   []placeKind // by number in the index
	endings []string    // of the names of places, folded
}

// placeKind is a set of what a name is.
type placeKind uint8

const (
	city placeKind = 1 << iota
	region
	abbreviated
	desk
	common  // no place although it ends as places do
	opening // the first word of a city
)

var gazetteer = &Gazetteer{sync.OnceValue(func() *placeTable { return readPlaces(places) })}

// Places returns the built-in gazetteer, which all callers share.
func Places() *Gazetteer { return gazetteer }

// readPlaces reads a table in the form that the head of places.txt describes.
func readPlaces(data string) *placeTable {
	t := &placeTable{index: lex.NewIndex(strings.Count(data, ";"))}
	sections := map[string]placeKind{"[cities]": city, "[regions]": region, "[short]": abbreviated, "[desks]": desk, "[common]": common}
	var is placeKind
	for line := range strings.SplitSeq(data, "\n") {
		switch {
		case strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			is = sections[line]
		case is == 0: // [endings]
			lex.EachFold(lex.CutLanguage(line), ";", func(end string) { t.endings = append(t.endings, end) })
		default:
			lex.EachFold(lex.CutLanguage(line), ";", func(name string) { t.add(name, is) })
		}
	}
	return t
}

// add takes in a name, and the first word of a city.
func (t *placeTable) add(name string, is placeKind) {
	first, _, _ := strings.Cut(name, " ")
	t.set(name, is)
	if is == city {
		t.set(first, opening)
	}
}

// set says what a name is, beside what it is known to be.
func (t *placeTable) set(name string, is placeKind) {
	n, added := t.index.Add(name)
	if added {
		t.kinds = append(t.kinds, 0)
	}
	t.kinds[n] |= is
}

// of returns what s is.
func (g *Gazetteer) of(s string) placeKind {
	if len(s) > 120 {
		return 0
	}
	var buf [128]byte
	t := g.table()
	if n := t.index.Find(lex.AppendWords(buf[:0], s)); n >= 0 {
		return t.kinds[n]
	}
	return 0
}

// Begins reports whether the name of a city begins with the word w.
func (g *Gazetteer) Begins(w string) bool { return g.of(w)&opening != 0 }

// Region reports whether s is a country, a state or a province, in full or abbreviated.
func (g *Gazetteer) Region(s string) bool { return g.of(s)&(region|abbreviated) != 0 }

// City reports whether s is a city.
func (g *Gazetteer) City(s string) bool { return g.of(s)&city != 0 }

// minStem is how many bytes precede the ending of a place's name at least.
const minStem = 3

// Formed reports whether a word that the gazetteer lacks ends as the names of places do: Simmelsdorf, Taylorville.
func (g *Gazetteer) Formed(w string) bool {
	if len(w) > 60 || g.of(w)&common != 0 {
		return false
	}
	var buf [64]byte
	f := lex.AppendFold(buf[:0], w)
	for _, end := range g.table().endings {
		if len(f) >= len(end)+minStem && string(f[len(f)-len(end):]) == end {
			return true
		}
	}
	return false
}

// Short reports whether s is the abbreviation of a region, whose full stop belongs to it.
func (g *Gazetteer) Short(s string) bool { return g.of(s)&abbreviated != 0 }

// Desk reports whether s is what an agency prints instead of a place.
func (g *Gazetteer) Desk(s string) bool { return g.of(s)&desk != 0 }
