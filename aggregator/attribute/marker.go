package attribute

import "strings"

// An update mark stands at the head of a text or a title, in capitals with a dash or colon behind it
// ("UPDATE 1 -", "CORRECTED:", "МОЛНИЯ."), in brackets ("(LEAD)", "(2nd LD)", "(ATTN: ...)"; in a title also at the
// end), or round the whole line ("++ ... ++").

const (
	ruleMarkWord    = "mark-word"
	ruleMarkBracket = "mark-bracket"
	ruleMarkFrame   = "mark-frame"
)

// marks are the words of update marks; a number may stand before or behind them.
var marks = words(`update; updated; updates; updating; wrapup; refile; rpt; repeat; corrected; correction; corrects; corr; clarification
clarifies; recasts; recast; adds; exclusive; breaking; breaking news; urgent; flash; news flash; newsalert; news alert; alert; bulletin
lead; ld; lead all; leadall; writethru; kill; withdrawn; retransmission; resending; new series; attn
дополнено; дополнена; дополнение; обновлено; обновлена; обновление; обновляется; исправлено; исправлена; исправление; уточнено; уточнение
молния; срочно; срочная новость; повтор; отмена; аннулировано; эксклюзив; расширенная версия; с уточнением; с дополнением; подробности
дапоўнена; дапаўненне; абноўлена; абнаўленне; выпраўлена; выпраўленне; тэрмінова; маланка; удакладнена
avance; urgente; última hora; ampliación; amplía; actualiza; actualización; corrige; corrección; repetición; alerta; rectificación
actualisation; mise à jour; rectificatif; correctif; alerte; en direct
eilmeldung; eil; zusammenfassung; korrektur; berichtigung; aktualisierung; wiederholung; achtung
aggiornamento; rettifica; correzione; ultim ora; ultima ora; atualização; atualiza; correção; retificação
pilne; aktualizacja; aktl; korekta; sprostowanie`, ";")

// readMark reads one update mark at i: the mark as printed, and where what follows it begins.
func (r *Registry) readMark(s string, i int) (mark span, next int, rule string) {
	c, n := rune1(s, i)
	switch {
	case c == '(' || c == '[':
		k := strings.IndexAny(s[i:min(len(s), i+160)], ")]\n")
		if k > 0 && s[i+k] != '\n' && isMark(s[i+n:i+k]) && r.on(ruleMarkBracket) {
			return span{i + n, i + k}, skipSpace(s, i+k+1), ruleMarkBracket
		}
	case strings.HasPrefix(s[i:], "++") || strings.HasPrefix(s[i:], "**"):
		if !r.on(ruleMarkFrame) {
			break
		}
		frame := s[i : i+2]
		body := strings.TrimRight(s[i:], " \t\r")
		if len(body) > 5 && strings.HasSuffix(body, frame) && isSpace(rune(s[i+2])) {
			return span{i, i + 2}, skipSpace(s, i+2), ruleMarkFrame
		}
	case isUpper(c) || isDigit(c):
		if m, next := markWord(s, i); next > i && r.on(ruleMarkWord) {
			return m, next, ruleMarkWord
		}
	}
	return span{}, i, ""
}

// isMark reports whether what stands in brackets is an update mark: one of the words, with a number or an ordinal
// or a note behind a colon.
func isMark(in string) bool {
	in, _, note := strings.Cut(in, ":")
	f := strings.Fields(foldWords(in))
	if len(f) > 0 && isDigit(rune(f[0][0])) {
		f = f[1:]
	}
	if len(f) > 1 && isDigit(rune(f[len(f)-1][0])) {
		f = f[:len(f)-1]
	}
	if len(f) == 0 || len(f) > 3 || caseOf(strings.TrimLeft(in, "0123456789stndrh ")) == lower && note {
		return false
	}
	_, ok := marks[strings.Join(f, " ")]
	return ok
}

// markWord reads a mark without brackets: in capitals before a dash, colon, full stop, bar or exclamation mark; in
// title case before a colon only.
func markWord(s string, i int) (m span, next int) {
	end, caps := i, true
	for n, j := 0, i; n < 4; n++ {
		e := wordEnd(s, j)
		if e == j {
			break
		}
		w := s[j:e]
		caps = caps && (caseOf(w) == capital || isDigit(rune(w[0])))
		end = e
		j = skipSpace(s, e)
		if j == e {
			break
		}
		if c, _ := rune1(s, j); !isWord(c) {
			break
		}
	}
	g := readGap(s, end)
	c, n := rune1(s, g.end)
	if (c == '|' || c == '!') && !g.any() {
		g.end, g.stop = skipSpace(s, g.end+n), true
	}
	if !(caps && (g.dash || g.colon || g.stop) || g.colon) || end == i || g.end >= len(s) {
		return span{}, i
	}
	if !isMark(s[i:end]) || caps && marksNothing.has(s[i:end]) && !g.dash {
		return span{}, i
	}
	return span{i, end}, g.end
}

// marksNothing are marks that a number or a bracket must confirm: alone they are ordinary words.
var marksNothing = words("lead ld corr attn adds", " ")
