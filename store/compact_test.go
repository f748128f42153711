package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"

	"dateline/aggregator/news"
	"dateline/store/storetest"
)

// spacious returns a store of which most was erased again, with fingerprints, revisions and a subscription.
func spacious(t *testing.T) *Store {
	t.Helper()
	path := filepath.Join(t.TempDir(), "wire.db")
	if err := os.WriteFile(path, spaciousFile(), 0o640); err != nil {
		t.Fatal(err)
	}
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// spaciousFile makes the file of it, once.
var spaciousFile = sync.OnceValue(func() []byte {
	dir, err := os.MkdirTemp("", "dateline-test-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "wire.db")
	s, err := Open(path, Options{})
	if err != nil {
		panic(err)
	}
	for i := range 300 {
		err = errors.Join(err, put(s, long(i)))
		if i%50 == 0 {
			err = errors.Join(err, put(s, revised("belta", fmt.Sprint(i), 2)))
		}
	}
	back, again := wrote("belta", "0"), wrote("belta", "299")
	back.Items, back.Entries, back.Log = nil, nil, nil
	again.Items, again.Entries, again.Log = nil, nil, nil
	err = errors.Join(err, put(s, back), put(s, again))
	_, pruned := s.Prune(noon.AddDate(0, 1, 0), Retention{Text: 24 * time.Hour}, func(news.Item) []news.IdentityKey { return nil },
		time.Minute)
	err = errors.Join(err, putSubscriptions(s, []news.Subscription{{Token: "t", Source: "belta"}}, nil), pruned, s.Close())
	b, read := os.ReadFile(path)
	if err := errors.Join(err, read); err != nil {
		panic(err)
	}
	return b
})

// long is what a visit writes that brought an item with a text that packs badly.
func long(i int) visited {
	w := wrote("belta", fmt.Sprint(i))
	var text strings.Builder
	for n := range 400 {
		fmt.Fprintf(&text, "%x ", (i+1)*(n+7919)*104729)
	}
	w.Items[0].Content = text.String()
	w.Items[0].Feed = news.Feed{Title: "Agency"}
	w.Keys = []storetest.KeyedItem{{Key: news.NewIdentityKey("address", fmt.Sprint(i)), Item: w.Items[0].Key}}
	w.Fingerprints = []news.Fingerprint{{Item: w.Items[0].Key, At: noon, Terms: []uint32{uint32(i), uint32(i + 7000)}}}
	if i == 299 {
		w.Entries[0].ID = "https://belta.example/299"
	}
	return w
}

func revised(source, guid string, revision int) visited {
	w := wrote(source, guid)
	w.Items[0].Revision, w.Items[0].Title = revision, "Two"
	w.Log[0].Kind, w.Log[0].Revision = news.RecordUpdated, revision
	return w
}

// content returns all keys and values but those of meta, each under its path; the states of sources as they are, folded or not.
func content(t *testing.T, s *Store) map[string]string {
	t.Helper()
	all := map[string]string{}
	var walk func(path string, b *bbolt.Bucket) error
	walk = func(path string, b *bbolt.Bucket) error {
		return b.ForEach(func(k, v []byte) error {
			if v == nil {
				return walk(path+"/"+string(k), b.Bucket(k))
			}
			if path == string(bSource) && k[0] != 0 && k[len(k)-1] != 0 {
				return nil
			}
			all[path+"/"+string(k)] = string(v)
			return nil
		})
	}
	view(t, s, func(v View) {
		if err := v.tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			if string(name) == string(bMeta) || string(name) == string(bVisit) {
				return nil
			}
			return walk(string(name), b)
		}); err != nil {
			t.Error(err)
		}
		states, err := v.readStates()
		if err != nil {
			t.Error(err)
			return
		}
		for _, part := range states.parts {
			for source, packed := range part {
				all["state/"+source] = string(packed)
			}
		}
	})
	return all
}

func changed(t *testing.T, s *Store, k news.Key) (n uint64) {
	t.Helper()
	view(t, s, func(v View) {
		e, found, err := v.Entry(k)
		if err != nil || !found {
			t.Error(found, err)
		}
		n = e.Changed
	})
	return n
}

func TestCompact(t *testing.T) {
	t.Parallel()
	s := spacious(t)
	was := content(t, s)
	var progress int64
	before, after, err := s.Compact(t.Context(), func(done, total int64) { progress = done })
	if err != nil || after >= before {
		t.Fatalf("%d bytes, then %d: %v", before, after, err)
	}
	if progress == 0 && before > 8<<20 {
		t.Error("no progress was told")
	}
	if diff := cmp.Diff(was, content(t, s)); diff != "" {
		t.Error(diff)
	}
	if _, err := Open(s.Path(), Options{Timeout: 60 * time.Millisecond}); !errors.Is(err, ErrBusy) {
		t.Errorf("the new file is not held: %v", err)
	}
	commit(t, s, wrote("belta", "afterwards"))
	r := reopened(t, s)
	if faults := check(t, r); len(faults) > 0 {
		t.Error(faults)
	}
	if n := len(content(t, r)); n <= len(was) {
		t.Errorf("%d keys, and %d before a further commit", n, len(was))
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(s.Path()), ".*")); err != nil || len(left) > 0 {
		t.Error(left, err)
	}
}

// TestCompactCountsOn: what is kept of an entry under its count is not taken for another state of it.
func TestCompactCountsOn(t *testing.T) {
	t.Parallel()
	s := spacious(t)
	for i := range 3 {
		k := news.ItemKey("belta", "299")
		was := changed(t, s, k)
		if _, _, err := s.Compact(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if i == 1 {
			s = reopened(t, s)
		}
		commit(t, s, revised("belta", "299", 3+i))
		if is := changed(t, s, k); is <= was {
			t.Errorf("changed at %d, then at %d", was, is)
		}
	}
}

func TestCompactBesideCommitsAndReaders(t *testing.T) {
	t.Parallel()
	s := spacious(t)
	ctx, stop := context.WithCancel(t.Context())
	var under sync.WaitGroup
	for worker := range 3 {
		under.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				commit(t, s, wrote("tass", fmt.Sprint(worker, " ", i)))
				view(t, s, func(v View) {
					if _, found, err := v.Item(news.ItemKey("tass", fmt.Sprint(worker, " ", i))); err != nil || !found {
						t.Error("an acknowledged item is gone", err)
					}
				})
			}
		})
	}
	view(t, s, func(v View) { // a reader that outlives several compactions
		head := v.Head()
		for range 5 {
			if _, _, err := s.Compact(t.Context(), nil); err != nil {
				t.Error(err)
			}
		}
		if v.Head() != head {
			t.Errorf("the snapshot moved from %d to %d", head, v.Head())
		}
	})
	stop()
	under.Wait()
	was := content(t, s)
	if diff := cmp.Diff(was, content(t, reopened(t, s))); diff != "" {
		t.Error(diff)
	}
}

func TestCompactThatIsCalledOffChangesNothing(t *testing.T) {
	t.Parallel()
	s := spacious(t)
	was, err := os.Stat(s.Path())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := s.Compact(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if is, err := os.Stat(s.Path()); err != nil || !os.SameFile(was, is) {
		t.Error("it is another file", err)
	}
	commit(t, s, wrote("belta", "afterwards"))
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(s.Path()), ".*")); err != nil || len(left) > 0 {
		t.Error(left, err)
	}
}

// TestWaitingForTheOldFile: who waited for the lock while the file was replaced does not go on with the old one.
func TestWaitingForTheOldFile(t *testing.T) {
	t.Parallel()
	s := spacious(t)
	path := s.Path()
	opened := make(chan error)
	go func() {
		_, err := Open(path, Options{ReadOnly: true, Timeout: 10 * time.Second})
		opened <- err
	}()
	<-time.After(100 * time.Millisecond) // it waits by now; if not, the new file is held all the same
	if _, _, err := s.Compact(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if err := <-opened; !errors.Is(err, ErrBusy) {
		t.Errorf("got %v, want ErrBusy", err)
	}
}

func TestSpaceIsThatOfTheFile(t *testing.T) {
	t.Parallel()
	s := spacious(t)
	size, free := s.Space()
	info, err := os.Stat(s.Path())
	if err != nil {
		t.Fatal(err)
	}
	if size != info.Size() {
		t.Errorf("the size is %d, the file has %d bytes", size, info.Size())
	}
	if free == 0 || free >= size {
		t.Errorf("%d of %d bytes are free", free, size)
	}
	st, err := s.Stats()
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{"items": int(st.Items), "entries": int(st.Entries), "head": int(st.Head), "schema": int(st.Schema)}
	if d := cmp.Diff(map[string]int{"items": 300, "entries": 300, "head": 306, "schema": int(Schema)}, counts); d != "" {
		t.Error(d)
	}
	var sum int64
	for _, b := range st.Buckets {
		sum += b.Bytes
		if b.Used > b.Bytes {
			t.Errorf("%+v", b)
		}
	}
	if sum == 0 || sum > size-free {
		t.Errorf("buckets take %d bytes, %d of %d are free", sum, free, size)
	}
}

// A copy that was killed takes no room for longer than until the store is next opened to be written to.
func TestOpeningSweepsUpAfterACopyThatWasKilled(t *testing.T) {
	t.Parallel()
	s := spacious(t)
	var left []string
	for _, kind := range []string{compacted, restored} {
		f, err := createTemp(s.Path(), kind)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(f.Close(), os.Chtimes(f.Name(), noon, noon)); err != nil {
			t.Fatal(err)
		}
		left = append(left, f.Name())
	}
	reopened(t, s)
	for _, name := range left {
		if _, err := os.Stat(name); !os.IsNotExist(err) {
			t.Errorf("%s: %v", filepath.Base(name), err)
		}
	}
}
