// Package lex cuts texts into runes, words, tokens and dates, and compares words in any case. It knows no agency and
// no rule. Months and days of the week are in dates.txt, a line a language.
package lex
