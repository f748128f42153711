package config

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// scheme is how an address begins.
var scheme = compiled(`^[A-Za-z][A-Za-z0-9+.-]*://`)

// escaped is a percent-encoded byte (RFC 3986 section 2.1).
var escaped = compiled(`%[0-9A-Fa-f]{2}`)

func isAddress(s string) bool { return scheme().MatchString(s) }

// What a secret keeps as it is beside letters, digits and -._~ where it is part of an address: delimiters that mean nothing there. Those of
// a path may have slashes, as those of webhooks do.
const (
	keptInUserInfo = ""
	keptInPath     = "/:@!$&'()*+,;="
	keptInQuery    = "/:@!$'()*,=?"
)

// encoded returns a secret as it is written in s from one byte to another: percent-encoded where s is an address, but for its host.
func encoded(s string, from, to int, secret string) string {
	start, end, at := authority(s)
	switch {
	case start == 0:
		return secret
	case from < at && from == start && to == at: // user and password in one
		user, password, both := strings.Cut(secret, ":")
		if both {
			return percentEncoded(user, keptInUserInfo) + ":" + percentEncoded(password, keptInUserInfo)
		}
		return percentEncoded(secret, keptInUserInfo)
	case from < at:
		return percentEncoded(secret, keptInUserInfo)
	case from < end:
		return secret
	case strings.Contains(blank(s)[:from], "?"):
		return percentEncoded(secret, keptInQuery)
	}
	return percentEncoded(secret, keptInPath)
}

// authority returns where the authority of an address is, and where the @ behind user and password is in it; start 0: s is no address,
// at -1: it has no user. What is in references does not count.
func authority(s string) (start, end, at int) {
	if start = len(scheme().FindString(s)); start == 0 {
		return 0, 0, -1
	}
	plain := blank(s)
	end = len(s)
	if i := strings.IndexAny(plain[start:], "/?#"); i >= 0 {
		end = start + i
	}
	return start, end, strings.LastIndexByte(plain[:end], '@')
}

// blank returns s with a letter in the place of each byte of its references.
func blank(s string) string {
	return reference().ReplaceAllStringFunc(s, func(ref string) string { return strings.Repeat("x", len(ref)) })
}

// percentEncoded writes every byte of s but letters, digits, -._~ and those of kept as a percent escape.
func percentEncoded(s, kept string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~"+kept, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

// compiled returns a regular expression that is compiled when it is first used: most commands use few.
func compiled(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
