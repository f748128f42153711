package config

import (
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// nearest returns the candidate that is at most limit edits from s, ignoring case, and nearest
// to it; the first of equals. Less than half of s may be edited. Empty: none.
func nearest(s string, candidates []string, limit int) string {
	s = strings.ToLower(s)
	best, least := "", min(limit, (len(s)-1)/2)+1
	for _, c := range candidates {
		if n := distance(s, strings.ToLower(c)); n < least {
			best, least = c, n
		}
	}
	return best
}

// distance counts the insertions, deletions, replacements and swaps of neighbours that make b of a
// (optimal string alignment).
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, last, row = last, row, before
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(b)]
}

// nearBool returns true or false for YAML 1.1's other words for them. Empty: n is none.
func nearBool(n ast.Node) string {
	switch strings.ToLower(scalarOrNothing(n)) {
	case "yes", "on", "y", "1", "true":
		return "true"
	case "no", "off", "n", "0", "false":
		return "false"
	}
	return ""
}

func scalarOrNothing(n ast.Node) string {
	if _, ok := n.(ast.ScalarNode); ok {
		return scalar(n)
	}
	return ""
}
