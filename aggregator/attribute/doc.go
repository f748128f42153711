// Package attribute finds out who really made an item: who reported it, where and when it was filed, who wrote it,
// whose photos it carries and through whom they came, whom it cites. It says so with the evidence: field, offsets,
// words and rule.
//
// [Registry.Credit] is the whole journey. The text is read paragraph by paragraph with a hand-written scanner: what
// has the shape of a dateline, a byline, a photo credit, an update mark or page furniture is taken out of the lead;
// the names in what is left are credits only where the words beside them say so. Names come from the registry
// (agencies.txt), places from a small gazetteer (places.txt) and from their form. What wins where several speak is told
// in precedence.go.
//
// Nothing is invented: every name stands in the input or in the registry, every line is as printed, what is not known
// stays empty, and what loses is kept.
package attribute
