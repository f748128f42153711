package attribute

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"dateline/aggregator/attribute/lex"
)

// keyed is a line of a table: a key and words, as printed.
type keyed struct {
	key   string
	words []string
}

// readKeyed reads a table of sections whose lines have a key before a colon.
func readKeyed(table string) map[string][]keyed {
	sections := map[string][]keyed{}
	name := ""
	for line := range strings.SplitSeq(table, "\n") {
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			name = strings.Trim(line, "[]")
		default:
			key, list, _ := strings.Cut(line, ": ")
			k := keyed{key: key}
			for w := range strings.SplitSeq(list, ";") {
				k.words = append(k.words, strings.TrimSpace(w))
			}
			sections[name] = append(sections[name], k)
		}
	}
	return sections
}

// byWord maps the folded words of lines to their key, which parse makes a value.
func byWord[T any](lines []keyed, parse func(key string) T) map[string]T {
	m := map[string]T{}
	for _, l := range lines {
		for _, w := range l.words {
			m[lex.Fold(w)] = parse(l.key)
		}
	}
	return m
}

// anyOf is the expression of any of the words of lines, the longest first.
func anyOf(lines []keyed) string {
	var all []string
	for _, l := range lines {
		for _, w := range l.words {
			all = append(all, regexp.QuoteMeta(w))
		}
	}
	slices.SortStableFunc(all, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	return "(?:" + strings.Join(all, "|") + ")"
}
