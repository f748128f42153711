package shared

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// dutyTerm is how long a node has a duty after it was last heard of, dutyEvery how often it is.
const (
	dutyTerm  = 20 * time.Second
	dutyEvery = 5 * time.Second
)

// Duty is what one node does for all.
type Duty struct {
	Name  string
	Owner string        // node that has it
	Left  time.Duration // until another may have it; not above 0: any may
}

// Perform runs do whenever this node has the duty, which one node has at a time, until ctx ends. The context of do ends when the node loses
// the duty: at the latest when another node may have it. do returns then, and is not run again before it has.
func (c *Cluster) Perform(ctx context.Context, duty string, do func(context.Context)) {
	for ctx.Err() == nil {
		began := time.Now()
		if has, err := c.takeDuty(ctx, duty); err == nil && has {
			c.perform(ctx, duty, began.Add(dutyTerm), do)
		}
		sleep(ctx, dutyEvery)
	}
}

// perform runs do until it returns, ctx ends or the duty is lost. The node has it until a moment.
func (c *Cluster) perform(ctx context.Context, duty string, until time.Time, do func(context.Context)) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		do(ctx)
	}()
	for {
		timer := time.NewTimer(dutyEvery)
		select {
		case <-done:
			timer.Stop()
			c.dropDuty(context.WithoutCancel(ctx), duty)
			return
		case <-timer.C:
		}
		began := time.Now()
		within, cancelTake := context.WithDeadline(ctx, until)
		has, err := c.takeDuty(within, duty)
		cancelTake()
		if has && err == nil {
			until = began.Add(dutyTerm)
		} else if err == nil || !time.Now().Add(dutyEvery).Before(until) {
			cancel()
			<-done
			return
		}
	}
}

// takeDuty reports whether this node has the duty, for [dutyTerm] from now.
func (c *Cluster) takeDuty(ctx context.Context, duty string) (bool, error) {
	tag, err := c.pool.Exec(ctx, `
		insert into duty as d (name, owner, epoch, until) values ($1, $2, 1, now() + $3)
		on conflict (name) do update set owner = $2, until = now() + $3, epoch = d.epoch + (d.owner <> $2)::int
			where d.owner = $2 or d.until <= now()`, duty, c.node, dutyTerm)
	return tag.RowsAffected() == 1, away(err)
}

// dropDuty lets another node have the duty at once.
func (c *Cluster) dropDuty(ctx context.Context, duty string) {
	ctx, cancel := context.WithTimeout(ctx, connectLimit)
	defer cancel()
	_, _ = c.pool.Exec(ctx, "update duty set until = now() where name = $1 and owner = $2", duty, c.node) // else it ends by itself
}

// Duties returns all duties that a node has had, by name.
func (c *Cluster) Duties(ctx context.Context) ([]Duty, error) {
	rows, err := c.pool.Query(ctx, "select name, owner, until - now() from duty order by name")
	if err != nil {
		return nil, away(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Duty])
	return all, away(err)
}
