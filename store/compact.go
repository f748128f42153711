package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"

	"dateline/aggregator/platform"
	"dateline/store/boltfile"
)

// Progress receives how far a long work has come, in bytes; nil receives nothing.
type Progress func(done, total int64)

func (p Progress) report(done, total int64) {
	if p != nil {
		p(done, total)
	}
}

// Compact writes the content of the store to a new file without free pages and puts that in the place of the old
// one. Readers go on meanwhile, each on the file that it began with; commits wait. It returns the sizes before
// and after, in bytes. Where it fails, or ctx ends, the old file goes on as if nothing had been tried.
func (s *Store) Compact(ctx context.Context, progress Progress) (before, after int64, err error) {
	if s.ReadOnly() {
		return 0, 0, ErrReadOnly
	}
	err = s.exclusive("compact", func() error {
		if err := s.Intact(); err != nil {
			return err
		}
		before = s.length()
		if err := s.foldAll(); err != nil {
			return err
		}
		err := s.compact(ctx, progress)
		after = s.length()
		return err
	})
	return before, after, err
}

func (s *Store) compact(ctx context.Context, progress Progress) error {
	f, err := createTemp(s.path, compacted)
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // unless it has its final name by then
	if err := errors.Join(f.Chmod(modeOf(s.path)), f.Close()); err != nil {
		return err
	}
	next, file, err := s.createCopy(f.Name())
	if err != nil {
		return err
	}
	if err = s.fillFrom(ctx, next, file, progress); err == nil {
		err = errors.Join(s.Intact(), ctx.Err())
	}
	if err == nil {
		err = platform.Replace(f.Name(), s.path)
	}
	if err != nil {
		return errors.Join(err, next.Close())
	}
	s.swap(next, file)
	return platform.SyncDir(filepath.Dir(s.path))
}

// createCopy opens a new file to write to. It is locked before it has its final name: no other process can lock it.
func (s *Store) createCopy(path string) (*bbolt.DB, *os.File, error) {
	var file *os.File
	db, err := bbolt.Open(path, 0, &bbolt.Options{
		PageSize:        s.pageSize,
		FreelistType:    bbolt.FreelistMapType,
		InitialMmapSize: mmapSize(false, 0),
		NoFreelistSync:  true,
		NoSync:          true, // until it is full
		OpenFile: func(name string, flag int, perm os.FileMode) (*os.File, error) {
			f, err := platform.OpenFile(name, flag&^os.O_CREATE, perm)
			file = f
			return f, err
		},
	})
	if err != nil {
		return nil, nil, err
	}
	db.AllocSize = 1 << 16 // little more than it needs
	return db, file, nil
}

// fillFrom copies all that the store holds to next, on disk, and checks what is there.
func (s *Store) fillFrom(ctx context.Context, next *bbolt.DB, file *os.File, progress Progress) error {
	return s.snapshot(func(v View) error {
		size, free := s.Space()
		total := size - free
		err := boltfile.Copy(ctx, next, v.tx, func(done int64) { progress.report(min(done, total), total) })
		if err != nil {
			return err
		}
		next.NoSync = false
		if err := next.Sync(); err != nil {
			return err
		}
		if err := next.View(func(copied *bbolt.Tx) error { return boltfile.SameKeys(v.tx, copied) }); err != nil {
			return err
		}
		info, err := file.Stat()
		if err != nil {
			return err
		}
		return corrupt(boltfile.Whole(file, info.Size()))
	})
}

// swap makes next the store's file. Readers of the old one keep it open until they end.
func (s *Store) swap(next *bbolt.DB, file *os.File) {
	s.mu.Lock()
	s.file = file
	if info, err := file.Stat(); err == nil {
		s.size = info.Size()
	}
	s.mu.Unlock()
	next.AllocSize = allocSize
	old := s.db.Swap(next)
	s.unfinished = true
	s.retired.Go(func() { old.Close() }) // what cannot be closed holds nothing that is still needed
}
