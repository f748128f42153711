package store

import (
	"dateline/aggregator/news"
	"dateline/store/postings"
)

// memo remembers what a view has unpacked.
type memo struct {
	blocks   map[uint64]*block
	fresh    fresh            // of a transaction that writes
	postings *postings.Reader // nil: not asked for yet
	states   *states          // nil: likewise; those of a Tx are its own copy
	numbers  map[news.Key]uint64
	totals   *totals
	tables   map[string]table
}

// memoBlocks bounds how many.
const memoBlocks = 64

func (m *memo) block(first uint64) *block { return m.blocks[first] }

func (m *memo) remember(b *block) {
	if len(m.blocks) >= memoBlocks {
		clear(m.blocks)
	}
	m.blocks[b.first] = b
}

func (m *memo) forget(first uint64) { delete(m.blocks, first) }
