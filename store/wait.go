package store

import (
	"encoding/binary"
	"iter"
	"time"

	"dateline/aggregator/news"
)

// Waiting yields the entries that wait to be published, the longest first, with since when they do.
func (v View) Waiting() iter.Seq2[time.Time, news.Key] {
	return func(yield func(time.Time, news.Key) bool) {
		b := v.tx.Bucket(bWait)
		if b == nil {
			return
		}
		c := b.Cursor()
		for k, _ := c.First(); len(k) == 16; k, _ = c.Next() {
			key, found, err := v.keyOf(num8(k[8:]))
			if err == nil && found && !yield(time.Unix(int64(num8(k)), 0).UTC(), key) {
				return
			}
		}
	}
}

// putWait notes since when an entry waits, or that it does no longer.
func (v View) putWait(number uint64, e news.Entry) error {
	b := v.tx.Bucket(bWait)
	if b != nil {
		if err := v.endWait(number); err != nil {
			return err
		}
	}
	if e.State != news.Waiting {
		return nil
	}
	b, err := v.tx.CreateBucketIfNotExists(bWait)
	if err != nil {
		return err
	}
	return b.Put(waitKey(e.Updated.Unix(), number), nil)
}

func (v View) endWait(number uint64) error {
	value := v.tx.Bucket(bEntry).Get(key8(number))
	if value == nil {
		return nil
	}
	old, err := unpackEntry(news.Key{}, value)
	if err != nil || old.State != news.Waiting {
		return err
	}
	return v.tx.Bucket(bWait).Delete(waitKey(old.Updated.Unix(), number))
}

func waitKey(unix int64, number uint64) []byte {
	return binary.BigEndian.AppendUint64(key8(uint64(unix)), number)
}

// dropEntries forgets entries that were never published.
func (v View) dropEntries(keys []news.Key) error {
	for _, k := range keys {
		e, found, err := v.Entry(k)
		if err != nil {
			return err
		}
		if !found { // it came and went in one transaction
			continue
		}
		number, err := v.mustNumber(k)
		if err != nil {
			return err
		}
		if err := v.dropEntry(number, e); err != nil {
			return err
		}
	}
	return nil
}
