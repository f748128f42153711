package store

import "dateline/aggregator/news"

// erase leaves of an item what it is recognised by: of its text and credits nothing is kept, in any revision.
// What was held back is so no more: nothing is left that could be released.
func (t *Tx) erase(number uint64, keys []news.IdentityKey) error {
	it, found, err := t.current(number)
	if err != nil || !found {
		return err
	}
	if e, found, err := t.Entry(it.Entry); err != nil {
		return err
	} else if found {
		if err := t.putEntry(e); err != nil { // it has changed
			return err
		}
	}
	stub := news.Item{
		Key: it.Key, Source: it.Source, Entry: it.Entry, FirstSeen: it.FirstSeen, Revised: it.Revised, Revision: it.Revision,
		Published: it.Published, Language: it.Language, // of the notice that may stand in its place
		Hash: it.Hash, Withdrawn: it.Withdrawn, Withdrawal: it.Withdrawal, Erased: true, IdentityKeys: it.IdentityKeys,
	}
	if !it.Erased {
		stub.IdentityKeys = keys
	}
	if err := t.listHeld(stub, number); err != nil {
		return err
	}
	return t.replace(number, &stub)
}

// eraseAll destroys texts at an editor's word, and what they were found by. Retention leaves prints alone: they end by
// themselves, and long before.
func (t *Tx) eraseAll(all []news.Erasure) error {
	if len(all) == 0 {
		return nil
	}
	var gone []uint64
	for _, e := range all {
		number, err := t.mustNumber(e.Item)
		if err != nil {
			return err
		}
		if err := t.erase(number, e.IdentityKeys); err != nil {
			return err
		}
		gone = append(gone, number)
	}
	return t.dropPostings(gone, iFingerprint, iStem)
}
