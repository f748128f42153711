package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// archived returns a tar archive of files, names and contents in turn.
func archived(t *testing.T, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		if err := w.WriteHeader(&tar.Header{Name: files[i], Mode: 0o644, Size: int64(len(files[i+1]))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(files[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.WriteHeader(&tar.Header{Name: lastName}), w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func unpack(t *testing.T, dir string, archive []byte) (siteReport, error) {
	t.Helper()
	f, err := openFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	return f.done, errors.Join(f.unpack(bytes.NewReader(archive)), f.close())
}

func TestSiteFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new", "out")
	read := func(name string) string {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			return ""
		}
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	want := func(t *testing.T, files map[string]string) {
		t.Helper()
		for name, text := range files {
			if got := read(name); got != text {
				t.Errorf("%s holds %q, want %q", name, got, text)
			}
		}
	}
	put := func(archive []byte) error {
		_, err := unpack(t, dir, archive)
		return err
	}
	if err := put(archived(t, "index.html", "1", "entries/a.html", "a", "entries/old/b.html", "b", "robots.txt", "r")); err != nil {
		t.Fatal(err)
	}
	want(t, map[string]string{"index.html": "1", "entries/a.html": "a", "entries/old/b.html": "b", "robots.txt": "r"})

	t.Run("what did not change keeps its time", func(t *testing.T) {
		old := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
		for _, name := range []string{"index.html", "robots.txt", manifestName} {
			if err := os.Chtimes(filepath.Join(dir, name), old, old); err != nil {
				t.Fatal(err)
			}
		}
		if err := put(archived(t, "index.html", "2", "entries/a.html", "a", "entries/old/b.html", "b", "robots.txt", "r")); err != nil {
			t.Fatal(err)
		}
		for name, stays := range map[string]bool{"index.html": false, "robots.txt": true, manifestName: false} {
			info, err := os.Stat(filepath.Join(dir, name))
			if err != nil || info.ModTime().Equal(old) != stays {
				t.Errorf("%s: time kept is not %t, %v", name, stays, err)
			}
		}
	})
	t.Run("what is cut removes nothing", func(t *testing.T) {
		whole := archived(t, "index.html", "3", "robots.txt", "r")
		for _, n := range []int{600, 1024} { // inside a file, and between two
			if err := put(whole[:n]); err == nil {
				t.Errorf("no error for %d bytes", n)
			}
		}
		if err := put(nil); err == nil {
			t.Error("no error for nothing at all")
		}
		want(t, map[string]string{"entries/a.html": "a", "entries/old/b.html": "b"})
	})
	t.Run("what is no longer served goes, if it is as we wrote it", func(t *testing.T) {
		for name, text := range map[string]string{"CNAME": "theirs", "entries/a.html": "changed"} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if err := put(archived(t, "index.html", "4")); err != nil {
			t.Fatal(err)
		}
		want(t, map[string]string{"index.html": "4", "entries/a.html": "changed", "CNAME": "theirs", "entries/old/b.html": "", "robots.txt": ""})
		if _, err := os.Stat(filepath.Join(dir, "entries/old")); !errors.Is(err, fs.ErrNotExist) {
			t.Error("an empty folder stays")
		}
		if err := put(archived(t, "index.html", "5")); err != nil {
			t.Fatal(err)
		}
		want(t, map[string]string{"entries/a.html": "changed", "CNAME": "theirs"})
	})
	t.Run("nothing is written outside", func(t *testing.T) {
		for _, name := range []string{"../out.html", "/tmp/dateline-outside.html", "a/../../b"} {
			if err := put(archived(t, name, "x")); err == nil {
				t.Errorf("%s: no error", name)
			}
		}
		if err := os.Symlink(t.TempDir(), filepath.Join(dir, "away")); err != nil {
			t.Fatal(err)
		}
		if err := put(archived(t, "away/x.html", "x")); err == nil {
			t.Error("a link that leads outside was followed")
		}
	})
}
