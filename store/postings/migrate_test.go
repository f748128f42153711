package postings

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A head as it was written before there were groups reads as that of a segment in none.
func TestHeadWithoutGroup(t *testing.T) {
	t.Parallel()
	const seed = 12345
	before := []byte("\x01\x01\x0a\x03\x05\x09\x01\x83\x80\x80\x80\x80\x20\x0c\x84\x07\xcd\x49\x05belta\x04tass\xf6\x0f\x07\x73")
	value, ok := withGroup(before, seed)
	if !ok {
		t.Fatal("refused")
	}
	want := &head{index: 1, first: 77, level: 1, docs: 3, terms: 5, postings: 9, blocks: 1, last: 1<<40 + 3, lowest: 12, highest: 900,
		newest: -4711, width: docFull, sources: []string{"belta", "tass"}, seed: seed}
	got, ok := unpackHead(segmentKey(1, 77), value, seed)
	if d := cmp.Diff(want, got, cmp.AllowUnexported(head{})); !ok || d != "" {
		t.Error(d)
	}
	before[5] ^= 1
	if _, ok := withGroup(before, seed); ok {
		t.Error("a damaged head was taken")
	}
}
