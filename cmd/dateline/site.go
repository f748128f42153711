package main

import (
	"archive/tar"
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

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
			return a.unpacked(dir, asJSON, func() error { return a.reads(cmd, args, a.site) })
		},
	}
	cmd.Flags().StringVarP(&dir, "output", "o", "", "the `DIR` to write to; it is made where it is not there")
	jsonFlag(cmd, &asJSON)
	return cmd
}

// site writes the documents to standard output as a tar archive: who holds the store has them, who asked for them has the
// folder.
func (a *app) site(ctx context.Context, w *deps) error {
	return w.View(func(v store.View) error {
		p, err := w.Publisher(v)
		if err != nil {
			return err
		}
		t := tar.NewWriter(a.stdout)
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

// lastName is that of the entry that ends an archive: one that was cut between two files lacks it.
const lastName = ".end"

// errCut is what becomes of an archive that is not whole.
var errCut = errors.New("the documents ended early")
