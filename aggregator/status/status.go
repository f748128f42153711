// Package status says in one word how a source is, how much it brings, and what the operator can do. It is pure: it reads no
// clock and no store.
package status

import (
	"fmt"
	"time"

	"dateline/aggregator/news"
)

// State is how a source is, in one word, for the operator.
type State string

// The states of a source, in the order in which they are looked for: the first that holds is given.
const (
	Disabled State = "disabled" // the config says so
	Gone     State = "gone"     // it answered 410 and is asked no more
	Blocked  State = "blocked"  // it will not serve us
	Waiting  State = "waiting"  // its host asked for a pause, and it was not asked since
	Partial  State = "partial"  // its last document was cut off in the middle
	Broken   State = "broken"   // its last visit failed otherwise
	New      State = "new"      // it was not visited yet
	Late     State = "late"     // it should have been visited by now
	Moved    State = "moved"    // it is read at another address than the configured one
	Silent   State = "silent"   // it answers, and has brought nothing for longer than it ever did
	OK       State = "ok"
)

// States lists the states, from those that need a look to those that do not.
var States = []State{Broken, Gone, Blocked, Partial, Late, Silent, Moved, Waiting, New, OK, Disabled}

// Ill reports whether a source in that state brings nothing, or not all, and not because its server asked for a pause.
func (s State) Ill() bool {
	switch s {
	case Broken, Gone, Blocked, Partial, Late:
		return true
	}
	return false
}

// lateBy is how long after its due time a source may wait for its turn before it is called late.
const lateBy = 5 * time.Minute

// Of returns how src is at now. st is what is remembered of it, waiting the pause that it waits for, or that its last answer asked for;
// zero: none.
func Of(src news.Source, st news.State, waiting news.Pause, now time.Time) State {
	switch {
	case !src.Enabled:
		return Disabled
	case st.Problem == news.ProblemGone:
		return Gone
	case st.Problem == news.ProblemBlocked:
		return Blocked
	case waits(st, waiting, now):
		return Waiting
	case st.Problem == news.ProblemPartial:
		return Partial
	case st.Problem != "":
		return Broken
	case st.LastVisit.IsZero():
		return New
	case st.Due.Add(lateBy).Before(now):
		return Late
	case st.Learned != "":
		return Moved
	case silent(st, now):
		return Silent
	}
	return OK
}

// waits reports whether the pause decides when the source is asked again, or its last answer asked for it and the source was not due since:
// a host that wants a minute's rest is well, although it is asked again in an hour.
func waits(st news.State, waiting news.Pause, now time.Time) bool {
	if waiting.Until.After(now) && !waiting.Until.Before(st.Due) {
		return true
	}
	answered := st.Problem == news.ProblemHTTP && !st.RetryAt.IsZero() && !waiting.Until.IsZero()
	return answered && now.Before(st.Due.Add(lateBy))
}

// Hint returns what the operator can do about a source in this state, with the other arguments as for [Of]. Empty: nothing.
func Hint(src news.Source, st news.State, state State, waiting news.Pause) string {
	switch {
	case state == Disabled && st.LastNew.After(st.LastSuccess):
		return fmt.Sprintf("it is not polled: what came last, at %s, came with `dateline ingest %s --document`", stamp(st.LastNew), src.ID)
	case state == Silent && st.Result == news.NotModified:
		return fmt.Sprintf("it says that nothing changed since %s: `dateline fetch %s` looks at it whole", stamp(st.LastNew), src.ID)
	case state == Waiting && waiting.Until.Before(st.Due):
		return fmt.Sprintf("%s wanted no request before %s, and is asked again when it is due: `dateline ingest --force %s` asks it at once",
			waiting.Host, stamp(waiting.Until), src.ID)
	case state == Waiting:
		return fmt.Sprintf("%s wants no request before %s: `dateline ingest --force %s` asks it once all the same",
			waiting.Host, stamp(waiting.Until), src.ID)
	case st.Problem == news.ProblemGuard:
		return "if the address is private on purpose, network.allow lets it in"
	case st.Problem == news.ProblemPort:
		return "if the port is meant, network.ports lets it in"
	case state == Moved:
		return fmt.Sprintf("it is read at %s: make that its url", st.Learned)
	case state == Gone:
		return fmt.Sprintf("it is asked no more: remove it, or ask once with `dateline ingest --now %s`", src.ID)
	case state == Blocked:
		return "the server will not serve this program: if it wants a key, see url and headers; else ask its operator, or set enabled: false"
	case st.Held > 0 && st.Held == st.Embargoed:
		until := "until you decide"
		if !st.EmbargoEnds.IsZero() {
			until = "the first until " + stamp(st.EmbargoEnds)
		}
		return fmt.Sprintf("%d under embargo, %s: `dateline sources release %[3]s` publishes them now, `sources drop-held %[3]s` never does",
			st.Held, until, src.ID)
	case st.Held > 0:
		return fmt.Sprintf("%d held back: `dateline feed --source %[2]s` shows them, `dateline sources release %[2]s` publishes them, "+
			"`sources drop-held %[2]s` never does", st.Held, src.ID)
	case st.LeftOut.Count > 0:
		return fmt.Sprintf("%d items of its document were shortened or left out (%s), the first is %q",
			st.LeftOut.Count, st.LeftOut.Reason, st.LeftOut.Example)
	}
	return ""
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
