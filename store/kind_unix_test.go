//go:build unix

package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestWhatIsNoFileIsRefused: a pipe without a writer, for one, must not be waited for.
func TestWhatIsNoFileIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{dir: "a folder", pipe: "a pipe", os.DevNull: "a device"} {
		for _, o := range []Options{{}, {ReadOnly: true}} {
			if _, err := Open(path, o); !errors.Is(err, ErrForeign) || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %v and %q", path, err, ErrForeign, want)
			}
		}
		if err := Verify(path); !errors.Is(err, ErrForeign) {
			t.Errorf("%s: verified: %v, want %v", path, err, ErrForeign)
		}
		if _, err := Restore(t.Context(), path, filepath.Join(dir, "wire.db"), nil); !errors.Is(err, ErrForeign) {
			t.Errorf("%s: restored: %v, want %v", path, err, ErrForeign)
		}
	}
}

// TestSymbolicLinkIsResolved: what replaces the file replaces the one that the link leads to, and the link stays.
func TestSymbolicLinkIsResolved(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "disk"), 0o700); err != nil {
		t.Fatal(err)
	}
	file, link := filepath.Join(dir, "disk", "wire.db"), filepath.Join(dir, "link.db")
	if err := os.Symlink(filepath.Join("disk", "wire.db"), link); err != nil {
		t.Fatal(err)
	}
	s, err := Open(link, Options{}) // creates what the link leads to
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	commit(t, s, wrote("belta", "1"))
	if s.Path() != file {
		t.Errorf("the path is %s, want %s", s.Path(), file)
	}
	if _, _, err := s.Compact(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(link); err != nil { // it was resolved once
		t.Fatal(err)
	}
	commit(t, s, wrote("belta", "2"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	backup, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "backup.db"), backup, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(t.Context(), filepath.Join(dir, "backup.db"), link, nil); err != nil {
		t.Fatal(err)
	}
	if to, err := os.Readlink(link); err != nil || to != file {
		t.Errorf("the link leads to %q (%v), want %s", to, err, file)
	}
	again, err := Open(link, Options{Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	view(t, again, func(v View) {
		if v.Head() != 2 {
			t.Errorf("head is %d, want 2", v.Head())
		}
	})
}

func TestCircleOfLinksIsRefused(t *testing.T) {
	t.Parallel()
	link := filepath.Join(t.TempDir(), "wire.db")
	if err := os.Symlink(link, link); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(link, Options{}); err == nil || !strings.Contains(err.Error(), "symbolic links") {
		t.Errorf("%v, want an error that names symbolic links", err)
	}
}
