package storetest

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"time"
)

// Pair is a PostgreSQL server and its standby. What the server commits is on both: without the standby it commits nothing.
type Pair struct {
	Primary, Standby *Postgres
	url              string
}

// standbyName is how each of a pair calls itself while it is the standby.
const standbyName = "standby"

// StartPair starts both; durable: they sync what they commit. The caller removes them. It returns an error where PostgreSQL is not
// installed.
func StartPair(durable bool) (*Pair, error) {
	first, err := StartPostgres(durable)
	if err != nil {
		return nil, err
	}
	p := &Pair{Primary: first}
	if p.Standby, err = first.standby(); err != nil {
		p.Remove()
		return nil, err
	}
	first.end(quit) // the standby is needed from now on
	first.sync = standbyName
	if err := first.Start(); err != nil {
		p.Remove()
		return nil, err
	}
	hosts := fmt.Sprintf("127.0.0.1:%d,127.0.0.1:%d", p.Primary.port, p.Standby.port)
	p.url = withPath("postgres://postgres@" + hosts + "/postgres?sslmode=disable&target_session_attrs=read-write")
	return p, p.synced()
}

// URL returns the URL of a place for tables, on the one of the two that can be written to.
func (p *Pair) URL() string { return p.url }

// standby makes a standby of a server out of its files, and starts it.
func (p *Postgres) standby() (*Postgres, error) {
	s := &Postgres{bin: p.bin, durable: p.durable, sync: standbyName}
	var err error
	if s.folder, err = os.MkdirTemp("", "dateline-pg"); err != nil {
		return nil, err
	}
	if err := giveToPostgres(s.folder); err != nil {
		return nil, err
	}
	if s.port, err = freePort(); err != nil {
		return nil, err
	}
	return s, s.follow(p)
}

// follow makes a server the standby of another, with a new copy of its files, and starts it.
func (p *Postgres) follow(primary *Postgres) error {
	if err := os.RemoveAll(p.data()); err != nil {
		return err
	}
	from := fmt.Sprintf("host=127.0.0.1 port=%d user=postgres application_name=%s", primary.port, standbyName)
	copying := p.command("pg_basebackup", "--pgdata", p.data(), "--write-recovery-conf", "--checkpoint", "fast", "--no-sync", "--dbname", from)
	if out, err := copying.CombinedOutput(); err != nil {
		return fmt.Errorf("pg_basebackup: %w: %s", err, out)
	}
	return p.Start()
}

// Failover kills the server, has the standby take its place, and makes the server its standby. It returns the error of the first step that
// fails.
func (p *Pair) Failover() error {
	if err := p.synced(); err != nil {
		return err
	}
	p.Primary.Kill()
	promote := p.Standby.command("pg_ctl", "promote", "--pgdata", p.Standby.data(), "--wait")
	if out, err := promote.CombinedOutput(); err != nil {
		return fmt.Errorf("pg_ctl promote: %w: %s", err, out)
	}
	p.Primary, p.Standby = p.Standby, p.Primary
	if err := p.Standby.follow(p.Primary); err != nil {
		return err
	}
	return p.synced()
}

// synced waits until the standby has all that the server commits.
func (p *Pair) synced() error {
	end := time.Now().Add(time.Minute)
	for time.Now().Before(end) {
		out, err := p.Primary.Query("select sync_state from pg_stat_replication where state = 'streaming'")
		if err == nil && (out == "sync" || out == "quorum") {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("the standby does not follow: %s", p.Standby.said.Bytes())
}

// Query returns what psql prints of a statement. The error is that of running it, or its exit code.
func (p *Postgres) Query(statement string) (string, error) {
	u := &url.URL{Scheme: "postgres", User: url.User("postgres"), Host: fmt.Sprint("127.0.0.1:", p.port), Path: "/postgres"}
	out, err := p.command("psql", "-XAtqc", statement, u.String()).CombinedOutput()
	return string(bytes.TrimSpace(out)), err
}

// Remove ends both and removes their folders.
func (p *Pair) Remove() {
	p.Primary.Remove()
	if p.Standby != nil {
		p.Standby.Remove()
	}
}
