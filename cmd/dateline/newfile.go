package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"dateline/aggregator/platform"
)

// newFile is what becomes the file at path: it is written beside it and renamed once it is whole, so that nobody ever
// reads half of it.
type newFile struct {
	*os.File
	path string
}

// createFile begins the file at path, of mode 0600; of a symbolic link the one that it leads to. Only a regular file is
// replaced: anything else is a [*usageError]. What was begun there and killed goes.
func createFile(path string) (*newFile, error) {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, usage("%s is no regular file", path)
	}
	dir, prefix := filepath.Dir(path), "."+filepath.Base(path)+".new-"
	sweep(dir, prefix)
	f, err := os.CreateTemp(dir, prefix+"*")
	if err != nil {
		var at *fs.PathError
		if errors.As(err, &at) {
			err = &fs.PathError{Op: opCreate, Path: path, Err: at.Err}
		}
		return nil, err
	}
	if err := platform.TryLock(f, false); err != nil { // shared, as a copy of the store is read while it is checked
		return nil, errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	return &newFile{f, path}, nil
}

// opCreate is the Op of an error that says that there can be no file at a path.
const opCreate = "create"

// keep gives the file its name, on disk.
func (f *newFile) keep() error {
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), f.path); err != nil {
		return err
	}
	return platform.SyncDir(filepath.Dir(f.path))
}

// drop removes the file, unless it was kept.
func (f *newFile) drop() {
	f.Close()
	os.Remove(f.Name())
}

// sweep removes the new files that nobody writes any more: whoever writes one has it locked, and locks it within a minute.
func sweep(dir, prefix string) {
	all, _ := os.ReadDir(dir) // a folder that cannot be read is told of by the file that cannot be made in it
	for _, e := range all {
		if info, err := e.Info(); strings.HasPrefix(e.Name(), prefix) && err == nil && time.Since(info.ModTime()) > time.Minute {
			removeUnlocked(filepath.Join(dir, e.Name()))
		}
	}
}

func removeUnlocked(path string) {
	f, err := os.Open(path)
	if err != nil {
		return
	}
	err = platform.TryLock(f, true)
	f.Close() // first: Windows removes no open file. The writer of a file this old has it locked or is dead.
	if err == nil {
		os.Remove(path)
	}
}
