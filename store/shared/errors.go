package shared

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
)

// Errors of a cluster.
var (
	ErrAway    = errors.New("shared: PostgreSQL is away")
	ErrPooler  = errors.New("shared: the connection keeps no session, as through a pooler in transaction mode")
	ErrNewer   = errors.New("shared: written by a newer version: upgrade this node")
	ErrCorrupt = errors.New("shared: damaged")
	ErrLost    = errors.New("shared: the turn was lost, nothing was appended")
	ErrUnknown = errors.New("shared: it is not known yet whether the log has it")
	ErrFenced  = errors.New("shared: the lease has ended")
	ErrMoved   = errors.New("shared: another node has changed the state of a source")
	ErrBehind  = errors.New("shared: too far behind for a turn: read the log first")
)

// Errors of [Cluster.Join].
var (
	ErrOtherFeed = errors.New("shared: the log is that of another feed")
	ErrAhead     = errors.New("shared: the file has writes that the log has not")
	ErrStale     = errors.New("shared: the log no longer has what the file lacks")
)

// away gives an error of a connection its name here. What PostgreSQL itself said about a statement stays as it is.
func away(err error) error {
	var said *pgconn.PgError
	var network net.Error
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &said):
		if isGoing(said) {
			return fmt.Errorf("%w: %w", ErrAway, err)
		}
		if said.Code == "DL002" {
			return fmt.Errorf("%w: %w", ErrMoved, err)
		}
		return fmt.Errorf("shared: %w", err)
	case errors.As(err, &network), errors.Is(err, context.DeadlineExceeded), isBroken(err):
		return fmt.Errorf("%w: %w", ErrAway, err)
	}
	return err
}

// deadlockTries is how often at most a transaction is run that PostgreSQL ends because it and another wait for each other.
const deadlockTries = 5

// retry runs a transaction, again where it ended in a deadlock: that changed nothing, and the other one went on. Hosts are locked in the
// order of their names; what changes many sources may meet a visit, which locks the host before the source.
func retry(do func() error) (err error) {
	for range deadlockTries {
		if err = do(); !isDeadlock(err) {
			break
		}
	}
	return err
}

func isDeadlock(err error) bool {
	var said *pgconn.PgError
	return errors.As(err, &said) && said.Code == "40P01"
}

// isGoing reports whether PostgreSQL said that it starts, stops or has no room for a connection, rather than that a statement is wrong.
func isGoing(said *pgconn.PgError) bool {
	switch said.Code {
	case "53300", "57P01", "57P02", "57P03", "25P03", "25006", "57P05": // 25006: a standby
		return true
	}
	return said.Code[:2] == "08"
}

// isBroken reports whether the connection ended under a statement.
func isBroken(err error) bool {
	var connecting *pgconn.ConnectError
	return errors.As(err, &connecting) || errors.Is(err, pgconn.ErrConnClosed) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}
