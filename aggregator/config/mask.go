package config

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"dateline/aggregator/news"
)

// What may be a secret in a line of a file, which need not be valid YAML: the last group of each.
var (
	userInfo    = compiled(`://([^/?#\s"'@]*(?:\s[^/?#\s"'@]*)?)@`)
	userAnyhow  = compiled(`(?:://|[\s"'{\[,]|^)([^\s"':]+:(?:[^\s"']*[^\s"'/])?)@`) // password with / ? #, or no scheme
	queryValue  = compiled(`[?&]([\w-]+)=((?:\$\{[^}]*\}|[^&#\s"',}])+)`)
	fallback    = compiled(`\$\{(\w+):[-=?+]?([^}\s"']*)`)
	secretField = compiled(`(?i)(?:authorization|cookie|token|secret|passw(?:or)?d|api[-_]?key)[\w-]*["']?\s*[:=]\s*(\S.*)$`)
	fieldLike   = compiled(`^\s*(?:- )?["']?[A-Z][\w-]*["']?\s*[:=]\s*(\S.*)$`) // a header field outside of headers
	secretKey   = compiled(`(?:^|[\s{,])["']?(headers|proxy|dsn|notify)["']?\s*[:=]\s*(.*)$`)
	plainName   = compiled(`\$\{(?:file:[^}"'\s]+|[A-Za-z_]\w*)\}`) // a reference, though the line is not whole
	fieldName   = compiled(`[{,]\s*["']?[\w-]+["']?\s*:`)
	fieldValue  = compiled(`^\s*(?:- )?["']?[^:"']+["']?\s*:\s*(\S.*)$`)
	letter      = compiled(`\w`)
	// commandAlone is the value of notify on one line without an address.
	commandAlone = compiled(`^\{\s*command:[^,}]*\}?$`)
	quoted       = compiled(`"((?:[^"\\]|\\.)*)"`)
)

// hidden returns lines of a file with a star for each character of what may be a secret: values of headers, proxy and notify, users and
// passwords in addresses, values in their queries that have the name of a secret. References such as ${NAME} stay.
func hidden(lines []string) []string {
	out := make([]string, len(lines))
	key, column := "", -1 // of the key whose lines are read; -1: none
	braces := false
	for i, line := range lines {
		inBlock := column >= 0 && (indentOf(line) > column || strings.TrimSpace(line) == "")
		switch at := secretKey().FindStringSubmatchIndex(line); {
		case braces:
			line, braces = starred(line, 0, len(line)), !strings.Contains(line, "}")
		case at != nil && !isComment(line) && !inBlock:
			value := line[at[4]:]
			key, column = line[at[2]:at[3]], at[2]
			if value != "" && value[0] != '#' {
				end := len(line)
				if closed := strings.LastIndexByte(value, '}'); value[0] == '{' && closed >= 0 {
					end = at[4] + closed
				} else if value[0] == '{' {
					braces = true
				}
				if !((key == "proxy" || key == "dsn") && isPlainProxy(value) || key == "notify" && commandAlone().MatchString(value)) {
					line = starred(line, at[4], end)
				}
			}
		case inBlock:
			line = starredInside(key, line)
		default:
			column = -1
			line = starredGroup(line, fieldLike())
		}
		out[i] = hiddenText(starredGroup(line, secretField()))
	}
	return out
}

// plainProxy is an address of a proxy that is no more than a host and a port, or names every secret.
var plainProxy = compiled(`^["']?[A-Za-z0-9+.-]+://` +
	`(?:\$\{[^}]*\}(?::\$\{[^}]*\})?@)?(?:[\w.-]+|\[[\w:.]+\])(?::\d{1,5})?/?["']?\s*(?:[#,}].*)?$`)

// isPlainProxy reports whether the user and password in the value of a proxy, if any, can be found.
func isPlainProxy(value string) bool {
	return plainProxy().MatchString(value) || strings.Count(value, "@") == 1 && userInfo().MatchString(value)
}

// starredInside puts stars in a line below a key whose values may be secrets.
func starredInside(key, line string) string {
	switch {
	case key == "notify" && strings.HasPrefix(strings.TrimSpace(line), "command:"):
		return line
	case key != "proxy" && fieldValue().MatchString(line):
		return starredGroup(line, fieldValue())
	}
	return starred(line, 0, len(line))
}

// masker hides in messages what hidden hides in the lines they are about.
type masker struct {
	shown []string
	runs  [][]string        // by line: the texts that are stars in shown
	long  *strings.Replacer // puts stars for those of every line that are no common word
}

const (
	longSecret  = 6     // from which length on, in bytes, a secret is hidden in messages about any line,
	mostSecret  = 8_192 // and up to which
	manySecrets = 1_000 // in a line of more than that all is hidden that messages about it quote
)

func newMasker(lines []string) *masker {
	m := &masker{shown: hidden(lines), runs: make([][]string, len(lines))}
	var long []string
	for i, line := range lines {
		was, is := []rune(line), []rune(m.shown[i])
		from := -1
		for j := 0; j <= len(was); j++ {
			differs := j < len(was) && was[j] != is[j]
			switch {
			case differs && from < 0:
				from = j
			case !differs && from >= 0:
				m.runs[i] = append(m.runs[i], string(was[from:j]))
				from = -1
			}
		}
		for _, run := range m.runs[i] {
			if len(run) >= longSecret && len(run) <= mostSecret {
				long = append(long, run)
			}
		}
	}
	slices.SortFunc(long, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	var pairs []string
	for _, run := range slices.Compact(long) {
		pairs = append(pairs, run, stars(run))
	}
	m.long = strings.NewReplacer(pairs...)
	return m
}

// text returns what is said of a line with stars for the secrets that it quotes.
func (m *masker) text(s string, line int) string {
	s = m.long.Replace(s)
	if line > 0 && line <= len(m.runs) {
		s = quoted().ReplaceAllStringFunc(s, func(q string) string { return `"` + maskedBy(q[1:len(q)-1], m.runs[line-1]) + `"` })
	}
	return hiddenText(s)
}

// maskedBy hides in a quoted text the secrets of its line, and all of it where it is a part of one.
func maskedBy(s string, runs []string) string {
	named := letter().MatchString(s)
	if named && len(runs) > manySecrets {
		return stars(s)
	}
	for _, run := range runs {
		if named && strings.Contains(run, s) && !strings.Contains(run, s+"://") {
			return stars(s)
		}
		if strings.Contains(s, run) {
			s = strings.ReplaceAll(s, run, stars(run))
			named = letter().MatchString(s)
		}
	}
	return s
}

func stars(s string) string { return strings.Repeat("*", utf8.RuneCountInString(s)) }

// Hide returns a text with a star for each character of what may be a secret in the addresses that it quotes: users and passwords, and
// values in queries that have the name of a secret. References such as ${NAME} stay.
func Hide(s string) string { return hiddenText(s) }

// hiddenText is hidden for the addresses in one line or in a message.
func hiddenText(s string) string {
	s = starredGroup(s, userInfo())
	s = starredWhere(s, fallback(), func(at []int) []int {
		if kind := s[at[2]:at[3]]; kind == "file" || kind == "env" {
			return nil
		}
		return at[4:6]
	})
	s = starredWhere(s, userAnyhow(), func(at []int) []int {
		part := s[at[2]:at[3]]
		from := at[2]
		if scheme := strings.Index(part, "://"); scheme >= 0 {
			from += scheme + len("://")
		}
		if !strings.Contains(s[from:at[3]], ":") || strings.HasPrefix(part, "mailto:") || strings.HasPrefix(part, "tag:") {
			return nil
		}
		return []int{from, at[3]}
	})
	return starredWhere(s, queryValue(), func(at []int) []int {
		if !news.IsSecretName(s[at[2]:at[3]]) {
			return nil
		}
		return at[4:6]
	})
}

// starredGroup puts stars in the place of the last group of each match.
func starredGroup(s string, what *regexp.Regexp) string {
	return starredWhere(s, what, func(at []int) []int { return at[len(at)-2:] })
}

// starredWhere puts stars where part says, given the places of a match and its groups; nil: nowhere.
func starredWhere(s string, what *regexp.Regexp, part func(at []int) []int) string {
	var b strings.Builder
	done := 0
	for _, at := range what.FindAllStringSubmatchIndex(s, -1) {
		if p := part(at); p != nil {
			b.WriteString(s[done:p[0]])
			writeStarred(&b, s[p[0]:p[1]])
			done = p[1]
		}
	}
	b.WriteString(s[done:])
	return b.String()
}

// starred puts a star in the place of each character from one byte to another, but for references, names of fields in braces, braces,
// quotes and white space.
func starred(s string, from, to int) string {
	var b strings.Builder
	b.WriteString(s[:from])
	writeStarred(&b, s[from:to])
	b.WriteString(s[to:])
	return b.String()
}

func writeStarred(b *strings.Builder, part string) {
	shown := make([]bool, len(part))
	for _, what := range []*regexp.Regexp{plainName(), fieldName(), bare()} {
		for _, at := range what.FindAllStringIndex(part, -1) {
			for i := range shown[at[0]:at[1]] {
				shown[at[0]+i] = true
			}
		}
	}
	for i, r := range part {
		if shown[i] || strings.ContainsRune("{}\"' \t", r) {
			b.WriteRune(r)
			continue
		}
		b.WriteByte('*')
	}
}
