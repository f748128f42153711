//go:build unix

package platform

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestKeepOwner(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root may give a file to another user")
	}
	dir := t.TempDir()
	path := write(t, dir, "a", "")
	if err := os.Chown(path, 7, 8); err != nil {
		t.Fatal(err)
	}
	f := open(t, write(t, dir, "b", ""))
	if err := KeepOwner(f, path); err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if at := info.Sys().(*syscall.Stat_t); at.Uid != 7 || at.Gid != 8 {
		t.Errorf("the owner is %d:%d", at.Uid, at.Gid)
	}
}

func TestProtectSocket(t *testing.T) {
	t.Parallel()
	path := write(t, t.TempDir(), "s", "")
	if err := ProtectSocket(path); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o660 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestErrorsOfDisks(t *testing.T) {
	t.Parallel()
	if err := error(&fs.PathError{Err: syscall.EROFS}); !IsReadOnly(err) || IsDiskFull(err) {
		t.Error(err)
	}
	if err := error(&fs.PathError{Err: syscall.ENOSPC}); IsReadOnly(err) || !IsDiskFull(err) {
		t.Error(err)
	}
}

func TestSyncDirOfMissingFolder(t *testing.T) {
	t.Parallel()
	if err := SyncDir(filepath.Join(t.TempDir(), "none")); !os.IsNotExist(err) {
		t.Error(err)
	}
}
