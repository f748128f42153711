package page

import (
	"cmp"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/view"
	"dateline/aggregator/text"
)

// catalog are what the publisher itself says, in one language.
type catalog struct {
	Lang string // of the words, BCP 47
	*view.Words

	About string // what the wire is

	// Pages.
	Skip, Pages, Wire, Subscribe, Contact        string
	Empty, Details, FirstSeen, Updated           string
	Gone, GoneBy                                 string
	Photos, Credits, Role, Name, Evidence        string
	Copies, Original, Contained, Story, Replaces string
	Rights, Licence, Filed, Identity             string
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

// pageCatalogFor returns the words of pages in a language, BCP 47: in Russian where it is Russian, else in English.
func pageCatalogFor(lang string) *catalog {
	if text.BaseLanguage(lang) == "ru" {
		return &russian
	}
	return &english
}

// About says what the wire is, in the words of a language, BCP 47.
func About(lang string) string { return pageCatalogFor(lang).About }

// quoted returns s as a quotation, behind what introduces it.
func (w *catalog) quoted(s string) string { return ", " + w.quotes[0] + s + w.quotes[1] }

// role names a role in the words of the language.
func (w *catalog) role(r news.Role) string { return cmp.Or(w.roles[r], string(r)) }

var english = catalog{
	Lang: "en", Words: view.WordsFor("en"),
	About: "News of the agencies, every source credited.",

	Skip: "Skip to the content", Pages: "Pages", Wire: "The wire", Subscribe: "Subscribe (Atom)", Contact: "Questions, corrections and take-down requests:",
	Empty: "Nothing has been published yet.", Details: "Credits and versions", FirstSeen: "first seen", Updated: "updated", Gone: "Withdrawn", GoneBy: "Withdrawn by {who}",
	Photos: "Photos", Credits: "Credits", Role: "Role", Name: "As printed", Evidence: "Where it was found",
	Copies: "Also published as", Original: "the originator’s own", Contained: "\u00a0% of the shorter text is in the other", Story: "Other tellings of the story", Replaces: "Replaces:",
	Rights: "Rights:", Licence: "Licence:", Filed: "Dateline:", Identity: "Identity",
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
	Lang: "ru", Words: view.WordsFor("ru"),
	About: "Новости агентств, с указанием каждого источника.",

	Skip: "К содержанию", Pages: "Страницы", Wire: "Лента", Subscribe: "Подписаться (Atom)", Contact: "Вопросы, поправки и требования об удалении:",
	Empty: "Пока ничего не опубликовано.", Details: "Авторство и версии", FirstSeen: "впервые замечено", Updated: "обновлено", Gone: "Отозвано", GoneBy: "Отозвано: {who}",
	Photos: "Фотографии", Credits: "Авторство", Role: "Роль", Name: "Как напечатано", Evidence: "Где найдено",
	Copies: "Опубликовано также", Original: "собственная публикация источника", Contained: "\u00a0% более короткого текста есть в другом", Story: "Другие сообщения о том же", Replaces: "Заменяет:",
	Rights: "Права:", Licence: "Лицензия:", Filed: "Выходные данные:", Identity: "Идентификаторы",
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
