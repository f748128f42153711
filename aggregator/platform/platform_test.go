package platform

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"testing"
)

func open(t *testing.T, path string) *os.File {
	t.Helper()
	f, err := OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTryLock(t *testing.T) {
	t.Parallel()
	path := write(t, t.TempDir(), "a", "text")
	for _, c := range []struct {
		name          string
		first, second bool // exclusive
		want          error
	}{
		{"exclusive after exclusive", true, true, ErrLocked},
		{"shared after exclusive", true, false, ErrLocked},
		{"exclusive after shared", false, true, ErrLocked},
		{"shared after shared", false, false, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := open(t, path), open(t, path)
			if err := TryLock(a, c.first); err != nil {
				t.Fatal(err)
			}
			if err := TryLock(b, c.second); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if _, err := b.ReadAt(make([]byte, 4), 0); err != nil {
				t.Errorf("a locked file cannot be read: %v", err)
			}
			if err := errors.Join(a.Close(), b.Close()); err != nil {
				t.Fatal(err)
			}
			if err := TryLock(open(t, path), true); err != nil {
				t.Errorf("closing did not unlock: %v", err)
			}
		})
	}
	f := open(t, path)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	var at *os.PathError
	if err := TryLock(f, true); !errors.As(err, &at) {
		t.Errorf("a closed file: %v", err)
	}
}

func TestFolderLock(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, err := OpenFolderLock(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	b, err := OpenFolderLock(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if err := TryLock(a, true); err != nil {
		t.Fatal(err)
	}
	if err := TryLock(b, true); !errors.Is(err, ErrLocked) {
		t.Errorf("the second lock of a folder: %v", err)
	}
	if _, err := OpenFolderLock(filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
}

func TestReplaceKeepsOpenFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, next := write(t, dir, "a", "old"), write(t, dir, "b", "new")
	f := open(t, path)
	if err := errors.Join(Replace(next, path), SyncDir(dir)); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 3)
	if _, err := f.ReadAt(b, 0); err != nil || string(b) != "old" {
		t.Errorf("the open file reads %q, %v", b, err)
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "new" {
		t.Errorf("the path reads %q, %v", b, err)
	}
	if _, err := os.Stat(next); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the new file has its old name too: %v", err)
	}
	if err := errors.Join(f.Close(), Recover(path)); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestReplaceWithoutNewFileKeepsOld(t *testing.T) {
	t.Parallel()
	path := write(t, t.TempDir(), "a", "old")
	var link *os.LinkError
	if err := Replace(path+".none", path); !errors.As(err, &link) {
		t.Errorf("no file to rename: %v", err)
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "old" {
		t.Errorf("the path reads %q, %v", b, err)
	}
}

func TestKeepOwnerOfMissingFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f := open(t, write(t, dir, "a", ""))
	if err := KeepOwner(f, filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	if err := KeepOwner(f, write(t, dir, "b", "")); err != nil {
		t.Error(err)
	}
}

func TestErrorsOfSockets(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if _, err := net.Listen("tcp", l.Addr().String()); !IsAddressInUse(err) || IsRefused(err) {
		t.Errorf("an address in use: %v", err)
	}
	path := filepath.Join(t.TempDir(), "s")
	s, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	if err := ProtectSocket(path); err != nil {
		t.Error(err)
	}
	s.SetUnlinkOnClose(false)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := net.Dial("unix", path); !IsRefused(err) || IsAddressInUse(err) {
		t.Errorf("a socket without its process: %v", err)
	}
}

func TestErrorOfPipe(t *testing.T) {
	t.Parallel()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte("x")); !IsBrokenPipe(err) || IsDiskFull(err) || IsReadOnly(err) {
		t.Errorf("a pipe without a reader: %v", err)
	}
}
