package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
)

// manifestName is the file that lists what a folder's other files were when we wrote them: a hash and a name in each line.
const manifestName = ".dateline-site"

// siteFolder is one that we write files to and others may too. What we wrote is in its manifest.
type siteFolder struct {
	root *os.Root
	was  map[string]string // name to hash, by the manifest
	is   map[string]string // as written now
	done siteReport

	state string // what the files are made of; empty: they are not all there, or not known
}

// siteReport says how many files a run wrote, left and removed.
type siteReport struct {
	Written   int `json:"written"`
	Unchanged int `json:"unchanged"`
	Removed   int `json:"removed"`
}

// openFolder opens dir, and makes it where it is not there.
func openFolder(dir string) (*siteFolder, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	f := &siteFolder{root: root, was: map[string]string{}, is: map[string]string{}}
	b, err := root.ReadFile(manifestName)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, errors.Join(err, root.Close())
	}
	for line := range strings.Lines(string(b)) {
		switch hash, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " "); {
		case hash == stateName:
			f.state = name
		case ok:
			f.was[name] = hash
		}
	}
	return f, nil
}

// siteState returns what the files in dir are made of; nil: there are none, or one of them was removed or changed since.
func siteState(dir string) ([]byte, error) {
	if _, err := os.Stat(dir); err != nil {
		return nil, nil // it is made
	}
	f, err := openFolder(dir)
	if err != nil {
		return nil, err
	}
	defer f.root.Close()
	written, err := f.root.Stat(manifestName) // after all others
	if err != nil {
		return nil, nil
	}
	for name := range f.was {
		if info, err := f.root.Lstat(name); err != nil || !info.Mode().IsRegular() || info.ModTime().After(written.ModTime()) {
			return nil, nil
		}
	}
	return []byte(f.state), nil
}

// unpack writes the files of an archive and, if it is whole, removes those that it does not have.
func (f *siteFolder) unpack(archive io.Reader) error {
	t := tar.NewReader(archive)
	was := f.state
	f.state = ""
	state := ""
	for {
		h, err := t.Next()
		switch {
		case errors.Is(err, io.EOF):
			return errCut
		case err != nil:
			return err
		case h.Name == sameName:
			f.state, f.done.Unchanged = was, len(f.was)
			return nil
		case h.Name == lastName:
			f.state = state
			return f.clear()
		}
		b, err := io.ReadAll(t)
		switch {
		case err != nil:
		case h.Name == stateName:
			state = string(b)
		default:
			err = f.write(h.Name, b)
		}
		if err != nil {
			return err
		}
	}
}

// clear removes what we wrote and was not among the files of now.
func (f *siteFolder) clear() error {
	for _, name := range slices.Sorted(maps.Keys(f.was)) {
		if err := f.remove(name); err != nil {
			return err
		}
	}
	return nil
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// write puts b where name says, unless it is there already.
func (f *siteFolder) write(name string, b []byte) error {
	f.is[name] = hashOf(b)
	if old, err := f.root.ReadFile(name); err == nil && bytes.Equal(old, b) {
		f.done.Unchanged++
		return nil
	}
	f.done.Written++
	return f.replace(name, b)
}

// replace writes a file whole beside its place, and renames it.
func (f *siteFolder) replace(name string, b []byte) error {
	if err := f.root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	tmp := path.Join(path.Dir(name), "."+path.Base(name)+".new")
	file, err := f.root.Create(tmp)
	if err != nil {
		return err
	}
	_, err = file.Write(b)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return errors.Join(err, f.root.Remove(tmp))
	}
	return f.root.Rename(tmp, name)
}

// remove removes a file that we wrote, if it is no longer served and still as we wrote it, and the folders that it leaves
// empty.
func (f *siteFolder) remove(name string) error {
	hash := f.was[name]
	if f.is[name] != "" {
		return nil
	}
	delete(f.was, name)
	b, err := f.root.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) || err == nil && hashOf(b) != hash {
		return nil
	}
	if err != nil {
		return err
	}
	if err := f.root.Remove(name); err != nil {
		return err
	}
	f.done.Removed++
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if f.root.Remove(dir) != nil {
			break // it is not empty
		}
	}
	return nil
}

// close writes down what we wrote. What an unfinished run left in place is ours still.
func (f *siteFolder) close() error {
	maps.Copy(f.was, f.is)
	var b bytes.Buffer
	if f.state != "" {
		fmt.Fprintf(&b, "%s %s\n", stateName, f.state)
	}
	for _, name := range slices.Sorted(maps.Keys(f.was)) {
		fmt.Fprintf(&b, "%s %s\n", f.was[name], name)
	}
	err := error(nil)
	old, readErr := f.root.ReadFile(manifestName)
	if f.done.Written > 0 || readErr != nil || !bytes.Equal(old, b.Bytes()) {
		err = f.replace(manifestName, b.Bytes())
	}
	return errors.Join(err, f.root.Close())
}
