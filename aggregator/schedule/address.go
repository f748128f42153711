package schedule

import (
	"time"

	"dateline/aggregator/news"
)

// A permanent redirect (301, 308) is not believed at once, since captive portals and parked domains send them too. The address is
// learned after five visits over two days that were all redirected there and all found the feed that we know. It is kept in the store
// and shown; the config stays as it is. Redirects from https to http are followed and never learned.
const (
	moveVisits = 5
	moveTime   = 48 * time.Hour
	moveFaults = 3 // bad visits in a row after which a learned address is given up for the configured one
)

// Address returns where to ask: the learned address, unless it has failed too often, or the source is configured under another one.
func Address(src news.Source, st news.State) string {
	if st.Learned != "" && st.URL == src.URL {
		return st.Learned
	}
	return src.URL
}

// foreign in MovingCount says that the target did not have our feed. What it has instead becomes the source's last document, which
// later visits find again; so foreign stays until the redirect ends or leads to another address.
const foreign = -1

// Moved notes where a good visit was permanently redirected; empty: it was not. same says that it found the feed that we know.
func Moved(st *news.State, to string, same bool, at time.Time) {
	if to != st.Moving {
		st.Moving, st.MovingSince, st.MovingCount = to, at, 0
	}
	switch {
	case to == "":
		st.MovingSince, st.MovingCount = time.Time{}, 0
		return
	case st.MovingCount == foreign || !same:
		st.MovingCount = foreign
		return
	}
	st.MovingCount++
	if st.MovingCount >= moveVisits && at.Sub(st.MovingSince) >= moveTime {
		st.Learned = to
		st.Moving, st.MovingSince, st.MovingCount = "", time.Time{}, 0
	}
}

// AddressFailed is called after a bad visit, which st.Failures counts already. It ends a series of redirected visits, and has a learned
// address that has failed three times in a row forgotten, with the validators that came from it.
func AddressFailed(st *news.State) {
	if st.MovingCount > 0 {
		st.Moving, st.MovingSince, st.MovingCount = "", time.Time{}, 0
	}
	if st.Learned != "" && st.Failures >= moveFaults {
		st.Learned, st.Validators, st.From, st.Hash = "", news.Validators{}, "", 0
	}
}
