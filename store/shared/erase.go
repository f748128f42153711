package shared

import (
	"context"

	"github.com/jackc/pgx/v5"

	"dateline/aggregator/news"
	"dateline/store"
)

// eraseEvery is how often texts that were erased are looked for in the log.
const eraseEvery = greetEvery

// queueErasures notes the texts that writes erased, for [Cluster.EraseTexts].
func queueErasures(b *pgx.Batch, all []store.Writes) {
	for _, w := range all {
		var items [][]byte
		for _, key := range w.Erased {
			items = append(items, key[:])
		}
		if len(items) > 0 {
			b.Queue("insert into erasure (seq, items) values ($1, $2)", w.Seq, items)
		}
	}
}

// EraseTexts empties the rows of the log that have a text which was erased since, once all nodes have applied them, and returns how many. A
// node that was not heard of for a minute is not waited for: where it lacks such a row it takes a copy ([ErrStale]).
func (c *Cluster) EraseTexts(ctx context.Context) (rows int, err error) {
	found, err := c.pool.Query(ctx, `
		select seq, items from erasure e
		where not exists (select from node n where n.seq < e.seq and n.seen > now() - interval '1 minute') order by seq`)
	if err != nil {
		return 0, away(err)
	}
	type erasure struct {
		Seq   uint64
		Items [][]byte
	}
	all, err := pgx.CollectRows(found, pgx.RowToStructByPos[erasure])
	if err != nil || len(all) == 0 {
		return 0, away(err)
	}
	var gone []news.Key
	for _, e := range all {
		for _, key := range e.Items {
			gone = append(gone, news.Key(key))
		}
	}
	last := all[len(all)-1].Seq
	if rows, err = c.eraseRows(ctx, gone, last); err == nil {
		_, err = c.pool.Exec(ctx, "delete from erasure where seq <= $1", last)
	}
	return rows, away(err)
}

// eraseRows empties the rows up to writes number last that have one of the texts.
func (c *Cluster) eraseRows(ctx context.Context, gone []news.Key, last uint64) (erased int, err error) {
	for after := uint64(0); after < last; {
		rows, err := c.pool.Query(ctx, "select seq, at, node, format, sum, body from log where seq > $1 and seq <= $2 order by seq limit $3",
			after, last, mostMissed)
		if err != nil {
			return erased, away(err)
		}
		some, err := pgx.CollectRows(rows, pgx.RowToStructByPos[row])
		if err != nil || len(some) == 0 {
			return erased, away(err)
		}
		for _, r := range some {
			after = r.Seq
			if has, err := c.has(r, gone); err != nil || !has {
				if err != nil {
					return erased, err
				}
				continue
			}
			if _, err := c.pool.Exec(ctx, "update log set body = '', sum = 0 where seq = $1", r.Seq); err != nil {
				return erased, away(err)
			}
			erased++
		}
	}
	return erased, nil
}

// has reports whether a row puts one of the items.
func (c *Cluster) has(r row, gone []news.Key) (bool, error) {
	if len(r.Body) == 0 {
		return false, nil
	}
	g, err := r.group(c.format)
	if err != nil {
		return false, err
	}
	for _, w := range g.Writes {
		if has, err := w.Puts(gone); has || err != nil {
			return has, err
		}
	}
	return false, nil
}
