package view

// Carriers returns the copies of everybody but the originator and the publisher, one for each name, in the order of the alphabet.
func (c *Entry) Carriers() []Copy { return c.carriers() }
