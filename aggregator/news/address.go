package news

import (
	"slices"
	"strings"
)

// Redacted replaces a secret.
const Redacted = "REDACTED"

// secrets are names under which the query of an address has what is for its owner alone.
var secrets = []string{"access_token", "api_key", "api-key", "apikey", "auth", "key", "passwd", "password", "pwd", "secret", "sig",
	"signature", "token"}

// IsSecretName reports whether the query of an address has a secret under that name, in any case.
func IsSecretName(name string) bool { return slices.Contains(secrets, strings.ToLower(name)) }

// SecretsIn returns the parts NAME=VALUE of an address's query that have a secret in them, as they are written. One that names a secret
// that is kept elsewhere, as ${NAME}, is none.
func SecretsIn(address string) []string {
	_, query, _ := strings.Cut(address, "?")
	query, _, _ = strings.Cut(query, "#")
	var all []string
	for part := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(part, "=")
		if IsSecretName(name) && value != "" && !strings.Contains(value, "${") {
			all = append(all, part)
		}
	}
	return all
}

// Redact returns an address with [Redacted] in the place of each secret in its query, and everything else as it is written.
func Redact(address string) string {
	for _, part := range SecretsIn(address) {
		name, _, _ := strings.Cut(part, "=")
		address = strings.ReplaceAll(address, part, name+"="+Redacted)
	}
	return address
}
