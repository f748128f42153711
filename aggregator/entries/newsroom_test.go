package entries_test

import (
	"hash/fnv"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/dedup"
	"dateline/aggregator/entries"
	"dateline/aggregator/news"
	"dateline/aggregator/search"
	"dateline/aggregator/text"
	"dateline/store"
)

// newsroom is a real store, the setup of its sources, and the time of the next visit.
type newsroom struct {
	t     testing.TB
	path  string
	store *store.Store
	setup *entries.Setup
	at    time.Time
}

var morning = time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)

// newNewsroom returns a newsroom that began with alpha, bravo and charlie.
func newNewsroom(t testing.TB) *newsroom {
	t.Helper()
	path := filepath.Join(t.TempDir(), "wire.db")
	st, err := store.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	stemmer := &text.Stemmer{}
	terms := func(it news.Item, lead []text.Token) []uint32 { return search.TermsOf(stemmer, it, lead) }
	setup := &entries.Setup{FirstPoll: 2, Stemmer: stemmer, Terms: terms}
	for _, id := range []string{"alpha", "bravo", "charlie"} {
		setup.Sources = append(setup.Sources, news.Source{ID: id, Name: id, Enabled: true})
		setup.InitialSources = append(setup.InitialSources, id)
	}
	return &newsroom{t: t, path: path, store: st, setup: setup, at: morning}
}

// visit stores a document of the source, the newest item first, and lets a minute pass.
func (r *newsroom) visit(source string, items ...news.Item) entries.Outcome {
	r.t.Helper()
	return r.deliver(entries.Incoming{Source: news.Source{ID: source}, Items: items})
}

// deliver is visit with a document of which source and items are filled in, and what differs from a whole polled one.
func (r *newsroom) deliver(in entries.Incoming) (out entries.Outcome) {
	r.t.Helper()
	out = r.apply(r.read(in))
	r.at = r.at.Add(time.Minute)
	return out
}

// read returns the document of a visit that is made now, as the store knows its source.
func (r *newsroom) read(in entries.Incoming) *entries.Document {
	r.t.Helper()
	if in.Total == 0 {
		in.Total = len(in.Items)
	}
	in.At = r.at
	in.Prepare = func(place int) entries.Prepared {
		it := in.Items[place]
		it.Source = in.Source.ID
		return entries.Prepared{Item: it, Text: dedup.NewText(it), Terms: r.setup.Terms(it, nil)}
	}
	if in.Known == nil {
		r.view(func(v store.View) (err error) {
			in.Known, err = known(v, in.Source.ID)
			return err
		})
	}
	return entries.NewDocument(in)
}

// apply stores a document, and what follows from it.
func (r *newsroom) apply(doc *entries.Document) (out entries.Outcome) {
	r.t.Helper()
	err := r.store.Update(doc.At, func(t *store.Tx) error {
		st, err := t.State(doc.Source.ID)
		if err != nil {
			return err
		}
		if out, err = entries.Apply(t, r.setup, doc, st); err != nil {
			return err
		}
		st.Items += uint64(out.New + out.Joined + out.Held)
		for _, it := range out.Items {
			st.Newest = news.Latest(st.Newest, it.Published)
		}
		st.LastSuccess, st.LastVisit = doc.At, doc.At
		if err := t.PutState(doc.Source.ID, st); err != nil {
			return err
		}
		return t.PutInitialSources(r.setup.InitialSources)
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return out
}

// close closes the store and returns the path of its file.
func (r *newsroom) close() string {
	r.t.Helper()
	if err := r.store.Close(); err != nil {
		r.t.Fatal(err)
	}
	return r.path
}

// known returns the items of the source's last document by their sums.
func known(v store.View, source string) (map[uint64]news.Key, error) {
	window, err := v.Window(source)
	out := map[uint64]news.Key{}
	for _, w := range window {
		if w.Sum != 0 {
			out[w.Sum] = w.Item
		}
	}
	return out, err
}

// decide carries out a decision of an editor or the operator, and lets a minute pass.
func (r *newsroom) decide(what func(*store.Tx) error) error {
	err := r.store.Update(r.at, what)
	r.at = r.at.Add(time.Minute)
	return err
}

// must fails the test for the error of a decision.
func (r *newsroom) must(what func(*store.Tx) error) {
	r.t.Helper()
	if err := r.decide(what); err != nil {
		r.t.Fatal(err)
	}
}

func (r *newsroom) split(entry, item news.Key) (own news.Key) {
	r.t.Helper()
	r.must(func(t *store.Tx) (err error) {
		_, own, err = entries.Split(t, r.setup, entry, item, "")
		return err
	})
	return own
}

func (r *newsroom) join(one, other news.Key) (into news.Key) {
	r.t.Helper()
	r.must(func(t *store.Tx) (err error) {
		into, err = entries.Join(t, r.setup, one, other, "")
		return err
	})
	return into
}

func (r *newsroom) view(read func(store.View) error) {
	r.t.Helper()
	if err := r.store.View(read); err != nil {
		r.t.Fatal(err)
	}
}

func (r *newsroom) item(k news.Key) (it news.Item) {
	r.t.Helper()
	r.view(func(v store.View) error {
		var found bool
		var err error
		if it, found, err = v.Item(k); err == nil && !found {
			r.t.Fatalf("there is no item %s", k)
		}
		return err
	})
	return it
}

func (r *newsroom) entry(k news.Key) (e news.Entry) {
	r.t.Helper()
	r.view(func(v store.View) (err error) {
		e, _, err = v.Entry(k)
		return err
	})
	return e
}

// inEntry fails unless the entry named k is public and has these items, the representative first.
func (r *newsroom) inEntry(k news.Key, items ...news.Key) {
	r.t.Helper()
	if e := r.entry(k); e.State != news.Public || !slices.Equal(e.Members(), items) {
		r.t.Errorf("entry %s is %q and has %v, want %v", k, e.State, e.Members(), items)
	}
}

// log returns the records of the log, the newest first.
func (r *newsroom) log() (all []news.LogRecord) {
	r.t.Helper()
	r.view(func(v store.View) error {
		for rec, err := range v.Records(0) {
			if err != nil {
				return err
			}
			all = append(all, news.LogRecord{Entry: rec.Entry, Kind: rec.Kind})
		}
		return nil
	})
	return all
}

// found reports whether the item named k is found by the fingerprints of a text.
func (r *newsroom) found(k news.Key, it news.Item) (found bool) {
	r.t.Helper()
	r.view(func(v store.View) error {
		hits, err := v.FindAny(dedup.NewText(it).Fingerprint().Terms, 60)
		for _, h := range hits {
			it, _, err := v.ItemByNumber(h.Number)
			if err != nil {
				return err
			}
			found = found || it.Key == k
		}
		return err
	})
	return found
}

// window returns the items of the source's last document.
func (r *newsroom) window(source string) (all []news.Key) {
	r.t.Helper()
	r.view(func(v store.View) error {
		window, err := v.Window(source)
		for _, w := range window {
			all = append(all, w.Item)
		}
		return err
	})
	return all
}

func same[T any](t testing.TB, what string, got, want T) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// key returns the key of an item that a source publishes under a guid.
func key(source, guid string) news.Key { return news.ItemKey(source, guid) }

// item returns an item as a parser and the preparation make it. The hash covers title and text.
func item(guid, title, body string) news.Item {
	h := fnv.New64a()
	h.Write([]byte(title + "\x00" + body))
	return news.Item{GUID: guid, Title: title, Summary: body, Lead: body, Hash: h.Sum64()}
}

const footbridge = "The old footbridge across the river was opened to the residents of Ozerny after two years of repairs, the regional " +
	"committee said. The works were paid for by the town and by the railway, and took half a year longer than planned."

// bridge is one report that several sources carry.
func bridge(guid string) news.Item { return item(guid, "Footbridge opens in Ozerny", footbridge) }

// own is a report that no other source carries.
func own(guid string) news.Item {
	return item(guid, "Report "+guid, "The committee of "+guid+" met on Tuesday to hear what the mayor of "+guid+" had to say about "+
		"the roads, schools and clinics of "+guid+", and put off its vote until the members have read all "+guid+" papers.")
}
