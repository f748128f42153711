//go:build unix

package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A device or a pipe is written to and stays what it is.
func TestOutputToPipe(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	reader, err := os.OpenFile(path, os.O_RDWR, 0) // both ends: opening does not wait
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	w, commit, abandon, err := (&app{}).output(path)
	if err != nil {
		t.Fatal(err)
	}
	defer abandon()
	if _, err := w.Write([]byte("x")); err != nil {
		t.Error(err)
	}
	if err := commit(); err != nil {
		t.Error(err)
	}
	b := make([]byte, 1)
	if _, err := reader.Read(b); err != nil || b[0] != 'x' {
		t.Errorf("%q, %v", b, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Type() != fs.ModeNamedPipe {
		t.Errorf("%v, %v", info, err)
	}
}
