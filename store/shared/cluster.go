package shared

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"dateline/store"
)

// Options of a cluster.
type Options struct {
	Node  string // id of this node, of which no other process has the like; needed
	Later bool   // PostgreSQL need not answer yet: tables are made when a file joins
}

// Cluster is a connection to the PostgreSQL that nodes share. Its methods may be called by many goroutines.
type Cluster struct {
	node, addr string
	pool       *pgxpool.Pool
	own        *pgx.ConnConfig // for connections beside the pool
	space      string          // PostgreSQL's schema that has the tables
	days       days            // for which the log has partitions
	ready      atomic.Bool     // the session was checked, and the tables made
	format     uint64          // the newest of writes that this node reads
	common     atomic.Uint64   // the newest that all nodes read, as was last heard
}

// stallLimit is how long PostgreSQL lets a node be silent within a transaction. A node that is halted with the turn loses it then.
const stallLimit = 2 * time.Second

const (
	connectLimit = 5 * time.Second
	mostConns    = 8
)

// Open connects to the PostgreSQL that the URL or connection string dsn names, and makes the tables that are missing, in the schema that
// its `search_path` names, else in `dateline`. It returns [ErrPooler] where a pooler keeps no session, and [ErrNewer].
func Open(ctx context.Context, dsn string, o Options) (*Cluster, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("shared: %w", err)
	}
	c := &Cluster{node: o.Node, space: "dateline", format: store.WritesFormat}
	c.common.Store(store.OldestWrites)
	if s := cfg.ConnConfig.RuntimeParams["search_path"]; s != "" {
		c.space = s
	}
	if !plainName.MatchString(c.space) {
		return nil, fmt.Errorf("shared: search_path %q is not one plain name", c.space)
	}
	delete(cfg.ConnConfig.RuntimeParams, "search_path") // a pooler refuses what it does not know at the start of a session
	if cfg.ConnConfig.ConnectTimeout == 0 {
		cfg.ConnConfig.ConnectTimeout = connectLimit
	}
	cfg.MaxConns = mostConns
	cfg.AfterConnect = c.prepare
	c.own = cfg.ConnConfig.Copy()
	if c.pool, err = pgxpool.NewWithConfig(ctx, cfg); err != nil {
		return nil, away(err)
	}
	if err := c.prepareTables(ctx); err != nil && !(o.Later && errors.Is(err, ErrAway)) {
		c.pool.Close()
		return nil, err
	}
	return c, nil
}

// prepareTables checks the session and makes the tables that are missing, once.
func (c *Cluster) prepareTables(ctx context.Context) error {
	if c.ready.Load() {
		return nil
	}
	for _, step := range []func(context.Context) error{c.checkSession, c.makeTables, c.MakePartitions} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	c.ready.Store(true)
	return nil
}

var plainName = regexp.MustCompile(`^[a-z_][a-z0-9_]{0,62}$`)

// Close closes the connections, those in use once they are given back.
func (c *Cluster) Close() { c.pool.Close() }

// SetAdmin has the other nodes know the address of the admin listener of this one. Call it before [Peer.Run].
func (c *Cluster) SetAdmin(addr string) { c.addr = addr }

// Node returns the id of this node.
func (c *Cluster) Node() string { return c.node }

// prepare sets up the session of a new connection.
func (c *Cluster) prepare(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, fmt.Sprintf(`set search_path = %s; set idle_in_transaction_session_timeout = %d;
		set application_name = dateline; set plan_cache_mode = force_generic_plan`, // planning took a quarter of a quiet visit
		c.space, stallLimit.Milliseconds()), pgx.QueryExecModeSimpleProtocol)
	return err
}

// dial returns a connection beside the pool. The caller closes it.
func (c *Cluster) dial(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, c.own.Copy())
	if err != nil {
		return nil, away(err)
	}
	if err := c.prepare(ctx, conn); err != nil {
		return nil, errors.Join(away(err), conn.Close(ctx))
	}
	return conn, nil
}

// pollerTime is how long a notification may take to arrive before a pooler is suspected.
const pollerTime = 2 * time.Second

// checkSession returns [ErrPooler] unless what was set on a connection lasts, and what it listens to arrives.
func (c *Cluster) checkSession(ctx context.Context) error {
	conn, err := c.dial(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var path, channel string
	if err := conn.QueryRow(ctx, "select current_setting('search_path'), 'dateline_' || gen_random_uuid()").Scan(&path, &channel); err != nil {
		return away(err)
	}
	if path != c.space {
		return ErrPooler
	}
	if _, err := conn.Exec(ctx, "listen "+pgx.Identifier{channel}.Sanitize(), pgx.QueryExecModeSimpleProtocol); err != nil {
		return away(err)
	}
	if _, err := c.pool.Exec(ctx, "select pg_notify($1, '')", channel); err != nil {
		return away(err)
	}
	wait, cancel := context.WithTimeout(ctx, pollerTime)
	defer cancel()
	if _, err := conn.WaitForNotification(wait); err != nil {
		if ctx.Err() == nil && wait.Err() != nil {
			return ErrPooler
		}
		return away(err)
	}
	return nil
}

//go:embed schema.sql
var schema string

// schemaVersion is that of the tables. Those of a higher one are refused.
const schemaVersion = 1

// makeTables makes what is missing of the tables, one node at a time. Where they are as this program makes them nothing is locked: what
// makes them would wait for the nodes that work, and they for it.
func (c *Cluster) makeTables(ctx context.Context) error {
	sum := sha256.Sum256([]byte(schema))
	made := "made by " + hex.EncodeToString(sum[:8])
	var version int
	err := c.inTx(ctx, func(tx pgx.Tx) error {
		var was *string
		if err := tx.QueryRow(ctx, "select obj_description(to_regclass($1), 'pg_class')", c.space+".head").Scan(&was); err != nil {
			return err
		}
		if was == nil || *was != made {
			statements := "select pg_advisory_xact_lock(hashtext('dateline " + c.space + "')); create schema if not exists " + c.space + ";" +
				schema + "; comment on table head is '" + made + "'"
			if _, err := tx.Exec(ctx, statements, pgx.QueryExecModeSimpleProtocol); err != nil {
				return err
			}
		}
		return tx.QueryRow(ctx, "select schema from head").Scan(&version)
	})
	if err != nil {
		return err
	}
	if version > schemaVersion {
		return fmt.Errorf("%w: tables of version %d, this program knows %d", ErrNewer, version, schemaVersion)
	}
	return nil
}

// inTx runs do in a transaction. It may be run again: it then begins anew.
func (c *Cluster) inTx(ctx context.Context, do func(pgx.Tx) error) error {
	return away(retry(func() error { return pgx.BeginFunc(ctx, c.pool, do) }))
}
