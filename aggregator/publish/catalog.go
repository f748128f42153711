package publish

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"dateline/aggregator/news"
)

// catalog are what the publisher itself says, in one language.
type catalog struct {
	Lang string // of the words, BCP 47

	// The credit line.
	months  [12]string // after a day
	author  string     // before one person, with its space
	authors string     // before several
	photo   string
	via     string
	carried string

	Withdrawn string // the notice in place of a withdrawn text
	About     string // what the wire is

	// Notices above a text: what was done to it, by whom, when.
	corrected, withdrawnNotice, restored, editors string

	// Pages.
	Skip, Pages, Wire, Subscribe, Contact        string
	Empty, Details, FirstSeen, Updated, Gone     string
	Photos, Credits, Role, Name, Evidence        string
	Copies, Original, Contained, Story, Replaces string
	Rights, Filed, Identity                      string
	Revisions, Revision, Oldest                  string
	Feeds, Whole, SourceList, SearchFeed         string
	BySource, ByLanguage, ByTopic                string
	Older, Archive                               string
	Search, DoSearch, Found, NothingFound        string
	Misread, HowToSearch                         string
	Sources, NoSources, Source, State            string
	LastSuccess, Never, NextDue, Items           string
	HeadlineChanged, TextChanged, OtherChanged   string
	Removed, Added                               string // words
	quotes                                       [2]string
	roles                                        map[news.Role]string
}

// by returns what stands before n persons.
func (w *catalog) by(n int) string {
	if n == 1 {
		return w.author
	}
	return w.authors
}

// day prints the date of t in UTC, such as `17 May 2023`.
func (w *catalog) day(t time.Time) string {
	t = t.UTC()
	return strconv.Itoa(t.Day()) + " " + w.months[t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// clock prints the time of day of t in UTC.
func (w *catalog) clock(t time.Time) string { return t.UTC().Format("15:04 UTC") }

// moment prints t in full.
func (w *catalog) moment(t time.Time) string { return w.day(t) + ", " + w.clock(t) }

// quoted returns s as a quotation, behind what introduces it.
func (w *catalog) quoted(s string) string { return ", " + w.quotes[0] + s + w.quotes[1] }

// role names a role in the words of the language.
func (w *catalog) role(r news.Role) string { return cmp.Or(w.roles[r], string(r)) }

// catalogFor returns the words for a language tag: Russian where it is Russian, else English.
func catalogFor(lang string) *catalog {
	if base, _, _ := strings.Cut(lang, "-"); strings.EqualFold(base, "ru") {
		return &russian
	}
	return &english
}

var english = catalog{
	Lang: "en",
	months: [12]string{
		"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December",
	},
	author:    "by ",
	authors:   "by ",
	photo:     "Photo:",
	via:       "Via",
	carried:   "Also carried by:",
	Withdrawn: "This piece has been withdrawn.",
	About:     "News of the agencies, every source credited.",
	corrected: "Marked “%s” by %s, %s.", withdrawnNotice: "Withdrawn by %s, %s; ", restored: "restored by %s, %s.", editors: "the editors",

	Skip: "Skip to the content", Pages: "Pages", Wire: "The wire", Subscribe: "Subscribe (Atom)", Contact: "Questions, corrections and take-down requests:",
	Empty: "Nothing has been published yet.", Details: "Credits and versions", FirstSeen: "first seen", Updated: "updated", Gone: "Withdrawn",
	Photos: "Photos", Credits: "Credits", Role: "Role", Name: "As printed", Evidence: "Where it was found",
	Copies: "Also published as", Original: "the originator’s own", Contained: "\u00a0% of the shorter text is in the other", Story: "Other tellings of the story", Replaces: "Replaces:",
	Rights: "Rights:", Filed: "Dateline:", Identity: "Identity",
	Revisions: "Revisions", Revision: "Revision", Oldest: "The oldest that is kept.",
	HeadlineChanged: "The headline changed.", TextChanged: "Text: words removed", OtherChanged: "Changed in what is not shown here.",
	Feeds: "Feeds", Whole: "The whole wire:", SourceList: "List of the sources (OPML)", SearchFeed: "Subscribe to this search:",
	BySource: "By source", ByLanguage: "By language", ByTopic: "By topic", Older: "Older news", Archive: "Archive, page",
	Search: "Search", DoSearch: "Find", Found: "Found:", NothingFound: "Nothing was found.",
	Misread: "The query cannot be read:", HowToSearch: "How to search",
	Sources: "Sources", NoSources: "No sources are configured.", Source: "Source", State: "State",
	LastSuccess: "Last success", Never: "never", NextDue: "Next visit", Items: "Items",
	Removed: "removed", Added: "added", quotes: [2]string{"“", "”"},
	roles: map[news.Role]string{
		news.Originator: "originator", news.Byline: "author", news.Photographer: "photographer", news.Owner: "owner of the picture",
		news.Supplier: "supplier of the picture", news.Carrier: "carrier", news.Cited: "cited",
	},
}

var russian = catalog{
	Lang: "ru",
	months: [12]string{
		"января", "февраля", "марта", "апреля", "мая", "июня",
		"июля", "августа", "сентября", "октября", "ноября", "декабря",
	},
	author:    "автор ",
	authors:   "авторы ",
	photo:     "Фото:",
	via:       "Через",
	carried:   "Передали также:",
	Withdrawn: "Материал отозван.",
	About:     "Новости агентств, с указанием каждого источника.",
	corrected: "Пометка «%s»: %s, %s.", withdrawnNotice: "Отозвано: %s, %s; ", restored: "восстановлено: %s, %s.", editors: "редакция",

	Skip: "К содержанию", Pages: "Страницы", Wire: "Лента", Subscribe: "Подписаться (Atom)", Contact: "Вопросы, поправки и требования об удалении:",
	Empty: "Пока ничего не опубликовано.", Details: "Авторство и версии", FirstSeen: "впервые замечено", Updated: "обновлено", Gone: "Отозвано",
	Photos: "Фотографии", Credits: "Авторство", Role: "Роль", Name: "Как напечатано", Evidence: "Где найдено",
	Copies: "Опубликовано также", Original: "собственная публикация источника", Contained: "\u00a0% более короткого текста есть в другом", Story: "Другие сообщения о том же", Replaces: "Заменяет:",
	Rights: "Права:", Filed: "Выходные данные:", Identity: "Идентификаторы",
	Revisions: "Редакции", Revision: "Редакция", Oldest: "Самая ранняя из сохранённых.",
	HeadlineChanged: "Изменён заголовок.", TextChanged: "Текст: слов убрано", OtherChanged: "Изменено то, что здесь не показано.",
	Feeds: "Подписка", Whole: "Вся лента:", SourceList: "Список источников (OPML)", SearchFeed: "Подписаться на этот поиск:",
	BySource: "По источникам", ByLanguage: "По языкам", ByTopic: "По темам", Older: "Более ранние новости", Archive: "Архив, страница",
	Search: "Поиск", DoSearch: "Найти", Found: "Найдено:", NothingFound: "Ничего не найдено.",
	Misread: "Запрос не понят:", HowToSearch: "Как искать",
	Sources: "Источники", NoSources: "Источники не заданы.", Source: "Источник", State: "Состояние",
	LastSuccess: "Последний успех", Never: "не было", NextDue: "Следующий опрос", Items: "Материалов",
	Removed: "убрано", Added: "добавлено", quotes: [2]string{"«", "»"},
	roles: map[news.Role]string{
		news.Originator: "источник", news.Byline: "автор", news.Photographer: "фотограф", news.Owner: "правообладатель снимка",
		news.Supplier: "поставщик снимка", news.Carrier: "передал также", news.Cited: "цитируется",
	},
}
