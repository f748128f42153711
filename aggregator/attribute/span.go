package attribute

// span is a piece of text; the zero span is none.
type span struct{ start, end int }

func (p span) none() bool         { return p.end == 0 }
func (p span) of(s string) string { return s[p.start:p.end] }
func (p span) empty() bool        { return p.end <= p.start }
func (p span) holds(o span) bool  { return p.start <= o.start && o.end <= p.end }

// cutWords appends the words of a stretch of text to list.
func cutWords(list []span, s string, p span) []span {
	s = s[:p.end]
	for i := nextWord(s, p.start); i < p.end; {
		e := wordEnd(s, i)
		list = append(list, span{i, e})
		i = nextWord(s, e)
	}
	return list
}
