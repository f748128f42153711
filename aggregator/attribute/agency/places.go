package agency

import (
	_ "embed"
	"strings"

	"dateline/aggregator/attribute/lex"
)

//go:embed places.txt
var places string

// Gazetteer holds the places that places.txt names.
type Gazetteer struct {
	cities, regions, abbreviated, desks lex.Set

	first lex.Set // the first words of cities
}

// Places returns the built-in gazetteer.
func Places() *Gazetteer { return gazette(places) }

// gazette reads the gazetteer in the form that the head of places.txt describes.
func gazette(data string) *Gazetteer {
	g := &Gazetteer{lex.Set{}, lex.Set{}, lex.Set{}, lex.Set{}, lex.Set{}}
	sections := map[string]lex.Set{"[cities]": g.cities, "[regions]": g.regions, "[short]": g.abbreviated, "[desks]": g.desks}
	var m lex.Set
	for line := range strings.SplitSeq(data, "\n") {
		switch {
		case strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			m = sections[line]
		default:
			for p := range strings.SplitSeq(line, ";") {
				if f := lex.Fold(p); f != "" {
					m[f] = struct{}{}
				}
			}
		}
	}
	for city := range g.cities {
		word, _, _ := strings.Cut(city, " ")
		g.first[word] = struct{}{}
	}
	return g
}

// Begins reports whether the name of a city begins with the word w.
func (g *Gazetteer) Begins(w string) bool { return g.first.Has(w) }

// Region reports whether s is a country, a state or a province, in full or abbreviated.
func (g *Gazetteer) Region(s string) bool { return g.regions.Has(s) || g.abbreviated.Has(s) }

// City reports whether s is a city.
func (g *Gazetteer) City(s string) bool { return g.cities.Has(s) }

// Short reports whether s is the abbreviation of a region, whose full stop belongs to it.
func (g *Gazetteer) Short(s string) bool { return g.abbreviated.Has(s) }

// Desk reports whether s is what an agency prints in the stead of a place.
func (g *Gazetteer) Desk(s string) bool { return g.desks.Has(s) }
