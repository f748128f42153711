package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"dateline/aggregator/platform"
	"dateline/store/boltfile"
)

// Copy writes the store, as it is at this moment, to w: the bytes of a file that [Open] reads. Commits go on
// meanwhile; the pages that they free are not used again before the copy ends. It returns [ErrCorrupt] where a meta page is damaged:
// bbolt would write a whole one in its place, of a file without what was stored last.
func (s *Store) Copy(ctx context.Context, w io.Writer, progress Progress) error {
	err := s.exclusive("copy", func() (err error) { // a page that is being written looks damaged
		boltfile.ReadMeta(s.file, func(f boltfile.Fault) { err = cmp.Or(err, corrupt(f)) })
		return err
	})
	if err != nil {
		return err
	}
	return s.View(func(v View) error {
		m := &meter{ctx: ctx, to: w, total: v.tx.Size(), progress: progress}
		_, err := v.tx.WriteTo(m)
		return cmp.Or(m.err, err) // bbolt does not wrap an error of ours
	})
}

// meter passes on what is written until its context ends.
type meter struct {
	ctx         context.Context
	to          io.Writer
	done, total int64
	progress    Progress
	err         error // the first
}

func (m *meter) Write(b []byte) (n int, err error) {
	if err = m.ctx.Err(); err == nil {
		n, err = m.to.Write(b)
	}
	m.err = cmp.Or(m.err, err)
	m.done += int64(n)
	m.progress.report(m.done, m.total)
	return n, err
}

// Verify opens the file at path for reading only and checks it, as [Store.Check] does. Its errors are those of
// [Open], and [ErrCorrupt] with the first fault.
func Verify(path string) error {
	if err := verify(path); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func verify(path string) error {
	if err := inspect(path); err != nil {
		return err
	}
	s, err := open(path, Options{ReadOnly: true, Timeout: time.Second})
	if err != nil {
		return err
	}
	var first error
	err = s.Check(func(f Fault) { first = cmp.Or(first, corrupt(f)) })
	return errors.Join(first, err, s.Close())
}

// Restore puts a copy of the store at backup in the place of the one at path. The copy is checked before anything
// is touched. It returns under what name the old file is kept beside it; empty where there was none. A store that a process
// holds is [ErrBusy]; the other errors are those of [Verify].
func Restore(ctx context.Context, backup, path string, progress Progress) (kept string, err error) {
	if err := inspect(backup); err != nil {
		return "", fmt.Errorf("%s: %w", backup, err)
	}
	kept, err = Receive(path, "until", func(to io.Writer) error { return copyFile(ctx, backup, to, progress) })
	var bad *receivedError
	if errors.As(err, &bad) {
		return "", fmt.Errorf("%s: %w", backup, bad.err)
	}
	return kept, err
}

// receivedError says that what was received is no store.
type receivedError struct{ err error }

func (e *receivedError) Error() string { return fmt.Sprintf("store: the copy: %v", e.err) }

func (e *receivedError) Unwrap() error { return e.err }

// Receive puts the store whose bytes fill writes in the place of the one at path, once it was checked. The old file is kept beside it,
// under its name with why and the time; kept is that, empty where there was none. It returns the error of fill, [ErrBusy] where a process
// holds the store, and those of [Verify].
func Receive(path, why string, fill func(io.Writer) error) (kept string, err error) {
	if path, err = resolve(path); err != nil {
		return "", err
	}
	unlock, err := lock(path)
	if err != nil {
		return "", err
	}
	defer unlock()
	f, err := createTemp(path, restored)
	if err != nil {
		return "", err
	}
	defer os.Remove(f.Name()) // unless it has its final name by then
	if err := errors.Join(fill(f), f.Chmod(modeOf(path)), f.Sync(), f.Close()); err != nil {
		return "", err
	}
	err = verify(f.Name())
	if errors.Is(err, ErrOlder) {
		err = cmp.Or(migrateFile(f.Name()), verify(f.Name()))
	}
	if err != nil {
		return "", &receivedError{err}
	}
	if kept, err = keepOld(path, why); err != nil {
		return "", err
	}
	// A crash leaves this step undone or done.
	return kept, errors.Join(platform.Replace(f.Name(), path), platform.SyncDir(filepath.Dir(path)))
}

// copyFile copies the file at from.
func copyFile(ctx context.Context, from string, to io.Writer, progress Progress) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	_, err = io.Copy(&meter{ctx: ctx, to: to, total: info.Size(), progress: progress}, in)
	return err
}

// keepOld gives the file at path a second name, with why and the time, which it keeps when another takes its place. It returns "" where
// there is none.
func keepOld(path, why string) (string, error) {
	name := path + "." + why + "-" + time.Now().UTC().Format("20060102T150405.000Z")
	err := os.Link(path, name)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return name, err
}

func modeOf(path string) os.FileMode {
	if info, err := os.Stat(path); err == nil {
		return info.Mode().Perm()
	}
	return 0o640
}

// lock takes the lock of the file at path, as bbolt does, with any content. It returns [ErrBusy] where another process
// has it for a second.
func lock(path string) (unlock func(), err error) {
	f, err := platform.OpenFile(path, os.O_RDONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return func() {}, nil
	}
	if err != nil {
		return nil, err
	}
	for range 20 {
		if err = platform.TryLock(f, true); !errors.Is(err, platform.ErrLocked) {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if errors.Is(err, platform.ErrLocked) {
		err = fmt.Errorf("%s: %w", path, ErrBusy)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() { f.Close() }, nil
}
