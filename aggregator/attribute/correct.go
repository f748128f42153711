package attribute

import (
	"strings"

	"dateline/aggregator/attribute/lex"
)

// corrections are the beginnings of update marks that say that a text was changed or put right.
var corrections = wordList("corrections")

// Correction reports whether an update mark says that the text was changed or put right.
func Correction(mark string) bool {
	mark = lex.Fold(strings.TrimLeft(mark, " 0123456789+*-."))
	for _, c := range corrections {
		if strings.HasPrefix(mark, c) {
			return true
		}
	}
	return false
}

// Corrects reports whether a revision is marked as a correction that the one before was not marked as.
func Corrects(was, is string) bool { return is != was && Correction(is) }
