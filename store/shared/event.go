package shared

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"dateline/aggregator/news"
)

// Of the events that nodes share: how long after a source came to a state it is not reported to have come to it again, and how long those
// that were sent are kept.
const (
	eventDamping = time.Hour
	eventTerm    = 7 * 24 * time.Hour
)

// AddEvents adds events of which one node is to notify the operator for all, behind those that are there, the newest keep events of which
// stay. One that is there already is not added again, nor is the state of a source that another node has added.
func (c *Cluster) AddEvents(ctx context.Context, events []news.Event, keep int) error {
	return c.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "lock table event in share row exclusive mode"); err != nil { // numbers are in the order of commits
			return err
		}
		for _, e := range events {
			source := ""
			if e.Kind == news.EventState || e.Kind == news.EventRecovered {
				source = e.Source
			}
			e.Number, e.Sent, e.Had = 0, false, nil
			body, err := json.Marshal(e)
			if err != nil {
				return err
			}
			id := sha256.Sum256(body)
			if _, err := tx.Exec(ctx, `
				insert into event (id, source, state, body) select $1, $2, $3, $4 where $2 = '' or not exists (
					select from event where source = $2 and state = $3 and (at > now() - $5::interval
						or number = (select max(number) from event where source = $2)))
				on conflict (id) do nothing`, id[:], source, e.State, body, eventDamping); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, "delete from event where sent and at < now() - $1::interval or number <= (select max(number) from event) - $2",
			eventTerm, keep)
		return err
	})
}

// UnsentEvents returns the events that were not sent to all, the oldest first.
func (c *Cluster) UnsentEvents(ctx context.Context) (all []news.Event, err error) {
	rows, err := c.pool.Query(ctx, "select number, had, body from event where not sent order by number")
	if err != nil {
		return nil, away(err)
	}
	all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (e news.Event, err error) {
		var number uint64
		var had []string
		var body []byte
		if err := row.Scan(&number, &had, &body); err != nil {
			return e, err
		}
		err = json.Unmarshal(body, &e)
		e.Number, e.Had = number, had
		return e, err
	})
	return all, away(err)
}

// SetSent records of events to whom they were sent: Sent and Had.
func (c *Cluster) SetSent(ctx context.Context, events []news.Event) error {
	b := &pgx.Batch{}
	for _, e := range events {
		b.Queue("update event set sent = $2, had = $3 where number = $1", e.Number, e.Sent, append([]string{}, e.Had...))
	}
	return c.inBatch(ctx, b, func(pgx.BatchResults) error { return nil })
}
