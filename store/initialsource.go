package store

// The initial sources are the sources that the store began with: what they have at their first visit is the wire's beginning,
// what a source has that was added later is mostly old. They are written with the first visit that is recorded, so a
// config edited before anything was read founds the store as much as one that was there when the file was made.

// HasInitialSources reports whether the initial sources were written.
func (v View) HasInitialSources() bool { return v.tx.Bucket(bInitialSource) != nil }

// IsInitialSource reports whether the source is one of the initial sources. It stays one when it leaves the config and comes back.
func (v View) IsInitialSource(source string) bool {
	found, err := v.table(bInitialSource).has([]byte(source))
	return found || err != nil // all of a row is its key
}

// putInitialSources writes the initial sources, unless they were written.
func (t *Tx) putInitialSources(sources []string) error {
	if sources == nil || t.HasInitialSources() {
		return nil
	}
	if _, err := t.tx.CreateBucket(bInitialSource); err != nil {
		return err
	}
	delete(t.memo.tables, string(bInitialSource)) // it was empty
	for _, id := range sources {
		if err := t.table(bInitialSource).put([]byte(id), nil); err != nil {
			return err
		}
	}
	return nil
}
