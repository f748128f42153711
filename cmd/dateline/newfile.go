package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"dateline/aggregator/platform/atomicfile"
)

// createFile begins the file at path, of mode 0600; of a symbolic link the one that it leads to. Only a regular file is
// replaced: anything else is a [*usageError].
func createFile(path string) (*atomicfile.File, error) {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, usage("%s is no regular file", path)
	}
	f, err := atomicfile.Create(path)
	var at *fs.PathError
	if errors.As(err, &at) {
		return nil, &fs.PathError{Op: opCreate, Path: path, Err: at.Err}
	}
	return f, err
}

// opCreate is the Op of an error that says that there can be no file at a path.
const opCreate = "create"
