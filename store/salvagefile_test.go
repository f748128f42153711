package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"dateline/aggregator/news"
	"dateline/store/storetest"
)

func recognised(it news.Item) Recognised {
	return Recognised{Keys: []news.IdentityKey{news.NewIdentityKey("address", it.GUID)}, Fingerprint: []uint32{uint32(len(it.Content))},
		Stems: []uint32{uint32(len(it.Title))}}
}

// salvageFiles makes the files of a store: as a kill leaves it, and as it was closed.
var salvageFiles = sync.OnceValues(func() (killed, closed []byte) {
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
	for i := range 150 {
		err = errors.Join(err, put(s, salvageVisit(i)))
	}
	err = errors.Join(err, putSubscriptions(s, []news.Subscription{{Token: "t", Source: "s1"}}, nil),
		s.AddEvents([]news.Event{{Source: "s1"}, {Source: "s2"}}, 9))
	killed, read := os.ReadFile(path)
	err = errors.Join(err, read, s.Close())
	closed, read = os.ReadFile(path)
	if err := errors.Join(err, read); err != nil {
		panic(err)
	}
	return killed, closed
})

// salvageVisit is what a visit writes that brings three items, of which the last joins the entry of the first, and revises one of the
// visit before; every seventh visit holds one back.
func salvageVisit(i int) visited {
	source := fmt.Sprint("s", i%7)
	w := visited{Source: source, Now: noon.Add(hours(i)), State: &news.State{LastVisit: noon.Add(hours(i)), Name: "Agency " + source,
		Validators: news.Validators{ETag: fmt.Sprint(i)}}}
	for n := range 3 {
		it := storedItemOf(source, 3*i+n, w)
		w.Window = append(w.Window, news.Seen{Item: it.Key, Sum: uint64(i)})
		w.Keys = append(w.Keys, storetest.KeyedItem{Key: news.NewIdentityKey("address", it.GUID), Item: it.Key})
		w.Fingerprints = append(w.Fingerprints, news.Fingerprint{Item: it.Key, At: w.Now, Terms: []uint32{uint32(len(it.Content))}})
		e := news.Entry{Key: it.Key, Published: w.Now, Updated: w.Now}
		switch {
		case n == 2:
			it.Entry = w.Items[0].Key
			w.Entries[0].Items = []news.Key{w.Items[0].Key, it.Key}
		case n == 1 && i%7 == 3:
			it.Held, e.State = true, news.Held
			w.Entries = append(w.Entries, e)
		default:
			w.Entries = append(w.Entries, e)
			w.Log = append(w.Log, news.LogRecord{Entry: e.Key, Kind: news.RecordNew})
		}
		w.Items = append(w.Items, it)
	}
	if i >= 7 {
		old := storedItemOf(source, 3*(i-7)+2, w)
		old.Revision, old.Title, old.FirstSeen = 2, old.Title+" again", w.Now.Add(-hours(7))
		old.Entry = news.ItemKey(source, fmt.Sprint(3*(i-7)))
		w.Items = append(w.Items, old)
	}
	return w
}

func storedItemOf(source string, n int, w visited) news.Item {
	k := news.ItemKey(source, fmt.Sprint(n))
	it := news.Item{Key: k, Entry: k, Source: source, GUID: fmt.Sprint(n), Title: fmt.Sprint("Bulletin ", n), Revision: 1, FirstSeen: w.Now,
		Published: w.Now, Feed: news.Feed{Title: "Agency " + source}}
	for i := range 40 + n%30 {
		it.Content += fmt.Sprintf("%x ", (n+1)*(i+7919)*104729)
	}
	return it
}

func hours(n int) time.Duration { return time.Duration(n) * time.Hour }
