package main

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"dateline/cmd/dateline/node"
	"dateline/store"
)

func (a *app) siteCommand() *cobra.Command {
	var dir string
	var asJSON bool
	cmd := &cobra.Command{
		Use: "site -o DIR", Short: "Write every document as a file, for static hosting", Args: cobra.NoArgs,
		Long: "Write every document that the daemon would serve as a file below DIR: feeds, archives, pages, the list of sources.\n" +
			"A file is replaced whole, and only if it changed. What is no longer served is removed if it was written by this\n" +
			"command and not changed since; a file in DIR, " + manifestName + ", lists what was written.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if a.owned != nil {
				return a.reads(cmd, args, a.site)
			}
			if dir == "" {
				return usage("-o DIR is missing")
			}
			state, err := siteState(dir)
			if err != nil {
				return err
			}
			a.files = map[string][]byte{stateName: state}
			return a.unpacked(dir, asJSON, func() error { return a.reads(cmd, args, a.site) })
		},
	}
	cmd.Flags().StringVarP(&dir, "output", "o", "", "the `DIR` to write to; it is made where it is not there")
	cobra.CheckErr(cmd.MarkFlagDirname("output")) // it fails for an unknown flag only
	jsonFlag(cmd, &asJSON)
	return cmd
}

// site writes the documents to standard output as a tar archive: the process that has the store open has them, the caller has the
// folder. First comes what they are made of; where the folder has been made of the same, nothing but that comes.
func (a *app) site(ctx context.Context, w *node.Node) error {
	return w.View(func(v store.View) error {
		state := madeOf(w, v)
		t := tar.NewWriter(a.stdout)
		if err := t.WriteHeader(&tar.Header{Name: stateName, Size: int64(len(state))}); err != nil {
			return err
		}
		if _, err := t.Write(state); err != nil {
			return err
		}
		if bytes.Equal(a.files[stateName], state) {
			return errors.Join(t.WriteHeader(&tar.Header{Name: sameName}), t.Close())
		}
		p, err := w.Publisher(v)
		if err != nil {
			return err
		}
		for f, err := range p.Site(v) {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				return err
			}
			if err := t.WriteHeader(&tar.Header{Name: f.Name, Mode: 0o644, Size: int64(len(f.Bytes))}); err != nil {
				return err
			}
			if _, err := t.Write(f.Bytes); err != nil {
				return err
			}
		}
		if err := t.WriteHeader(&tar.Header{Name: lastName}); err != nil {
			return err
		}
		return t.Close()
	})
}

// madeOf names what documents are made of: the program, the config with its icon, and the updates of the store that changed more than
// the states of sources. The same make the same bytes.
func madeOf(w *node.Node, v store.View) []byte {
	h := sha256.New()
	fmt.Fprintf(h, "%s\x00%s\x00%s\x00%s", Version(), w.Config.Effective().YAML(), w.Config.Changed(), w.Config.Icon())
	fmt.Fprintf(h, "\x00%s\x00%d", v.FeedID(), v.Seq())
	if path, err := os.Executable(); err == nil { // a version that is not stamped says nothing
		if info, err := os.Stat(path); err == nil {
			fmt.Fprintf(h, "\x00%d\x00%s", info.Size(), info.ModTime())
		}
	}
	return []byte(hex.EncodeToString(h.Sum(nil)))
}

// unpacked runs what writes an archive to standard output, and unpacks it into dir. Nothing is removed unless all of it
// came.
func (a *app) unpacked(dir string, asJSON bool, run func() error) error {
	from, to := io.Pipe()
	stdout := a.stdout
	a.stdout = to
	ended := make(chan error, 1)
	go func() {
		err := run()
		if code, _ := judge(err); code == exitOK {
			to.Close()
		} else {
			to.CloseWithError(errCut)
		}
		ended <- err
	}()
	files, err := openFolder(dir)
	if err == nil {
		err = errors.Join(files.unpack(from), files.close())
	}
	if err == nil {
		_, err = io.Copy(io.Discard, from) // what follows the archive's end
	}
	from.CloseWithError(err)
	ran := <-ended
	a.stdout = stdout
	if code, _ := judge(ran); code != exitOK {
		return ran
	}
	if err != nil {
		return err
	}
	if asJSON {
		return a.json(files.done)
	}
	if a.verbose { // else it is silent, as cron wants it
		a.printf("%d written, %d unchanged, %d removed\n", files.done.Written, files.done.Unchanged, files.done.Removed)
	}
	return nil
}

// stateName is the first entry of an archive, and a line of the manifest: what the files are made of. sameName is the last entry of an
// archive whose files are those that the folder has.
const stateName, sameName = ".state", ".same"

// lastName is that of the entry that ends an archive: one that was cut between two files lacks it.
const lastName = ".end"

// errCut is what becomes of an archive that is not whole.
var errCut = errors.New("the documents ended early")
