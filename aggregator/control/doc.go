// Package control is the socket of the owner of the store: the process, daemon or pass, that has it open. bbolt lets one process at a
// time open the file, so every other command asks the owner to run it and gets back what it prints and its exit code
// (notes/why-hand-over.md).
//
// One connection is one command. The caller sends one line of JSON, a [Call]; the owner answers with lines
// of JSON, each a piece of standard output, a piece of standard error, or the exit code, which is the last; an
// empty line of JSON says that it is alive. A caller that hangs up interrupts its command.
package control

import (
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Call is a command for the owner to run.
type Call struct {
	Config   string            `json:"config"`             // absolute path of the caller's config
	Args     []string          `json:"args"`               // as on the command line, without what only the caller can do
	Files    map[string][]byte `json:"files,omitempty"`    // files named in Args, by name as given
	Secrets  map[string]string `json:"secrets,omitempty"`  // that Args name, as ${NAME} or ${file:PATH}: the caller's, not the owner's
	Terminal bool              `json:"terminal,omitempty"` // the caller's standard error is a terminal that wants progress
	Colour   bool              `json:"colour,omitempty"`   // the caller's standard output is a terminal that wants colour
	Width    int               `json:"width,omitempty"`    // of the terminal that the caller's standard output is, in cells; 0: it is none
}

// frame is one line of the answer.
type frame struct {
	Out  []byte `json:"out,omitempty"`
	Err  []byte `json:"err,omitempty"`
	Exit *int   `json:"exit,omitempty"`
}

// The owner says every beat that it is alive. One that says nothing for patience is not: it was stopped, or its machine hangs.
const (
	beat     = 2 * time.Second
	patience = 20 * time.Second
)

// Errors of asking.
var (
	ErrNoAnswer = errors.New("control: the owner of the store does not answer") // the command may still be carried out
	ErrNoOwner  = errors.New("control: no process has the store open")          // nothing listens
	ErrHungUp   = errors.New("control: the owner ended before the command did") // its outcome is unknown
)

// maxSocketPath is what fits into a socket's address before its final NUL, in bytes: 107 on Linux and Windows, 103 on macOS.
const maxSocketPath = len(syscall.RawSockaddrUnix{}.Path) - 1

// SocketPath returns where the owner of the store listens: beside the store or, where that path is too
// long for a socket, under a name hashed from it in $XDG_RUNTIME_DIR or the temporary folder. The errors are those of
// the file system where the path cannot be made absolute.
func SocketPath(store string) (string, error) {
	abs, err := resolve(store)
	if err != nil {
		return "", err
	}
	if path := abs + ".sock"; len(path) <= maxSocketPath {
		return path, nil
	}
	h := fnv.New64a()
	h.Write([]byte(abs))
	dir := os.Getenv("XDG_RUNTIME_DIR")
	if dir == "" {
		dir = os.TempDir()
	}
	return filepath.Join(dir, fmt.Sprintf("dateline-%016x.sock", h.Sum64())), nil
}

// resolve returns one absolute path for a store, by any links to its folder.
func resolve(store string) (string, error) {
	abs, err := filepath.Abs(store)
	if err != nil {
		return "", err
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
		abs = filepath.Join(dir, filepath.Base(abs))
	}
	return abs, nil
}

// PidPath returns where the owner of the store writes its process id.
func PidPath(store string) string { return store + ".pid" }

// OwnerPid returns the process id that the owner of the store wrote; 0: there is none to read.
func OwnerPid(store string) int {
	b, err := os.ReadFile(PidPath(store))
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		return 0
	}
	return pid
}
