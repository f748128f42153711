package node

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"time"

	"dateline/store"
	"dateline/store/shared"
)

// A node that has no file of the log, or one that cannot follow it, asks another for a copy of its own: GET [CopyPath] at that one's
// admin listener, with a ticket in the field [TicketField] that only who may write to PostgreSQL can have made. The body is the file, its
// sum the trailer [SumField].
const (
	CopyPath    = "/copy"
	TicketField = "Dateline-Ticket"
	SumField    = "Dateline-Sum" // SHA-256, in hexadecimal
)

const (
	copyStall  = 30 * time.Second // without a byte, after which a copy is given up
	copyRounds = 3                // tries of all nodes
)

// ErrNoCopy is returned where no node gave a copy of its file.
var ErrNoCopy = errors.New("no other node gave a copy of its store")

// needsFirst reports whether there is no file at path, and the log has begun.
func (c *Cluster) needsFirst(ctx context.Context, path string) (bool, error) {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	head, err := c.shared.Head(ctx)
	return head.FeedID != "", err
}

// reason says in a word why a file cannot follow the log, for the name under which it is kept; empty: a copy would not help.
func reason(err error) string {
	var diverged *store.DivergedError
	switch {
	case errors.As(err, &diverged):
		return "differs"
	case errors.Is(err, shared.ErrAhead):
		return "ahead"
	case errors.Is(err, shared.ErrStale):
		return "stale"
	}
	return ""
}

// copyFrom puts a copy of another node's store in the place of the one at path, which is kept beside it as a file whose name has why. It
// returns [ErrNoCopy] where none was given; that is one for which [IsTooOld] is true where a newer version has made the store.
func (c *Cluster) copyFrom(ctx context.Context, path, why string, log *slog.Logger) error {
	failed := ErrNoCopy
	for range copyRounds {
		nodes, err := c.sources(ctx)
		if err != nil {
			return err
		}
		for _, from := range nodes {
			kept, err := store.Receive(path, why, func(to io.Writer) error { return c.get(ctx, from.Addr, to) })
			if err == nil {
				log.Info("the store is a copy of another node's", "node", from.ID, "admin", from.Addr, "path", path, "kept", kept)
				return nil
			}
			if ctx.Err() != nil || errors.Is(err, store.ErrBusy) {
				return err
			}
			log.Warn("a node gave no copy of its store", "node", from.ID, "admin", from.Addr, "err", err)
			failed = fmt.Errorf("%w: %w", ErrNoCopy, err)
			if errors.Is(err, store.ErrNewer) {
				failed = fmt.Errorf("%w: %w: %w", ErrNoCopy, shared.ErrNewer, err)
			}
		}
		if IsTooOld(failed) {
			break
		}
	}
	return failed
}

// sources returns the other nodes that have an admin listener and were heard of within half a minute, those first that have most of the
// log.
func (c *Cluster) sources(ctx context.Context) ([]shared.Node, error) {
	state, err := c.shared.State(ctx)
	if err != nil {
		return nil, err
	}
	all := slices.DeleteFunc(state.Nodes, func(n shared.Node) bool {
		return n.ID == c.shared.Node() || n.Addr == "" || n.Ago > aliveFor || n.Seq > state.Seq
	})
	slices.SortStableFunc(all, func(a, b shared.Node) int { return cmp.Compare(b.Seq, a.Seq) })
	return all, nil
}

// get writes the store of the node whose admin listener is at an address to a file, and checks its sum.
func (c *Cluster) get(ctx context.Context, admin string, to io.Writer) error {
	ticket, err := c.shared.PutTicket(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stalled := time.AfterFunc(copyStall, func() { cancel(fmt.Errorf("no byte for %v: %w", copyStall, os.ErrDeadlineExceeded)) })
	defer stalled.Stop()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+admin+CopyPath, nil)
	if err != nil {
		return err
	}
	r.Header.Set(TicketField, ticket)
	answer, err := (&http.Transport{DisableKeepAlives: true, DisableCompression: true}).RoundTrip(r)
	if err != nil {
		return cmp.Or(context.Cause(ctx), err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		why, _ := io.ReadAll(io.LimitReader(answer.Body, 200)) // it is for people
		return fmt.Errorf("%s: %q", answer.Status, why)
	}
	sum := sha256.New()
	if _, err := io.Copy(io.MultiWriter(to, sum, alive{stalled}), answer.Body); err != nil {
		return cmp.Or(context.Cause(ctx), err)
	}
	if is, was := hex.EncodeToString(sum.Sum(nil)), answer.Trailer.Get(SumField); is != was {
		return fmt.Errorf("the copy has the sum %q, the store %q", is, was)
	}
	return nil
}

// alive puts a timer off with each write.
type alive struct{ timer *time.Timer }

func (a alive) Write(b []byte) (int, error) {
	a.timer.Reset(copyStall)
	return len(b), nil
}

// TakeTicket reports whether a request for a copy of the store comes from another node. Each ticket is good for one request.
func (n *Node) TakeTicket(r *http.Request) (bool, error) {
	return n.cluster.shared.TakeTicket(r.Context(), r.Header.Get(TicketField))
}

// reachable returns the address of an admin listener as other machines reach it: one that is open at all addresses is reached at the one
// from which this machine reaches PostgreSQL. Empty: they cannot.
func (c *Cluster) reachable(ctx context.Context, admin string) string {
	host, port, err := net.SplitHostPort(admin)
	if ip, parseErr := netip.ParseAddr(host); err != nil || parseErr != nil || !ip.IsUnspecified() {
		return admin
	}
	ip, err := c.shared.LocalIP(ctx)
	if err != nil || ip == "" {
		return ""
	}
	return net.JoinHostPort(ip, port)
}
