package page

import (
	"cmp"
	"strings"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/view"
)

// creditView is a line of the table of credits.
type creditView struct {
	Role     string
	Name     string // as printed, without tags and mail addresses
	Agency   listItem
	Evidence string
}

// creditViews lists every credit with its evidence, those that lost last.
func (s *Site) creditViews(w *catalog, c *view.Entry) []creditView {
	granted := c.Title + " " + c.GrantedText()
	var all []creditView
	put := func(role news.Role, cr news.Credit) {
		v := creditView{Role: w.role(role), Name: view.Name(cr.Name), Evidence: w.evidence(cr, granted)}
		v.Agency = listItem{Link: s.Views.Site(cr.Agency), Text: cmp.Or(view.Name(cr.Display), view.Name(s.Views.AgencyName(cr.Agency, w.Lang)))}
		if v.Agency.Text == v.Name { // once is enough
			v.Name = ""
		}
		all = append(all, v)
	}
	cs := c.Item.Credits
	if cs.Agency != nil {
		put(news.Originator, *cs.Agency)
	} else {
		put(news.Originator, news.Credit{Name: c.Agency.Name, Agency: c.Agency.Key, Evidence: news.Evidence{Field: "source"}})
	}
	for _, cr := range cs.Joint {
		put(news.Originator, cr)
	}
	for _, cr := range cs.Byline {
		put(news.Byline, cr)
	}
	for _, ph := range c.Photos {
		for _, cr := range ph.Chain {
			if cr.Evidence == (news.Evidence{}) {
				cr.Evidence = ph.Evidence
			}
			put(cr.Role, cr)
		}
	}
	for _, cr := range cs.Cited {
		put(news.Cited, cr)
	}
	for _, cr := range cs.Other {
		put(cr.Role, cr)
	}
	return all
}

// evidence tells in words where a credit was read, and by what. Words of the text are quoted where they are others
// than the name, and granted.
func (w *catalog) evidence(cr news.Credit, granted string) string {
	e := cr.Evidence
	where := view.OneLine(e.Field)
	if known, ok := fieldWords[where]; ok {
		where = w.of(known)
	}
	rule := view.OneLine(e.Rule)
	if strings.HasPrefix(rule, "dateline-") {
		rule = "dateline"
	}
	if known, ok := ruleWords[rule]; ok {
		rule = w.of(known)
	}
	text := strings.Join(strings.FieldsFunc(where+"\x00"+rule, func(r rune) bool { return r == 0 }), ": ")
	quoted := view.OneLine(e.Words)
	if quoted == "" || quoted == view.OneLine(cr.Name) || e.Field == "text" && !strings.Contains(granted, quoted) {
		return text
	}
	return text + w.quoted(quoted)
}

// phrase is said in English and in Russian.
type phrase [2]string

// of returns p in the words' language.
func (w *catalog) of(p phrase) string {
	if w.Lang == "ru" {
		return p[1]
	}
	return p[0]
}

// fieldWords tell where a credit was read.
var fieldWords = map[string]phrase{
	"text":         {"in the text", "в тексте"},
	"title":        {"in the headline", "в заголовке"},
	"author":       {"in the feed, as the author", "в ленте, как автор"},
	"dc:publisher": {"in the feed, as the publisher", "в ленте, как издатель"},
	"media":        {"in the feed, beside the picture", "в ленте, при снимке"},
	"media:credit": {"in the feed, as the picture's credit", "в ленте, как авторство снимка"},
	"source":       {"in the feed, as where it comes from", "в ленте, как источник"},
	"rights":       {"in the feed, as the rights", "в ленте, как права"},
	"link":         {"in the address of the piece", "в адресе материала"},
	"config":       {"by the list of sources of this wire", "по списку источников этой ленты"},
}

// ruleWords tell what was read there. A rule that reads a field of its own says no more than the field.
var ruleWords = map[string]phrase{
	"dateline": {"the dateline", "строка места и даты"},

	"byline-line":            {"the byline", "подпись автора"},
	"byline-before-dateline": {"the byline above the dateline", "подпись над строкой места и даты"},
	"byline-in-dateline":     {"the byline in the dateline", "подпись в строке места и даты"},
	"byline-trailer":         {"the byline at the end", "подпись в конце"},
	"byline-contributed":     {"a note of who contributed", "приписка о соавторах"},
	"byline-dated":           {"the byline and date at the end", "подпись и дата в конце"},
	"byline-sentence":        {"a sentence that names the author", "предложение с именем автора"},

	"source-line":   {"a line that names the source", "строка с указанием источника"},
	"signature":     {"the agency signs the text", "подпись агентства под текстом"},
	"own-learned":   {"the agency speaks of itself", "агентство говорит о себе"},
	"correspondent": {"the work of a correspondent of its own", "работа собственного корреспондента"},
	"reported-by":   {"named as who reports it", "указано, кто сообщает"},
	"told":          {"named as who was told", "указано, кому сказано"},
	"according-to":  {"named as the origin of a statement", "указано, по чьим данным"},
	"interview":     {"named as who held the interview", "указано, кому дано интервью"},
	"cited-by":      {"named as who passes it on", "указано, кто передаёт"},
	"citing":        {"named as who is referred to", "указано, на кого ссылаются"},
	"words-of":      {"named as who passes the words on", "указано, кто передаёт слова"},
	"channel":       {"named as the channel it was posted on", "указан канал, где это размещено"},
	"outlet-named":  {"named as the outlet that reports it", "указано издание, которое сообщает"},
	"attributed-to": {"named as whose statement it is", "указано, с чьих слов"},

	"document-number": {"the form of the document's number", "вид номера документа"},
	"rights-line":     {"the notice of rights", "указание прав"},

	"photo-label":     {"the label of the photo", "подпись к фотографии"},
	"photo-copyright": {"the copyright sign of the photo", "знак © при фотографии"},
	"photo-chain":     {"the names at the photo, parted by a slash", "имена при фотографии через косую черту"},
	"media-title":     {"the credit in the caption", "указание в подписи к снимку"},

	"origin": {}, "publisher": {}, "author": {}, "link-host": {}, "configured": {}, "media-credit": {}, "rights": {},
}

// joinWords tell why an item stands in an entry, or what it replaces: level and rule.
var joinWords = map[string]phrase{
	"L3 address": {"the same address", "тот же адрес"},
	"L4 text":    {"the same text", "тот же текст"},
	"L4 title":   {"the same headline", "тот же заголовок"},
	"L5 edited":  {"the same text, edited", "тот же текст, отредактирован"},
	"L6 mark":    {"marked as an update", "помечено как обновление"},
	"L6 title":   {"the same beginning under another headline", "то же начало под другим заголовком"},
	"editor":     {"joined by the editor", "объединено редактором"},
}
