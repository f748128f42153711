package store

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/fxamacker/cbor/v2"

	"dateline/aggregator/news"
)

// erasedBy returns the items whose text an op destroys.
func erasedBy(o op) (all []news.Key) {
	if o, ok := o.(*erase); ok {
		for _, e := range o.All {
			all = append(all, e.Item)
		}
	}
	return all
}

// Puts reports whether w puts one of some items, with its text. It returns [ErrCorrupt].
func (w Writes) Puts(items []news.Key) (bool, error) {
	for _, packed := range w.Ops {
		var parts coded[cbor.RawMessage]
		var o putItem
		err := cbor.Unmarshal(packed, &parts)
		if err == nil && parts.Code == opCodes[reflect.TypeFor[*putItem]()] {
			err = cbor.Unmarshal(parts.Op, &o)
		}
		if err != nil {
			return false, fmt.Errorf("%w: unreadable op of writes %d: %w", ErrCorrupt, w.Seq, err)
		}
		if o.Number > 0 && slices.Contains(items, o.Item.Key) {
			return true, nil
		}
	}
	return false, nil
}
