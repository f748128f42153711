//go:build windows

package platform

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"golang.org/x/sys/windows"
)

// TryLock takes a lock of f without waiting, shared or exclusive. Closing f releases it, as does the end of the process.
// It is the lock that bbolt takes: the last byte that a file can have, since Windows keeps others from reading and
// writing a range that is locked. It returns [ErrLocked], or a [*os.PathError] where the file system has no locks.
func TryLock(f *os.File, exclusive bool) error {
	flags := uint32(windows.LOCKFILE_FAIL_IMMEDIATELY)
	if exclusive {
		flags |= windows.LOCKFILE_EXCLUSIVE_LOCK
	}
	err := windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, &windows.Overlapped{Offset: lastByte, OffsetHigh: lastByte})
	switch {
	case err == nil:
		return nil
	case errors.Is(err, windows.ERROR_LOCK_VIOLATION), errors.Is(err, windows.ERROR_IO_PENDING):
		return ErrLocked
	}
	return &os.PathError{Op: "lock", Path: f.Name(), Err: err}
}

// lastByte is each half of the offset of the last byte that a file can have.
const lastByte = 1<<32 - 1

// Unlock releases the lock of f. The error is a [*os.PathError].
func Unlock(f *os.File) error {
	err := windows.UnlockFileEx(windows.Handle(f.Fd()), 0, 1, 0, &windows.Overlapped{Offset: lastByte, OffsetHigh: lastByte})
	if err != nil {
		return &os.PathError{Op: "unlock", Path: f.Name(), Err: err}
	}
	return nil
}

// OpenFolderLock opens the file whose lock keeps a folder: a hidden one in it that stays, since Windows locks no folder.
// The errors are those of [os.OpenFile].
func OpenFolderLock(dir string) (*os.File, error) {
	return os.OpenFile(filepath.Join(dir, ".dateline.lock"), os.O_RDWR|os.O_CREATE, 0o600)
}

// OpenFile opens an existing file as [os.OpenFile] does, with O_RDONLY or O_RDWR. What it opens may be renamed while it
// is open. The error is a [*os.PathError].
func OpenFile(name string, flag int, _ os.FileMode) (*os.File, error) {
	access := uint32(windows.GENERIC_READ)
	if flag&os.O_RDWR != 0 {
		access |= windows.GENERIC_WRITE
	}
	const share = windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE | windows.FILE_SHARE_DELETE
	path, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: name, Err: err}
	}
	h, err := windows.CreateFile(path, access, share, nil, windows.OPEN_EXISTING, windows.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: name, Err: err}
	}
	return os.NewFile(uintptr(h), name), nil
}

// asideMark follows the name of a file that was replaced while it was open, and a time follows it.
const asideMark = ".replaced-"

// Replace renames the file at from to to. A file that was at to and that [OpenFile] opened goes on for those that have it
// open: Windows renames such a file but does not replace it, so it is renamed first. A crash between the two is mended by
// [Recover]. The error is a [*os.LinkError].
func Replace(from, to string) error {
	aside := fmt.Sprintf("%s%s%020d", to, asideMark, time.Now().UnixNano())
	if err := os.Rename(to, aside); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(from, to); err != nil {
		back := os.Rename(aside, to)
		if errors.Is(back, fs.ErrNotExist) { // there was none
			back = nil
		}
		return errors.Join(err, back)
	}
	os.Remove(aside) // if it is open still, Recover does
	return nil
}

// Recover completes a [Replace] of the file at path that a crash cut in two: it gives the newest file that was renamed the
// name back if there is none at path, and removes the others that are not open. The error is a [*os.LinkError].
func Recover(path string) error {
	aside, err := filepath.Glob(path + asideMark + "*")
	if err != nil || len(aside) == 0 {
		return nil
	}
	slices.Sort(aside)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		newest := aside[len(aside)-1]
		aside = aside[:len(aside)-1]
		if err := os.Rename(newest, path); err != nil {
			return err
		}
	}
	for _, name := range aside {
		os.Remove(name)
	}
	return nil
}

// SyncDir does nothing: NTFS writes names to its journal, and Windows flushes no folder. The error is nil.
func SyncDir(dir string) error { return nil }

// KeepOwner gives f the access list of the file at path; f has the owner that the process gives its files. The error is a
// [*os.PathError].
func KeepOwner(f *os.File, path string) error {
	old, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return &os.PathError{Op: "read the access list of", Path: path, Err: err}
	}
	list, _, err := old.DACL()
	if err != nil {
		return &os.PathError{Op: "read the access list of", Path: path, Err: err}
	}
	err = windows.SetNamedSecurityInfo(f.Name(), windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION, nil, nil, list, nil)
	if err != nil {
		return &os.PathError{Op: "set the access list of", Path: f.Name(), Err: err}
	}
	return nil
}

// GrowsToMap reports whether mapping more of a file than it holds makes the file as long: Windows does so.
const GrowsToMap = true

// ProtectSocket does nothing: the rights of the folder hold for a socket in it. The error is nil.
func ProtectSocket(path string) error { return nil }

// IsRefused reports whether err says that no process accepts connections at an address.
func IsRefused(err error) bool {
	return errors.Is(err, windows.WSAECONNREFUSED) || errors.Is(err, syscall.ECONNREFUSED)
}

// IsAddressInUse reports whether err says that another process listens at an address.
func IsAddressInUse(err error) bool {
	return errors.Is(err, windows.WSAEADDRINUSE) || errors.Is(err, syscall.EADDRINUSE)
}

// IsDiskFull reports whether err says that a disk has no room left.
func IsDiskFull(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL) || errors.Is(err, syscall.ENOSPC)
}

// IsReadOnly reports whether err says that a file system cannot be written to.
func IsReadOnly(err error) bool {
	return errors.Is(err, windows.ERROR_WRITE_PROTECT) || errors.Is(err, syscall.EROFS)
}

// IsBrokenPipe reports whether err says that the reader of a pipe is gone.
func IsBrokenPipe(err error) bool {
	return errors.Is(err, windows.ERROR_BROKEN_PIPE) || errors.Is(err, windows.ERROR_NO_DATA) || errors.Is(err, syscall.EPIPE)
}

// Descriptors returns how many files and connections this process may have open: Windows sets no limit that is met.
func Descriptors() int { return manyDescriptors }

// TerminalGone reports true: no process of Windows has a controlling terminal.
func TerminalGone() bool { return true }
