package parse

import "bytes"

// An attr is an attribute of a start tag: offsets of its name and of its value between the quotes.
type attr struct{ name, nameEnd, value, end int }

// attributes appends the attributes of a start tag behind its name to attrs and returns where the tag ends.
// It is not ok unless they are as XML wants them, but for what is inside the quotes.
func attributes(attrs []attr, s []byte, i int) (all []attr, end int, ok bool) {
	for {
		space := i
		for i < len(s) && isSpace(s[i]) {
			i++
		}
		switch {
		case i < len(s) && s[i] == '>':
			return attrs, i + 1, true
		case i+1 < len(s) && s[i] == '/' && s[i+1] == '>':
			return attrs, i + 2, true
		case i == space || i == len(s):
			return attrs, 0, false
		}
		a := attr{name: i, nameEnd: i + nameLength(s[i:])}
		i = a.nameEnd
		for i < len(s) && isSpace(s[i]) {
			i++
		}
		if a.nameEnd == a.name || i == len(s) || s[i] != '=' {
			return attrs, 0, false
		}
		for i++; i < len(s) && isSpace(s[i]); i++ {
		}
		if i == len(s) || s[i] != '"' && s[i] != '\'' {
			return attrs, 0, false
		}
		a.value = i + 1
		n := bytes.IndexByte(s[a.value:], s[i])
		if n < 0 {
			return attrs, 0, false
		}
		a.end = a.value + n
		i = a.end + 1
		attrs = append(attrs, a)
	}
}

// htmlAttributes appends the attributes of a start tag of HTML behind its name to attrs, in quotes or not, and returns where the tag
// ends. One without a value has an empty one (HTML, sections 13.2.5.32 to 13.2.5.39). It is not ok where the tag has no end.
func htmlAttributes(attrs []attr, s []byte, i int) (all []attr, end int, ok bool) {
	for {
		for i < len(s) && (isSpace(s[i]) || s[i] == '/') {
			i++
		}
		if i == len(s) {
			return attrs, i, false
		}
		if s[i] == '>' {
			return attrs, i + 1, true
		}
		a := attr{name: i}
		for i++; i < len(s) && !isSpace(s[i]) && s[i] != '/' && s[i] != '>' && s[i] != '='; i++ {
		}
		a.nameEnd, a.value, a.end = i, i, i
		for i < len(s) && isSpace(s[i]) {
			i++
		}
		if i < len(s) && s[i] == '=' {
			a.value, a.end, i = htmlValue(s, i+1)
		}
		attrs = append(attrs, a)
	}
}

// htmlValue reads the value of an attribute behind its equals sign and returns where it begins, where it ends, and where reading goes on.
func htmlValue(s []byte, i int) (value, end, next int) {
	for i < len(s) && isSpace(s[i]) {
		i++
	}
	if i < len(s) && (s[i] == '"' || s[i] == '\'') {
		n := bytes.IndexByte(s[i+1:], s[i])
		if n < 0 {
			return len(s), len(s), len(s)
		}
		return i + 1, i + 1 + n, i + n + 2
	}
	value = i
	for i < len(s) && !isSpace(s[i]) && s[i] != '>' {
		i++
	}
	return value, i, i
}

// isTwice reports whether an attribute before attrs[i] has the same name.
func isTwice(s []byte, attrs []attr, i int) bool {
	for _, a := range attrs[:i] {
		if bytes.Equal(s[a.name:a.nameEnd], s[attrs[i].name:attrs[i].nameEnd]) {
			return true
		}
	}
	return false
}

// badTag reads the start tag at pos whose attributes are not as XML wants them: without quotes, without
// values, without space between. It is written anew and read again. A tag that does not end before the
// next one begins is text.
func (m *repairer) badTag(pos, nameEnd int) int {
	tag := append([]byte{}, m.in[pos:nameEnd]...)
	i := nameEnd
	for {
		for i < len(m.in) && (isSpace(m.in[i]) || m.in[i] == '/') {
			i++
		}
		if i == len(m.in) {
			return -1
		}
		if m.in[i] == '>' {
			break
		}
		if m.in[i] == '<' {
			return m.literal(pos)
		}
		n := nameLength(m.in[i:])
		if n == 0 {
			i++
			continue
		}
		tag = append(append(tag, ' '), m.in[i:i+n]...)
		value, next := looseValue(m.in, i+n)
		tag = append(append(append(tag, `="`...), bytes.ReplaceAll(value, []byte(`"`), []byte("&quot;"))...), '"')
		i = next
	}
	if m.in[i-1] == '/' {
		tag = append(tag, '/')
	}
	return m.rewrite(pos, i+1, append(tag, '>'))
}

// looseValue reads an equals sign and a value in quotes or up to the next space, if there is one at i.
func looseValue(s []byte, i int) (value []byte, next int) {
	start := i
	for i < len(s) && isSpace(s[i]) {
		i++
	}
	if i == len(s) || s[i] != '=' {
		return nil, start
	}
	for i++; i < len(s) && isSpace(s[i]); i++ {
	}
	if i < len(s) && (s[i] == '"' || s[i] == '\'') {
		if n := bytes.IndexByte(s[i+1:], s[i]); n >= 0 && bytes.IndexByte(s[i+1:i+1+n], '<') < 0 {
			return s[i+1 : i+1+n], i + 2 + n
		}
		i++
	}
	start = i
	for i < len(s) && !isSpace(s[i]) && s[i] != '>' && s[i] != '<' {
		i++
	}
	return s[start:i], i
}

// rewrite reads tag in place of the bytes from pos to end.
func (m *repairer) rewrite(pos, end int, tag []byte) int {
	m.rewrites = true
	m.within(pos, end, tag, func() { m.startTag(0) })
	m.rewrites = false
	return end
}

// within calls read with s in place of the bytes from start to end.
func (m *repairer) within(start, end int, s []byte, read func()) {
	m.replace(start, start, "")
	rest := m.in
	m.in, m.done = s, 0
	read()
	m.out = append(m.out, m.in[m.done:]...)
	m.in, m.done = rest, end
}
