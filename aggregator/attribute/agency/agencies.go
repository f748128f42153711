package agency

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"dateline/aggregator/news"
)

//go:embed agencies.txt
var agencies string

// builtins are the agencies of agencies.txt, read once. They are copied, not changed.
var builtins = sync.OnceValues(func() ([]news.Agency, error) { return builtin(agencies) })

// builtin reads the embedded registry. The head of agencies.txt describes its form.
func builtin(data string) ([]news.Agency, error) {
	list := make([]news.Agency, 0, strings.Count(data, "\n\n"))
	n := -1
	for line := range strings.SplitSeq(data, "\n") {
		n++
		field, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		rest = strings.TrimSpace(rest)
		switch {
		case field == "" || strings.HasPrefix(field, "#"):
			continue
		case !strings.HasPrefix(line, " "):
			list = append(list, news.Agency{Key: field, Kind: news.AgencyKind(rest)})
			continue
		case len(list) == 0 || rest == "":
			return nil, fmt.Errorf("agency: agencies.txt line %d: %q stands alone", n+1, line)
		}
		a := &list[len(list)-1]
		switch field {
		case "name":
			a.Name = rest
		case "also":
			a.Also = slices.Grow(a.Also, strings.Count(rest, ";")+1)
			for s := range strings.SplitSeq(rest, ";") {
				a.Also = append(a.Also, strings.TrimSpace(s))
			}
		case "parent":
			a.Parent = rest
		case "hosts":
			a.Hosts = strings.Fields(rest)
		case "site":
			a.Site = rest
		default:
			if a.Names == nil {
				a.Names = map[string]string{}
			}
			a.Names[field] = rest
		}
	}
	return list, nil
}

// signs are what precedes a spelling: see agencies.txt.
type signs struct{ declined, exact, weak bool }

func cutSigns(s string) (signs, string) {
	var m signs
	for s != "" {
		switch s[0] {
		case '~':
			m.declined = true
		case '=':
			m.exact = true
		case '!':
			m.exact, m.weak = true, true
		default:
			return m, strings.TrimSpace(s)
		}
		s = s[1:]
	}
	return m, s
}

// endings are the cases of a Russian noun that ends in a consonant.
var endings = []string{"", "а", "у", "ом", "е"}
