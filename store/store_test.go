package store

import (
	"path/filepath"
	"testing"
	"time"

	"dateline/aggregator/news"
	"dateline/store/storetest"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func temp(t testing.TB, o Options) *Store {
	t.Helper()
	if *onNodes {
		return firstOfThree(t, o)
	}
	s, err := Open(filepath.Join(t.TempDir(), "wire.db"), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// wrote returns what a visit that brought one new item writes.
func wrote(source, guid string) visited {
	k := news.ItemKey(source, guid)
	return visited{
		Source: source, Now: noon, State: &news.State{LastVisit: noon, Due: noon.Add(time.Hour)},
		Window:  []news.Seen{{Item: k, Sum: 7}},
		Items:   []news.Item{{Key: k, Entry: k, Source: source, GUID: guid, Title: "One", Revision: 1, FirstSeen: noon}},
		Entries: []news.Entry{{Key: k, Published: noon, Updated: noon}},
		Log:     []news.LogRecord{{Entry: k, Kind: news.RecordNew, Revision: 1}},
	}
}

// visited is what a visit writes.
type visited = storetest.Visit

// put commits what a visit writes.
func put(s *Store, w visited) error {
	return s.Update(w.Now, func(t *Tx) error { return w.Put(t) })
}

func commit(t testing.TB, s *Store, w visited) {
	t.Helper()
	if err := put(s, w); err != nil {
		t.Fatal(err)
	}
}

func view(t testing.TB, s *Store, read func(View)) {
	t.Helper()
	if err := s.View(func(v View) error { read(v); return nil }); err != nil {
		t.Fatal(err)
	}
}
