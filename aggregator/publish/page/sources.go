package page

import (
	"cmp"
	"strconv"
	"time"

	"dateline/aggregator/publish/view"
	"dateline/aggregator/text"
)

// SourceState is how a source is at present.
type SourceState struct {
	ID          string // of a source
	State       string // ok, late, waiting, silent, partial, blocked, moved, gone, broken or disabled
	LastSuccess time.Time
	Due         time.Time // of the next visit; zero: at once
	Items       uint64    // ever stored
}

// sourceView is a line of the table of sources.
type sourceView struct {
	Lang, Link, Text string // its name
	State, Meaning   string
	Last, Due        *timeView // nil: never; not known
	Items            string
	Feed             feedLink
}

// SourcesPage renders the page of sources. Of a source that fails it says so, and not why: what servers and
// addresses say is for the operator.
func (s *Site) SourcesPage(states []SourceState) ([]byte, error) {
	shown := struct {
		frame
		Sources []sourceView
	}{frame: s.frame("sources")}
	shown.Title = shown.W.Sources + " – " + shown.Site
	for _, st := range states {
		src := s.Views.Source(st.ID)
		v := sourceView{
			Lang: text.CanonicalTag(src.Language), Link: cmp.Or(view.Web(src.Site), s.Views.Site(src.Agency)), Text: cmp.Or(view.Name(src.Name), view.OneLine(src.ID)),
			State: shown.W.of(stateWords[st.State].word), Meaning: shown.W.of(stateWords[st.State].meaning),
			Feed:  feedLink{Title: cmp.Or(view.Name(src.Name), view.OneLine(src.ID)), Path: view.SourcePath(st.ID)},
			Items: strconv.FormatUint(st.Items, 10),
		}
		if v.State == "" {
			v.State = view.OneLine(st.State)
		}
		v.Last, v.Due = shown.known(st.LastSuccess), shown.known(st.Due)
		shown.Sources = append(shown.Sources, v)
	}
	return execute("sources", shown)
}

// known returns how t is told; nil where it is zero.
func (f *frame) known(t time.Time) *timeView {
	if !view.Known(t) {
		return nil
	}
	v := f.time("", t)
	return &v
}

// stateWords tell how a source is, and what that means.
var stateWords = map[string]struct{ word, meaning phrase }{
	"ok":       {phrase{"ok", "в порядке"}, phrase{}},
	"new":      {phrase{"new", "новый"}, phrase{"it was not asked yet", "ещё не опрошен"}},
	"waiting":  {phrase{"waiting", "ждёт"}, phrase{"its server asked for a pause", "его сервер попросил паузу"}},
	"late":     {phrase{"late", "опаздывает"}, phrase{"it was not asked when it was due", "не опрошен в срок"}},
	"silent":   {phrase{"silent", "молчит"}, phrase{"it answers, and brings nothing new for long", "отвечает, но давно без нового"}},
	"partial":  {phrase{"partial", "оборван"}, phrase{"its last document was cut off", "последний документ пришёл не целиком"}},
	"blocked":  {phrase{"blocked", "закрыт"}, phrase{"it does not serve us", "не обслуживает нас"}},
	"moved":    {phrase{"moved", "переехал"}, phrase{"it is read at another address", "читается по другому адресу"}},
	"gone":     {phrase{"gone", "снят"}, phrase{"it says that it ended", "сообщает, что закончился"}},
	"broken":   {phrase{"broken", "сломан"}, phrase{"its last visit failed", "последний опрос не удался"}},
	"disabled": {phrase{"disabled", "выключен"}, phrase{"it is not asked", "не опрашивается"}},
}
