package main

import "testing"

// The heap's limit leaves the kernel a tenth of a large memory, 64 MiB of a small one, half of a tiny one.
func TestHeapOf(t *testing.T) {
	t.Parallel()
	const mib = 1 << 20
	for all, want := range map[uint64]uint64{0: 0, 100 * mib: 50 * mib, 128 * mib: 64 * mib, 256 * mib: 192 * mib, 640 * mib: 576 * mib,
		1000 * mib: 900 * mib} {
		if got := heapOf(all); got != want {
			t.Errorf("of %d MiB: %d, want %d", all/mib, got/mib, want/mib)
		}
	}
}
