package store

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"dateline/aggregator/news"
	"dateline/store/postings"
)

func check(t *testing.T, s *Store) (all []string) {
	t.Helper()
	if err := s.Check(func(f Fault) { all = append(all, f.Error()) }); err != nil {
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
	err := s.transact(func(v View) error {
		k, _ := v.table(bHeld).cursor().first()
		return v.table(bHeld).delete(k)
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
	in := func(do func(p *postings.Writer) error) func(View) error {
		return func(v View) error {
			p, err := newPostings().Writer(v.tx.Bucket(bPostings))
			return errors.Join(err, do(p))
		}
	}
	remove := func(index int, id uint64) func(View) error {
		return in(func(p *postings.Writer) error {
			_, err := p.Remove(index, id)
			return err
		})
	}
	add := func(index int, id uint64) func(View) error {
		return in(func(p *postings.Writer) error {
			return p.Add(postings.Posting{Index: index, Doc: postings.Doc{ID: id}, Terms: []uint64{1}})
		})
	}
	for fact, spoil := range map[string]struct {
		do   func(View) error
		want string
	}{
		"a position without its entry": {func(v View) error {
			return v.table(bEntry).delete(key8(first))
		}, "has no entry"},
		"a gap in the log":        {func(v View) error { return v.table(bLog).delete(key8(303)) }, "log 304: follows 302"},
		"a record that is no one": {func(v View) error { return v.table(bLog).put(key8(303), []byte{9}) }, "log 303: "},
		"an entry of no item": {func(v View) error {
			return v.table(bEntry).put(key8(9999), packEntry(news.Entry{}))
		}, "entry 9999: its item is not there"},
		"an entry beyond the log": {func(v View) error {
			return v.table(bEntry).put(key8(first), packEntry(news.Entry{First: 5, Last: 99999}))
		}, "of a log that ends at"},
		"an entry with another's item": {func(v View) error {
			return v.table(bEntry).put(key8(first), packEntry(news.Entry{Items: []news.Key{news.ItemKey("belta", "251")}}))
		}, "says that it is in"},
		"an atom:id that leads nowhere": {remove(iKey, 300), "its atom:id https://belta.example/299 does not lead to it"},
		"an item whose key is lost":     {remove(iKey, first), "its key does not lead to it"},
		"a departure that cannot be read": {func(v View) error {
			return v.table(bReturned).put(key8(first), []byte{1})
		}, "returned 00000000000000fb: unreadable"},
		"an item that left again and is not waited for": {func(v View) error {
			return v.table(bReturned).put(key8(first), dayAlone(9))
		}, "no day is noted"},
		"days that cannot be read": {func(v View) error {
			return v.table(bExpiry).put(expiryKey(expireText, 5, 9), []byte{formPlain, 0x80})
		}, "unreadable"},
		"a day for no item": {func(v View) error {
			return v.table(bExpiry).put(expiryKey(expireText, 5, 9), []byte{formPlain, 0x80, 0x7f})
		}, "there is no item 16256"},
		"a text that is gone, by its block alone": {func(v View) error {
			k, value := v.table(bItem).cursor().seek(blockKey(first))
			value = bytes.Clone(value)
			value[1+headerBytes] ^= 1
			return v.table(bItem).put(k, value)
		}, "its block says otherwise"},
		"a block that cannot be read": {func(v View) error {
			k, value := v.table(bItem).cursor().seek(blockKey(first))
			return v.table(bItem).put(k, value[:len(value)-9])
		}, "unreadable value"},
		"an item in two blocks": {func(v View) error {
			two := (&block{headers: make([]header, 2), items: make([][]byte, 2)}).pack(v.s.codec)
			return v.table(bItem).put(blockKey(first), two)
		}, "it is in the block before too"},
		"a revision of no item": {func(v View) error {
			return v.table(bItem).put(revisionKey(9999, 2), []byte{formZstd})
		}, "item 9999 revision 2: "},
		"numbers that were not given": {func(v View) error { v.memo.totals.number = 10; return nil }, "10 were given"},
		"a state that cannot be read": {func(v View) error { return v.table(bSource).put([]byte("tass"), []byte{formPlain}) }, "source tass: "},
		"a window of no item": {func(v View) error {
			return v.table(bSource).put(windowKey("belta"), packWindow([]seen{{number: 9999}}))
		}, "window: there is no item 9999"},
		"a description that is lost": {func(v View) error {
			k, _ := v.table(bSource).cursor().first()
			return v.table(bSource).delete(k)
		}, "its feed's description is not there"},
		"a description that is counted wrong": {func(v View) error {
			return v.table(bSource).put(feedKey(7), []byte{formPlain, 0xa1, 2, 3})
		}, "it is used"},
		"a fingerprint of no item": {add(iFingerprint, 9999), "there is no 9999"},
		"a stem of no item":        {add(iStem, 9999), "there is no 9999"},
		"a key of no item":         {add(iKey, 9999), "there is no 9999"},
		"a tag of no record":       {add(iTag, 9999), "there is no 9999"},
		"a posting that cannot be read": {func(v View) error {
			return v.tx.Bucket(bPostings).Bucket([]byte("tail")).Put(key8(1), []byte{1, 2, 3, 4, 5, 6})
		}, "postings memtable 0000000000000001: "},
		"postings whose state is lost": {func(v View) error {
			return v.tx.Bucket(bPostings).Put([]byte("state"), []byte{1})
		}, "postings state: unreadable"},
		"a list of what is not held": {func(v View) error {
			return v.table(bHeld).put(heldKey("belta", first), []byte{formPlain})
		}, "no item of that source is held back"},
		"a day whose first item is not noted": {func(v View) error {
			k, _ := v.table(bFirstSeen).cursor().first()
			return v.table(bFirstSeen).delete(k)
		}, "firstseen 0000512e: it is missing"},
		"a rule for no item": {func(v View) error {
			return v.table(bRule).put(key8(9999), []byte{formPlain, 0xa0})
		}, "its item is not there"},
		"a subscription under another's token": {func(v View) error {
			value, err := v.table(bPush).get([]byte("t"))
			return errors.Join(err, v.table(bPush).put([]byte("other"), value))
		}, "push other: it is under another's key"},
		"a subscriber that cannot be read": {func(v View) error {
			return v.table(bHub).put([]byte("/feed.atom\x00c"), []byte{77})
		}, "hub /feed.atom: store: damaged: unreadable"},
		"an event that cannot be read": {func(v View) error { return v.table(bEvent).put(key8(1), []byte{77}) },
			"event 0000000000000001: store: damaged"},
		"events with one missing between": {func(v View) error {
			return errors.Join(v.table(bEvent).put(key8(1), []byte{formPlain, 0xa0}), v.table(bEvent).put(key8(3), []byte{formPlain, 0xa0}))
		}, "event 0000000000000003: follows 1"},
		"a subscriber under another's topic": {func(v View) error {
			return v.table(bHub).put([]byte("/feed.rss\x00c"), []byte{formPlain, 0xa1, 1, 0x6a, '/', 'f', 'e', 'e', 'd', '.', 'a', 't', 'o', 'm'})
		}, "hub /feed.rss: it is under another's key"},
	} {
		t.Run(fact, func(t *testing.T) {
			t.Parallel()
			s := spacious(t)
			if err := s.transact(spoil.do); err != nil {
				t.Fatal(err)
			}
			if faults := check(t, s); !strings.Contains(strings.Join(faults, "\n"), spoil.want) {
				t.Errorf("no %q among %q", spoil.want, faults)
			}
		})
	}
}
