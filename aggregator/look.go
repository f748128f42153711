package aggregator

import (
	"context"
	"errors"
	"net/http"

	"dateline/aggregator/dedup"
	"dateline/aggregator/entries"
	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
	"dateline/store"
)

// Found is an item of a document that was read and not stored.
type Found struct {
	Item     news.Item // cleaned and credited, under the key that it has or would get
	Decision string    // as [dedup.Decision.Name] says it
}

// Look reads a document as a visit to src would, whole and without validators, and stores nothing. The
// document is file where that is not nil, else what src.URL answers. It returns the errors of fetch and parse.
func (a *Aggregator) Look(ctx context.Context, src news.Source, file []byte) (found []Found, err error) {
	v := a.newVisit(src)
	defer v.places.release()
	err = store.Recovered(func() error {
		k, err := v.recall()
		if err != nil {
			return err
		}
		k.state.Validators, k.state.Hash, k.items = news.Validators{}, 0, nil
		ans := answer{at: now(), response: &fetch.Response{Status: http.StatusOK, URL: src.URL, Body: file}}
		if file == nil {
			if ans, err = v.ask(ctx, k.state); err != nil {
				return err
			}
		}
		r, err := v.read(ctx, k, ans)
		if err != nil || r.doc == nil {
			return err
		}
		found, err = v.found(k, v.open(k, ans, r))
		return errors.Join(err, r.partial)
	})
	return found, err
}

// found returns the items of a batch as a visit would store them.
func (v *visit) found(k known, b *batch) (out []Found, err error) {
	err = v.a.store.View(func(s store.View) error {
		decided, err := b.Decide(s, k.state, &v.setup.entries)
		if err != nil {
			return err
		}
		for _, d := range decided {
			b.item(d.Place)
		}
		b.leaveOutRepeats()
		for _, d := range decided {
			f, err := b.look(s, b.item(d.Place), d.Decision)
			if err != nil {
				return err
			}
			out = append(out, f)
		}
		return nil
	})
	return out, err
}

// look returns a prepared item as a visit would store it.
func (b *batch) look(s store.View, ready entries.Prepared, d dedup.Decision) (Found, error) {
	it := ready.Item
	it.Key, it.FirstSeen, it.Revision = d.Key, b.At, 1
	if d.Was != nil {
		it.FirstSeen, it.Revision = d.Was.FirstSeen, d.Was.Revision
	}
	it.ClampDates(it.FirstSeen)
	if d.Action == dedup.New && d.Join == nil && !d.Held {
		m, err := ready.Text.Of(it).Find(s, b.setup.Thresholds)
		if err != nil {
			return Found{}, err
		}
		d.Add(m)
	}
	if d.Was == nil && it.Embargo.InForce(b.At) {
		d.Hold()
	}
	it.Entry, it.Join, it.Supersedes, it.Held = d.Entry, d.Join, d.Supersedes, d.Held
	return Found{Item: it, Decision: d.Name()}, nil
}

// Keys returns what an item is recognised by, as `fetch` prints it: the key first, then its address, title and minute.
func Keys(it news.Item) []string {
	out := []string{it.Key.String()}
	if address := dedup.Canonical(it.URL); address != "" {
		out = append(out, "address:"+address)
	}
	if it.Title != "" && !it.Published.IsZero() {
		out = append(out, "title:"+it.Published.UTC().Format("2006-01-02T15:04")+" "+it.Title)
	}
	return out
}
