// Package robots reads robots.txt (RFC 9309) and says what a crawler may ask for. It is pure; the caller fetches, see [Answered].
package robots

import (
	"bytes"
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	// Path is where a site keeps the file (RFC 9309 section 2.3).
	Path = "/robots.txt"
	// MaxSize is how much of a file is read, in bytes; section 2.5 asks for 500 KiB at least.
	MaxSize = 512 << 10
	// MaxAge is for how long a file may be used (section 2.4).
	MaxAge = 24 * time.Hour

	maxRules = 5000 // of one crawler; those of further ones are not kept
	maxRule  = 2048 // bytes of a path
)

// Rules are what a site asks of one crawler. The zero value allows everything.
type Rules struct {
	none  bool // nothing is allowed
	rules []rule
}

// rule allows or disallows the paths that a pattern matches (section 2.2.2).
type rule struct {
	pattern string // normalised; "*" stands for any bytes
	end     bool   // the path has to end where the pattern does
	allow   bool
}

// Nothing returns rules that allow nothing but robots.txt itself: those of a site whose file cannot be reached (section 2.3.1.4).
func Nothing() Rules { return Rules{none: true} }

// Answered returns the rules that follow from the answer to a request for the file, redirects followed (section 2.3.1): those of the
// file for 200; all is allowed for 400 to 499, except for 429, which says nothing of the file and counts as unreachable; nothing is
// allowed for any other status. agent is the product token of the crawler, such as "Dateline".
func Answered(status int, body []byte, agent string) Rules {
	switch {
	case status == http.StatusOK || status == http.StatusNonAuthoritativeInfo:
		return Parse(body, agent)
	case status >= 400 && status < 500 && status != http.StatusTooManyRequests:
		return Rules{}
	}
	return Nothing()
}

// Parse returns the rules of a file for a crawler: those of all groups that name it, letters of both cases alike, else those of all
// groups for "*" (section 2.2.1). Lines that are no rule are passed over, and so is what follows MaxSize.
func Parse(file []byte, agent string) Rules {
	file = bytes.TrimPrefix(file[:min(len(file), MaxSize)], []byte("\ufeff"))
	var own, all []rule
	named, mine, everyone, agents := false, false, false, false // agents: the lines before are user-agent lines of this group
	for line := range bytes.FieldsFuncSeq(file, func(r rune) bool { return r == '\n' || r == '\r' }) {
		key, value, ok := field(string(line))
		if !ok {
			continue
		}
		switch key {
		case "user-agent":
			if !agents {
				mine, everyone = false, false
			}
			agents = true
			token := productToken(value)
			mine = mine || token != "" && strings.EqualFold(token, agent)
			everyone = everyone || strings.HasPrefix(value, "*")
			named = named || mine
		case "allow", "disallow":
			agents = false
			r, ok := newRule(value, key == "allow")
			if ok && mine && len(own) < maxRules {
				own = append(own, r)
			}
			if ok && everyone && len(all) < maxRules {
				all = append(all, r)
			}
		}
	}
	if named {
		return newRules(own)
	}
	return newRules(all)
}

// field reads a line of the file: its key in small letters, and its value without comment and outer white space.
func field(line string) (key, value string, ok bool) {
	line, _, _ = strings.Cut(line, "#")
	key, value, ok = strings.Cut(line, ":")
	return strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value), ok
}

// productToken returns the letters, hyphens and underscores with which a value begins: "Dateline/1.0" names Dateline.
func productToken(value string) string {
	for i := range len(value) {
		if c := value[i]; !('a' <= c|0x20 && c|0x20 <= 'z') && c != '-' && c != '_' {
			return value[:i]
		}
	}
	return value
}

func newRule(path string, allow bool) (r rule, ok bool) {
	if path == "" || len(path) > maxRule {
		return r, false // an empty pattern matches nothing
	}
	path, r.end = strings.CutSuffix(path, "$")
	r.pattern, r.allow = normalised(path), allow
	return r, true
}

// newRules sorts the rules so that the first that matches is the one that counts: the most bytes first, then those that allow
// (section 2.2.2).
func newRules(rules []rule) Rules {
	slices.SortStableFunc(rules, func(a, b rule) int {
		return cmp.Or(cmp.Compare(len(b.pattern), len(a.pattern)), cmp.Compare(rankOf(a), rankOf(b)))
	})
	return Rules{rules: rules}
}

func rankOf(r rule) int {
	if r.allow {
		return 0
	}
	return 1
}

// Allows reports whether an address may be asked for, by its path and query as in a request line, such as "/a?b=c". [Path] always may.
func (r Rules) Allows(path string) bool {
	if path == "" {
		path = "/"
	}
	if path == Path {
		return true
	}
	if r.none {
		return false
	}
	path = normalised(path)
	for _, rule := range r.rules {
		if rule.matches(path) {
			return rule.allow
		}
	}
	return true
}

// String returns a file with these rules, for [Parse].
func (r Rules) String() string {
	if r.none {
		return "user-agent: *\ndisallow: /\n"
	}
	var b strings.Builder
	b.WriteString("user-agent: *\n")
	for _, rule := range r.rules {
		key, end := "disallow", ""
		if rule.allow {
			key = "allow"
		}
		if rule.end {
			end = "$"
		}
		b.WriteString(key + ": " + rule.pattern + end + "\n")
	}
	return b.String()
}

// matches reports whether the pattern matches the beginning of a path, or all of it.
func (r rule) matches(path string) bool {
	first, rest, wild := strings.Cut(r.pattern, "*")
	if !strings.HasPrefix(path, first) {
		return false
	}
	path = path[len(first):]
	for wild {
		first, rest, wild = strings.Cut(rest, "*")
		if !wild && r.end {
			return strings.HasSuffix(path, first)
		}
		i := strings.Index(path, first)
		if i < 0 {
			return false
		}
		path = path[i+len(first):]
	}
	return !r.end || path == ""
}

// normalised returns a path as section 2.2.2 compares it: bytes beyond ASCII are percent-encoded, percent-encoded unreserved
// characters are decoded, and the digits of the others are capitals.
func normalised(path string) string {
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		c := path[i]
		if c == '%' && i+2 < len(path) {
			hi, lo := digit(path[i+1]), digit(path[i+2])
			if hi >= 0 && lo >= 0 {
				if c = byte(hi<<4 | lo); unreserved(c) {
					b.WriteByte(c)
				} else {
					encode(&b, c)
				}
				i += 2
				continue
			}
		}
		if c >= 0x80 || c <= ' ' {
			encode(&b, c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

func encode(b *strings.Builder, c byte) {
	const digits = "0123456789ABCDEF"
	b.Write([]byte{'%', digits[c>>4], digits[c&15]})
}

func digit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// unreserved reports whether c is one of the unreserved characters of RFC 3986 section 2.3.
func unreserved(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0
}
