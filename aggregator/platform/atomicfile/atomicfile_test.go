package atomicfile

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// folder returns the names and texts of the files in dir.
func folder(t *testing.T, dir string) map[string]string {
	t.Helper()
	all, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, e := range all {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(b)
	}
	return files
}

func create(t *testing.T, path, text string) *File {
	t.Helper()
	f, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Abort)
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestCommitReplaces(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "a")
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	f := create(t, path, "new")
	if b, err := os.ReadFile(path); err != nil || string(b) != "old" {
		t.Errorf("before Commit it holds %q, %v", b, err)
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	f.Abort()
	if diff := cmp.Diff(map[string]string{"a": "new"}, folder(t, dir)); diff != "" {
		t.Error(diff)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("%v, %v", info, err)
	}
}

func TestAbortLeavesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	create(t, filepath.Join(dir, "a"), "new").Abort()
	if diff := cmp.Diff(map[string]string{}, folder(t, dir)); diff != "" {
		t.Error(diff)
	}
}

func TestCommitReportsWhatItCannotDo(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a")
	f := create(t, path, "new")
	if err := os.Mkdir(path, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := f.Commit(); !errors.As(err, new(*os.LinkError)) {
		t.Errorf("a folder is in its place: %v", err)
	}
}

func TestTempDirSweeps(t *testing.T) {
	in := t.TempDir()
	t.Setenv("TMPDIR", in)
	t.Setenv("TMP", in)
	used, remove, err := TempDir("a-")
	if err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-time.Hour)
	for _, name := range []string{"a-abandoned", "a-recent", "b-another"} {
		if err := os.MkdirAll(filepath.Join(in, name, "content"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{used, filepath.Join(in, "a-abandoned"), filepath.Join(in, "b-another")} {
		if err := os.Chtimes(name, old, old); err != nil {
			t.Fatal(err)
		}
	}
	second, removeSecond, err := TempDir("a-")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{used: true, second: true, filepath.Join(in, "a-abandoned"): false,
		filepath.Join(in, "a-recent"): true, filepath.Join(in, "b-another"): true} {
		if _, err := os.Stat(name); (err == nil) != want {
			t.Errorf("%s: %v", filepath.Base(name), err)
		}
	}
	if err := errors.Join(remove(), removeSecond()); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(used); err == nil {
		t.Error("the folder is there still")
	}
}

func TestCreateSweeps(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "a")
	old := time.Now().Add(-time.Hour)
	for _, name := range []string{".a.new-abandoned", ".b.new-another", ".a.new-recent"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	locked := create(t, path, "")
	for _, name := range []string{filepath.Join(dir, ".a.new-abandoned"), filepath.Join(dir, ".b.new-another"), locked.Name()} {
		if err := os.Chtimes(name, old, old); err != nil {
			t.Fatal(err)
		}
	}
	create(t, path, "").Abort()
	if diff := cmp.Diff(map[string]string{".b.new-another": "", ".a.new-recent": "", filepath.Base(locked.Name()): ""},
		folder(t, dir)); diff != "" {
		t.Error(diff)
	}
}
