package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestNewFile(t *testing.T) {
	t.Parallel()
	write := func(t *testing.T, path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	read := func(t *testing.T, path string) string {
		t.Helper()
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	t.Run("a link leads to the file that is replaced", func(t *testing.T) {
		dir := t.TempDir()
		target, link := filepath.Join(dir, "sub", "real"), filepath.Join(dir, "link")
		if err := errors.Join(os.Mkdir(filepath.Dir(target), 0o755), os.Symlink(target, link)); err != nil {
			t.Fatal(err)
		}
		write(t, target, "old")
		f, err := createFile(link)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString("new"); err != nil {
			t.Error(err)
		}
		if err := f.Commit(); err != nil || read(t, target) != "new" {
			t.Errorf("%q, %v", read(t, target), err)
		}
		if info, err := os.Lstat(link); err != nil || info.Mode().Type() != fs.ModeSymlink {
			t.Errorf("%v, %v", info, err)
		}
	})
	t.Run("a folder is not replaced", func(t *testing.T) {
		var use *usageError
		if _, err := createFile(t.TempDir()); !errors.As(err, &use) {
			t.Error(err)
		}
	})
	t.Run("the error names the file that was asked for", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "nowhere", "a")
		_, err := createFile(path)
		var at *fs.PathError
		if !errors.As(err, &at) || at.Path != path {
			t.Fatal(err)
		}
		if _, hint := judge(err); hint != "make the folder first" {
			t.Error(hint)
		}
	})
}
