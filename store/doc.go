// Package store keeps the wire in one bbolt file. It is the only importer of bbolt.
//
// Callers work in nouns, never in keys and values: [Store.Update] runs a function in a transaction [Tx] that reads what it
// wrote, grouped with those of other visits that end at the same moment. [Store.View] gives a consistent snapshot to read;
// a [View] cannot write.
//
// What it promises:
//   - A commit is on disk, fsynced, or it has not happened. After kill -9 at any moment the file opens and
//     holds every commit that was acknowledged.
//   - Positions of the log are dense from 1 and never reused.
//   - A file that is not ours, damaged, or written by a newer schema is refused and left untouched.
//   - A file replaced under a running process is noticed before the next commit.
//
// # Errors
//
// What cannot be read is [ErrCorrupt], a [*DamageError] where the row is known; a file that does not take what is written gives the
// error of the operating system. Once a file was replaced, or bbolt broke over it, every call returns [ErrReplaced] or what broke it,
// and after Close [ErrClosed]. The doc of a function names only the errors that it has besides. What is looked up and is not there
// is no error: a bool, or a zero value, says so.
//
// Caveats: one process at a time holds the file. The file never shrinks by itself. A View or a Tx and what it
// returns by reference must not outlive the function it was given to; items and entries are copies and may.
package store
