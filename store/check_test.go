package store

import (
	"errors"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"dateline/aggregator/news"
	"dateline/store/postings"
)

func check(t *testing.T, s *Store) (all []string) {
	t.Helper()
	if err := s.Check(func(f Fault) { all = append(all, f.String()) }); err != nil {
		t.Error(err)
	}
	return all
}

func TestCheckFindsNothingInAWholeStore(t *testing.T) {
	t.Parallel()
	s := spacious(t)
	for range 2 {
		if faults := check(t, s); len(faults) > 0 {
			t.Error(faults)
		}
		keep(t, s, noon.AddDate(4, 0, 0)) // keys go
	}
	empty := temp(t, Options{})
	if faults := check(t, empty); len(faults) > 0 {
		t.Error(faults)
	}
}

func TestCheckFindsWhatIsHeldUnlisted(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	w := wrote("belta", "1")
	w.Items[0].Held, w.Entries[0].State, w.Log = true, news.Held, nil
	commit(t, s, w)
	if faults := check(t, s); len(faults) > 0 {
		t.Error(faults)
	}
	err := s.db.Load().Update(func(tx *bbolt.Tx) error {
		k, _ := tx.Bucket(bHeld).Cursor().First()
		return tx.Bucket(bHeld).Delete(k)
	})
	if err != nil {
		t.Fatal(err)
	}
	if faults := check(t, s); len(faults) != 1 || !strings.Contains(faults[0], "on no list") {
		t.Error(faults)
	}
}

// TestCheckFinds breaks each rule once.
func TestCheckFinds(t *testing.T) {
	t.Parallel()
	const first = 251 // the number of an item that an entry stands for
	in := func(do func(p *postings.Writer) error) func(*bbolt.Tx) error {
		return func(tx *bbolt.Tx) error {
			p, err := newPostings().Writer(tx.Bucket(bPostings))
			return errors.Join(err, do(p))
		}
	}
	remove := func(index int, id uint64) func(*bbolt.Tx) error {
		return in(func(p *postings.Writer) error {
			_, err := p.Remove(index, id)
			return err
		})
	}
	add := func(index int, id uint64) func(*bbolt.Tx) error {
		return in(func(p *postings.Writer) error {
			return p.Add(postings.Posting{Index: index, Doc: postings.Doc{ID: id}, Terms: []uint64{1}})
		})
	}
	for fact, spoil := range map[string]struct {
		do   func(*bbolt.Tx) error
		want string
	}{
		"a position without its entry": {func(tx *bbolt.Tx) error {
			return tx.Bucket(bEntry).Delete(key8(first))
		}, "has no entry"},
		"a gap in the log":        {func(tx *bbolt.Tx) error { return tx.Bucket(bLog).Delete(key8(303)) }, "log 304: follows 302"},
		"a record that is no one": {func(tx *bbolt.Tx) error { return tx.Bucket(bLog).Put(key8(303), []byte{9}) }, "log 303: "},
		"an entry of no item": {func(tx *bbolt.Tx) error {
			return tx.Bucket(bEntry).Put(key8(9999), packEntry(news.Entry{}))
		}, "entry 9999: its item is not there"},
		"an entry beyond the log": {func(tx *bbolt.Tx) error {
			return tx.Bucket(bEntry).Put(key8(first), packEntry(news.Entry{First: 5, Last: 99999}))
		}, "of a log that ends at"},
		"an entry with another's item": {func(tx *bbolt.Tx) error {
			return tx.Bucket(bEntry).Put(key8(first), packEntry(news.Entry{Items: []news.Key{news.ItemKey("belta", "251")}}))
		}, "says that it stands in"},
		"an atom:id that leads nowhere": {remove(iKey, 300), "its atom:id https://belta.example/299 does not lead to it"},
		"an item whose key is lost":     {remove(iKey, first), "its key does not lead to it"},
		"a departure that cannot be read": {func(tx *bbolt.Tx) error {
			return tx.Bucket(bDeparted).Put(key8(first), []byte{1})
		}, "it has no day"},
		"a departure without a day": {func(tx *bbolt.Tx) error {
			return tx.Bucket(bDeparted).Put(key8(9999), []byte{0, 0, 0, 9})
		}, "no day is noted"},
		"an item that left and is not waited for": {func(tx *bbolt.Tx) error {
			return tx.Bucket(bExpiry).ForEach(func(k, _ []byte) error { return tx.Bucket(bExpiry).Delete(k) })
		}, "no day is noted"},
		"a day for no item": {func(tx *bbolt.Tx) error {
			return tx.Bucket(bExpiry).Put(dayKey(expireText, 5, 9999), nil)
		}, "expiry: there is no item 9999"},
		"a block that cannot be read": {func(tx *bbolt.Tx) error {
			k, v := tx.Bucket(bItem).Cursor().Seek(blockKey(first))
			return tx.Bucket(bItem).Put(k, append([]byte(nil), v[:len(v)-9]...))
		}, "unreadable value"},
		"a revision of no item": {func(tx *bbolt.Tx) error {
			return tx.Bucket(bItem).Put(revisionKey(9999, 2), []byte{formZstd})
		}, "item 9999 revision 2: "},
		"numbers that were not given": {func(tx *bbolt.Tx) error { return tx.Bucket(bItem).SetSequence(10) }, "10 were given"},
		"a state that cannot be read": {func(tx *bbolt.Tx) error { return tx.Bucket(bSource).Put([]byte("tass"), []byte{formPlain}) }, "source tass: "},
		"a window of no item": {func(tx *bbolt.Tx) error {
			return tx.Bucket(bSource).Put(windowKey("belta"), packWindow([]seen{{number: 9999}}))
		}, "window: there is no item 9999"},
		"a description that is lost": {func(tx *bbolt.Tx) error {
			k, _ := tx.Bucket(bSource).Cursor().First()
			return tx.Bucket(bSource).Delete(k)
		}, "its feed's description is not there"},
		"a description that is counted wrong": {func(tx *bbolt.Tx) error {
			return tx.Bucket(bSource).Put(feedKey(7), []byte{formPlain, 0xa1, 2, 3})
		}, "it is used"},
		"a fingerprint of no item": {add(iFingerprint, 9999), "there is no 9999"},
		"a stem of no item":        {add(iStem, 9999), "there is no 9999"},
		"a key of no item":         {add(iKey, 9999), "there is no 9999"},
		"a tag of no record":       {add(iTag, 9999), "there is no 9999"},
		"a posting that cannot be read": {func(tx *bbolt.Tx) error {
			return tx.Bucket(bPostings).Bucket([]byte("tail")).Put(key8(1), []byte{1, 2, 3, 4, 5, 6})
		}, "postings memtable 0000000000000001: "},
		"postings whose state is lost": {func(tx *bbolt.Tx) error {
			return tx.Bucket(bPostings).Put([]byte("state"), []byte{1})
		}, "postings state: unreadable"},
		"a list of what is not held": {func(tx *bbolt.Tx) error {
			return tx.Bucket(bHeld).Put(heldKey("belta", first), []byte{formPlain})
		}, "no item of that source is held back"},
		"a rule for no item": {func(tx *bbolt.Tx) error {
			return tx.Bucket(bRule).Put(key8(9999), []byte{formPlain, 0xa0})
		}, "its item is not there"},
		"a subscription under another's token": {func(tx *bbolt.Tx) error {
			return tx.Bucket(bPush).Put([]byte("other"), append([]byte(nil), tx.Bucket(bPush).Get([]byte("t"))...))
		}, "it has another's token"},
		"a subscriber that cannot be read": {func(tx *bbolt.Tx) error {
			return tx.Bucket(bHub).Put([]byte("/feed.atom\x00c"), []byte{77})
		}, "hub /feed.atom: store: damaged: unreadable"},
		"a subscriber under another's topic": {func(tx *bbolt.Tx) error {
			return tx.Bucket(bHub).Put([]byte("/feed.rss\x00c"), []byte{formPlain, 0xa1, 1, 0x6a, '/', 'f', 'e', 'e', 'd', '.', 'a', 't', 'o', 'm'})
		}, "hub /feed.atom: it stands under another's"},
	} {
		t.Run(fact, func(t *testing.T) {
			t.Parallel()
			s := spacious(t)
			if err := s.db.Load().Update(spoil.do); err != nil {
				t.Fatal(err)
			}
			if faults := check(t, s); !strings.Contains(strings.Join(faults, "\n"), spoil.want) {
				t.Errorf("no %q among %q", spoil.want, faults)
			}
		})
	}
}
