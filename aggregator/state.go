package aggregator

import (
	"time"

	"dateline/aggregator/dedup"
	"dateline/aggregator/news"
)

// State is how a source is, in one word, for the operator.
type State string

// The states of a source, in the order in which they are looked for: the first that holds is given.
const (
	StateDisabled State = "disabled" // the config says so
	StateGone     State = "gone"     // it answered 410 and is asked no more
	StateBlocked  State = "blocked"  // it will not serve us
	StateWaiting  State = "waiting"  // its host wants no request yet
	StatePartial  State = "partial"  // its last document was cut off in the middle
	StateBroken   State = "broken"   // its last visit failed otherwise
	StateLate     State = "late"     // it should have been visited by now, or never was
	StateMoved    State = "moved"    // it is read at another address than the configured one
	StateSilent   State = "silent"   // it answers, and has brought nothing for longer than it ever did
	StateOK       State = "ok"
)

// States lists the states.
var States = []State{StateDisabled, StateGone, StateBlocked, StateWaiting, StatePartial, StateBroken, StateLate, StateMoved, StateSilent, StateOK}

// lateBy is how long after its due time a source may wait for its turn before it is called late.
const lateBy = 5 * time.Minute

// StateOf returns how src is at now, by what is remembered of it and what it waits for, see [Aggregator.Waiting].
func StateOf(src news.Source, st news.State, waiting news.Pause, now time.Time) State {
	switch {
	case !src.Enabled:
		return StateDisabled
	case st.Problem == news.ProblemGone:
		return StateGone
	case st.Problem == news.ProblemBlocked:
		return StateBlocked
	case waiting.Until.After(now) && !waiting.Until.Before(st.Due):
		return StateWaiting
	case st.Problem == news.ProblemPartial:
		return StatePartial
	case st.Problem != "":
		return StateBroken
	case st.LastVisit.IsZero(), st.Due.Add(lateBy).Before(now):
		return StateLate
	case st.Learned != "":
		return StateMoved
	case silent(st, now):
		return StateSilent
	}
	return StateOK
}

// Keys returns what an item is recognised by, as `fetch` prints it: the key first, then its identity keys.
func Keys(it news.Item) []string {
	out := []string{it.Key.String()}
	if address := dedup.Canonical(it.URL); address != "" {
		out = append(out, "address:"+address)
	}
	if it.Title != "" && !it.Published.IsZero() {
		out = append(out, "title:"+it.Published.UTC().Format("2006-01-02T15:04")+" "+it.Title)
	}
	return out
}
