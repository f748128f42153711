package aggregator_test

import (
	"errors"
	"slices"
	"strings"

	"dateline/aggregator/news"
	"dateline/aggregator/search"
	"dateline/store"
)

// check holds the store, and with whole set every document, against what must be.
func (w *simulation) check(whole bool) {
	w.t.Helper()
	if err := w.store.Check(func(f store.Fault) { w.t.Error(f) }); err != nil {
		w.t.Error(err)
	}
	items := map[news.Key]news.Item{}
	var entries map[news.Key]news.Entry
	w.view(func(v store.View) (err error) {
		for it, err := range v.Items() {
			if err != nil {
				return err
			}
			if _, twice := items[it.Key]; twice {
				w.t.Errorf("item %s is there twice", it.Key)
			}
			items[it.Key] = it
		}
		entries, err = w.entriesOf(v, items)
		return errors.Join(err, heldSound(v))
	})
	w.checkEntries(items, entries)
	w.checkItems(items, entries)
	w.checkLog(entries)
	w.entries = entries
	if whole {
		w.checkDocuments(items, entries)
		w.checkSearch(items, entries)
	}
}

// entriesOf returns every entry of the items and of the log.
func (w *simulation) entriesOf(v store.View, items map[news.Key]news.Item) (map[news.Key]news.Entry, error) {
	all := map[news.Key]news.Entry{}
	for k := range items {
		e, found, err := v.Entry(k)
		if err != nil {
			return nil, err
		}
		if found {
			all[k] = e
		}
	}
	return all, nil
}

func (w *simulation) checkEntries(items map[news.Key]news.Item, entries map[news.Key]news.Entry) {
	w.t.Helper()
	in := map[news.Key]news.Key{}
	for k, e := range entries {
		if was, known := w.ids[e.AtomID()]; e.First > 0 {
			if known && was != k {
				w.t.Errorf("the id %s went from %s to %s", e.AtomID(), was, k)
			}
			w.ids[e.AtomID()] = k
		}
		if !slices.Contains(e.Members(), k) {
			w.t.Errorf("entry %s has not the item that represents it", k)
		}
		if e.State == news.Merged {
			if into := entries[e.Into]; into.State == news.Merged || !slices.Contains(into.Members(), k) || e.First == 0 {
				w.t.Errorf("entry %s was merged into %s, which is %q and has %v", k, e.Into, into.State, into.Members())
			}
			continue
		}
		if (e.First == 0) != (e.State == news.Held || e.State == news.Withdrawn && e.First == 0) {
			w.t.Errorf("entry %s is %q and was published first at %d", k, e.State, e.First)
		}
		for _, m := range e.Members() {
			if other, twice := in[m]; twice {
				w.t.Errorf("item %s stands in %s and in %s", m, other, k)
			}
			in[m] = k
			if items[m].Entry != k {
				w.t.Errorf("item %s stands in %s and says %s", m, k, items[m].Entry)
			}
		}
		for _, o := range e.Story {
			if !slices.Equal(entries[o].Story, e.Story) || !slices.Contains(e.Story, k) {
				w.t.Errorf("entry %s is in the story %v, %s of it in %v", k, e.Story, o, entries[o].Story)
			}
		}
	}
	for k, it := range items {
		if in[k] != it.Entry {
			w.t.Errorf("item %s says that it is in %s, and stands in %s", k, it.Entry, in[k])
		}
	}
	for id, k := range w.ids {
		if e, found := entries[k]; !found || e.AtomID() != id {
			w.t.Errorf("the id %s leads nowhere", id)
		}
	}
}

func (w *simulation) checkItems(items map[news.Key]news.Item, entries map[news.Key]news.Entry) {
	w.t.Helper()
	for k, it := range items {
		e := entries[it.Entry]
		if w.withdrawn[k] && !it.Withdrawn {
			w.t.Errorf("item %s stands, though an editor took it back", k)
		}
		published := e.State == news.Public
		if stands := !it.Withdrawn && !it.Held && !it.Erased; stands && !published {
			w.t.Errorf("item %s stands, and its entry %s is %q", k, e.Key, e.State)
		}
		if it.Held != (e.State == news.Held) && !it.Erased {
			w.t.Errorf("item %s is held %v, its entry %q", k, it.Held, e.State)
		}
		if e.Key == k && e.State == news.Public && it.Withdrawn {
			w.t.Errorf("item %s is withdrawn, and represents what is published", k)
		}
		if it.Erased {
			continue
		}
		word := wordOf(it.Title)
		if was, known := w.tagged[word]; known && was != k && !items[was].Erased {
			w.t.Errorf("one item of %s is stored as %s and as %s: %s", it.Source, was, k, it.Title)
		}
		w.tagged[word] = k
	}
	for pair := range w.apart {
		if items[pair[0]].Entry == items[pair[1]].Entry {
			w.t.Errorf("%v stand together again", pair)
		}
	}
}

// wordOf returns the word of a title that only one item has.
func wordOf(title string) string { return title[strings.LastIndexByte(title, ' ')+1:] }

func (w *simulation) checkLog(entries map[news.Key]news.Entry) {
	w.t.Helper()
	w.view(func(v store.View) error {
		want := v.Head()
		last := map[news.Key]uint64{}
		for rec, err := range v.Records(0) {
			if err != nil {
				return err
			}
			if rec.Pos != want {
				w.t.Errorf("log: position %d follows %d", rec.Pos, want+1)
			}
			want = rec.Pos - 1
			if _, known := last[rec.Entry]; !known {
				last[rec.Entry] = rec.Pos
				if e := entries[rec.Entry]; e.Last != rec.Pos {
					w.t.Errorf("entry %s says that it was published last at %d, the log %d", rec.Entry, e.Last, rec.Pos)
				}
			}
		}
		if head := v.Head(); head < w.head {
			w.t.Errorf("the log ends at %d, after %d", head, w.head)
		} else {
			w.head = head
		}
		return nil
	})
}

// checkDocuments reads every document as a stranger would.
func (w *simulation) checkDocuments(items map[news.Key]news.Item, entries map[news.Key]news.Entry) {
	w.t.Helper()
	feed := readBack(w.t, w.atom())
	credits := credited(feed)
	shown := map[string]bool{}
	for _, it := range feed {
		if shown[it.GUID] {
			w.t.Errorf("%s occurs twice in the feed", it.GUID)
		}
		shown[it.GUID] = true
	}
	for k, e := range entries {
		id := e.AtomID()
		if want := e.First > 0 && (e.State == news.Withdrawn || e.State == news.Public && !items[k].Erased); want != shown[id] {
			if w.inLog(k) {
				w.t.Errorf("entry %s, %q: in the feed %v, want %v", k, e.State, shown[id], want)
			}
			continue
		}
		if e.State != news.Public || !shown[id] {
			continue
		}
		want := map[string]bool{}
		for _, m := range e.Members() {
			if it := items[m]; !it.Withdrawn || m == k {
				want[it.Source] = true
			}
		}
		for _, src := range credits[id] {
			delete(want, src)
		}
		if len(want) > 0 {
			w.t.Errorf("entry %s credits %v, and not %v", k, credits[id], want)
		}
	}
	w.checkSecrets(items, entries)
}

func (w *simulation) inLog(k news.Key) (found bool) {
	w.view(func(v store.View) error {
		for rec, err := range v.Records(0) {
			if err != nil {
				return err
			}
			found = found || rec.Entry == k
		}
		return nil
	})
	return found
}

// checkSecrets checks that the words of what is not published are in no document, those of what is in some.
func (w *simulation) checkSecrets(items map[news.Key]news.Item, entries map[news.Key]news.Entry) {
	w.t.Helper()
	stand := map[string][]string{} // the documents where a coined word is
	for name, b := range w.everyDocument() {
		seen := map[string]bool{}
		for _, word := range strings.FieldsFunc(string(b), func(r rune) bool { return r < 'a' || r > 'z' }) {
			if strings.HasPrefix(word, "zq") && strings.HasSuffix(word, "x") && !seen[word] {
				seen[word] = true
				stand[word] = append(stand[word], name)
			}
		}
	}
	for word, k := range w.tagged {
		it, found := items[k]
		if !found {
			continue
		}
		e := entries[it.Entry]
		silent := it.Withdrawn || it.Erased || e.State == news.Withdrawn || e.State == news.Held
		for i, secret := range w.secrets[word] {
			in := stand[secret]
			if e.State == news.Held {
				in = slices.DeleteFunc(slices.Clone(in), func(name string) bool { return strings.HasPrefix(name, "sources/"+it.Source) })
			}
			if silent && len(in) > 0 {
				w.t.Errorf("%q of item %s (withdrawn %v, erased %v, in an entry that is %q) stands in %v", secret, k, it.Withdrawn, it.Erased, e.State,
					in)
			}
			last := i == len(w.secrets[word])-1
			if !silent && last && e.Key == k && strings.Contains(it.Lead, secret) && len(in) == 0 && w.inLog(k) {
				w.t.Errorf("%q of item %s stands nowhere", secret, k)
			}
		}
	}
}

// checkSearch looks for what items say.
func (w *simulation) checkSearch(items map[news.Key]news.Item, entries map[news.Key]news.Entry) {
	w.t.Helper()
	var s search.Searcher
	w.view(func(v store.View) error {
		for word, k := range w.tagged {
			it, found := items[k]
			if !found {
				continue
			}
			e := entries[it.Entry]
			keys, err := s.Find(v, word)
			if err != nil {
				return err
			}
			// What was erased with its representative is not shown, though a carrier's text is there still.
			want := !it.Withdrawn && !it.Erased && (e.State == news.Public || e.State == news.Held)
			if got := slices.Contains(keys, it.Entry); got != want && !(want && items[e.Key].Erased) {
				w.t.Errorf("%q of item %s, in an entry that is %q: found %v, want %v", word, k, e.State, got, want)
			}
		}
		return nil
	})
}

// worthwhile reports whether enough happened for the run to show anything: something is joined, and something withdrawn.
func (w *simulation) worthwhile() bool {
	joined, withdrawn := false, false
	for _, e := range w.entries {
		joined = joined || e.State == news.Public && len(e.Items) > 1
		withdrawn = withdrawn || e.State == news.Withdrawn
	}
	return joined && withdrawn
}
