// Package subscriber subscribes to topics at WebSub hubs and takes what they deliver (W3C WebSub,
// https://www.w3.org/TR/websub/). It knows no feed format: a delivery goes to what reads polled documents.
//
// The rules are:
//
//   - Discovery. Links in the header of an answer come before those in the document; the topic is the
//     one that the publisher names with rel=self, byte for byte, see [Discover].
//   - Callbacks. Each has a name of at least 128 random bits and a secret of its own; renewing a
//     subscription makes a new one. The old one stays good until the hub has verified the new one, then it is
//     given back with an unsubscription (notes/why-one-record-per-callback.md).
//   - Intent. A hub's question is answered with its challenge only where we want what it asks about
//     (section 5.3.1), else with 404.
//   - Deliveries. The callback alone says whose they are, never a Link field (section 7). What is not signed
//     with the callback's secret is acknowledged, ignored and counted (section 7.1.2).
//   - Leases. A subscription is renewed at half of its lease. A request that fails, or that the hub never
//     comes back to, is made again ever more rarely, up to once a day; a Retry-After is obeyed for all of a hub.
//   - Trust. Push is taken to work once something was delivered. The first item that a poll finds before
//     the hub brought it ends that, until the next delivery; after three such polls in a row the hub counts as dead.
//
// Everything is remembered in a [Store], so that a restart asks no hub for anything. What is due is
// found by one look at all subscriptions ([Subscriber.Run]); each change of one wakes that look. Only Run writes
// to the store, so that no other method waits for it.
package subscriber
