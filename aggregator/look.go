package aggregator

import (
	"context"
	"errors"

	"dateline/aggregator/dedup"
	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
	"dateline/store"
)

// Found is an item of a document that was only looked at.
type Found struct {
	Item     news.Item // cleaned and credited, under the key that it has or would get
	Decision string    // as [dedup.Decision.Name] says it
}

// Look reads a document as a visit to src would, whole and without validators, and stores nothing. The
// document is file where that is not nil, else what src.URL answers. It returns the errors of fetch and parse.
func (a *Aggregator) Look(ctx context.Context, src news.Source, file []byte) ([]Found, error) {
	v := a.newVisit(src)
	v.guarded(func() {
		defer v.releaseAll()
		v.recall()
		v.state.Validators, v.state.Hash = news.Validators{}, 0
		v.window, v.standing = nil, nil
		if file != nil {
			v.at, v.answer = now(), &fetch.Response{Status: 200, URL: src.URL, Body: file}
		} else {
			v.ask(ctx)
		}
		v.read(ctx)
	})
	if v.doc == nil {
		return nil, v.err
	}
	found, err := v.found()
	return found, errors.Join(err, v.err)
}

func (v *visit) found() (out []Found, err error) {
	v.open()
	err = v.a.store.View(func(s store.View) error {
		decided, err := v.items.decide(s, v.state, &v.setup.entries)
		if err != nil {
			return err
		}
		for _, d := range decided {
			f, err := v.look(s, v.refined(d.Place), d.Decision)
			if err != nil {
				return err
			}
			out = append(out, f)
		}
		return nil
	})
	return out, err
}

// look completes an item as a visit would.
func (v *visit) look(s store.View, ready prepared, d dedup.Decision) (Found, error) {
	it := ready.Item
	it.Key, it.FirstSeen, it.Revision = d.Key, v.at, 1
	if d.Was != nil {
		it.FirstSeen, it.Revision = d.Was.FirstSeen, d.Was.Revision
	}
	it.ClampDates(it.FirstSeen)
	if d.Action == dedup.New && d.Join == nil && !d.Held {
		m, err := ready.Text.Of(it).Find(s, v.setup.Thresholds)
		if err != nil {
			return Found{}, err
		}
		d.Add(m)
	}
	it.Entry, it.Join, it.Supersedes, it.Held = d.Entry, d.Join, d.Supersedes, d.Held
	return Found{Item: it, Decision: d.Name()}, nil
}
