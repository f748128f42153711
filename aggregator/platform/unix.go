//go:build unix

package platform

import (
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// TerminalGone reports whether the controlling terminal of this process was closed, or it never had one.
func TerminalGone() bool {
	f, err := os.OpenFile("/dev/tty", os.O_RDWR|unix.O_NOCTTY, 0)
	if err == nil {
		f.Close()
	}
	return errors.Is(err, syscall.ENXIO)
}

// TryLock takes a lock of f without waiting, shared or exclusive. Closing f releases it, as does the end of the process.
// It is the lock that bbolt takes. It returns [ErrLocked], or a [*os.PathError] where the file system has no locks.
func TryLock(f *os.File, exclusive bool) error {
	how := syscall.LOCK_SH
	if exclusive {
		how = syscall.LOCK_EX
	}
	for {
		err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EWOULDBLOCK):
			return ErrLocked
		default:
			return &os.PathError{Op: "lock", Path: f.Name(), Err: err}
		}
	}
}

// Unlock releases the lock of f. Closing f does not while the file is mapped. The error is a [*os.PathError].
func Unlock(f *os.File) error {
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_UN); err != nil {
		return &os.PathError{Op: "unlock", Path: f.Name(), Err: err}
	}
	return nil
}

// OpenFolderLock opens the file whose lock keeps a folder: the folder. The errors are those of [os.Open].
func OpenFolderLock(dir string) (*os.File, error) { return os.Open(dir) }

// OpenFile is [os.OpenFile]; what it opens may be renamed and replaced while it is open. The errors are those of
// os.OpenFile.
func OpenFile(name string, flag int, perm os.FileMode) (*os.File, error) {
	return os.OpenFile(name, flag, perm)
}

// Replace renames the file at from to to, in one step. A file that was at to goes on for those that have it open. The
// error is a [*os.LinkError].
func Replace(from, to string) error { return os.Rename(from, to) }

// Recover completes a [Replace] of the file at path that a crash cut in two: there is none. The error is nil.
func Recover(path string) error { return nil }

// SyncDir makes names that were made or changed in a folder last. The errors are those of [os.Open] and [os.File.Sync].
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// KeepOwner gives f the owner and the group of the file at path where they differ. Only root may give a file to another
// user: the error is a [*os.PathError].
func KeepOwner(f *os.File, path string) error {
	old, err := os.Stat(path)
	if err != nil {
		return err
	}
	mine, err := f.Stat()
	if err != nil {
		return err
	}
	want, have := old.Sys().(*syscall.Stat_t), mine.Sys().(*syscall.Stat_t)
	if want.Uid == have.Uid && want.Gid == have.Gid {
		return nil
	}
	return f.Chown(int(want.Uid), int(want.Gid))
}

// GrowsToMap reports whether mapping more of a file than it holds makes the file as long: never.
const GrowsToMap = false

// ProtectSocket lets the owner and the group of a socket connect to it, and no others. The error is a [*os.PathError].
func ProtectSocket(path string) error { return os.Chmod(path, 0o660) }

// IsRefused reports whether err says that no process accepts connections at an address.
func IsRefused(err error) bool { return errors.Is(err, syscall.ECONNREFUSED) }

// IsAddressInUse reports whether err says that another process listens at an address.
func IsAddressInUse(err error) bool { return errors.Is(err, syscall.EADDRINUSE) }

// IsDiskFull reports whether err says that a disk, a quota or the limit of a file's size has no room left.
func IsDiskFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}

// IsReadOnly reports whether err says that a file system cannot be written to.
func IsReadOnly(err error) bool { return errors.Is(err, syscall.EROFS) }

// IsBrokenPipe reports whether err says that the reader of a pipe is gone.
func IsBrokenPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }

// Descriptors returns how many files and connections this process may have open, as the Go runtime has raised it.
func Descriptors() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil || uint64(limit.Cur) > manyDescriptors {
		return manyDescriptors
	}
	return int(limit.Cur)
}
