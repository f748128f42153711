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
	Decision string    // new, same, revision, alias, twin or join:LEVEL
}

// Look reads a document as a visit to src would, whole and without validators, and stores nothing. The
// document is file where that is not nil, else what src.URL answers. It returns the errors of fetch and parse.
func (a *Aggregator) Look(ctx context.Context, src news.Source, file []byte) ([]Found, error) {
	v := a.newVisit(src)
	v.guarded(func() {
		defer v.leave()
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
	v.sort()
	var decided []dedup.Decision
	err = v.a.store.View(func(s store.View) (err error) {
		decided, err = v.decide(s)
		return err
	})
	for i, d := range decided {
		it := v.refine(v.doc.Items[v.places[i]])
		it.Key, it.Entry, it.Join, it.FirstSeen, it.Revision = d.Key, d.Entry, d.Join, v.at, 1
		if d.Was != nil {
			it.FirstSeen, it.Revision = d.Was.FirstSeen, d.Was.Revision
		}
		clamp(&it, it.FirstSeen)
		out = append(out, Found{Item: it, Decision: d.Name()})
	}
	return out, err
}
