//go:build !linux

package platform

// Unload does nothing here: elsewhere pages that are not used leave the memory of a process when others need it.
func Unload(at uintptr, size int64) {}
