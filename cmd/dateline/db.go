package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"dateline/aggregator/config"
	"dateline/aggregator/control"
	"dateline/cmd/dateline/node"
	"dateline/store"
)

func (a *app) dbCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "db", Short: "Look after the store", Args: cobra.NoArgs, RunE: needsCommand}
	cmd.AddCommand(a.dbStats(), a.dbCheck(), a.dbBackup(), a.dbRestore(), a.dbCompact())
	return cmd
}

// needsCommand is what a command does that is only the name of several.
func needsCommand(cmd *cobra.Command, _ []string) error {
	var names []string
	for _, below := range cmd.Commands() {
		names = append(names, below.Name())
	}
	return usage("%s: want one of %s", cmd.CommandPath(), strings.Join(names, ", "))
}

// onDB is a command that works on a store that is there: in the owner where there is one.
func (a *app) onDB(cmd *cobra.Command, args []string, open opener, do func(context.Context, *node.Node) error) error {
	cfg, err := a.config()
	if err != nil {
		return a.withoutConfig(cmd, args, err)
	}
	if a.owned == nil {
		if err := storeThere(cfg.Store.Path); err != nil {
			return err
		}
	}
	return a.onStore(cmd, args, open, do)
}

// opStore is the Op of an error that says that there is no store.
const opStore = "open store"

func storeThere(path string) error {
	_, err := os.Stat(path)
	var at *fs.PathError
	if errors.As(err, &at) {
		at.Op = opStore
	}
	return err
}

func (a *app) dbStats() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "stats", Short: "Count what the store holds and the room that it takes", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.onDB(cmd, args, openToRead, func(_ context.Context, w *node.Node) error {
				st, err := w.Store.Stats()
				if err != nil {
					return err
				}
				if asJSON {
					return a.json(newStatsRow(st))
				}
				return a.printStats(st)
			})
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

// statsRow is the store as `db stats --json` prints it. Sizes are in bytes.
type statsRow struct {
	Schema  uint64      `json:"schema"`
	Size    int64       `json:"size"`
	Free    int64       `json:"free"` // in pages without content
	Items   int         `json:"items"`
	Entries int         `json:"entries"`
	Head    uint64      `json:"head"`
	PerItem int64       `json:"per_item"` // pages with content, divided by the items; 0: there are none
	Buckets []bucketRow `json:"buckets"`
}

type bucketRow struct {
	Name  string `json:"name"`
	Keys  int    `json:"keys"`
	Bytes int64  `json:"bytes"` // of its pages
	Used  int64  `json:"used"`  // of these by content
}

func newStatsRow(st store.Stats) statsRow {
	r := statsRow{Schema: st.Schema, Size: st.Size, Free: st.Free, Items: st.Items, Entries: st.Entries, Head: st.Head,
		PerItem: perItem(st.Size-st.Free, st.Items)}
	for _, b := range st.Buckets {
		r.Buckets = append(r.Buckets, bucketRow(b))
	}
	return r
}

func perItem(bytes int64, items int) int64 {
	if items == 0 {
		return 0
	}
	return bytes / int64(items)
}

func (a *app) printStats(st store.Stats) error {
	a.printf("%d items, %d entries, log position %d, schema %d\n", st.Items, st.Entries, st.Head, st.Schema)
	a.printf("%s, %s of it free; %d bytes an item\n\n", node.Size(st.Size), node.Size(st.Free), perItem(st.Size-st.Free, st.Items))
	rows := [][]string{{"BUCKET", "KEYS", "BYTES", "FULL", "AN ITEM"}}
	for _, b := range st.Buckets {
		rows = append(rows, []string{b.Name, fmt.Sprint(b.Keys), fmt.Sprint(b.Bytes), fmt.Sprintf("%d %%", 100*b.Used/max(b.Bytes, 1)),
			fmt.Sprint(perItem(b.Bytes, st.Items))})
	}
	return a.table(rows, 1, 2, 3, 4)
}

// faultsError says that the store was looked at and is damaged; the faults have been printed.
type faultsError struct {
	path string
	n    int
}

func (e *faultsError) Error() string { return fmt.Sprintf("%s: %d faults", e.path, e.n) }
func (e *faultsError) Unwrap() error { return store.ErrCorrupt }

func (a *app) dbCheck() *cobra.Command {
	var asJSON bool
	var salvage string
	cmd := &cobra.Command{
		Use: "check", Short: "Look for damage in the store", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("salvage") {
				return a.salvage(cmd, args, salvage, asJSON)
			}
			return a.onDB(cmd, args, openToRead, func(_ context.Context, w *node.Node) error {
				faults := []store.Fault{}
				err := w.Store.Check(func(f store.Fault) { faults = append(faults, f) })
				if errors.Is(err, store.ErrCorrupt) {
					faults, err = append(faults, store.Fault{Where: "store", What: err.Error()}), nil
				}
				if err != nil {
					return err
				}
				return a.printFaults(w.Store.Path(), faults, asJSON)
			})
		},
	}
	cmd.Flags().StringVar(&salvage, "salvage", "", "write what is whole in a damaged store to this new `FILE`")
	jsonFlag(cmd, &asJSON)
	return cmd
}

// faultRow is one fault as `db check --json` prints it.
type faultRow struct {
	Where string `json:"where"`
	What  string `json:"what"`
}

func (a *app) printFaults(path string, faults []store.Fault, asJSON bool) error {
	all := []faultRow{}
	for _, f := range faults {
		all = append(all, faultRow(f))
		if !asJSON {
			a.printf("%s\n", f)
		}
	}
	if asJSON {
		if err := a.json(map[string][]faultRow{"faults": all}); err != nil {
			return err
		}
	}
	if len(faults) > 0 {
		return &faultsError{path, len(faults)}
	}
	if !asJSON {
		a.printf("%s: whole\n", path)
	}
	return nil
}

func (a *app) dbBackup() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "backup FILE", Short: "Copy the store to a file, also while the daemon runs, and check the copy", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			send := func(ctx context.Context, w *node.Node) error {
				bar := a.progress()
				defer bar.clear()
				return w.Store.Copy(ctx, a.stdout, bar.written("backup"))
			}
			if a.owned != nil { // the caller writes the file
				return send(cmd.Context(), a.owned)
			}
			if err := a.receive(args[0], func() error { return a.onDB(cmd, args, openToRead, send) }); err != nil || !asJSON {
				return err
			}
			info, err := os.Stat(args[0])
			if err != nil {
				return err
			}
			return a.json(backupRow{File: args[0], Bytes: info.Size()})
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

// backupRow is what `db backup --json` prints: the file that was written and its size.
type backupRow struct {
	File  string `json:"file"`
	Bytes int64  `json:"bytes"`
}

// receive makes the file at path out of what a command prints, whole and checked or not at all.
func (a *app) receive(path string, print func() error) error {
	if sameFile(path, config.StorePath(a.configPath)) {
		return usage("%s is the store itself", path)
	}
	f, err := createFile(path) // its mode stays 0600: it holds what is not public
	if err != nil {
		return err
	}
	defer f.Abort()
	stdout := a.stdout
	a.stdout = f
	err = print()
	a.stdout = stdout
	var remote *remoteError
	if errors.As(err, &remote) && remote.code == exitOK {
		err = nil
	}
	if err != nil {
		return err
	}
	bar := a.progress()
	bar.unknown("backup: checking the copy")
	err = store.Verify(f.Name())
	bar.clear()
	if err != nil {
		return fmt.Errorf("the copy: %w", err)
	}
	return f.Commit()
}

func sameFile(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

func (a *app) dbRestore() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "restore FILE", Short: "Put a checked copy of a backup in the place of the store, which is kept beside it", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withoutOwner(cmd, args, func(path string, progress store.Progress) error {
				if sameFile(args[0], path) {
					return usage("%s is the store itself", args[0])
				}
				kept, err := store.Restore(cmd.Context(), args[0], path, progress)
				switch {
				case err != nil:
					return err
				case asJSON:
					return a.json(map[string]string{"kept": kept}) // empty: there was no store
				case kept != "":
					a.printf("the old file is %s\n", kept)
				}
				return nil
			})
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

// withoutOwner runs do, which replaces the store's file, where no process holds it: not by handing it to an owner.
func (a *app) withoutOwner(cmd *cobra.Command, args []string, do func(path string, progress store.Progress) error) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	path := cfg.Store.Path
	if a.owned != nil {
		return &busyError{store: path, pid: os.Getpid(), err: store.ErrBusy}
	}
	bar := a.progress()
	err = do(path, bar.written(cmd.Name()))
	bar.clear()
	if errors.Is(err, store.ErrBusy) {
		return &busyError{store: path, pid: control.OwnerPid(path), err: err}
	}
	return err
}

func (a *app) dbCompact() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "compact", Short: "Give the room of what was removed back to the disk, also while the daemon runs", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.onDB(cmd, args, openToWrite, func(ctx context.Context, w *node.Node) error {
				bar := a.progress()
				before, after, err := w.Store.Compact(ctx, bar.written("compact"))
				bar.clear()
				switch {
				case err != nil:
					return err
				case asJSON:
					return a.json(map[string]int64{"before": before, "after": after})
				}
				a.printf("%s, before %s\n", node.Size(after), node.Size(before))
				return nil
			})
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}
