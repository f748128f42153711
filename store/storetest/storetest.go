// Package storetest has what tests put into a store: what a visit writes, as one value. It knows the store as an interface, so
// that the store's own tests can import it.
package storetest

import (
	"fmt"
	"slices"
	"time"

	"dateline/aggregator/news"
)

// Tx is the transaction of package store.
type Tx interface {
	PutState(source string, st news.State) error
	PutItem(it news.Item) (number uint64, err error)
	AddKeys(item news.Key, keys ...news.IdentityKey) error
	AddTerms(terms news.Terms) error
	PutEntry(e news.Entry) error
	DropEntry(k news.Key) error
	AppendLog(kind news.Kind, e news.Entry) (news.Entry, error)
	PutRule(r news.Rule) error
	Erase(all ...news.Erasure) error
	PutWindow(source string, window []news.Seen) error
	PutInitialSources(ids []string) error
}

// Visit is what one visit writes. The zero value changes nothing.
type Visit struct {
	Now            time.Time
	Source         string
	State          *news.State // nil: as before
	Items          []news.Item
	Keys           []KeyedItem
	Fingerprints   []news.Fingerprint // what items are recognised by
	Stems          []news.Fingerprint // what they are searched for by
	Dropped        []news.Key         // entries
	Entries        []news.Entry
	Log            []news.LogRecord // Entry and Kind of each say what is published, in order
	Rules          []news.Rule
	Erase          []news.Erasure
	Window         []news.Seen // nil: as before
	InitialSources []string
}

// KeyedItem is an identity key and an item that has it.
type KeyedItem struct {
	Key  news.IdentityKey
	Item news.Key
}

// Put makes the changes. It returns the first error.
func (v Visit) Put(t Tx) error {
	if v.State != nil {
		if err := t.PutState(v.Source, *v.State); err != nil {
			return err
		}
	}
	for _, it := range v.Items {
		if _, err := t.PutItem(it); err != nil {
			return err
		}
	}
	for _, k := range v.Keys {
		if err := t.AddKeys(k.Item, k.Key); err != nil {
			return err
		}
	}
	if err := v.putTerms(t); err != nil {
		return err
	}
	if err := v.publish(t); err != nil {
		return err
	}
	for _, r := range v.Rules {
		if err := t.PutRule(r); err != nil {
			return err
		}
	}
	if err := t.Erase(v.Erase...); err != nil {
		return err
	}
	if v.Window != nil {
		if err := t.PutWindow(v.Source, v.Window); err != nil {
			return err
		}
	}
	return t.PutInitialSources(v.InitialSources)
}

func (v Visit) putTerms(t Tx) error {
	for _, f := range v.Fingerprints {
		if err := t.AddTerms(news.Terms{Item: f.Item, Source: v.Source, At: f.At, Fingerprint: f.Terms}); err != nil {
			return err
		}
	}
	for _, f := range v.Stems {
		if err := t.AddTerms(news.Terms{Item: f.Item, Source: v.Source, At: f.At, Stems: f.Terms}); err != nil {
			return err
		}
	}
	return nil
}

func (v Visit) publish(t Tx) error {
	for _, k := range v.Dropped {
		if err := t.DropEntry(k); err != nil {
			return err
		}
	}
	entries := slices.Clone(v.Entries)
	logged := map[news.Key]bool{}
	for _, rec := range v.Log {
		at := slices.IndexFunc(entries, func(e news.Entry) bool { return e.Key == rec.Entry })
		if at < 0 {
			return fmt.Errorf("storetest: entry %s of the log is not among those written", rec.Entry)
		}
		var err error
		if entries[at], err = t.AppendLog(rec.Kind, entries[at]); err != nil {
			return err
		}
		logged[rec.Entry] = true
	}
	for _, e := range entries {
		if logged[e.Key] {
			continue
		}
		if err := t.PutEntry(e); err != nil {
			return err
		}
	}
	return nil
}
