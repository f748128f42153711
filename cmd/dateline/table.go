package main

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// table prints rows in columns, by the width that they have on a terminal. paint, where there is one, gives a cell its
// colour; nil: none.
func table(to io.Writer, rows [][]string, paint func(row, column int, cell string) string) error {
	widest := map[int]int{}
	for _, row := range rows {
		for i, cell := range row {
			widest[i] = max(widest[i], cells(cell))
		}
	}
	for n, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			shown := cell
			if paint != nil {
				shown = paint(n, i, cell)
			}
			line.WriteString(shown)
			if i < len(row)-1 {
				line.WriteString(strings.Repeat(" ", widest[i]-cells(cell)+2))
			}
		}
		if _, err := fmt.Fprintln(to, line.String()); err != nil {
			return err
		}
	}
	return nil
}

// cells returns how many cells of a terminal a text takes (Unicode Standard Annex 11): wide characters two, marks that
// stand on others none.
func cells(s string) (n int) {
	for _, r := range s {
		switch k := width.LookupRune(r).Kind(); {
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case k == width.EastAsianWide, k == width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}
