package publish

import "strings"

// words are what the publisher itself says, in one language.
type words struct {
	months    [12]string // after a day
	author    string     // before one person, with its space
	authors   string     // before several
	photo     string
	via       string
	carried   string
	withdrawn string // the notice in place of a withdrawn text
}

// by returns what stands before n persons.
func (w words) by(n int) string {
	if n == 1 {
		return w.author
	}
	return w.authors
}

// wordsFor returns the words for a language tag: Russian where it is Russian, else English.
func wordsFor(lang string) words {
	if base, _, _ := strings.Cut(lang, "-"); strings.EqualFold(base, "ru") {
		return russian
	}
	return english
}

var english = words{
	months: [12]string{
		"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December",
	},
	author:    "by ",
	authors:   "by ",
	photo:     "Photo:",
	via:       "Via",
	carried:   "Also carried by:",
	withdrawn: "This piece has been withdrawn.",
}

var russian = words{
	months: [12]string{
		"января", "февраля", "марта", "апреля", "мая", "июня",
		"июля", "августа", "сентября", "октября", "ноября", "декабря",
	},
	author:    "автор ",
	authors:   "авторы ",
	photo:     "Фото:",
	via:       "Через",
	carried:   "Передали также:",
	withdrawn: "Материал отозван.",
}
