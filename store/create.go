package store

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"

	"dateline/aggregator/news"
	"dateline/aggregator/platform"
	"dateline/aggregator/platform/atomicfile"
	"dateline/store/boltfile"
)

// create makes a new store beside path and links it there: a crash leaves no half-made file, and of two
// first starts one wins and both go on with its file.
func create(path string) error {
	f, err := createTemp(path, created)
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if err := errors.Join(f.Close(), fill(f.Name(), "")); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return platform.SyncDir(filepath.Dir(path))
}

// What is made beside a store before it takes the store's place is called after it, with one of these and a random end.
const (
	created   = "new"
	compacted = "compact"
	restored  = "restore"
)

// createTemp begins a file of the kind beside the store at path, and removes those that were abandoned.
func createTemp(path, kind string) (*os.File, error) {
	sweep(path, kind)
	return os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"."+kind+"-*")
}

// sweep removes what was begun beside the store at path and killed.
func sweep(path, kind string) {
	atomicfile.Sweep(filepath.Dir(path), "."+filepath.Base(path)+"."+kind+"-")
}

func fill(path, feedID string) error {
	db, err := bbolt.Open(path, 0o640, &bbolt.Options{Timeout: time.Second, PageSize: pageSize})
	if err != nil {
		return err
	}
	db.AllocSize = 1 << 16
	err = db.Update(func(tx *bbolt.Tx) error {
		for _, b := range buckets {
			if _, err := tx.CreateBucket(b); err != nil {
				return err
			}
		}
		meta := newTable(bMeta, tx.Bucket(bMeta), nil)
		return errors.Join(meta.put(kSchema, key8(Schema)), (&totals{feedID: feedID}).put(tx))
	})
	if err := errors.Join(err, db.Sync(), db.Close()); err != nil {
		return err
	}
	return os.Chmod(path, 0o640)
}

// mint returns a new atom:id for the merged feed: a random UUID (RFC 9562 section 5.4).
func mint() string {
	var k news.Key
	rand.Read(k[:])
	k[6] = k[6]&0x0f | 0x40
	k[8] = k[8]&0x3f | 0x80
	return k.URN()
}

// Empty returns a store without content at a path of its own, for readers where no store is yet. Its
// feed id is always the same.
func Empty(path string) (*Store, error) {
	if err := fill(path, news.SourceKey("").URN()); err != nil {
		return nil, err
	}
	return Open(path, Options{ReadOnly: true})
}

// resolve returns the path of the file that a path leads to, through symbolic links. There may be no such file.
func resolve(path string) (string, error) {
	const most = 40
	for range most {
		to, err := os.Readlink(path)
		if err != nil { // it is no link, or nothing
			return path, nil
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(path), to)
		}
		path = to
	}
	return "", fmt.Errorf("%s: more than %d symbolic links", path, most)
}

// inspect looks at the file's first pages without touching it. bbolt takes an empty file for a new one,
// and a file shorter than its pages ends the process when a page beyond the end is read.
func inspect(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return ErrMissing
	case err != nil:
		return err
	case !info.Mode().IsRegular(): // what is no file may wait for ever when it is opened
		return fmt.Errorf("%w: it is %s", ErrForeign, kindOf(info.Mode()))
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	var last boltfile.Fault
	meta, usable := boltfile.ReadMeta(f, func(f boltfile.Fault) { last = f })
	if info, err = f.Stat(); err != nil { // not before: a process that writes to it lengthens it first
		return err
	}
	switch {
	case !meta.Ours:
		return ErrForeign
	case !usable:
		return corrupt(last)
	}
	return corrupt(meta.Fits(info.Size()))
}

// kindOf names what is no regular file.
func kindOf(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeNamedPipe != 0:
		return "a pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "not a regular file"
}
