package websub

import (
	"reflect"
	"time"
)

// Merge returns what a row is where two processes may have changed it: base is the row that ours was made of, theirs is what the store has
// by now; nil: there is none. It is what both changed, ours where both changed the same field. A row that one of them dropped is dropped,
// unless the other has given it another lease meanwhile. T is a struct.
func Merge[T comparable](base, ours, theirs *T, lease func(T) time.Time) *T {
	switch {
	case isSame(base, ours):
		return theirs
	case ours == nil: // dropped here
		if theirs == nil || base == nil || lease(*theirs).Equal(lease(*base)) {
			return nil
		}
		return theirs
	case theirs == nil: // new here, or dropped there
		if base == nil || !lease(*ours).Equal(lease(*base)) {
			return ours
		}
		return nil
	case base == nil:
		base = new(T)
	}
	return mergeFields(base, ours, theirs)
}

// mergeFields returns theirs with the fields that ours has changed of base.
func mergeFields[T comparable](base, ours, theirs *T) *T {
	out := *theirs
	b, o, to := reflect.ValueOf(base).Elem(), reflect.ValueOf(ours).Elem(), reflect.ValueOf(&out).Elem()
	for i := range to.NumField() {
		if !isEqual(b.Field(i), o.Field(i)) {
			to.Field(i).Set(o.Field(i))
		}
	}
	return &out
}

// isSame reports whether two rows have equal fields, or are both none.
func isSame[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	x, y := reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem()
	for i := range x.NumField() {
		if !isEqual(x.Field(i), y.Field(i)) {
			return false
		}
	}
	return true
}

// isEqual reports whether two fields are equal; times: whether they are one moment.
func isEqual(a, b reflect.Value) bool {
	if at, ok := a.Interface().(time.Time); ok {
		return at.Equal(b.Interface().(time.Time))
	}
	return a.Equal(b)
}
