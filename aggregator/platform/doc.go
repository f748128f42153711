// Package platform is what differs between the operating systems that Dateline runs on: file locks, files that are
// replaced while they are open, owners of files, the rights of a socket, and the errors that the system returns.
// unix.go holds Linux, macOS and the BSDs; windows.go holds Windows 10 and Server 2019 or later, the first with
// sockets of the file system; mapping_linux.go and mapping_other.go hold what Linux alone has. What runs on all of them alike is not here.
package platform

import "errors"

// ErrLocked is returned by [TryLock] when another open file holds a lock that excludes the one asked for.
var ErrLocked = errors.New("locked by another process")

// manyDescriptors is what [Descriptors] returns at most.
const manyDescriptors = 1 << 20
