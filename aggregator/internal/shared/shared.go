// Package shared finds the data that tests share but the project does not contain: captured feeds and
// case tables. Only tests import it.
package shared

import (
	"os"
	"path/filepath"
	"testing"
)

// Dir returns the folder of shared data: $DATELINE_SHARED, else `shared` beside the folder of go.mod,
// found by walking up. Where there is none the test is skipped, saying so; where CI=true and a folder
// is named but cannot be read, or is empty, the test fails.
func Dir(tb testing.TB) string {
	tb.Helper()
	dir := os.Getenv("DATELINE_SHARED")
	if dir == "" {
		dir = filepath.Join(filepath.Dir(Root(tb)), "shared")
	}
	entries, err := os.ReadDir(dir)
	switch {
	case err == nil && len(entries) > 0:
		return dir
	case os.Getenv("CI") == "true" && !os.IsNotExist(err):
		tb.Fatalf("shared data %s is there and cannot be read: %v (%d entries)", dir, err, len(entries))
	}
	tb.Skipf("no shared data at %s: set DATELINE_SHARED to run this test", dir)
	return ""
}

// Root returns the folder of go.mod.
func Root(tb testing.TB) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			tb.Fatal("no go.mod above the test's folder")
		}
		dir = up
	}
}

// Glob returns the files below the shared folder that match the patterns, and fails the test where there are none.
func Glob(tb testing.TB, patterns ...string) []string {
	tb.Helper()
	dir := Dir(tb)
	var all []string
	for _, p := range patterns {
		found, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(p)))
		if err != nil {
			tb.Fatal(err)
		}
		if len(found) == 0 {
			tb.Fatalf("no file matches %s in %s", p, dir)
		}
		all = append(all, found...)
	}
	return all
}
