package feedtest

import (
	"os"
	"path/filepath"
	"testing"
)

// Outside returns the folder of data that the project does not contain: other people's corpora. It is $DATELINE_SHARED,
// else `shared` beside the folder of go.mod. Where there is none the test is skipped with one line that says so; where
// CI=true and the folder is there but cannot be read, or is empty, the test fails.
func Outside(tb testing.TB) string {
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
		tb.Fatalf("the corpora in %s cannot be read: %v (%d entries)", dir, err, len(entries))
	}
	tb.Skipf("skipped: other people's corpora are not in %s (DATELINE_SHARED says where)", dir)
	return ""
}

// Glob returns the files below [Outside] that match the patterns. It fails the test where a pattern matches none.
func Glob(tb testing.TB, patterns ...string) []string {
	tb.Helper()
	dir := Outside(tb)
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
