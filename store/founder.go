package store

// The founders are the sources that the store began with: what they have at their first visit is the wire's beginning,
// what a source has that was added later is mostly old. They are written with the first visit that is recorded, so a
// config edited before anything was read founds the store as much as one that was there when the file was made.

// Founded reports whether the founders were written.
func (v View) Founded() bool { return v.tx.Bucket(bFounder) != nil }

// Founder reports whether the source is one of the founders. It stays one when it leaves the config and comes back.
func (v View) Founder(source string) bool {
	b := v.tx.Bucket(bFounder)
	return b != nil && b.Get([]byte(source)) != nil
}

// found writes the founders, unless they were written.
func (v View) found(sources []string) error {
	if sources == nil || v.Founded() {
		return nil
	}
	b, err := v.tx.CreateBucket(bFounder)
	if err != nil {
		return err
	}
	for _, id := range sources {
		if err := b.Put([]byte(id), []byte{formPlain}); err != nil {
			return err
		}
	}
	return nil
}
