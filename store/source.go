package store

import (
	"fmt"

	"dateline/aggregator/news"
)

// State returns what is remembered of a source; the zero State for one never visited.
func (v View) State(source string) (news.State, error) {
	all, err := v.states()
	if err != nil {
		return news.State{}, err
	}
	packed := all.get(source)
	if packed == nil {
		return news.State{}, nil
	}
	return v.unpackState(source, packed)
}

// States returns what is remembered of every source ever visited, by id.
func (v View) States() (map[string]news.State, error) {
	all, err := v.states()
	if err != nil {
		return nil, err
	}
	out := make(map[string]news.State, all.sources)
	for _, part := range all.parts {
		for source, packed := range part {
			if out[source], err = v.unpackState(source, packed); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// states returns those that the view sees: the ones in memory, or where these are of a later transaction what its file has.
func (v View) states() (*states, error) {
	if v.memo.states == nil {
		v.memo.states = v.s.states.Load().at(v.tx)
	}
	if v.memo.states == nil {
		st, err := v.readStates()
		if err != nil {
			return nil, err
		}
		v.memo.states = st
	}
	return v.memo.states, nil
}

func (v View) unpackState(source string, packed []byte) (st news.State, err error) {
	if err := v.s.codec.unpack(packed, &st); err != nil {
		return st, fmt.Errorf("source %s: %w", source, err)
	}
	err = v.countHeld(source, &st)
	return st, err
}

func (t *Tx) putState(source string, st news.State) error {
	packed, err := t.s.codec.packState(st)
	if err != nil {
		return err
	}
	return t.appendVisit(source, packed)
}

// dropState forgets a source.
func (t *Tx) dropState(source string) error { return t.appendVisit(source, nil) }
