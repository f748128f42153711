package store

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"dateline/aggregator/news"
)

// TestPanicIsNoDamage: a bug of the caller's is not taken for a damaged file, and what bbolt cannot read is no bug.
func TestPanicIsNoDamage(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	commit(t, s, wrote("belta", "1"))
	var lost *bbolt.Bucket
	for name, c := range map[string]struct {
		panics func()
		damage bool
	}{
		"a value":               {func() { panic("a bug") }, false},
		"beyond a slice":        {func() { _ = []int{}[len(s.Path())] }, false},
		"no page at the engine": {func() { lost.Get([]byte("k")) }, true},
	} {
		for in, run := range map[string]func(func()) error{
			"View": func(do func()) error {
				return s.View(func(View) error { do(); return nil })
			},
			"Update": func(do func()) error {
				return s.Update(noon, func(*Tx) error { do(); return nil })
			},
		} {
			err := run(c.panics)
			var bug *PanicError
			if errors.Is(err, ErrCorrupt) != c.damage || errors.As(err, &bug) == c.damage {
				t.Errorf("%s in %s: %v", name, in, err)
			}
		}
	}
	if got := find(t, s, 1, 1); got != nil {
		t.Error(got)
	}
}

// TestTextThatIsNoUTF8IsRefused: nothing of an update with such a string is stored, but what is remembered of a source is, as a server
// sent it.
func TestTextThatIsNoUTF8IsRefused(t *testing.T) {
	t.Parallel()
	const bad = "M\xfcnchen"
	for name, spoil := range map[string]func(*visited){
		"title":   func(w *visited) { w.Items[0].Title = bad },
		"long":    func(w *visited) { w.Items[0].Content = string(make([]byte, 70_000)) + bad },
		"list":    func(w *visited) { w.Items[0].Aliases = []string{"fine", bad} },
		"feed":    func(w *visited) { w.Items[0].Feed = news.Feed{Title: bad} },
		"atom:id": func(w *visited) { w.Entries[0].ID = bad },
		"rule":    func(w *visited) { w.Rules = []news.Rule{{Item: w.Items[0].Key, Stand: bad}} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := temp(t, Options{})
			w := wrote("belta", "1")
			spoil(&w)
			err := put(s, w)
			var text *TextError
			if !errors.As(err, &text) || len(text.Text) < len(bad) {
				t.Errorf("got %v, want a TextError", err)
			}
			view(t, s, func(v View) {
				if _, found, err := v.Item(w.Items[0].Key); found || err != nil || v.Head() != 0 {
					t.Errorf("something was stored: %v, %v", found, err)
				}
			})
			w = wrote("belta", "1")
			w.Items[0].Title, w.Items[0].URL = "Мюнхен", string(make([]byte, 300))
			w.Items[0].IdentityKeys = []news.IdentityKey{{0x61, 0xff}} // bytes, which look like a string that is not UTF-8
			w.State.Validators.ETag = bad
			commit(t, s, w)
			view(t, reopened(t, s), func(v View) {
				if st, err := v.State("belta"); err != nil || st.Validators.ETag != bad {
					t.Errorf("%q, %v", st.Validators.ETag, err)
				}
			})
		})
	}
}

// TestDamageErrorIsShort: so that what reads it line by line can.
func TestDamageErrorIsShort(t *testing.T) {
	t.Parallel()
	long := (&DamageError{Bucket: "item", Key: bytes.Repeat([]byte{0xab}, 32777), Reason: "its sum is wrong"}).Error()
	if want := strings.Repeat("ab", 64) + "... (32777 bytes): its sum is wrong"; !strings.HasSuffix(long, want) || len(long) > 300 {
		t.Errorf("%.400s", long)
	}
	short := (&DamageError{Bucket: "log", Key: key8(7), Reason: "is missing"}).Error()
	if !strings.HasSuffix(short, "key 0000000000000007: is missing") {
		t.Error(short)
	}
}
