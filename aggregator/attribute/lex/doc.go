// Package lex cuts texts into runes, words, tokens and dates, and compares words in any case. It knows no agency and
// no rule.
package lex
