package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"dateline/aggregator/config"
	"dateline/aggregator/control"
	"dateline/aggregator/platform/atomicfile"
	"dateline/cmd/dateline/node"
	"dateline/store"
)

// app is one run of one command line, by the process it was typed for or, in its stead, by the owner of the store.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	terminal       bool // stderr is a terminal; for a caller: progress is wanted
	colour         bool // stdout is a terminal that wants colour
	width          int  // of the terminal that stdout is, in cells; 0: it is none
	started        bool // the command line was understood

	configPath string
	verbose    bool
	quiet      bool
	noProgress bool

	open  atomic.Pointer[openStore] // nil: no store
	owned *node.Node                // set where the owner runs the command
	only  string                    // the name of the one command that is wanted; empty: of all
	files map[string][]byte         // files that the caller read for the owner

	secrets map[string]string // that the command line names, by how it names them
}

// newNode puts a node together on st, as the config says.
func (a *app) newNode(cfg *config.Config, st *store.Store, log *slog.Logger) (*node.Node, error) {
	return node.New(cfg, a.configPath, Version(), st, log)
}

// lockWait is how long a command waits for a store whose owner does not answer.
const lockWait = 10 * time.Second

// reads runs do on a store that it only reads: in the owner where there is one, else on the file itself. A
// store that is not there reads as an empty one.
func (a *app) reads(cmd *cobra.Command, args []string, do func(context.Context, *node.Node) error) error {
	return a.onStore(cmd, args, openToRead, do)
}

// writes runs do on a store that it changes, and makes the store where there is none.
func (a *app) writes(cmd *cobra.Command, args []string, do func(context.Context, *node.Node) error) error {
	return a.onStore(cmd, args, openToWrite, do)
}

// opener opens the store of a config; what it returns besides is called when the store was closed.
type opener func(*config.Config) (*store.Store, func(), error)

func (a *app) onStore(cmd *cobra.Command, args []string, open opener, do func(context.Context, *node.Node) error) error {
	ctx := cmd.Context()
	if a.owned != nil {
		return do(ctx, a.owned)
	}
	cfg, err := a.config()
	if err != nil {
		return a.withoutConfig(cmd, args, err)
	}
	st, done, err := a.acquire(ctx, cmd, args, cfg, open)
	if err != nil {
		return err
	}
	defer done()
	a.open.Store(&openStore{cmd.Name(), st})
	if cfg, err = inForce(cfg, st); err != nil {
		return errors.Join(err, st.Close())
	}
	w, err := a.newNode(cfg, st, a.logger())
	if err != nil {
		return errors.Join(err, st.Close())
	}
	err = a.serving(ctx, w, do)
	return errors.Join(err, w.Close())
}

// changing are the commands that change something, or are about the file itself: with a config that cannot be read none of them is run.
var changing = []string{"serve", "check", "db compact", "db restore", "entry split", "entry join", "entry withdraw", "entry restore",
	"sources release", "sources drop-held", "sources purge"}

// withoutConfig runs a command where the config cannot be read: in the process that has the store open, under the config that it took
// in, if there is one and the command changes nothing but what a pass does. Else it returns the error of the config.
func (a *app) withoutConfig(cmd *cobra.Command, args []string, broken error) error {
	var errs config.Errors
	if !errors.As(broken, &errs) || slices.Contains(changing, strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()+" ")) {
		return broken
	}
	call, err := a.call(cmd, args)
	if err != nil {
		return broken
	}
	code, err := control.Ask(cmd.Context(), config.StorePath(a.configPath), call, a.stdout, a.stderr)
	switch {
	case errors.Is(err, control.ErrNoOwner):
		return broken
	case err != nil:
		return errors.Join(broken, err)
	}
	a.sayUnread()
	return &remoteError{exit(code)}
}

// sayUnread says that a command was run although the config on disk cannot be read.
func (a *app) sayUnread() {
	a.complaint("%s cannot be read (`dateline check` says why): "+
		"the process that has the store open answered, under the config that it took in", a.configPath)
}

// readConfig returns the config for a command that changes nothing and needs no store. Where the file is broken it is that of the process
// that has the store open, and said so; without such a process it returns the errors of the file.
func (a *app) readConfig(ctx context.Context) (*config.Config, error) {
	cfg, broken := a.config()
	var errs config.Errors
	if !errors.As(broken, &errs) {
		if broken == nil && cfg.Store.DSN != "" && a.owned == nil {
			if all, ok := a.ownersConfig(ctx); ok { // with what it has in common with other nodes
				return all, nil
			}
		}
		return cfg, broken
	}
	cfg, ok := a.ownersConfig(ctx)
	if !ok {
		return nil, broken
	}
	a.sayUnread()
	return cfg, nil
}

// ownersConfig asks the process that has the store open for its config. ok is false where there is none, or it has another config.
func (a *app) ownersConfig(ctx context.Context) (cfg *config.Config, ok bool) {
	path, err := filepath.Abs(a.configPath)
	if err != nil {
		return nil, false
	}
	var text bytes.Buffer
	call := control.Call{Config: path, Args: []string{"config", "print"}}
	code, err := control.Ask(ctx, config.StorePath(a.configPath), call, &text, io.Discard)
	if err != nil || exit(code) != exitOK {
		return nil, false
	}
	cfg, err = config.Parse(a.configPath, text.Bytes())
	return cfg, err == nil
}

// acquire asks the owner to run the command, or opens the store. The owner's answer comes back as a
// [remoteError], nil for success being one too.
func (a *app) acquire(ctx context.Context, cmd *cobra.Command, args []string, cfg *config.Config, open opener) (*store.Store, func(),
	error) {
	path := cfg.Store.Path
	call, err := a.call(cmd, args)
	if err != nil {
		return nil, nil, err
	}
	for began := time.Now(); ; {
		code, err := control.Ask(ctx, path, call, a.stdout, a.stderr)
		if err == nil {
			return nil, nil, &remoteError{exit(code)}
		}
		switch {
		case errors.Is(err, control.ErrNoAnswer):
			return nil, nil, &busyError{store: path, pid: control.OwnerPid(path), unanswered: true, err: err}
		case !errors.Is(err, control.ErrNoOwner):
			return nil, nil, err
		}
		st, done, err := open(cfg)
		switch {
		case err == nil:
			return st, done, nil
		case !errors.Is(err, store.ErrBusy):
			return nil, nil, err
		case time.Since(began) > lockWait:
			return nil, nil, &busyError{store: path, pid: control.OwnerPid(path), unanswered: true, err: err}
		}
	}
}

// openToWrite opens the store of a node that is alone. The store of one that shares its log with others is changed by `serve`.
func openToWrite(cfg *config.Config) (*store.Store, func(), error) {
	if cfg.Store.DSN != "" {
		return nil, nil, &exitError{errors.New("with store.dsn a store is changed by its node, which does not run"), exitTempFail,
			"start `dateline serve` with this config"}
	}
	st, err := store.Open(cfg.Store.Path, store.Options{})
	return st, func() {}, err
}

func openToRead(cfg *config.Config) (*store.Store, func(), error) {
	st, err := store.Open(cfg.Store.Path, store.Options{ReadOnly: true})
	if !errors.Is(err, store.ErrMissing) {
		return st, func() {}, err
	}
	dir, remove, err := atomicfile.TempDir("dateline-empty-")
	if err != nil {
		return nil, nil, err
	}
	st, err = store.Empty(filepath.Join(dir, "empty.db"))
	return st, func() { _ = remove() }, err // else the next run does
}

// serving runs do while answering other commands, if the store can be changed: only then is it held.
func (a *app) serving(ctx context.Context, w *node.Node, do func(context.Context, *node.Node) error) error {
	if w.Store.ReadOnly() {
		return do(ctx, w)
	}
	server, err := control.Listen(w.Config.Store.Path, func(ctx context.Context, c control.Call, stdout, stderr io.Writer) int {
		return answer(ctx, w, c, stdout, stderr)
	}, a.logger())
	if err != nil {
		return err
	}
	err = do(ctx, w)
	return errors.Join(err, server.Close(ctx))
}

// call puts the command line together again, without what only the caller can do.
func (a *app) call(cmd *cobra.Command, args []string) (control.Call, error) {
	path, err := filepath.Abs(a.configPath)
	if err != nil {
		return control.Call{}, err
	}
	c := control.Call{Config: path, Terminal: a.draws(), Colour: a.colour, Width: a.width, Files: a.files, Secrets: a.secrets}
	for at := cmd; at.HasParent(); at = at.Parent() {
		c.Args = append([]string{at.Name()}, c.Args...)
	}
	cmd.Flags().Visit(func(f *pflag.Flag) {
		switch {
		case f.Name == "config" || f.Name == "output":
		case f.Value.Type() == "stringSlice" || f.Value.Type() == "stringArray":
			for _, v := range f.Value.(pflag.SliceValue).GetSlice() {
				c.Args = append(c.Args, "--"+f.Name, v)
			}
		default:
			c.Args = append(c.Args, "--"+f.Name+"="+f.Value.String())
		}
	})
	c.Args = append(append(c.Args, "--"), args...)
	return c, nil
}

// itsOwn is the command that works by the config that its caller read, not by the owner's.
var itsOwn = []string{"check"}

// answer runs a command for a caller; it is what the owner of the store listens for.
func answer(ctx context.Context, w *node.Node, c control.Call, stdout, stderr io.Writer) int {
	a := &app{
		stdin: bytes.NewReader(nil), stdout: stdout, stderr: stderr, terminal: c.Terminal, colour: c.Colour, width: c.Width,
		owned: w, files: c.Files, secrets: c.Secrets, configPath: c.Config,
	}
	if len(c.Args) > 0 { // to make all costs more than the visit of a source that has nothing new
		a.only = c.Args[0]
	}
	mine, err := filepath.Abs(w.ConfigPath)
	if other := err != nil || mine != c.Config && !sameFile(mine, c.Config); other && !slices.Equal(c.Args[:min(len(c.Args), 1)], itsOwn) {
		return int(a.fail(&otherConfigError{mine: c.Config, owners: mine}))
	}
	return int(a.run(ctx, c.Args))
}

// config reads the config, or returns the owner's.
func (a *app) config() (*config.Config, error) {
	if a.owned != nil {
		return a.owned.Config, nil
	}
	return config.Load(a.configPath)
}

// output returns where a document goes: standard output, a device or a pipe as it is, or a file that is written whole and
// then renamed. commit must be called once all is written; abandon cleans up what was not committed.
func (a *app) output(path string) (w io.Writer, commit func() error, abandon func(), err error) {
	if path == "" || a.owned != nil {
		return a.stdout, func() error { return nil }, func() {}, nil
	}
	mode := os.FileMode(0o644)
	switch old, err := os.Stat(path); {
	case err != nil: // it is made
	case old.Mode().IsRegular():
		mode = old.Mode().Perm()
	case !old.IsDir():
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return nil, nil, nil, err
		}
		return f, f.Close, func() { f.Close() }, nil
	}
	f, err := createFile(path)
	if err != nil {
		return nil, nil, nil, err
	}
	commit = func() error { return errors.Join(f.Chmod(mode), f.Commit()) }
	return f, commit, f.Abort, nil
}

// printf writes to standard output; a reader that went away ends the command elsewhere.
func (a *app) printf(format string, args ...any) { _ = write(a.stdout, format, args...) }
