package config

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"dateline/aggregator/platform"
	"dateline/aggregator/platform/atomicfile"
)

// ErrBusy says that others keep editing a file.
var ErrBusy = errors.New("config: being edited by others")

const (
	lockWait  = 10 * time.Second // for other edits to end
	lockEvery = 20 * time.Millisecond
	rewrites  = 10 // tries, where an editor saves in between
)

// Rewrite replaces the file at path by what change makes of its text. The file is whole at every moment: the new text
// is written beside it and renamed. Its mode and owner are kept; a link is followed. Where change returns the text as
// it was nothing is written. Two calls at a time, of any process, come one after the other; what an editor saves
// in between is not overwritten, the change is made again.
//
// The errors are those of change, [os.PathError] or [os.LinkError], and [ErrBusy].
func Rewrite(ctx context.Context, path string, change func(b []byte) ([]byte, error)) error {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	unlock, err := lock(ctx, filepath.Dir(path))
	if err != nil {
		return err
	}
	defer unlock()
	for range rewrites {
		was, err := readFile(path)
		if err != nil {
			return err
		}
		is, err := change(was)
		if err != nil || bytes.Equal(was, is) {
			return err
		}
		done, err := replace(path, was, is)
		if done || err != nil {
			return err
		}
	}
	return fmt.Errorf("%w: %s", ErrBusy, path)
}

// lock locks a folder against other edits in it. The lock goes with the process.
func lock(ctx context.Context, dir string) (unlock func() error, err error) {
	f, err := platform.OpenFolderLock(dir)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, lockWait, fmt.Errorf("%w: folder %s", ErrBusy, dir))
	defer cancel()
	tick := time.NewTicker(lockEvery)
	defer tick.Stop()
	for {
		err := platform.TryLock(f, true)
		if err == nil {
			return f.Close, nil
		}
		if !errors.Is(err, platform.ErrLocked) {
			return nil, errors.Join(err, f.Close())
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(context.Cause(ctx), f.Close())
		case <-tick.C:
		}
	}
}

// replace puts the text in the place of the file's, if that is still what it was.
func replace(path string, was, is []byte) (done bool, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return false, err
	}
	f, err := atomicfile.Create(path)
	if err != nil {
		return false, err
	}
	defer f.Abort()
	if _, err := f.Write(is); err != nil {
		return false, err
	}
	// Synced before the file is looked at again, so that little time passes from there to the rename.
	if err := errors.Join(platform.KeepOwner(f.File, path), f.Chmod(info.Mode()), f.Sync()); err != nil {
		return false, err
	}
	if now, err := readFile(path); err != nil || !bytes.Equal(now, was) {
		return false, err
	}
	err = f.Commit()
	return err == nil, err
}

// OpRead is the Op of an error that says that there is no config to read.
const OpRead = "read config"

// readFile reads a file as far as a config may go, and one byte more.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		var at *os.PathError
		if errors.As(err, &at) {
			at.Op = OpRead
		}
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	return b, errors.Join(err, f.Close())
}
