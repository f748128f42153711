package attribute

import "strings"

// corrections are the beginnings of update marks that say that a text was changed or put right; URGENT and the like say
// something else.
var corrections = []string{
	"update", "updating", "correct", "corr", "clarif", "recast", "refile", "wrapup", "adds", "writethru", "retransmission",
	"rewrites", "removes", "deletes",
	"исправ", "уточн", "обновл", "дополн", "с уточнением", "с дополнением", "расширенная", "выпраўл", "удакладн", "абноўл",
	"абнаўл", "дапоўн",
	"corrige", "correcci", "rectif", "ampl", "actuali", "correctif", "mise à jour", "korrektur", "berichtig", "aktualis",
	"aggiorn", "rettific", "correzion", "atuali", "correç", "retific", "korekt", "sprostowan", "aktl",
}

// Correction reports whether an update mark says that the text was changed or put right.
func Correction(mark string) bool {
	mark = strings.TrimLeft(strings.ToLower(mark), " 0123456789+*-.")
	for _, c := range corrections {
		if strings.HasPrefix(mark, c) {
			return true
		}
	}
	return false
}

// Corrects reports whether a revision is marked as a correction that the one before was not marked as.
func Corrects(was, is string) bool { return is != was && Correction(is) }
