package config

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/textproto"
	"os"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/http/httpguts"
)

var (
	// reference is how a value names a secret that is kept elsewhere: in the environment or in a file.
	reference = compiled(`\$\{(file:)?([^}]*)\}`)
	// bare is how a shell would name one, and what is sent as it is here.
	bare = compiled(`\$[A-Z_][A-Z0-9_]+\b`)
)

// variable is the name of one in the environment.
var variable = compiled(`^[A-Za-z_]\w*$`)

// noVariable is said of a name that is none: it may hold a secret, as ${NAME:-SECRET} does.
const noVariable = "no name of a variable: want ${NAME}"

// maxSecret is the size, in bytes, of the largest file that a secret is read from.
const maxSecret = 64 << 10

// Expand puts the secrets that s names in their places, as they are now: ${NAME} from the environment, ${file:PATH} from a
// regular file of at most 64 KiB, white space around it aside. In an address, which begins with a scheme, a secret is percent-encoded as
// its place wants it (RFC 3986 section 2.1): it is kept as it is, not encoded. Call Expand when a request is made: a command that makes
// none needs no secret. used holds each secret, and each as it is written in expanded where that differs, and behind it how s names it.
// The error, an [*Error] without a place, names the secrets that there are not.
func Expand(s string) (expanded string, used []string, err error) { return expand(s, lookUp) }

// ExpandWith is [Expand] with secrets that were looked up before, by how s names them. The error, an [*Error], names those that were not.
func ExpandWith(s string, secrets map[string]string) (expanded string, used []string, err error) {
	return expand(s, func(ref string) (string, error) {
		if value, ok := secrets[ref]; ok {
			return value, nil
		}
		return "", wrong("%s was not looked up", ref)
	})
}

// expand is [Expand] with the secrets that find returns.
func expand(s string, find func(ref string) (string, error)) (expanded string, used []string, err error) {
	var b strings.Builder
	var missing []string
	end := 0
	for _, at := range reference().FindAllStringIndex(s, -1) {
		ref := s[at[0]:at[1]]
		value, wrongWith := find(ref)
		if wrongWith != nil {
			if text := wrongWith.Error(); !slices.Contains(missing, text) {
				missing, err = append(missing, text), wrongWith
			}
			continue
		}
		written := encoded(s, at[0], at[1], value)
		b.WriteString(s[end:at[0]] + written)
		end = at[1]
		if used = append(used, value, ref); written != value {
			used = append(used, written, ref)
		}
	}
	if len(missing) > 1 {
		err = wrong("%s", strings.Join(missing, ", "))
	}
	if err != nil {
		return "", nil, err
	}
	return b.String() + s[end:], used, nil
}

// lookUp returns the secret that a reference names.
func lookUp(ref string) (string, error) {
	m := reference().FindStringSubmatch(ref)
	return secret(m[1] != "", m[2])
}

// NamesSecret reports whether [Expand] would change s.
func NamesSecret(s string) bool { return reference().MatchString(s) }

// SecretFiles returns the files that requests read secrets from, as the file names them, in order and each once.
func (c *Config) SecretFiles() []string {
	var all []string
	add := func(s string) {
		for _, m := range reference().FindAllStringSubmatch(s, -1) {
			if m[1] != "" && !slices.Contains(all, m[2]) {
				all = append(all, m[2])
			}
		}
	}
	add(c.Store.DSN)
	add(c.Network.Proxy)
	add(c.Notify.URL)
	for _, s := range c.Sources {
		add(s.URL)
		for _, name := range slices.Sorted(maps.Keys(s.Headers)) {
			add(s.Headers[name])
		}
	}
	return all
}

// secret returns the value of a file or of a variable of the environment.
func secret(inFile bool, name string) (string, error) {
	value, where := "", name
	switch {
	case name == "":
		return "", wrong("a secret without a name: want ${NAME} or ${file:PATH}")
	case inFile:
		b, err := readSecret(name)
		if err != nil {
			return "", wrong("secret cannot be read: %v", err)
		}
		value, where = strings.TrimSpace(string(b)), "file "+name
	case !variable().MatchString(name):
		e := wrong(noVariable)
		if kind, rest, _ := strings.Cut(name, ":"); kind == "env" && variable().MatchString(rest) {
			e.Suggestion = "${" + rest + "}"
		}
		return "", e
	default:
		var set bool
		if value, set = os.LookupEnv(name); !set {
			return "", wrong("the environment has no %s", name)
		}
	}
	switch {
	case value == "":
		return "", wrong("secret in %s is empty", where)
	case strings.ContainsFunc(value, unicode.IsControl):
		return "", wrong("secret in %s holds a line break or another control character", where)
	}
	return value, nil
}

// readSecret reads a regular file: a pipe or a device could keep a request waiting.
func readSecret(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is no regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(f, maxSecret+1))
	if len(b) > maxSecret {
		err = errors.Join(err, fmt.Errorf("%s is larger than %d KiB", path, maxSecret>>10))
	}
	return b, errors.Join(err, f.Close())
}

// unnamed returns s with a letter in the place of each secret that it names, so that the rest can be judged.
func unnamed(s string) string { return reference().ReplaceAllString(s, "x") }

// sourceAddress checks the address of a feed. Its path and query may name secrets; its host is known without them.
func sourceAddress(s string) *Error {
	scheme, rest, _ := strings.Cut(s, "://")
	if end := strings.IndexAny(rest, "/?"); end >= 0 {
		rest = rest[:end]
	}
	if strings.Contains(scheme, "${") || strings.Contains(rest, "${") {
		return wrong("%q: only the path and the query of an address may name a secret", s)
	}
	return webAddress(unnamed(s))
}

// proxy checks the address of a proxy. It may name a user and password: it is never published.
func proxy(s string) *Error {
	if e := address(unnamed(s), "http", "https", "socks5"); e != nil {
		return e
	}
	if _, end, _ := authority(s); s[end:] != "" && s[end:] != "/" {
		return wrong("a proxy has no path and no query: want SCHEME://USER:PASSWORD@HOST:PORT")
	}
	return nil
}

// dsn checks the address of a PostgreSQL. It may name several hosts, as of a primary and its standbys.
func dsn(s string) *Error {
	plain := unnamed(s)
	start, end, at := authority(plain)
	start = max(start, at+1)
	for host := range strings.SplitSeq(plain[start:max(start, end)], ",") {
		if e := address(plain[:start]+host+plain[max(start, end):], "postgres", "postgresql"); e != nil {
			return e
		}
	}
	return nil
}

// unresolved returns what is to be warned of in a value: each secret that it names and this process would not find when it makes a
// request, one that is encoded already, and what only looks like a name.
func unresolved(s string) []*Error {
	var all []*Error
	for _, ref := range reference().FindAllString(s, -1) {
		value, err := lookUp(ref)
		e := new(Error)
		switch {
		case errors.As(err, &e) && e.Message == noVariable:
			all = append(all, e)
		case err != nil:
			all = append(all, wrong("%s; requests need it", e.Message))
		case isAddress(s) && escaped().MatchString(value):
			all = append(all, wrong("the secret of %s looks percent-encoded, and is encoded where it is used: keep it as it is", ref))
		}
	}
	rest := reference().ReplaceAllString(s, "")
	if strings.Contains(rest, "${") {
		return append(all, wrong("${ without } is sent as it is"))
	}
	if name := bare().FindString(rest); name != "" {
		all = append(all, wrong("%s is sent as it is: a secret is named in braces", name).meant("${"+name[1:]+"}"))
	}
	return all
}

// spokenFor are the header fields that a conditional request makes itself.
var spokenFor = []string{"A-Im", "Accept-Encoding", "Connection", "Content-Length", "Host", "If-Match", "If-Modified-Since",
	"If-None-Match", "If-Range", "If-Unmodified-Since", "Range", "Referer", "Transfer-Encoding", "User-Agent"}

// header checks a header field. No error shows a value: it may be a secret.
func header(name, value string) *Error {
	if !httpguts.ValidHeaderFieldName(name) {
		return wrong("%q is no name of a header field", name)
	}
	if slices.Contains(spokenFor, textproto.CanonicalMIMEHeaderKey(name)) {
		return wrong("%s is set by the request itself", textproto.CanonicalMIMEHeaderKey(name))
	}
	if !httpguts.ValidHeaderFieldValue(value) {
		return wrong("the value of %s holds what a header field cannot", name)
	}
	return nil
}

// headers returns the fields as given: what they name is resolved by [Expand] when a request is made. nil: none.
func headers(given map[string]string) map[string][]string {
	if len(given) == 0 {
		return nil
	}
	out := make(map[string][]string, len(given))
	for name, value := range given {
		out[textproto.CanonicalMIMEHeaderKey(name)] = []string{value}
	}
	return out
}
