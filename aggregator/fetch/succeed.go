package fetch

// Succeed makes c take over the turns of the client that it replaces, with c's own gap: while visits that
// the old one began are under way, no host is asked by both. Both count abandoned round trips together. Call it before c
// is used.
func (c *Client) Succeed(old *Client) {
	mine := c.Hosts
	c.Hosts, c.abandoned = old.Hosts, old.abandoned
	c.Hosts.mu.Lock()
	defer c.Hosts.mu.Unlock()
	c.Hosts.gap, c.Hosts.free = mine.gap, mine.free
}
