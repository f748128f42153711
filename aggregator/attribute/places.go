package attribute

import (
	_ "embed"
	"strings"
)

//go:embed places.txt
var places string

// gazetteer holds the places that places.txt names.
type gazetteer struct{ cities, regions, abbreviated, desks set }

// gazette reads the gazetteer. Its form is told at the head of places.txt.
func gazette(data string) *gazetteer {
	g := &gazetteer{set{}, set{}, set{}, set{}}
	sections := map[string]set{"[cities]": g.cities, "[regions]": g.regions, "[short]": g.abbreviated, "[desks]": g.desks}
	var m set
	for line := range strings.SplitSeq(data, "\n") {
		switch {
		case strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			m = sections[line]
		default:
			for p := range strings.SplitSeq(line, ";") {
				if f := foldWords(p); f != "" {
					m[f] = struct{}{}
				}
			}
		}
	}
	return g
}

func (g *gazetteer) region(s string) bool { return g.regions.has(s) || g.abbreviated.has(s) }

// city reports whether s is a city.
func (g *gazetteer) city(s string) bool { return g.cities.has(s) }

// short reports whether s is the abbreviation of a region, whose full stop belongs to it.
func (g *gazetteer) short(s string) bool { return g.abbreviated.has(s) }

// desk reports whether s is what an agency prints in the stead of a place.
func (g *gazetteer) desk(s string) bool { return g.desks.has(s) }
