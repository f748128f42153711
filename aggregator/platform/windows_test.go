//go:build windows

package platform

import (
	"errors"
	"os"
	"testing"
)

// A crash between the two renames of Replace leaves no file at the path.
func TestRecoverRenamesNewestBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "a.replaced-1", "older")
	write(t, dir, "a.replaced-2", "newest")
	path := dir + `\a`
	if err := Recover(path); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "newest" {
		t.Errorf("%q, %v", b, err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestFilesReplacedWhileOpenGoLater(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := write(t, dir, "a", "0")
	open(t, path)
	for _, text := range []string{"1", "2"} {
		if err := Replace(write(t, dir, "b", text), path); err != nil {
			t.Fatal(err)
		}
		open(t, path)
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "2" {
		t.Errorf("%q, %v", b, err)
	}
}

func TestKeepOwnerErrors(t *testing.T) {
	t.Parallel()
	f := open(t, write(t, t.TempDir(), "a", ""))
	var at *os.PathError
	if err := KeepOwner(f, `Z:\none`); !errors.As(err, &at) {
		t.Error(err)
	}
}
