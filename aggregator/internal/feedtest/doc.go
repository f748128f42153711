// Package feedtest is what the project's tests are made of. Only tests import it. It imports package news and no other
// package of the project, so that every package can use it, and mocks none of them: a test opens the real store in a
// temporary folder.
//
// What each file has:
//
//   - server.go: [Server], a web server whose pages a test sets and whose requests it reads, on loopback or without a socket;
//     [Page], a document with validators.
//   - network.go: [Network], hosts by name without sockets, for bubbles of testing/synctest.
//   - rss.go: [RSS] writes a feed document.
//   - publisher.go: [Publisher], an http.RoundTripper that keeps books on its reader. document.go: what it answers;
//     judge.go: the rules by which it judges a request; report.go: the books as a table.
//   - world.go: [World], agencies that write, reprint, edit and withdraw, and whose servers fail; world_reader.go: what a reader of the
//     merged feed should be shown of it, and is.
//   - hub.go: [Hub], a WebSub hub. callback.go: [Callback], a WebSub subscriber.
//   - prose.go: [Grammar] composes texts in English and Russian, and copies of them. It shares no code with what is
//     tested. grammar.go reads their words from grammar.en.txt and grammar.ru.txt.
//   - random.go: [Rand], the seed of a random test; [Long], whether the whole form of a long test was asked for.
//   - outside.go: [Outside], data that the project does not contain; [Root], the folder of go.mod.
//
// # The books of a publisher
//
// A Publisher judges every request by the clock of the moment, so that weeks can be played in a bubble. The columns of its
// [Report] are those of Rachel Kroll's feed reader score and of the FRB rules that go with it: which requests carried no
// condition though there was one, which conditions were made up or out of sequence, what came too soon, and what a reader
// must not send at all. A request that comes too soon gets one mark, in the column of the rule that asked for the longest
// pause.
//
// Pauses are judged against the operator's interval (Feed.Every, less the slack that a pass may take) and what
// the server asks for: max-age and Expires of the last good answer, ttl, skipHours and skipDays of the last good
// document, Retry-After, on 429 for the whole host, and double the interval after a 429 or 503 that names no time
// (FRB021) or the third failure in a row. Nothing longer than [Patience] is held against a reader.
//
// A reader that got ten permanent redirects over three days must ask the new address (FRB130), and one that got
// nothing new for three days must come half as often as it may (FRB023). What a publisher cannot see is not
// judged: whether error pages are shown to people, whether a challenge is distinguished from a feed.
package feedtest
