// Package hub delivers our own documents to those who subscribe to them (W3C WebSub,
// https://www.w3.org/TR/websub/), or notifies a hub elsewhere that they have changed.
//
// The rules are:
//
//   - Topics. They are our own feeds, by the address that each names with rel=self. There is no publishing from outside.
//   - Intent. A request is taken with 202 and proves nothing: a subscription begins, changes or ends once
//     its callback has given back a random challenge (section 5.3). What is refused after the 202 is reported to the
//     callback with hub.mode=denied (section 5.2).
//   - Callbacks. They are reached through a guarded client, exactly as they were given, and no redirect is followed
//     (sections 5.3.1 and 7). Each is known by being unguessable: none is ever logged or shown, nor is a secret.
//   - Bounds. Subscriptions, requests that wait, their rate and what is read of an answer are bounded, in all
//     and for each host of callbacks, by its name and by the addresses that the name leads to (one of IPv4, 64 bits of IPv6), so that
//     the hub is no tool against a third party's server.
//   - Leases. They last as long as was asked for, an hour at least and thirty days at most, and then end.
//   - Deliveries. The bytes and the media type are those of a GET, signed with sha256 (section 7.1). There is one request
//     at a time to a host and to an address. A document is due when a newer position of the log is in it than was
//     delivered last; a version that is overtaken while it waits is never sent.
//   - Failures. What is not taken is sent again ever more rarely, up to every six hours, until the lease ends, as
//     section 7 demands: a subscription that fails is slow, not gone. Retry-After is obeyed, and 410 ends it.
//
// All that follows from the positions, which a [Store] remembers: what a restart interrupts is due again. Only
// requests that wait for their verification are lost with the process; a subscriber that hears nothing asks again.
//
// Where a hub elsewhere is configured, there are no subscribers and no deliveries here. That hub is notified (pinged) of each feed that has
// changed since the last notification, and again ever more rarely while it does not accept the notification.
package hub
