package entries_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/entries"
	"dateline/aggregator/news"
	"dateline/store"
)

// reporters write documents of three sources that carry each other's reports, retell and revise them.
type reporters struct {
	r       *rand.Rand
	reports [][2]string // titles and leads
	n       int
}

func (w *reporters) words(n int) string {
	var b strings.Builder
	for range n {
		fmt.Fprintf(&b, "word%d ", int(w.r.ExpFloat64()*150))
	}
	return b.String()
}

func (w *reporters) document() []news.Item {
	var out []news.Item
	for range 1 + w.r.IntN(4) {
		guid := fmt.Sprint("g", w.r.IntN(w.n+1)) // a known one is revised
		if w.r.IntN(4) > 0 {
			w.n++
			guid = fmt.Sprint("g", w.n)
		}
		title, lead := w.words(7), w.words(60)
		if len(w.reports) > 0 && w.r.IntN(3) > 0 {
			was := w.reports[w.r.IntN(len(w.reports))]
			title, lead = was[0], was[1]+w.words(5)
			if w.r.IntN(2) == 0 { // the same event in other words
				all := strings.Fields(was[1])
				w.r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
				lead = strings.Join(all, " ")
			}
		}
		w.reports = append(w.reports, [2]string{title, lead})
		out = append(out, item(guid, title, lead))
	}
	return out
}

// TestLookingUpBeforeTheTransaction: a document that was looked up before others were stored, and items erased, is stored as if all was
// looked up when it is stored.
func TestLookingUpBeforeTheTransaction(t *testing.T) {
	t.Parallel()
	early := newNewsroom(t)
	late := early.copied()
	w := &reporters{r: rand.New(rand.NewPCG(3, 14))}
	var joined, stories int
	for range 60 {
		sources := []string{"alpha", "bravo", "charlie"}
		w.r.Shuffle(len(sources), func(i, j int) { sources[i], sources[j] = sources[j], sources[i] })
		erased := key(sources[0], fmt.Sprint("g", w.r.IntN(w.n+1)))
		var docs [2][]*entries.Document
		for _, id := range sources {
			in := entries.Incoming{Source: news.Source{ID: id}, Items: w.document()}
			docs[0], docs[1] = append(docs[0], early.read(in)), append(docs[1], late.read(in))
			early.lookUp(docs[0][len(docs[0])-1])
		}
		for i, r := range []*newsroom{early, late} {
			for n, doc := range docs[i] {
				out := r.apply(doc)
				joined += out.Joined
				for _, it := range out.Items {
					stories += len(it.Story)
				}
				if n == 0 {
					r.erase(erased)
				}
			}
			r.at = r.at.Add(time.Minute)
		}
	}
	if joined < 40 || stories < 40 {
		t.Errorf("%d items joined, %d links to stories: too few were tried", joined, stories)
	}
	same(t, "the digest", early.digest(), late.digest())
}

// copied returns a newsroom on a copy of the file.
func (r *newsroom) copied() *newsroom {
	r.t.Helper()
	out := *r
	out.path = filepath.Join(r.t.TempDir(), "copy.db")
	f, err := os.Create(out.path)
	if err == nil {
		err = r.store.Copy(context.Background(), f, nil)
	}
	if err == nil {
		err = f.Close()
	}
	if err == nil {
		out.store, err = store.Open(out.path, store.Options{})
	}
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { out.store.Close() })
	return &out
}

// lookUp does for a document what is done outside the transaction.
func (r *newsroom) lookUp(doc *entries.Document) {
	r.t.Helper()
	r.view(func(v store.View) error {
		st, err := v.State(doc.Source.ID)
		if err != nil {
			return err
		}
		decided, err := doc.Decide(v, st, r.setup)
		if err != nil {
			return err
		}
		return doc.LookUp(v, decided, r.setup)
	})
}

// erase destroys the text of an item, if it is there, with what it is found by.
func (r *newsroom) erase(k news.Key) {
	r.t.Helper()
	if err := r.store.Update(r.at, func(t *store.Tx) error {
		if _, found, err := t.Item(k); err != nil || !found {
			return err
		}
		return t.Erase(news.Erasure{Item: k})
	}); err != nil {
		r.t.Fatal(err)
	}
}

func (r *newsroom) digest() (sum [32]byte) {
	r.t.Helper()
	r.view(func(v store.View) (err error) {
		sum, err = v.Digest()
		return err
	})
	return sum
}
