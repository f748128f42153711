package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"dateline/store"
)

// A command that does not end is ended by force, its store closed where nothing reads it.
func TestForceEnd(t *testing.T) {
	t.Parallel()
	open := func(t *testing.T) (*app, *bytes.Buffer, *store.Store) {
		st, err := store.Open(filepath.Join(t.TempDir(), "wire.db"), store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var said bytes.Buffer
		a := &app{stderr: &said}
		a.open.Store(&openStore{"ingest", st})
		return a, &said, st
	}
	t.Run("the store is closed", func(t *testing.T) {
		t.Parallel()
		a, said, st := open(t)
		if code := a.forceEnd(); code != exitTempFail || !strings.HasPrefix(said.String(), "dateline: ingest ended by force") {
			t.Errorf("exit %d: %s", code, said)
		}
		again, err := store.Open(st.Path(), store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := again.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Run("the store is still read", func(t *testing.T) {
		t.Parallel()
		a, said, st := open(t)
		reading, released, read := make(chan struct{}), make(chan struct{}), make(chan error)
		go func() {
			read <- st.View(func(store.View) error {
				close(reading)
				<-released
				return nil
			})
		}()
		<-reading
		if code := a.forceEnd(); code != exitTempFail || !strings.Contains(said.String(), "was still in use") {
			t.Errorf("exit %d: %s", code, said)
		}
		close(released)
		if err := <-read; err != nil {
			t.Error(err)
		}
	})
	t.Run("there is no store", func(t *testing.T) {
		t.Parallel()
		var said bytes.Buffer
		if code := (&app{stderr: &said}).forceEnd(); code != exitTempFail || said.Len() == 0 {
			t.Errorf("exit %d: %s", code, &said)
		}
	})
}
