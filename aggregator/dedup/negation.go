package dedup

import (
	"slices"
	"strings"

	"dateline/aggregator/text"
)

// denies reports whether a token turns a statement round, or says that something will not be: what a denial has
// and the report that it denies has not.
func denies(t text.Token) bool {
	return slices.Contains(negations, t.Text) ||
		slices.ContainsFunc(denials, func(stem string) bool { return strings.HasPrefix(t.Text, stem) })
}

// negations are whole words; "t" is what is left of "don't".
var negations = []string{"not", "no", "never", "cannot", "t", "nor", "не", "нет", "ни", "никогда", "няма", "nie", "ne", "není"}

// denials are the beginnings of words.
var denials = []string{
	"deny", "deni", "refut", "reject", "dismiss", "cancel", "postpon", "suspend", "withdr", "retract", "debunk", "hoax", "false", "untrue",
	"disprov", "rebut", "revok", "scrap", "overturn", "refus",
	"опроверг", "опроверж", "отрица", "отверг", "отверж", "отмен", "перенес", "перенос", "отлож", "отказ", "отозва", "отзыв", "приостан",
	"фейк", "ложн", "недостовер", "неправд",
}
