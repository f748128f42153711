package publish

import "container/list"

// lru keeps what was used last, within a bound: the sum of what the values weigh. It is not safe for
// concurrent use.
type lru[K comparable, V any] struct {
	bound int
	total int
	order *list.List // of *used[K, V], the last used in front
	at    map[K]*list.Element
}

type used[K comparable, V any] struct {
	key    K
	value  V
	weight int
}

func newLRU[K comparable, V any](bound int) *lru[K, V] {
	return &lru[K, V]{bound: bound, order: list.New(), at: make(map[K]*list.Element)}
}

// get returns what is kept under k, the zero value where there is nothing, and counts as a use.
func (c *lru[K, V]) get(k K) V {
	el := c.at[k]
	if el == nil {
		var none V
		return none
	}
	c.order.MoveToFront(el)
	return el.Value.(*used[K, V]).value
}

// put keeps v under k, and drops what was used longest ago until the bound is met again; never v itself.
func (c *lru[K, V]) put(k K, v V, weight int) {
	if el := c.at[k]; el != nil {
		c.drop(el)
	}
	c.at[k] = c.order.PushFront(&used[K, V]{k, v, weight})
	c.total += weight
	for c.total > c.bound && c.order.Len() > 1 {
		c.drop(c.order.Back())
	}
}

func (c *lru[K, V]) drop(el *list.Element) {
	u := c.order.Remove(el).(*used[K, V])
	c.total -= u.weight
	delete(c.at, u.key)
}

// find is get that reports whether something is kept under k.
func (c *lru[K, V]) find(k K) (v V, found bool) {
	if c.at[k] == nil {
		return v, false
	}
	return c.get(k), true
}
