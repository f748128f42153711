package platform

import "golang.org/x/sys/unix"

// Unload takes the pages of a mapping of a file, size bytes from the address at on, out of the memory of this process. The kernel keeps
// them in its cache as long as it likes, and what is read again comes from there. It must not be called of memory that is not mapped from
// a file and shared: its content would be lost. at must be that of a page.
func Unload(at uintptr, size int64) { // only advice: where it fails the pages stay
	_, _, _ = unix.Syscall(unix.SYS_MADVISE, at, uintptr(size), unix.MADV_DONTNEED)
}
