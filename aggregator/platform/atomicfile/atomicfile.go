// Package atomicfile writes files that are whole at every moment: the new text goes to a temporary file beside the file, which
// is synced and renamed. What a killed process leaves of that, or of its temporary folders, the next one removes.
package atomicfile

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"dateline/aggregator/platform"
)

// File is a temporary file that takes the place of another with [File.Commit].
type File struct {
	*os.File
	path string
}

// Create begins the file at path, of mode 0600, as a temporary file in the same folder. A link at path is replaced, not
// followed. It also removes what was begun for path and not ended by a process that was killed. It returns an
// [os.PathError] of the folder.
func Create(path string) (*File, error) {
	dir, prefix := filepath.Dir(path), "."+filepath.Base(path)+".new-"
	Sweep(dir, prefix)
	f, err := os.CreateTemp(dir, prefix+"*")
	if err != nil {
		return nil, err
	}
	// Shared: the file may be opened again and read while it is locked.
	if err := platform.TryLock(f, false); err != nil {
		return nil, errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	return &File{f, path}, nil
}

// Commit syncs and closes the file and renames it to its path. After an error, which is that of the file system, the caller must
// call Abort.
func (f *File) Commit() error {
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), f.path); err != nil {
		return err
	}
	return platform.SyncDir(filepath.Dir(f.path))
}

// Abort closes and removes the temporary file. After [File.Commit] it does nothing.
func (f *File) Abort() {
	f.Close()
	os.Remove(f.Name())
}

// TempDir makes a folder for temporary files, called prefix with a random end, in the folder for those. It also removes such folders of
// processes that were killed. remove removes the folder with what is in it. The errors are those of the file system.
func TempDir(prefix string) (dir string, remove func() error, err error) {
	sweepFolders(os.TempDir(), prefix)
	if dir, err = os.MkdirTemp("", prefix+"*"); err != nil {
		return "", nil, err
	}
	f, err := platform.OpenFolderLock(dir)
	if err == nil {
		err = platform.TryLock(f, false)
	}
	if err != nil {
		if f != nil {
			f.Close()
		}
		return "", nil, errors.Join(err, os.RemoveAll(dir))
	}
	return dir, func() error { return errors.Join(f.Close(), os.RemoveAll(dir)) }, nil
}

// sweepFolders removes folders that no process has locked.
func sweepFolders(in, prefix string) {
	all, _ := filepath.Glob(filepath.Join(in, prefix+"*"))
	for _, dir := range all {
		info, err := os.Lstat(dir)
		if err != nil || !info.IsDir() || time.Since(info.ModTime()) <= sweepAge {
			continue
		}
		f, err := platform.OpenFolderLock(dir)
		if err != nil {
			continue
		}
		err = platform.TryLock(f, true)
		f.Close()
		if err == nil {
			os.RemoveAll(dir)
		}
	}
}

// sweepAge is how old an abandoned file is at least: a process may have created one and not locked it yet.
const sweepAge = time.Minute

// Sweep removes the files of a folder whose names begin with prefix, that no process has locked, and that are older than a minute. A
// folder that cannot be read is no error here: no file can be created in it.
func Sweep(dir, prefix string) {
	all, _ := os.ReadDir(dir)
	for _, e := range all {
		if info, err := e.Info(); strings.HasPrefix(e.Name(), prefix) && err == nil && time.Since(info.ModTime()) > sweepAge {
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
	f.Close() // first: Windows removes no open file, and a process that still writes a file this old has it locked
	if err == nil {
		os.Remove(path)
	}
}
