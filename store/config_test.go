package store

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestConfigOfTheLog: a config is the same in every file of the log, at the same position, and wakes those who watch.
func TestConfigOfTheLog(t *testing.T) {
	t.Parallel()
	l := newMemoryLog()
	a, b := l.on(t, filepath.Join(t.TempDir(), "a")), l.on(t, filepath.Join(t.TempDir(), "b"))
	read := func(s *Store) (c Config, seq uint64) {
		t.Helper()
		view(t, s, func(v View) {
			var err error
			if c, err = v.Config(); err != nil {
				t.Fatal(err)
			}
			seq = v.Seq()
		})
		return c, seq
	}
	if c, _ := read(a); !cmp.Equal(c, Config{}) {
		t.Errorf("a new store has %+v", c)
	}
	changed, stop := b.Watch()
	defer stop()
	for i, text := range []string{"feed: {title: One}", "feed: {title: Two}"} {
		err := a.Update(noon.Add(time.Duration(i)*time.Hour), func(tx *Tx) error {
			rev, err := tx.PutConfig([]byte(text), []byte("<svg/>"))
			if rev != uint64(i+1) {
				t.Errorf("revision %d, want %d", rev, i+1)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := b.CatchUp(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-changed:
	default:
		t.Error("the other store did not wake who watches it")
	}
	want := Config{Rev: 2, At: noon.Add(time.Hour), Text: []byte("feed: {title: Two}"), Icon: []byte("<svg/>")}
	one, at := read(a)
	other, also := read(b)
	if d := cmp.Diff(want, one); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(one, other); d != "" || at != also {
		t.Errorf("at %d and %d: %s", at, also, d)
	}
	equal(t, a, b)
}
