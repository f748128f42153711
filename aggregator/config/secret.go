package config

import (
	"net/textproto"
	"os"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// reference is how a value names a secret that stands elsewhere: in the environment or in a file.
var reference = regexp.MustCompile(`\$\{(file:)?([^}]*)\}`)

// maxSecret is the size, in bytes, of the largest file that a secret is read from.
const maxSecret = 64 << 10

// expand puts the secrets that s names in their places: ${NAME} from the environment, ${file:PATH} from a file,
// white space around it aside.
func expand(s string) (string, *Error) {
	var failed *Error
	out := reference.ReplaceAllStringFunc(s, func(ref string) string {
		m := reference.FindStringSubmatch(ref)
		name := m[2]
		if m[1] == "" {
			value, set := os.LookupEnv(name)
			if !set {
				failed = wrong("the environment has no %s", name)
			}
			return value
		}
		b, err := os.ReadFile(name)
		switch {
		case err != nil:
			failed = wrong("secret cannot be read: %v", err)
		case len(b) > maxSecret:
			failed = wrong("%s is too large for a secret", name)
		}
		return strings.TrimSpace(string(b))
	})
	return out, failed
}

// spokenFor are the header fields that a conditional request makes itself.
var spokenFor = []string{"A-Im", "Accept-Encoding", "Connection", "Content-Length", "Host", "If-Match", "If-Modified-Since",
	"If-None-Match", "If-Range", "If-Unmodified-Since", "Range", "Referer", "Transfer-Encoding", "User-Agent"}

// header checks a header field and what its value names. A value is not told: it may be a secret.
func header(name, value string) *Error {
	if !httpguts.ValidHeaderFieldName(name) {
		return wrong("%q is no name of a header field", name)
	}
	if slices.Contains(spokenFor, textproto.CanonicalMIMEHeaderKey(name)) {
		return wrong("%s is set by the request itself", textproto.CanonicalMIMEHeaderKey(name))
	}
	expanded, err := expand(value)
	if err != nil {
		return err
	}
	if !httpguts.ValidHeaderFieldValue(expanded) {
		return wrong("the value of %s holds what a header field cannot", name)
	}
	return nil
}

// headers returns the fields with their secrets; nil: none. The values were checked when the file was read.
func headers(given map[string]string) map[string][]string {
	if len(given) == 0 {
		return nil
	}
	out := make(map[string][]string, len(given))
	for name, value := range given {
		expanded, _ := expand(value)
		out[textproto.CanonicalMIMEHeaderKey(name)] = []string{expanded}
	}
	return out
}
