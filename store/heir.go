package store

import "slices"

// inherit has source take the place of another id: its items stand in the window of source, and of its state only
// stays how it was called. What is held of it has been given the new id by the caller.
func (v View) inherit(source, former string) error {
	b := v.tx.Bucket(bSource)
	window, err := unpackWindow(b.Get(windowKey(source)))
	if err != nil {
		return err
	}
	theirs, err := unpackWindow(b.Get(windowKey(former)))
	if err != nil {
		return err
	}
	for _, s := range theirs {
		if !slices.ContainsFunc(window, func(o seen) bool { return o.number == s.number }) {
			window = append(window, seen{number: s.number})
		}
	}
	if err := b.Put(windowKey(source), packWindow(window)); err != nil {
		return err
	}
	if err := b.Delete(windowKey(former)); err != nil {
		return err
	}
	if err := v.dropHeldOf(former); err != nil {
		return err
	}
	old, err := v.State(former)
	if err != nil {
		return err
	}
	return v.putState(former, old.Called())
}
