package main

import (
	"fmt"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"dateline/aggregator/status"
	plain "dateline/aggregator/text"
)

// leastColumn is the width, in cells, to which the last column of a table is cut at most.
const leastColumn = 12

// plainTable has no lines: columns with two blanks between them.
var plainTable = table.Style{
	Box:     table.BoxStyle{PaddingRight: "  "},
	Options: table.OptionsNoBordersAndSeparators,
	Format:  table.FormatOptions{Header: text.FormatDefault},
}

// table prints rows in columns, by the width that they have on a terminal. Where standard output is one, what is too long in the
// last column is cut. A column called STATE is painted. Columns that hold numbers, counted from 0, end at the same place.
func (a *app) table(rows [][]string, numbers ...int) error {
	t := table.NewWriter()
	t.SetStyle(plainTable)
	t.SuppressTrailingSpaces()
	widest := map[int]int{}
	for _, row := range rows {
		cells := make(table.Row, len(row))
		for i, cell := range row {
			cell = plain.Escaped(cell)
			widest[i] = max(widest[i], text.StringWidthWithoutEscSequences(cell))
			if cells[i] = cell; rows[0][i] == "STATE" {
				cells[i] = a.painted(status.State(cell))
			}
		}
		t.AppendRow(cells)
	}
	columns := make([]table.ColumnConfig, len(widest))
	for i := range columns {
		columns[i].Number = i + 1
	}
	for _, i := range numbers {
		columns[i].Align = text.AlignRight
	}
	if last := len(widest) - 1; a.width > 0 && last > 0 {
		left := a.width
		for i := range last {
			left -= widest[i] + 2
		}
		columns[last].WidthMax, columns[last].WidthMaxEnforcer = max(left, leastColumn), snip
	}
	t.SetColumnConfigs(columns)
	_, err := fmt.Fprintln(a.stdout, t.Render())
	return err
}

// wideEnough is the width, in cells, from which on a terminal is shown every column.
const wideEnough = 120

// narrowed returns rows with these columns alone where standard output is a terminal on which all would be too wide.
func (a *app) narrowed(rows [][]string, columns ...int) [][]string {
	if a.width == 0 || a.width >= wideEnough {
		return rows
	}
	out := make([][]string, len(rows))
	for i, row := range rows {
		for _, column := range columns {
			out[i] = append(out[i], row[column])
		}
	}
	return out
}

// snip cuts a cell to a width.
func snip(cell string, width int) string { return text.Snip(cell, width, "…") }
