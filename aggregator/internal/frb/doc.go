// Package frb is a publisher that keeps books on whoever reads it. It answers as a network
// ([Publisher] is an http.RoundTripper) and judges every request by the clock of the moment, so that weeks can be
// played in a synctest bubble. Only tests import it.
//
// The columns of its [Report] are those of Rachel Kroll's feed reader score and of the FRB rules that go with it:
// which requests carried no condition though one was to be had, which conditions were made up or out of
// sequence, what came too soon, and what a reader has no business to send at all. A request that comes too soon
// gets one mark, in the column of whatever asked for the longest pause.
//
// Pauses are judged against what the operator wants (Feed.Every, less the slack that a pass may take) and what
// the server asks for: max-age and Expires of the last good answer, ttl, skipHours and skipDays of the last good
// document, Retry-After, on 429 for the whole host, and double the interval after a 429 or 503 that names no time
// (FRB021) or the third failure in a row. Nothing longer than [Patience] is held against a reader.
//
// A reader that was led elsewhere by ten permanent redirects over three days has to know (FRB130), and one that was
// told nothing new for three days has to come half as often as it may (FRB023). What a publisher cannot see is not
// judged: whether error pages are shown to people, whether a challenge is told from a feed.
package frb
