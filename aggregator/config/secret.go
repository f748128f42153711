package config

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/textproto"
	"os"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"
)

var (
	// reference is how a value names a secret that is kept elsewhere: in the environment or in a file.
	reference = regexp.MustCompile(`\$\{(file:)?([^}]*)\}`)
	// bare is how a shell would name one, and what is sent as it is here.
	bare = regexp.MustCompile(`\$[A-Z_][A-Z0-9_]+\b`)
)

// variable is the name of one in the environment.
var variable = regexp.MustCompile(`^[A-Za-z_]\w*$`)

// noVariable is said of a name that is none: it may hold a secret, as ${NAME:-SECRET} does.
const noVariable = "no name of a variable: want ${NAME}"

// maxSecret is the size, in bytes, of the largest file that a secret is read from.
const maxSecret = 64 << 10

// Expand puts the secrets that s names in their places, as they are now: ${NAME} from the environment, ${file:PATH} from a
// regular file of at most 64 KiB, white space around it aside. Call it when a request is made: a command that makes none
// needs no secret. used holds each secret and, behind it, how s names it. The error, an [*Error] without a place, names
// the secret that there is not.
func Expand(s string) (expanded string, used []string, err error) {
	expanded = reference.ReplaceAllStringFunc(s, func(ref string) string {
		m := reference.FindStringSubmatch(ref)
		value, missing := secret(m[1] != "", m[2])
		if missing != nil && err == nil {
			err = missing
		}
		used = append(used, value, ref)
		return value
	})
	if err != nil {
		return "", nil, err
	}
	return expanded, used, nil
}

// NamesSecret reports whether [Expand] would change s.
func NamesSecret(s string) bool { return reference.MatchString(s) }

// SecretFiles returns the files that requests read secrets from, as the file names them, in order and each once.
func (c *Config) SecretFiles() []string {
	var all []string
	add := func(s string) {
		for _, m := range reference.FindAllStringSubmatch(s, -1) {
			if m[1] != "" && !slices.Contains(all, m[2]) {
				all = append(all, m[2])
			}
		}
	}
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
	case !variable.MatchString(name):
		e := wrong(noVariable)
		if kind, rest, _ := strings.Cut(name, ":"); kind == "env" && variable.MatchString(rest) {
			e.Suggestion = "${" + rest + "}"
		}
		return "", e
	default:
		var set bool
		if value, set = os.LookupEnv(name); !set {
			return "", wrong("the environment has no %s", name)
		}
	}
	if value == "" {
		return "", wrong("secret in %s is empty", where)
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
func unnamed(s string) string { return reference.ReplaceAllString(s, "x") }

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
func proxy(s string) *Error { return address(unnamed(s), "http", "https", "socks5") }

// unresolved warns of what s names and this process would not find when it makes a request, and of what only looks like a
// name; nil: nothing.
func unresolved(s string) *Error {
	if _, _, err := Expand(s); err != nil {
		e := new(Error)
		errors.As(err, &e)
		if e.Message == noVariable {
			return e
		}
		return wrong("%s; requests need it", e.Message)
	}
	rest := reference.ReplaceAllString(s, "")
	if strings.Contains(rest, "${") {
		return wrong("${ without } is sent as it is")
	}
	if name := bare.FindString(rest); name != "" {
		return wrong("%s is sent as it is: a secret is named in braces", name).meant("${" + name[1:] + "}")
	}
	return nil
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
