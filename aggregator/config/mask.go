package config

import (
	"regexp"
	"slices"
	"strings"
)

// What may be a secret in a line of a file, which need not be valid YAML: the last group of each.
var (
	userInfo    = regexp.MustCompile(`://([^/?#\s"'@]*(?:\s[^/?#\s"'@]*)?)@`)
	queryValue  = regexp.MustCompile(`[?&]([\w-]+)=((?:\$\{[^}]*\}|[^&#\s"',}])+)`)
	secretField = regexp.MustCompile(`(?i)(?:authorization|cookie|token|secret|passw(?:or)?d|api[-_]?key)[\w-]*["']?\s*:\s+(\S.*)$`)
	headersKey  = regexp.MustCompile(`(?:^|[\s{,])["']?headers["']?\s*:\s*(.*)$`)
	plainName   = regexp.MustCompile(`\$\{(?:file:[^}"'\s]+|[A-Za-z_]\w*)\}`) // a reference, though the line is not whole
	fieldName   = regexp.MustCompile(`[{,]\s*["']?[\w-]+["']?\s*:`)
	fieldValue  = regexp.MustCompile(`^\s*["']?[^:"']+["']?\s*:\s*(\S.*)$`)
)

// hidden returns lines of a file with a star for each character of what may be a secret: header fields, users and passwords in addresses,
// values in their queries that have the name of a secret. References such as ${NAME} stay.
func hidden(lines []string) []string {
	out := make([]string, len(lines))
	column := -1 // of the headers key whose lines are read; -1: none
	braces := false
	for i, line := range lines {
		inBlock := column >= 0 && (indentOf(line) > column || strings.TrimSpace(line) == "")
		switch at := headersKey.FindStringSubmatchIndex(line); {
		case braces:
			line, braces = starred(line, 0, len(line)), !strings.Contains(line, "}")
		case at != nil && !isComment(line):
			value := line[at[2]:]
			column = strings.Index(line, "headers")
			if value != "" && value[0] != '#' {
				end := len(line)
				if closed := strings.LastIndexByte(value, '}'); value[0] == '{' && closed >= 0 {
					end = at[2] + closed
				} else if value[0] == '{' {
					braces = true
				}
				line = starred(line, at[2], end)
			}
		case inBlock:
			line = starredGroup(line, fieldValue)
		default:
			column = -1
		}
		out[i] = hiddenText(starredGroup(line, secretField))
	}
	return out
}

// hiddenText is hidden for the addresses in one line or in a message.
func hiddenText(s string) string {
	s = starredGroup(s, userInfo)
	for _, at := range slices.Backward(queryValue.FindAllStringSubmatchIndex(s, -1)) {
		if isSecretName(s[at[2]:at[3]]) {
			s = starred(s, at[4], at[5])
		}
	}
	return s
}

// starredGroup puts stars in the place of the last group of each match.
func starredGroup(s string, what *regexp.Regexp) string {
	for _, at := range slices.Backward(what.FindAllStringSubmatchIndex(s, -1)) {
		s = starred(s, at[len(at)-2], at[len(at)-1])
	}
	return s
}

// starred puts a star in the place of each character from one byte to another, but for references, names of fields in braces, braces,
// quotes and white space.
func starred(s string, from, to int) string {
	var b strings.Builder
	part := s[from:to]
	shown := append(plainName.FindAllStringIndex(part, -1), fieldName.FindAllStringIndex(part, -1)...)
	for i, r := range part {
		kept := slices.ContainsFunc(shown, func(at []int) bool { return at[0] <= i && i < at[1] })
		if kept || strings.ContainsRune("{}\"' \t", r) {
			b.WriteRune(r)
			continue
		}
		b.WriteByte('*')
	}
	return s[:from] + b.String() + s[to:]
}
