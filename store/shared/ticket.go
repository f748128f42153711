package shared

import (
	"context"
	"crypto/rand"
	"net"
	"time"

	"github.com/jackc/pgx/v5"
)

// ticketTerm is how long a ticket is valid: as long as a request takes to arrive.
const ticketTerm = time.Minute

// PutTicket returns a secret that another node takes once, within a minute: it shows that this one may write to the cluster.
func (c *Cluster) PutTicket(ctx context.Context) (string, error) {
	ticket := rand.Text()
	b := &pgx.Batch{}
	b.Queue("delete from ticket where until < now()")
	b.Queue("insert into ticket (name, until) values ($1, now() + $2)", ticket, ticketTerm)
	return ticket, c.inBatch(ctx, b, func(pgx.BatchResults) error { return nil })
}

// TakeTicket reports whether a ticket is valid, which it is no more then.
func (c *Cluster) TakeTicket(ctx context.Context, ticket string) (bool, error) {
	tag, err := c.pool.Exec(ctx, "delete from ticket where name = $1 and until > now()", ticket)
	return tag.RowsAffected() == 1, away(err)
}

// LocalIP returns the address of this machine from which it reaches PostgreSQL; empty: it does so by a socket.
func (c *Cluster) LocalIP(ctx context.Context) (string, error) {
	conn, err := c.pool.Acquire(ctx)
	if err != nil {
		return "", away(err)
	}
	defer conn.Release()
	if at, ok := conn.Conn().PgConn().Conn().LocalAddr().(*net.TCPAddr); ok {
		return at.IP.String(), nil
	}
	return "", nil
}
