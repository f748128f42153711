package attribute

import (
	_ "embed"
	"strings"
)

//go:embed places.txt
var places string

// gazetteer holds the places that places.txt names.
type gazetteer struct{ cities, regions, short, desks set }

// gazette reads the gazetteer. Its form is told at the head of places.txt.
func gazette(data string) *gazetteer {
	g := &gazetteer{set{}, set{}, set{}, set{}}
	sections := map[string]set{"[cities]": g.cities, "[regions]": g.regions, "[short]": g.short, "[desks]": g.desks}
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

func (g *gazetteer) region(s string) bool { return g.regions.has(s) || g.short.has(s) }

// place is where a report was filed, as printed at the head of a text.
type place struct {
	start, end int
	caps       bool // the city is printed in capitals
	city       bool // the gazetteer knows the city
	region     bool // and a region, country or state behind it
	alone      bool // nothing but a country
	desk       bool // no place, but what an agency prints in its stead
	words      int
}

func (p place) known() bool { return p.city || p.region }

// connectors join the words of a place's name.
var connectors = words("de da do dos das del della di la le les los las el al of the on upon am an der im sur sous en на над под", " ")

// prefixes are abbreviations before the rest of a place's name.
var prefixes = words("St Ste Sta Ft Mt Pt Cd г пос с п ст д", " ")

// notPlaces are words in capitals that stand before a date or a dash and are no place.
var notPlaces = words(`update; updates; live; deadline; breaking; breaking news; watch; exclusive; analysis; opinion; video; photo; photos
today; tonight; tomorrow; yesterday; now; new; news; note; notice; alert; urgent; free; sale; warning; important; correction; corrected
factbox; timeline; explainer; interview; feature; preview; review; recap; summary; highlights; poll; survey; study; report; press release
statement; editorial; advisory; attention; reminder; save the date; when; where; what; who; why; how; table; chart; map; figure; chapter
part; section; appendix; step; day; week; month; year; question; answer; q; a; pro; con; the; and; by; from; to; source; sources
срочно; молния; видео; фото; справка; досье; анонс; внимание; обновлено; дополнено; эксклюзив; мнение; интервью; опрос; сегодня; завтра
вчера; итог; итоги; важно; прогноз; погода; курс; реклама
`+"NATO; EU; UN; WHO; OPEC; NASA; COVID; IMF; CIA; FBI; FIFA; UEFA; IOC; WTO; GDP; НАТО; ЕС; ВОЗ; МВФ; МЧС; МИД; ВВП; ОПЕК; БРИКС; СНГ; ЕАЭС; ОДКБ", ";")
