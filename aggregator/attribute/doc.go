// Package attribute finds out who really made an item: who reported it, where and when it was filed, who wrote it,
// whose photos it carries and through whom they came, whom it cites. It gives the evidence: field, offsets, words and rule.
//
// [Registry.Credit] is the whole journey. What it reads is in one ordered table of rules (rules.go), each tried at its place in
// the text: a paragraph that is a credit as a whole, what precedes the text (update marks, byline, dateline), what comes
// behind it (trailer, photo credit, signature), and the names in what is left, which are credits only where the words beside them
// say so. Which candidate is the originator where several speak is in precedence.go.
//
// Some forms of dateline cannot be proved by a lone text. They are read where the last items of the source have them ([news.Style]).
//
// Words, cues, labels, embargoes and moments are in tables/*.txt, agencies and places in agency/*.txt, months and days in lex/dates.txt:
// a speaker of a language can add one there. What is covered for which language is in aggregator/docs/credits.md. Runes, words and dates
// are package lex's, names package agency's.
//
// Nothing is invented: every name is in the input or in the registry, every line is as printed, what is not known
// stays empty, and what loses is kept.
package attribute
