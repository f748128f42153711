package shared

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"dateline/aggregator/news"
	"dateline/store"
	"dateline/store/storetest"
)

// TestErasedTextLeavesTheLog: a text that was erased is in no row of the log once all nodes have it, neither that of an item nor those of a
// source that was purged; the rest of the log stays. A node that lacks such a row has to take a copy.
func TestErasedTextLeavesTheLog(t *testing.T) {
	t.Parallel()
	nodes, ctx := rigs(t, 2), limit(t)
	a, b := nodes[0], nodes[1]
	for i, source := range []string{"belta", "tass", "mfa"} {
		it := news.Item{Key: news.ItemKey(source, "1"), Source: source, Title: "secret of " + source, Hash: 7}
		v := storetest.Visit{Now: time.Unix(int64(1000+i), 0), Source: source, Items: []news.Item{it},
			Entries: []news.Entry{{Key: it.Key}}}
		if err := a.put(v); err != nil {
			t.Fatal(err)
		}
	}
	erase := func(tx *store.Tx) error { return tx.Erase(news.Erasure{Item: news.ItemKey("belta", "1")}) }
	if err := a.Update(time.Unix(2000, 0), erase); err != nil {
		t.Fatal(err)
	}
	none := func(news.Item) []news.IdentityKey { return nil }
	if _, err := a.Purge(time.Unix(3000, 0), "tass", none); err != nil {
		t.Fatal(err)
	}
	for _, r := range nodes {
		if err := r.p.greet(ctx, r.Store); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := a.p.c.EraseTexts(ctx); err != nil || n != 0 {
		t.Errorf("%d rows erased, %v, that a node has not applied", n, err)
	}
	if err := b.CatchUp(); err != nil {
		t.Fatal(err)
	}
	if err := b.p.greet(ctx, b.Store); err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{2, 0} { // the second time there is nothing to do
		if n, err := a.p.c.EraseTexts(ctx); err != nil || n != want {
			t.Errorf("%d rows erased, %v, want %d", n, err, want)
		}
	}
	for _, secret := range []string{"secret of belta", "secret of tass", "secret of mfa"} {
		if has := logHas(t, a.p.c, secret); has != (secret == "secret of mfa") {
			t.Errorf("%q in the log: %v", secret, has)
		}
	}
	if err := a.put(storetest.Visit{Now: time.Unix(4000, 0), Source: "mfa"}); err != nil {
		t.Error(err)
	}
	agree(t, seqOf(t, a), nodes...)
	_, err := store.Open(filepath.Join(t.TempDir(), "c"), store.Options{Log: NewPeer(connect(t, a.p.c.own.ConnString(), "c"), time.Minute)})
	if !errors.Is(err, ErrStale) {
		t.Errorf("a node without a file reads what was erased: %v", err)
	}
}

func seqOf(t testing.TB, r *rig) (seq uint64) {
	look(t, r.Store, func(v store.View) error { seq = v.Seq(); return nil })
	return seq
}

// logHas reports whether a text is in a body of the log.
func logHas(t *testing.T, c *Cluster, text string) bool {
	t.Helper()
	rows, err := c.pool.Query(limit(t), "select body from log")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var body []byte
		if err := rows.Scan(&body); err != nil {
			t.Fatal(err)
		}
		plain, err := decoder.DecodeAll(body, nil)
		if err != nil {
			t.Fatal(fmt.Errorf("a body of the log: %w", err))
		}
		if bytes.Contains(plain, []byte(text)) {
			return true
		}
	}
	return false
}
