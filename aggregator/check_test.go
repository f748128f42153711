package aggregator_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"

	"dateline/aggregator/news"
	"dateline/aggregator/parse"
	"dateline/store"
)

// sound checks what must hold in every store at any moment: the log is dense and leads to entries, every
// entry has its items, every item its entry, and the states count what is there.
func (r *harness) sound() {
	r.t.Helper()
	if err := r.store.Check(func(f store.Fault) { r.t.Error(f) }); err != nil {
		r.t.Fatal(err)
	}
	if err := soundness(r.store); err != nil {
		r.t.Error(err)
	}
}

func soundness(s *store.Store) error {
	return s.View(func(v store.View) error {
		return errors.Join(logSound(v), itemsSound(v), windowsSound(v), heldSound(v))
	})
}

func logSound(v store.View) (wrong error) {
	want := v.Head()
	first, last := map[news.Key]uint64{}, map[news.Key]uint64{}
	for rec, err := range v.Records(0) {
		if err != nil {
			return err
		}
		if rec.Pos != want {
			return fmt.Errorf("log: position %d follows %d", rec.Pos, want+1)
		}
		want--
		first[rec.Entry] = rec.Pos
		last[rec.Entry] = max(last[rec.Entry], rec.Pos)
	}
	if want != 0 {
		return fmt.Errorf("log: it begins at %d", want+1)
	}
	for k := range first {
		e, found, err := v.Entry(k)
		if err != nil || !found {
			return errors.Join(err, fmt.Errorf("log: entry %s is not there", k))
		}
		if e.First != first[k] || e.Last != last[k] {
			wrong = errors.Join(wrong, fmt.Errorf("entry %s says %d to %d, the log %d to %d", k, e.First, e.Last, first[k], last[k]))
		}
		if e.State == news.Merged {
			wrong = errors.Join(wrong, leadsOn(v, e))
			continue
		}
		for _, member := range e.Members() {
			if it, found, err := v.Item(member); err != nil || !found || it.Entry != k {
				wrong = errors.Join(wrong, err, fmt.Errorf("entry %s: its item %s: found %v, of entry %s", k, member, found, it.Entry))
			}
		}
	}
	return wrong
}

// leadsOn checks that an entry which was merged leads to one that was not, and that has its items.
func leadsOn(v store.View, e news.Entry) error {
	into, found, err := v.Entry(e.Into)
	switch {
	case err != nil:
		return err
	case !found || into.State == news.Merged:
		return fmt.Errorf("entry %s was merged into %s: found %v, %q", e.Key, e.Into, found, into.State)
	case !slices.Contains(into.Members(), e.Key):
		return fmt.Errorf("entry %s was merged into %s, which has not its item", e.Key, e.Into)
	}
	if byID, found, err := v.EntryByID(e.ID); err != nil || e.ID != "" && (!found || byID.Key != e.Into) {
		return errors.Join(err, fmt.Errorf("the id %s leads to %s, not to %s", e.ID, byID.Key, e.Into))
	}
	return nil
}

func itemsSound(v store.View) (wrong error) {
	count := map[string]uint64{}
	seen := map[news.Key]bool{}
	for it, err := range v.Items() {
		if err != nil {
			return err
		}
		if seen[it.Key] {
			wrong = errors.Join(wrong, fmt.Errorf("item %s is there twice", it.Key))
		}
		seen[it.Key] = true
		count[it.Source]++
		e, found, err := v.Entry(it.Entry)
		if err != nil || !found || !slices.Contains(e.Members(), it.Key) {
			wrong = errors.Join(wrong, err, fmt.Errorf("item %s: its entry %s: found %v", it.Key, it.Entry, found))
		}
	}
	states, err := v.States()
	if err != nil {
		return err
	}
	for id, n := range count {
		if states[id].Items != n {
			wrong = errors.Join(wrong, fmt.Errorf("source %s: the state counts %d items, there are %d", id, states[id].Items, n))
		}
	}
	return wrong
}

// windowsSound checks that no source's validators vouch for what is not there.
func windowsSound(v store.View) (wrong error) {
	states, err := v.States()
	if err != nil {
		return err
	}
	for id := range states {
		window, err := v.Window(id)
		if err != nil {
			return err
		}
		for _, w := range window {
			if it, found, err := v.Item(w.Item); err != nil || !found || it.Source != id {
				wrong = errors.Join(wrong, err, fmt.Errorf("source %s: the window names %s: found %v, of %s", id, w.Item, found, it.Source))
			}
		}
	}
	return wrong
}

// wellFormed reads the document to its end.
func wellFormed(t testing.TB, doc []byte) {
	t.Helper()
	for d := xml.NewDecoder(bytes.NewReader(doc)); ; {
		if _, err := d.RawToken(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

// heldSound holds the list of what is held against the items and their entries.
func heldSound(v store.View) (wrong error) {
	listed := map[news.Key]bool{}
	states, err := v.States()
	if err != nil {
		return err
	}
	for source, st := range states {
		n := uint64(0)
		for e, err := range v.HeldBy(source) {
			if err != nil {
				return err
			}
			n++
			listed[e.Key] = true
			it, _, err := v.Item(e.Key)
			if err != nil {
				return err
			}
			state := news.Held
			if it.UnderEmbargo() {
				state = news.Embargoed
			}
			if e.State != state || e.First != 0 || e.Last != 0 {
				wrong = errors.Join(wrong, fmt.Errorf("entry %s is held, its state is %q and it was published from %d to %d", e.Key, e.State, e.First,
					e.Last))
			}
		}
		if n != st.Held {
			wrong = errors.Join(wrong, fmt.Errorf("source %s: %d held, its state says %d", source, n, st.Held))
		}
	}
	for it, err := range v.Items() {
		if err != nil {
			return err
		}
		if it.Held != listed[it.Key] {
			wrong = errors.Join(wrong, fmt.Errorf("item %s: held %t, listed %t", it.Key, it.Held, listed[it.Key]))
		}
	}
	return wrong
}

// readBack reads a merged feed as any reader would.
func readBack(t testing.TB, document []byte) []news.Item {
	t.Helper()
	wellFormed(t, document)
	d, err := parse.Feed(context.Background(), document, parse.Options{Document: "https://wire.example/feed.atom"})
	if err != nil {
		t.Fatal(err)
	}
	if d.Partial || d.Format != "atom" {
		t.Fatalf("it reads as %s, partial: %v", d.Format, d.Partial)
	}
	return d.Items
}

// credited returns whom the merged feed credits: the ids of entries and of the sources that carry them.
func credited(items []news.Item) map[string][]string {
	all := map[string][]string{}
	for _, it := range items {
		for _, c := range it.Categories {
			if c.Scheme == "urn:dateline:source" {
				all[it.GUID] = append(all[it.GUID], c.Term)
			}
		}
	}
	return all
}
