package fetch

import "time"

// Succeed makes c take over the turns and pauses of the client that it replaces, with c's own gap and limit of a pause: while
// visits that the old one began are under way, no host is asked by both. Both count abandoned round trips together. Call it
// before c is used.
func (c *Client) Succeed(old *Client) {
	mine := c.Hosts
	c.Hosts, c.abandoned = old.Hosts, old.abandoned
	c.Hosts.mu.Lock()
	defer c.Hosts.mu.Unlock()
	c.Hosts.gap, c.Hosts.free = mine.gap, mine.free
	limit := time.Now().Add(c.retryMax)
	for _, t := range c.Hosts.turns {
		if t.pause.After(limit) {
			t.pause = limit
		}
	}
}
