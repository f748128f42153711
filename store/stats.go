package store

import (
	"cmp"
	"slices"

	"go.etcd.io/bbolt"

	"dateline/store/boltfile"
)

// Stats is how the file is used.
type Stats struct {
	Schema  uint64        // number of the stored form
	Size    int64         // of the file, in bytes
	Free    int64         // of it in pages without content
	Items   int           // ever stored and not forgotten
	Entries int           // stored, the held and the merged too
	Head    uint64        // the newest position of the log
	Buckets []BucketStats // of the root, in key order
}

// BucketStats is how one bucket of the file is used, what is in buckets below it included.
type BucketStats struct {
	Name  string
	Keys  int   // in it and below
	Bytes int64 // of its pages
	Used  int64 // of these by content
}

// Stats counts what the store holds. It reads every page.
func (s *Store) Stats() (st Stats, err error) {
	st.Size, st.Free = s.Space()
	if s.ReadOnly() {
		_, free := boltfile.Walk(s.file, st.Size, func(boltfile.Fault) {})
		st.Free = int64(free) * int64(s.pageSize)
	}
	err = s.View(func(v View) error {
		st.Schema, st.Head, st.Entries = Schema, v.Head(), int(*v.memo.totals.rowsOf(bEntry))
		err := v.table(bItem).under([]byte{0}, func(_, value []byte) error {
			var b block
			_, err := b.readHeaders(value)
			for _, h := range b.headers {
				if !h.key.IsZero() {
					st.Items++
				}
			}
			return err
		})
		if err != nil {
			return err
		}
		return v.tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			n := b.Stats()
			is := BucketStats{Name: string(name), Keys: n.KeyN, Bytes: int64(n.BranchAlloc + n.LeafAlloc), Used: int64(n.BranchInuse + n.LeafInuse)}
			if is.Bytes == 0 { // so small that it has no page of its own
				is.Bytes, is.Used = int64(n.InlineBucketInuse), int64(n.InlineBucketInuse)
			}
			st.Buckets = append(st.Buckets, is)
			return nil
		})
	})
	slices.SortStableFunc(st.Buckets, func(a, b BucketStats) int { return cmp.Compare(b.Bytes, a.Bytes) })
	return st, err
}

// Space returns the size of the file and how much of it lies in pages without content, in bytes; of a store that can only be
// read the latter is 0. It reads nothing.
func (s *Store) Space() (size, free int64) {
	n := s.db.Load().Stats()
	return s.length(), int64(n.FreePageN+n.PendingPageN) * int64(s.pageSize)
}

// length returns the size of the open file; 0 where it is unknown.
func (s *Store) length() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	info, err := s.file.Stat()
	if err != nil {
		return 0
	}
	return info.Size()
}
