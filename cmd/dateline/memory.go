package main

import (
	"os"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// limitMemory sets how much memory the Go heap may take, unless GOMEMLIMIT does, by what the process's cgroup may take, or by the machine's
// memory where there is no cgroup or no limit. Where neither is known there is no limit.
func limitMemory() {
	_, _ = memlimit.Set(memlimit.WithRatio(1), memlimit.WithProvider(func() (uint64, error) {
		all, err := memlimit.ApplyFallback(memlimit.FromCgroup, memlimit.FromSystem)()
		return heapOf(all), err
	}))
}

// heapOf returns what the heap may take of all memory of a process: a tenth is left to the kernel, at least 64 MiB or, of less than
// 128 MiB, half. The runtime passes the limit for moments, and sockets and the store's pages count too.
func heapOf(all uint64) uint64 { return all - max(all/10, min(64<<20, all/2)) }

// collectLess lets the heap grow to five times what is in use before garbage is collected, unless GOGC says how much: for commands that
// need little memory and end soon, which otherwise collect several times while they start.
func collectLess() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
}
