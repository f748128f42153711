package attribute

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// formRows returns the rows of a table in testdata, each of so many columns parted by tabs. Lines that begin with # are comments.
func formRows(t *testing.T, file string, columns, least int) (rows [][]string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		if strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "" {
			continue
		}
		cols := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(cols) != columns {
			t.Fatalf("%s:%d: %d columns, want %d", file, n, len(cols), columns)
		}
		rows = append(rows, cols)
	}
	if len(rows) < least {
		t.Fatalf("%s: %d rows, want %d or more", file, len(rows), least)
	}
	return rows
}
