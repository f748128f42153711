// Package store keeps the wire in one bbolt file. It is the only importer of bbolt.
//
// Callers work in whole visits, never in keys and values: [Store.Commit] runs a pure decision over a
// [View] and applies the [Writes] it returns in one transaction, grouped with those of other visits that
// end at the same moment. [Store.View] gives a consistent snapshot to read.
//
// What it promises:
//   - A commit is on disk, fsynced, or it has not happened. After kill -9 at any moment the file opens and
//     holds every commit that was acknowledged.
//   - Positions of the log are dense from 1 and never reused.
//   - A file that is not ours, damaged, or written by a newer schema is refused and left untouched.
//   - A file replaced under a running process is noticed before the next commit.
//
// Caveats: one process at a time holds the file. The file never shrinks by itself. A View and what it
// returns by reference must not outlive the function it was given to; items and entries are copies and may.
package store
