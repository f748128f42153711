// Package fetch reads one document over HTTP: one polite, bounded, guarded GET. It also lends its
// guard to every other outbound request, see [Client.HTTP].
//
// The rules are:
//
//   - Polite. Validators go out as they came in, byte for byte (RFC 9110 section 13.1), on every hop of
//     a redirected request: they belong to the document at the end of the chain, a server that
//     redirects ignores them (section 13.2.1), and a document whose address changes at each visit,
//     such as a signed one, would otherwise be sent whole every time. No cookies, no Referer, nothing
//     added to the query. One request per host and port at a time, with a gap between two, see [Hosts].
//   - Bounded. Time, bytes received, bytes decoded, their ratio, header bytes, redirects and the least
//     speed all have a limit; a limit passed is an error, never a shortened document. A round trip whose time is over ends
//     half a second later even if the transport hangs, see [ErrAbandoned].
//   - Guarded. http and https only. The address is judged when it is dialled, on the very IP, so that
//     no DNS answer can change in between; every hop of a redirect is judged again.
//   - Discreet. [Request.Header] and the user and password of an address are sent to that address's host
//     alone, and never in the clear where the address is https. No error and no address in an answer
//     repeats user and password.
//
// A redirect from https to http is followed, since what it leads to is public, but it is never learned,
// see [Response.Moved].
package fetch
