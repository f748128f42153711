package config_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"dateline/aggregator/config"
)

func TestRewrite(t *testing.T) {
	upper := func(b []byte) ([]byte, error) { return bytes.ToUpper(b), nil }
	write := func(t *testing.T, text string) string {
		path := filepath.Join(t.TempDir(), "config.yaml")
		if err := os.WriteFile(path, []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
		return path
	}
	read := func(t *testing.T, path string) string {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	t.Run("the mode stays, and nothing else is left", func(t *testing.T) {
		path := write(t, "a")
		if err := os.Chmod(path, 0o604); err != nil {
			t.Fatal(err)
		}
		if err := config.Rewrite(t.Context(), path, upper); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o604 || read(t, path) != "A" {
			t.Errorf("%v %v %q", err, info.Mode(), read(t, path))
		}
		if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
			t.Errorf("%v %v", err, left)
		}
	})
	t.Run("the owner stays", func(t *testing.T) {
		path := write(t, "a")
		if os.Geteuid() != 0 {
			t.Skip("only root gives files away")
		}
		if err := os.Chown(path, 1234, 1235); err != nil {
			t.Fatal(err)
		}
		if err := config.Rewrite(t.Context(), path, upper); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if owner := fmt.Sprintf("%+v", info.Sys()); err != nil || !strings.Contains(owner, "Uid:1234 Gid:1235") {
			t.Errorf("%v %s", err, owner)
		}
	})
	t.Run("a link is followed and stays", func(t *testing.T) {
		path := write(t, "a")
		link := filepath.Join(t.TempDir(), "link.yaml")
		if err := os.Symlink(path, link); err != nil {
			t.Fatal(err)
		}
		if err := config.Rewrite(t.Context(), link, upper); err != nil {
			t.Fatal(err)
		}
		if to, err := os.Readlink(link); err != nil || to != path || read(t, path) != "A" {
			t.Errorf("%v: %s, %q", err, to, read(t, path))
		}
	})
	t.Run("an error of the change leaves all as it was", func(t *testing.T) {
		path := write(t, "a")
		want := errors.New("no")
		if err := config.Rewrite(t.Context(), path, func([]byte) ([]byte, error) { return nil, want }); !errors.Is(err, want) ||
			read(t, path) != "a" {
			t.Errorf("%v, %q", err, read(t, path))
		}
	})
	t.Run("a file that is not there", func(t *testing.T) {
		if err := config.Rewrite(t.Context(), filepath.Join(t.TempDir(), "none.yaml"), upper); !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
	})
	t.Run("what an editor saves in between is kept", func(t *testing.T) {
		path := write(t, "a")
		calls := 0
		err := config.Rewrite(t.Context(), path, func(b []byte) ([]byte, error) {
			if calls++; calls == 1 {
				if err := os.WriteFile(path, []byte("b"), 0o640); err != nil {
					t.Fatal(err)
				}
			}
			return upper(b)
		})
		if err != nil || calls != 2 || read(t, path) != "B" {
			t.Errorf("%v after %d calls, %q", err, calls, read(t, path))
		}
	})
	t.Run("a file that changes all the time", func(t *testing.T) {
		path, calls := write(t, "a"), 0
		err := config.Rewrite(t.Context(), path, func(b []byte) ([]byte, error) {
			calls++
			if err := os.WriteFile(path, fmt.Appendf(nil, "b%d", calls), 0o640); err != nil {
				t.Fatal(err)
			}
			return upper(b)
		})
		if !errors.Is(err, config.ErrBusy) {
			t.Error(err)
		}
	})
	t.Run("many at a time lose nothing", func(t *testing.T) {
		path := write(t, "")
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				err := config.Rewrite(t.Context(), path, func(b []byte) ([]byte, error) { return fmt.Appendf(b, "%d\n", i), nil })
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if lines := strings.Fields(read(t, path)); len(lines) != 20 {
			t.Errorf("%d edits are there: %v", len(lines), lines)
		}
	})
	t.Run("one that waits for another may be called off", func(t *testing.T) {
		path := write(t, "a")
		err := config.Rewrite(t.Context(), path, func(b []byte) ([]byte, error) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if err := config.Rewrite(ctx, path, upper); !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
			return b, nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}
