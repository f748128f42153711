package attribute

import (
	"dateline/aggregator/attribute/agency"
	"dateline/aggregator/attribute/lex"
)

import (
	"strings"
)

// What an agency does in a sentence is told by the words beside its name. A cue is a sequence of words that ends
// before the name or begins behind it.

const (
	ruleLearned   = "own-learned"   // BelTA has learned: the agency speaks of itself
	ruleReport    = "reported-by"   // передает БЕЛТА; as reported by Reuters; Reuters reported
	ruleTold      = "told"          // told TASS; сообщили ТАСС в правительстве
	ruleAccording = "according-to"  // according to TASS; по данным ТАСС; laut dpa
	ruleInterview = "interview"     // in an interview with Magyar Nemzet; в интервью ТАСС
	ruleCiting    = "citing"        // citing the ministry; со ссылкой на посольство
	ruleWordsOf   = "words-of"      // Слова главы МИД РФ передает РИА «Новости»
	ruleChannel   = "channel"       // размещена в Telegram-канале X, передает БЕЛТА
	ruleSource    = "source-line"   // Источник: БЕЛТА
	ruleSignature = "signature"     // ... . (dpa)
	ruleQuoted    = "outlet-named"  // сообщает телеканал "Россия 24"
	ruleNamed     = "attributed-to" // сообщает пресс-служба завода; learned from the ministry
	ruleOwnStaff  = "correspondent" // сообщает корреспондент The Moscow Post
)

// cues maps a sequence of words to the rule that it shows.
type cues map[string]string

func cueList(lists ...[2]string) cues {
	m := cues{}
	for _, l := range lists {
		for w := range lex.Words(l[1], ";") {
			m[w] = l[0]
		}
	}
	return m
}

// leftCues end before the name, articles and words such as "agency" between left out.
var leftCues = cueList(
	[2]string{ruleReport, `reported by; carried by; cited by; quoted by; quoted as saying by; as saying by; published by; reports; writes; released by; distributed by
сообщает; сообщила; сообщило; передает; передала; передало; передают; сообщают; пишет; пишут; информирует; информируют; цитирует; цитируют; приводит; приводят
отмечает; уточняет; напоминает; пояснила; сообщил; передал; рассказывает; поясняет; подчеркивает; узнало; узнал; узнала; выяснил; выяснило; выяснила
паведамляе; паведаміла; перадае; паведамляюць; піша; інфармуе; паведаміў; перадаюць; удакладняе; даведалася
informó; informa; reportó; reporta; publicó; rapporte; rapportent; a rapporté; indique; annonce; berichtet; berichtete; meldet; meldete; riferisce; riporta; scrive; informou; noticiou; avança; relata
podaje; podała; poinformowała; informuje; donosi; pisze`},
	[2]string{ruleTold, `told; told to; tells; said to; confirmed to; wrote to; spoke to; told to the
сообщили; сообщил; сообщила; сообщило; рассказал; рассказала; рассказали; рассказало; заявил; заявила; заявили; сказал; сказала; сказали; пояснил; пояснила; пояснили; уточнил; уточнила; уточнили
подтвердил; подтвердила; подтвердили; отметил; отметила; отметили; поведал; прокомментировал; объяснил; объяснила; объяснили; добавил; добавила; добавили; напомнил; напомнила; напомнили; подчеркнул; подчеркнула; подчеркнули; признался; призналась
паведамілі; расказаў; расказала; расказалі; заявіў; заявіла; сказаў; сказала; адзначыў; адзначыла; удакладніў; удакладніла; удакладнілі; пракаменціраваў; растлумачыў
dijo a; declaró a; afirmó a; señaló a; explicó a; confirmó a; aseguró a; dijo a la; a déclaré à; a indiqué à; a dit à; a affirmé à; a confié à; a expliqué à; a précisé à; a confirmé à
sagte; erklärte; ha detto a; ha dichiarato a; ha riferito a; disse à; disse a; afirmou à; declarou à; explicou à; adiantou à; confirmou à; powiedział; powiedziała; przekazał; przekazała; powiedzieli; poinformował; poinformowała`},
	[2]string{ruleAccording, `according to; as per
по данным; по сообщению; по сообщениям; по информации; по словам; согласно; согласно данным; как следует из сообщения; по версии; ссылаясь на сообщение; из сообщения; в сообщении
паводле; паводле інфармацыі; па звестках; паводле звестак; па паведамленні; паводле паведамлення; як паведамляе
según; según informó; de acuerdo con; conforme; selon; d après; laut; nach angaben der; nach angaben von; secondo; segundo; de acordo com; nach informationen der; nach informationen von; według; jak podaje`},
	[2]string{ruleInterview, `interview with; interview to; an interview to; interview given to; interview published by; speaking to; speaking with; talking to; in comments to; in remarks to; commentary to; conversation with; briefing for
в интервью; в беседе с; в разговоре с; в эфире; в комментарии; в комментарии для; в беседе с корреспондентом; в интервью с; інтэрв ю; у інтэрв ю; у гутарцы з; у каментарыі; у эфіры
entrevista con; entrevista a; una entrevista con; interview à; un entretien à; un entretien avec; entretien à; interview accordée à; interview mit; gespräch mit; intervista a; entrevista à; rozmowie z; wywiadzie dla`},
	[2]string{ruleLearned, `стало известно; как стало известно; известно; стала вядома; як стала вядома; удалось узнать`},
)

// rightCues begin behind the name, a few words such as "earlier" between left out.
var rightCues = cueList(
	[2]string{ruleLearned, `has learned; has learnt; learned; learnt; have learned; has been told; was told; has been informed; was informed`},
	[2]string{ruleReport, `reported; reports; has reported; has reported that; had reported; writes; wrote; quoted; cited; said citing; said quoting; said in a report; quotes; cites
сообщил; сообщила; сообщило; сообщает; передает; передал; передала; передало; пишет; информирует; узнал; узнало; узнала; выяснил; уточняет; отмечает; опубликовал; опубликовало; опубликовала; сообщают; передают
паведамляе; паведаміў; паведаміла; перадае; піша; даведалася
informó; reportó; informa; rapporte; a rapporté; berichtete; berichtet; meldet; meldete; riferisce; informou; noticiou; podała; podaje; poinformowała; informuje; donosi`},
	[2]string{ruleTold, `сообщили; рассказали; заявили; сказали; пояснили; уточнили; подтвердили; отметили; добавили; рассказал; рассказала; заявил; заявила; сказал; сказала
пояснил; пояснила; уточнил; уточнила; подтвердил; подтвердила; объяснил; объяснила; паведамілі; расказалі; удакладнілі; растлумачылі; расказаў; расказала; заявіў; заявіла; растлумачыў; растлумачыла`},
)

// citing opens the phrase that names whom a report relies on.
var citing = cueList([2]string{ruleCiting, `citing; quoting; with reference to; with a reference to; in reference to; cited; quoting from
со ссылкой на; ссылаясь на; сославшись на; ссылается на; сослался на; сослалась на; сослалось на; са спасылкай на; спасылаючыся на; цитируя
citando a; citando; en citant; citant; unter berufung auf; unter verweis auf; citando fonti; citando fontes; powołując się na; cytując`})

// attributions open a phrase that names who made something known, whoever that is: in Russian and Belarusian a verb of
// telling before its subject or before "в ...", in English a passive or a preposition.
var attributions = cueList([2]string{ruleNamed, `сообщает; сообщают; передает; передают; пишет; пишут; информирует; информируют; уточняет; уточняют; отмечает; отмечают
сообщили в; сообщили во; рассказали в; рассказали во; заявили в; заявили во; пояснили в; пояснили во; уточнили в; уточнили во; отметили в; отметили во; подтвердили в; добавили в; проинформировали в; информируют в; сообщают в; рассказывают в; говорится в сообщении; сообщается в
паведамляе; паведамляюць; перадае; піша; інфармуе; удакладняе; адзначае; паведамілі ў; паведамілі ва; паведамілі у; расказалі ў; расказалі ва; удакладнілі ў; адзначылі ў; растлумачылі ў
according to; as reported by; reported by; learned from; has learned from; learnt from; has learnt from`})

// outlets are words before the name of a newspaper, a channel or an agency.
var outlets = lex.Words(`newspaper; daily; weekly; magazine; tabloid; broadcaster; channel; tv channel; television channel; news channel; news agency; agency; portal; website
news website; news site; outlet; news outlet; radio station; publication; network; journal
газета; газеты; газете; газету; газетой; издание; издания; изданию; изданием; издании; журнал; журнала; журналу; журналом; телеканал; телеканала; телеканалу; телеканалом; телеканале
радиостанция; радиостанции; радиостанцию; портал; портала; порталу; портале; агентство; агентства; агентству; агентством; агентстве; информагентство; информагентства; информагентству; сайт; сайта; сайте
газэта; газеце; выданне; выданню; выдання; часопіс; тэлеканал; тэлеканала; тэлеканалу; партал; партала; агенцтва; агенцтву; радыёстанцыя
periódico; diario; agencia; cadena; journal; quotidien; agence; chaîne; zeitung; nachrichtenagentur; magazin; sender; agenzia; quotidiano; emittente; agência; jornal; agencja; agencji; agencję; dziennik; dziennikowi; tygodnik; portal; stacja`, ";")

// staff are words before an agency's name that make it the speaker: its own correspondent.
var staff = lex.Words("correspondent; correspondents; reporter; reporters; корреспондент; корреспондента; корреспонденту; корреспондентом; корреспонденты; корр; собкор; обозреватель; карэспандэнт; карэспандэнта; карэспандэнту; journalist; journalists; agencyjny", ";")

// between are words that may stand between a cue and a name.
var between = lex.Words(`the a an state official russian belarusian ukrainian chinese turkish iranian syrian german french hungarian polish american british
japanese italian spanish israeli local national his her their its also earlier later previously exclusively today on state-run run owned news press wire
la le les l el los der die das dem den lo il al alla all agli à a to его её ее их слова слов об этом также ранее с state-owned nationale federal government
гэтым пра аб`, " ")

// behind are words that may stand between a name and its verb.
var behind = lex.Words("earlier previously also later has news agency today yesterday on monday tuesday wednesday thursday friday saturday sunday ранее также позднее в понедельник вторник среду четверг пятницу субботу воскресенье информагентство раней", " ")

// lookup reads the longest cue of at most four words from list that ends at word k (step -1) or begins there (+1).
func (m cues) lookup(s string, list []lex.Span, k, step int) (rule string, n int) {
	var buf [160]byte
	for size := 4; size > 0; size-- {
		from, to := k, k+size-1
		if step < 0 {
			from, to = k-size+1, k
		}
		if from < 0 || to >= len(list) {
			continue
		}
		b := buf[:0]
		for j := from; j <= to; j++ {
			if list[j].End-list[j].Start > 30 {
				b = b[:0]
				break
			}
			if j > from {
				b = append(b, ' ')
			}
			b = lex.AppendFold(b, list[j].Of(s))
		}
		if r, ok := m[string(b)]; ok && !broken(s, list[from].Start, list[to].End) {
			return r, size
		}
	}
	return "", 0
}

// broken reports whether a sentence ends between start and end.
func broken(s string, start, end int) bool {
	return strings.ContainsAny(s[start:end], "\n;!?") || strings.Contains(s[start:end], ". ")
}

// heads tells, of a folded word, what may begin with it: most words of a text begin nothing, and one look says so.
type heads map[string]head

// head is a set of what a word may begin.
type head uint8

const (
	headName   head = 1 << iota // the name of an agency
	headOutlet                  // an outlet's name stands behind it
	headCiting
	headAttribution
	headChannel
)

func newHeads(d *agency.Registry) heads {
	m := heads{}
	for w := range d.FirstWords() {
		m[w] |= headName
	}
	for _, l := range []lex.Set{outlets, staff} {
		for w := range l {
			m[w[strings.LastIndexByte(w, ' ')+1:]] |= headOutlet
		}
	}
	first := func(c cues, h head) {
		for w := range c {
			w, _, _ = strings.Cut(w, " ")
			m[w] |= h
		}
	}
	first(citing, headCiting)
	first(attributions, headAttribution)
	for w := range channels {
		m[w] |= headChannel
	}
	return m
}

// of returns what the word w may begin.
func (m heads) of(w string) head {
	if len(w) > 64 {
		return 0
	}
	var buf [160]byte
	return m[string(lex.AppendFold(buf[:0], w))]
}

var channels = lex.Words("telegram телеграм тэлеграм", " ")
