package main

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"dateline/aggregator/dedup"
	"dateline/aggregator/news"
	"dateline/aggregator/search"
	"dateline/aggregator/text"
	"dateline/store"
)

// salvage writes what is whole in the store to a new file. It opens no store: a damaged one may not be opened.
func (a *app) salvage(cmd *cobra.Command, args []string, to string, asJSON bool) error {
	return a.withoutOwner(cmd, args, func(path string, progress store.Progress) error {
		if err := storeThere(path); err != nil {
			return err
		}
		got, err := store.Salvage(cmd.Context(), path, to, recogniser(), progress)
		switch {
		case errors.Is(err, fs.ErrExist):
			return usage("%s is there already: name a new file", to)
		case err != nil:
			return err
		}
		return a.printSalvaged(path, to, got, asJSON)
	})
}

// recogniser returns what says by what an item is found.
func recogniser() func(news.Item) store.Recognised {
	var stems text.Stemmer
	return func(it news.Item) store.Recognised {
		return store.Recognised{Keys: dedup.IdentityKeys(it), Fingerprint: dedup.NewText(it).Fingerprint().Terms, Stems: search.Terms(&stems, it)}
	}
}

// salvagedRow is what was salvaged as `db check --salvage --json` prints it.
type salvagedRow struct {
	File    string    `json:"file"`
	Items   int       `json:"items"`
	Entries int       `json:"entries"`
	Log     int       `json:"log"` // records
	Keys    int       `json:"keys"`
	Lost    []lossRow `json:"lost"`
}

// lossRow is what was lost of a bucket.
type lossRow struct {
	Bucket string   `json:"bucket"`
	Rows   int      `json:"rows"` // -1: it cannot be read how many there were
	Keys   []string `json:"keys"` // in hexadecimal, at most 100
}

// lossError says that a new store was made without rows that were lost; they have been printed.
type lossError struct {
	path, to string
	buckets  int
}

func (e *lossError) Error() string {
	return fmt.Sprintf("%s is damaged: rows of %s are not in %s", e.path, counted(e.buckets, "bucket"), e.to)
}

func (e *lossError) verdict() (code exit, hint string) {
	return exitData, "`dateline db restore " + e.to + "` puts what was salvaged in the place of the store, which is kept beside it"
}

func (a *app) printSalvaged(path, to string, got store.Salvaged, asJSON bool) error {
	row := salvagedRow{File: to, Items: got.Items, Entries: got.Entries, Log: got.Records, Keys: got.Keys, Lost: []lossRow{}}
	for _, l := range got.Lost {
		r := lossRow{Bucket: l.Bucket, Rows: l.Rows, Keys: []string{}}
		for _, k := range l.Keys {
			r.Keys = append(r.Keys, fmt.Sprintf("%x", k))
		}
		row.Lost = append(row.Lost, r)
	}
	if asJSON {
		if err := a.json(row); err != nil {
			return err
		}
	} else {
		a.printf("%s: %s, %s, %s, %s\n", to, counted(row.Items, "item"), thousands(row.Entries)+" entries",
			counted(row.Log, "log record"), counted(row.Keys, "key"))
		for _, l := range row.Lost {
			a.printf("lost: %s\n", l)
		}
	}
	if len(row.Lost) > 0 {
		return &lossError{path, to, len(row.Lost)}
	}
	return nil
}

func (l lossRow) String() string {
	rows := counted(l.Rows, "row")
	if l.Rows < 0 {
		rows = "an unknown number of rows"
	}
	if len(l.Keys) == 0 {
		return fmt.Sprintf("%s of bucket %s", rows, l.Bucket)
	}
	return fmt.Sprintf("%s of bucket %s; damaged keys: %s", rows, l.Bucket, strings.Join(l.Keys, " "))
}
