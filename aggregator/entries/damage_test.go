package entries_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"dateline/aggregator/dedup"
	"dateline/aggregator/entries"
	"dateline/aggregator/news"
	"dateline/store"
)

// damaged writes rubbish in place of the value of a row, or the value that is given.
func damaged(t *testing.T, path string, bucket, key, value []byte) (was []byte) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Second, NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.Update(func(tx *bbolt.Tx) error {
		b := tx.Bucket(bucket)
		was = append([]byte{}, b.Get(key)...)
		return b.Put(key, value)
	})
	if err != nil {
		t.Fatal(err)
	}
	return was
}

// TestDamagedRows: a decision that needs a row that cannot be read ends with an error that says so, whichever row it is. Nothing
// panics, and a decision that succeeds has done the same as on a whole store.
func TestDamagedRows(t *testing.T) {
	t.Parallel()
	r := newNewsroom(t)
	r.visit("alpha", own("gone"), own("1"), bridge("a"))
	r.visit("bravo", bridge("b"))
	r.visit("charlie", bridge("c"))
	r.deliver(entries.Incoming{Source: late, Items: []news.Item{own("x"), own("y"), own("held"), bridge("same")}})
	// Each item in a row of its own: that of its second revision.
	again := func(it news.Item) news.Item { it.Hash++; it.Credits.Rights = "again"; return it }
	r.visit("alpha", again(own("gone")), again(own("1")), again(bridge("a")))
	r.visit("bravo", again(bridge("b")))
	r.visit("charlie", again(bridge("c")))
	r.deliver(entries.Incoming{Source: late, Items: []news.Item{again(own("x")), again(own("held")), again(bridge("same"))}})
	a, b, one, gone := key("alpha", "a"), key("bravo", "b"), key("alpha", "1"), key("alpha", "gone")
	r.must(func(tx *store.Tx) error { _, err := entries.Withdraw(tx, r.setup, gone, false, ""); return err })
	r.join(one, key("late", "x"))

	apply := func(source string, deleted []string, items ...news.Item) func(*store.Tx) (any, error) {
		in := entries.Incoming{Source: news.Source{ID: source}, Items: items, Total: len(items), Deleted: deleted, Partial: deleted != nil}
		in.Prepare = func(place int) entries.Prepared {
			it := in.Items[place]
			it.Source = source
			return entries.Prepared{Item: it, Text: dedup.NewText(it), Terms: r.setup.Terms(it, nil)}
		}
		return func(tx *store.Tx) (any, error) {
			in.At = tx.Now()
			return entries.Apply(tx, r.setup, entries.NewDocument(in), news.State{Items: 3, LastSuccess: morning, Newest: morning})
		}
	}
	split := func(entry, item news.Key) func(*store.Tx) (any, error) {
		return func(tx *store.Tx) (any, error) {
			old, own, err := entries.Split(tx, r.setup, entry, item, "")
			return [2]news.Key{old, own}, err
		}
	}
	same := item("b2", "Footbridge of Ozerny opened", footbridge)
	decisions := map[string]func(*store.Tx) (any, error){
		"a new item":               apply("bravo", nil, own("new")),
		"the same text":            apply("bravo", nil, same),
		"a revision":               apply("alpha", nil, item("1", "Footbridge opens in Ozerny", footbridge)),
		"an alias":                 apply("alpha", nil, own("1"), own("gone"), item("a9", "Footbridge opens in Ozerny", footbridge)),
		"a kill":                   apply("alpha", nil, killed(bridge("a"))),
		"a tombstone":              apply("alpha", []string{"a", "1"}),
		"split":                    split(a, b),
		"split the representative": split(a, a),
		"split what was merged":    split(one, key("late", "x")),
		"join":                     func(tx *store.Tx) (any, error) { return entries.Join(tx, r.setup, a, one, "") },
		"withdraw":                 func(tx *store.Tx) (any, error) { return entries.Withdraw(tx, r.setup, b, true, "") },
		"restore":                  func(tx *store.Tx) (any, error) { return entries.Restore(tx, r.setup, gone, "") },
		"release": func(tx *store.Tx) (any, error) {
			return entries.Release(tx, r.setup, []news.Key{key("late", "held"), key("late", "same")})
		},
		"drop": func(tx *store.Tx) (any, error) { return entries.Drop(tx, r.setup, []news.Key{key("late", "held")}) },
	}
	undone := errors.New("undone")
	// done carries a decision out, says what it did, and undoes it.
	done := func(st *store.Store, decide func(*store.Tx) (any, error)) (what string, err error) {
		err = st.Update(r.at, func(tx *store.Tx) error {
			out, err := decide(tx)
			if err != nil {
				return err
			}
			row, err := json.Marshal(out)
			what = fmt.Sprintf("%s, log to %d", row, tx.Head())
			return cmp.Or(err, undone)
		})
		return what, err
	}
	whole := map[string]string{}
	for name, decide := range decisions {
		what, err := done(r.store, decide)
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		whole[name] = what
	}

	var rows [][2]string
	path := r.close()
	eachRow(t, path, func(bucket, key []byte) {
		switch b := string(bucket); {
		case b == "item", b == "entry", b == "rule", b == "log", b == "source":
			rows = append(rows, [2]string{b, string(key)})
		}
	})
	if len(rows) < 25 {
		t.Fatalf("%d rows", len(rows))
	}
	met := map[string]bool{}
	for _, row := range rows {
		was := damaged(t, path, []byte(row[0]), []byte(row[1]), []byte{0xfe})
		st, err := store.Open(path, store.Options{})
		if err == nil {
			for name, decide := range decisions {
				what, err := done(st, decide)
				switch {
				case errors.Is(err, store.ErrCorrupt):
					met[name] = true
				case !errors.Is(err, undone):
					t.Errorf("%s %x: %s: %v", row[0], row[1], name, err)
				case what != whole[name]:
					t.Errorf("%s %x: %s did %s, want %s", row[0], row[1], name, what, whole[name])
				}
			}
			err = st.Close()
		}
		if err != nil && !errors.Is(err, store.ErrCorrupt) {
			t.Errorf("%s %x: %v", row[0], row[1], err)
		}
		damaged(t, path, []byte(row[0]), []byte(row[1]), was)
	}
	for name := range decisions {
		if !met[name] {
			t.Errorf("%s met no damage", name)
		}
	}
}

// eachRow calls f for each row of the file that is in no bucket within a bucket.
func eachRow(t *testing.T, path string, f func(bucket, key []byte)) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Second, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(bucket []byte, b *bbolt.Bucket) error {
			return b.ForEach(func(k, v []byte) error {
				if v != nil {
					f(bucket, k)
				}
				return nil
			})
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}
