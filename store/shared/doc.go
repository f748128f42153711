// Package shared is what many nodes have in common: one PostgreSQL that keeps the order of writes, the leases of hosts, the states of
// sources and the duties. Every node has the wire itself in a bbolt file of its own. It is the only importer of pgx.
//
// A node takes the turn ([Cluster.Begin]), applies what others appended meanwhile, makes its changes and appends them
// ([Turn.Append]). Only one node has the turn at a time, so that the log is dense and everything in it has one order. A node that is
// halted with the turn loses it after two seconds.
//
// What it promises:
//   - What [Turn.Append] returned nil for is in the log, for ever or until [Retention] has passed. What it returned [ErrLost] for is
//     not. After [ErrUnknown] the log shows which, once PostgreSQL answers again.
//   - A host is leased to one node at a time. What was visited under a lease that has ended is refused ([ErrFenced]).
//
// Times are those of PostgreSQL: the clocks of nodes are not compared.
//
// # Errors
//
// Where PostgreSQL cannot be reached or does not answer in time the error wraps [ErrAway]. The doc of a function names only the errors
// that it has besides.
package shared
