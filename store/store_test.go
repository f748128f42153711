package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"

	"dateline/aggregator/news"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func temp(t testing.TB, o Options) *Store {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "wire.db"), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// wrote returns what a visit that brought one new item writes.
func wrote(source, guid string) Writes {
	k := news.ItemKey(source, guid)
	return Writes{
		Source: source, Now: noon, State: &news.State{LastVisit: noon, Due: noon.Add(time.Hour)},
		Window:  []news.Seen{{Item: k, Sum: 7}},
		Items:   []news.Item{{Key: k, Entry: k, Source: source, GUID: guid, Title: "One", Revision: 1, FirstSeen: noon}},
		Entries: []news.Entry{{Key: k, Published: noon, Updated: noon}},
		Log:     []news.Record{{Entry: k, Kind: news.RecordNew, Revision: 1}},
	}
}

func commit(t testing.TB, s *Store, w Writes) {
	t.Helper()
	if err := s.Commit(func(View) (Writes, error) { return w, nil }); err != nil {
		t.Fatal(err)
	}
}

func view(t testing.TB, s *Store, read func(View)) {
	t.Helper()
	if err := s.View(func(v View) error { read(v); return nil }); err != nil {
		t.Fatal(err)
	}
}

// populate sets every field that can be reached to something that is not zero.
func populate(v reflect.Value, n *int) {
	*n++
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(noon.Add(time.Duration(*n)*time.Second + 123456789)))
	case v.Kind() == reflect.String:
		v.SetString(fmt.Sprintf("текст %d", *n))
	case v.CanInt():
		v.SetInt(int64(*n))
	case v.CanUint():
		v.SetUint(uint64(*n % 200))
	case v.CanFloat():
		v.SetFloat(float64(*n) / 7)
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		populate(v.Elem(), n)
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fallthrough
	case v.Kind() == reflect.Array:
		for i := range v.Len() {
			populate(v.Index(i), n)
		}
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			populate(v.Field(i), n)
		}
	default:
		panic("no way to fill " + v.Type().String())
	}
}

func TestEveryFieldSurvives(t *testing.T) {
	s := temp(t, Options{})
	n := 0
	var it news.Item
	var st news.State
	var e news.Entry
	populate(reflect.ValueOf(&it).Elem(), &n)
	populate(reflect.ValueOf(&st).Elem(), &n)
	populate(reflect.ValueOf(&e).Elem(), &n)
	it.Sum, st.Due, st.Held = 0, st.Due.Truncate(time.Second), 0
	e.Key, e.State, e.Updated, e.First, e.Last = it.Key, news.Withdrawn, e.Updated.Truncate(time.Second), 0, 0
	commit(t, s, Writes{Source: "belta", Now: noon, State: &st, Items: []news.Item{it}, Entries: []news.Entry{e}})
	view(t, s, func(v View) {
		got, found, err := v.Item(it.Key)
		if err != nil || !found {
			t.Fatal(found, err)
		}
		if d := cmp.Diff(it, got); d != "" {
			t.Errorf("item:\n%s", d)
		}
		gotState, err := v.State("belta")
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(st, gotState); d != "" {
			t.Errorf("state:\n%s", d)
		}
		gotEntry, found, err := v.Entry(it.Key)
		if err != nil || !found {
			t.Fatal(found, err)
		}
		if gotEntry.Changed == 0 {
			t.Error("entry: Changed is not set")
		}
		e.Changed = gotEntry.Changed
		if d := cmp.Diff(e, gotEntry); d != "" {
			t.Errorf("entry:\n%s", d)
		}
		byID, found, err := v.EntryByID(e.ID)
		if err != nil || !found || byID.Key != e.Key {
			t.Errorf("by atom:id: %v %v %v", byID.Key, found, err)
		}
	})
}

func TestLogIsDense(t *testing.T) {
	s := temp(t, Options{})
	for i := range 5 {
		commit(t, s, wrote("belta", fmt.Sprint(i)))
	}
	view(t, s, func(v View) {
		want := v.Head()
		if want != 5 {
			t.Fatalf("head is %d, want 5", want)
		}
		for rec, err := range v.Records(0) {
			if err != nil || rec.Pos != want || rec.Kind != news.RecordNew || !rec.At.Equal(noon) {
				t.Fatalf("%+v, %v: want position %d", rec, err, want)
			}
			e, found, err := v.Entry(rec.Entry)
			if err != nil || !found || e.First != want || e.Last != want || e.Revision != 1 {
				t.Fatalf("%+v, %v, %v: want positions %d", e, found, err, want)
			}
			want--
		}
		var from3 []uint64
		for rec := range v.Records(3) {
			from3 = append(from3, rec.Pos)
		}
		if d := cmp.Diff([]uint64{3, 2, 1}, from3); d != "" {
			t.Error(d)
		}
	})
}

func TestRevisionsAreKept(t *testing.T) {
	s := temp(t, Options{})
	w := wrote("belta", "1")
	for n := 1; n <= maxRevisions+3; n++ {
		w.Items[0].Revision, w.Items[0].Title = n, fmt.Sprint("title ", n)
		w.Log[0].Revision = n
		commit(t, s, w)
	}
	k := w.Items[0].Key
	view(t, s, func(v View) {
		for n, kept := range map[int]bool{1: true, 2: false, 3: false, 4: true, maxRevisions + 3: true, maxRevisions + 4: false} {
			it, found, err := v.Revision(k, n)
			if err != nil || found != kept || kept && it.Title != fmt.Sprint("title ", n) {
				t.Errorf("revision %d: %q, %v, %v", n, it.Title, found, err)
			}
		}
		count := 0
		for it, err := range v.Items() {
			count++
			if err != nil || it.Revision != maxRevisions+3 {
				t.Errorf("%d, %v", it.Revision, err)
			}
		}
		if count != 1 {
			t.Errorf("%d items, want 1", count)
		}
	})
}

func TestBlocks(t *testing.T) {
	s := temp(t, Options{})
	w := Writes{Source: "belta", Now: noon}
	var keys []news.Key
	for i := range 3*blockItems + 2 {
		k := news.ItemKey("belta", fmt.Sprint(i))
		keys = append(keys, k)
		summary := "short"
		if i == 5 {
			summary = strings.Repeat("long ", blockBytes)
		}
		w.Items = append(w.Items, news.Item{Key: k, Entry: k, Title: fmt.Sprint(i), Summary: summary, Revision: 1})
	}
	commit(t, s, w)
	w.Items = w.Items[3:4]
	w.Items[0].Revision, w.Items[0].Title = 2, "3, revised"
	commit(t, s, w)
	view(t, s, func(v View) {
		i := 0
		for it, err := range v.Items() {
			want := fmt.Sprint(i)
			if i == 3 {
				want = "3, revised"
			}
			if err != nil || it.Key != keys[i] || it.Title != want {
				t.Errorf("item %d: %q, %v", i, it.Title, err)
			}
			if one, found, err := v.Item(keys[i]); err != nil || !found || one.Title != want {
				t.Errorf("item %d by key: %q, %v, %v", i, one.Title, found, err)
			}
			i++
		}
		if i != len(keys) {
			t.Errorf("%d items, want %d", i, len(keys))
		}
		blocks := 0
		c := v.tx.Bucket(bItem).Cursor()
		for k, _ := c.First(); len(k) == 9; k, _ = c.Next() {
			blocks++
		}
		if blocks != 5 { // five items, the long one alone, then fourteen in blocks of six
			t.Errorf("%d blocks, want 5", blocks)
		}
	})
}

func TestFeedDescriptionsAreCounted(t *testing.T) {
	s := temp(t, Options{})
	w := wrote("belta", "1")
	for n, title := range []string{"A", "B", "B"} {
		w.Items[0].Revision, w.Items[0].Feed = n+1, news.Feed{Title: title, Updated: noon.Add(time.Duration(n) * time.Hour)}
		commit(t, s, w)
	}
	view(t, s, func(v View) {
		it, _, err := v.Item(w.Items[0].Key)
		if err != nil || it.Feed.Title != "B" || !it.Feed.Updated.Equal(noon.Add(2*time.Hour)) {
			t.Errorf("%+v, %v", it.Feed, err)
		}
		feeds := 0
		c := v.tx.Bucket(bSource).Cursor()
		for k, _ := c.First(); k != nil && k[0] == 0; k, _ = c.Next() {
			feeds++
		}
		if feeds != 2 {
			t.Errorf("%d descriptions, want 2: one for each wording, not one for each visit", feeds)
		}
	})
}

// leftOn returns the day on which an item left its feed, as [dayOf] counts them; 0: it is there.
func leftOn(t *testing.T, s *Store, k news.Key) (day uint32) {
	t.Helper()
	view(t, s, func(v View) {
		c, err := v.claim(k.Claim())
		if err != nil {
			t.Fatal(err)
		}
		day = c.left
	})
	return day
}

func TestLeft(t *testing.T) {
	s := temp(t, Options{})
	one, two := wrote("belta", "1"), wrote("belta", "2")
	commit(t, s, one)
	if day := leftOn(t, s, one.Items[0].Key); day != 0 {
		t.Errorf("while it stands in its feed: left on day %d", day)
	}
	two.Now = noon.Add(24 * time.Hour)
	commit(t, s, two) // the first one is no longer in the window
	if day, want := leftOn(t, s, one.Items[0].Key), dayOf(two.Now); day != want {
		t.Errorf("left on day %d, want %d", day, want)
	}
	back := two
	back.Items, back.Entries, back.Log = nil, nil, nil
	back.Window = append(one.Window, two.Window...)
	commit(t, s, back)
	if day := leftOn(t, s, one.Items[0].Key); day != 0 {
		t.Errorf("back in its feed: left on day %d", day)
	}
	view(t, s, func(v View) {
		if k, _ := v.tx.Bucket(bClaimday).Cursor().First(); k != nil {
			t.Errorf("a day is still noted: %x", k)
		}
	})
}

func TestOneBadVisitTakesNoneWithIt(t *testing.T) {
	s := temp(t, Options{Linger: time.Minute})
	bad := errors.New("bad")
	results := make([]error, 20)
	var all sync.WaitGroup
	for range results {
		defer s.Announce()()
	}
	for i := range results {
		all.Go(func() {
			results[i] = s.Commit(func(View) (Writes, error) {
				switch i {
				case 7:
					return Writes{}, bad
				case 9:
					panic("oh")
				}
				return wrote("belta", fmt.Sprint(i)), nil
			})
		})
	}
	all.Wait()
	var broke *PanicError
	for i, err := range results {
		if i == 7 && !errors.Is(err, bad) || i == 9 && !errors.As(err, &broke) || i != 7 && i != 9 && err != nil {
			t.Errorf("visit %d: %v", i, err)
		}
	}
	view(t, s, func(v View) {
		if v.Head() != 18 {
			t.Errorf("head is %d, want 18", v.Head())
		}
	})
}

func TestAnnouncedVisitsShareATransaction(t *testing.T) {
	s := temp(t, Options{Linger: time.Minute})
	before := transactions(t, s)
	var all sync.WaitGroup
	for range maxGroup {
		defer s.Announce()()
	}
	for i := range maxGroup {
		all.Go(func() { commit(t, s, wrote("belta", fmt.Sprint(i))) })
	}
	all.Wait()
	if n := transactions(t, s) - before; n != 1 {
		t.Errorf("%d transactions for %d announced visits, want 1", n, maxGroup)
	}
}

func transactions(t *testing.T, s *Store) int {
	var id int
	view(t, s, func(v View) { id = v.tx.ID() })
	return id
}

func TestWatch(t *testing.T) {
	s := temp(t, Options{})
	changed, stop := s.Watch()
	defer stop()
	commit(t, s, wrote("belta", "1"))
	commit(t, s, wrote("belta", "2"))
	<-changed
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for range changed {
	}
	if err := s.Commit(func(View) (Writes, error) { return Writes{}, nil }); !errors.Is(err, ErrClosed) {
		t.Errorf("commit after close: %v", err)
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	ours := filepath.Join(dir, "ours.db")
	s, err := Open(ours, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 300 {
		commit(t, s, wrote("belta", fmt.Sprint(i)))
	}
	s.Close()
	good, err := os.ReadFile(ours)
	if err != nil {
		t.Fatal(err)
	}
	foreign := filepath.Join(dir, "foreign.db")
	db, err := bbolt.Open(foreign, 0o600, &bbolt.Options{NoFreelistSync: true})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error { _, err := tx.CreateBucket([]byte("other")); return err })
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	other, err := os.ReadFile(foreign)
	if err != nil {
		t.Fatal(err)
	}
	spoilt := append([]byte(nil), good...)
	for i := 2 * pageSize; i < len(spoilt); i++ {
		spoilt[i] ^= 0x5a
	}
	for _, c := range []struct {
		fact string
		file []byte
		want error
	}{
		{"empty", nil, ErrForeign},
		{"text", []byte("feed:\n  title: a config, not a store\n"), ErrForeign},
		{"junk as long as a store", make([]byte, len(good)), ErrForeign},
		{"another program's database", other, ErrForeign},
		{"cut short", good[:4*pageSize], ErrCorrupt},
		{"pages overwritten", spoilt, ErrCorrupt},
		{"newer schema", ofSchema(t, good, Schema+1), ErrNewer},
		{"older schema", ofSchema(t, good, Schema-1), ErrOlder},
	} {
		t.Run(c.fact, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "wire.db")
			if err := os.WriteFile(path, c.file, 0o640); err != nil {
				t.Fatal(err)
			}
			for _, o := range []Options{{Timeout: 50 * time.Millisecond}, {ReadOnly: true, Timeout: 50 * time.Millisecond}} {
				s, err := Open(path, o)
				if !errors.Is(err, c.want) && !errors.Is(err, ErrBusy) { // a panic below leaves its lock behind
					t.Errorf("%+v: %v, want %v", o, err, c.want)
				}
				if err == nil {
					s.Close()
				}
			}
			after, err := os.ReadFile(path)
			if err != nil || !reflect.DeepEqual(after, append([]byte{}, c.file...)) {
				t.Errorf("the file was touched: %v", err)
			}
		})
	}
	t.Run("missing", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "wire.db")
		if _, err := Open(path, Options{ReadOnly: true}); !errors.Is(err, ErrMissing) {
			t.Error(err)
		}
		if _, err := os.Stat(path); !os.IsNotExist(err) {
			t.Error("reading created it")
		}
	})
	t.Run("held by another", func(t *testing.T) {
		s := temp(t, Options{})
		if _, err := Open(s.Path(), Options{Timeout: 60 * time.Millisecond}); !errors.Is(err, ErrBusy) {
			t.Error(err)
		}
	})
}

func TestFirstStartsAtOnceMakeOneStore(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "wire.db")
	ids := make([]string, 8)
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() {
			s, err := Open(path, Options{Timeout: 20 * time.Second})
			if err != nil {
				t.Error(err)
				return
			}
			ids[i] = s.feedID
			s.Close()
		})
	}
	all.Wait()
	for _, id := range ids {
		if id != ids[0] || id == "" {
			t.Errorf("feed ids differ: %q", ids)
		}
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("%v left in the folder, %v", left, err)
	}
}

func TestFirstStartSweepsUpAfterOneThatWasKilled(t *testing.T) {
	dir := t.TempDir()
	old, young := filepath.Join(dir, ".wire.db.new-1"), filepath.Join(dir, ".wire.db.new-2")
	for _, name := range []string{old, young} {
		if err := os.WriteFile(name, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(old, noon, noon); err != nil {
		t.Fatal(err)
	}
	s, err := Open(filepath.Join(dir, "wire.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := os.Stat(old); !os.IsNotExist(err) {
		t.Error("what a killed start left is still there")
	}
	if _, err := os.Stat(young); err != nil {
		t.Error("a start under way lost its file")
	}
}

func TestReplacedFileIsNoticed(t *testing.T) {
	for fact, replace := range map[string]func(path string) error{
		"removed": os.Remove,
		"moved over": func(path string) error {
			if err := os.WriteFile(path+".new", []byte("x"), 0o600); err != nil {
				return err
			}
			return os.Rename(path+".new", path)
		},
		"cut short": func(path string) error { return os.Truncate(path, 4096) },
	} {
		t.Run(fact, func(t *testing.T) {
			s := temp(t, Options{})
			commit(t, s, wrote("belta", "1"))
			if err := replace(s.Path()); err != nil {
				t.Fatal(err)
			}
			err := s.Commit(func(View) (Writes, error) { return wrote("belta", "2"), nil })
			if !errors.Is(err, ErrReplaced) {
				t.Errorf("commit: %v, want %v", err, ErrReplaced)
			}
		})
	}
}

func TestReadOnlyRefusesCommits(t *testing.T) {
	s := temp(t, Options{})
	path := s.Path()
	s.Close()
	r, err := Open(path, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := r.Commit(func(View) (Writes, error) { return Writes{}, nil }); !errors.Is(err, ErrReadOnly) {
		t.Error(err)
	}
}

// TestChangeReachesOtherTellings: an entry whose other telling changes is another one too, since it shows its title.
func TestChangeReachesOtherTellings(t *testing.T) {
	s := temp(t, Options{})
	one, other, third := wrote("belta", "1"), wrote("tass", "2"), wrote("mfa", "3")
	one.Entries[0].Story = []news.Key{other.Items[0].Key}
	for _, w := range []Writes{one, other, third} {
		commit(t, s, w)
	}
	changed := func(w Writes) (n uint64) {
		view(t, s, func(v View) {
			e, found, err := v.Entry(w.Items[0].Key)
			if err != nil || !found {
				t.Fatal(found, err)
			}
			n = e.Changed
		})
		return n
	}
	wasOther, wasThird := changed(other), changed(third)
	commit(t, s, Writes{Source: "belta", Now: noon, Entries: one.Entries})
	if now := changed(other); now <= wasOther {
		t.Errorf("the other telling still counts %d", now)
	}
	if now := changed(third); now != wasThird {
		t.Errorf("an entry that has nothing to do with it went from %d to %d", wasThird, now)
	}
}

func TestRecordForms(t *testing.T) {
	rec := news.Record{Pos: 3, Kind: news.RecordUpdated, Revision: 2, At: noon}
	for name, updated := range map[string]time.Time{
		"of an entry that was updated before it was seen": noon.Add(-time.Hour), "at once": noon, "after": noon.Add(time.Minute),
	} {
		t.Run(name, func(t *testing.T) {
			want := rec
			want.Updated = updated
			number, got, err := unpackLog(3, packLog(7, want))
			if err != nil || number != 7 || !cmp.Equal(want, got) {
				t.Errorf("%+v of item %d, %v, want %+v", got, number, err, want)
			}
		})
	}
}

// ofSchema returns a store's file with another version of the layout noted in it.
func ofSchema(t *testing.T, file []byte, version uint64) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "other.db")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := bbolt.Open(path, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error { return tx.Bucket(bMeta).Put(kSchema, key8(version)) })
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	out, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
