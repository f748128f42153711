package lex

import (
	"strconv"
	"testing"
)

// TestIndex numbers strings in the order in which they are added, beyond the size that it was made for, and finds no other one.
func TestIndex(t *testing.T) {
	t.Parallel()
	for _, x := range []Index{{}, NewIndex(0), NewIndex(10)} {
		for n := range 1000 {
			if got, added := x.Add(strconv.Itoa(n)); got != n || !added {
				t.Fatalf("Add of string %d = %d, %v", n, got, added)
			}
		}
		for n := range 1000 {
			if got, added := x.Add(strconv.Itoa(n)); got != n || added {
				t.Fatalf("second Add of string %d = %d, %v", n, got, added)
			}
			if got := x.Find([]byte(x.Keys[n])); got != n {
				t.Fatalf("Find(%q) = %d, want %d", x.Keys[n], got, n)
			}
		}
		if got := x.Find([]byte("1000")); got != -1 {
			t.Fatalf("Find of a string that was not added = %d, want -1", got)
		}
	}
}

// TestVocabularyKeepsEntries: an entry stays where it is while more words are added.
func TestVocabularyKeepsEntries(t *testing.T) {
	t.Parallel()
	v := NewVocabulary(1)
	first := v.Add("first", 1)
	for n := range 3000 {
		v.Add(strconv.Itoa(n), 2)
	}
	v.Add("first", 4)
	if first.Class != 5 || v.Look("FIRST") != first || v.Look("other") != nil {
		t.Errorf("class %b of the first entry, found again: %v, other: %v", first.Class, v.Look("FIRST") == first, v.Look("other"))
	}
}
