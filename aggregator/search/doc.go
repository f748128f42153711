// Package search finds entries by words in their titles, leads and credits. It reads the store's stem postings
// ([Postings]) and then the items themselves, so that what it returns holds for their text as it is now.
//
// The rules are:
//   - Words are compared without regard to case and to ё or е; English and Russian ones by their stems.
//   - Every term must hold. The word OR parts a query into several: their results are joined, at most 64 of each.
//   - Words in quotes must follow each other. Articles, prepositions and their like are not looked for by
//     themselves, but count in a row.
//   - A source that grants headlines alone is found by its titles and credits: a reader who may not read a lead must not
//     find out its text by asking for it word by word.
//   - The items that arrived last come first, at most 64. A search reads a bounded number of postings and items.
//   - A query of which no term is in the postings (a language, the beginning of a word, how many reports a story has) is asked of the
//     newest entries of the log, 512 at most; of a language, of the newest in it.
//   - Any spelling of a place finds what is filed from it.
package search
