package aggregator

import (
	"time"

	"dateline/aggregator/news"
)

// A permanent redirect (301, 308) is believed slowly: captive portals and parked domains send them too. The
// address it leads to is learned after five visits over two days that all were led there and all found the
// feed that we know. It is kept in the store and shown; the config stays as it is. Redirects from https to http
// are followed and never learned.
const (
	moveVisits = 5
	moveTime   = 48 * time.Hour
	moveFaults = 3 // bad visits in a row after which a learned address is given up for the configured one
)

// address returns where to ask: the learned address, unless it has failed too often.
func address(src news.Source, st news.State) string {
	if st.Learned != "" && st.URL == src.URL {
		return st.Learned
	}
	return src.URL
}

// foreign in MovingCount marks a target that did not have our feed. What it has instead becomes the source's last
// document, so later visits look alike: the mark stays until the redirect ends or leads elsewhere.
const foreign = -1

// moved takes note of where a good visit was led. same says that it found the feed that we know.
func moved(st *news.State, to string, same bool, at time.Time) {
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

// strayed takes note of a bad visit: a learned address that fails again and again is forgotten. The validators
// came from it and go too.
func strayed(st *news.State) {
	if st.MovingCount > 0 {
		st.Moving, st.MovingSince, st.MovingCount = "", time.Time{}, 0
	}
	if st.Learned != "" && st.Failures >= moveFaults {
		st.Learned, st.Validators, st.From, st.Hash = "", news.Validators{}, "", 0
	}
}
