package config

import (
	"cmp"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	"dateline/aggregator/news"
)

// YAML returns what c says, every key of it, as a file without comments that reads as c.
func (c *Config) YAML() []byte {
	lines := block(fieldsOf(reflect.ValueOf(*c), false))
	return []byte(strings.Join(lines, "\n") + "\n")
}

// JSON returns what c says, every key of it, as one JSON object in the order of the struct.
func (c *Config) JSON() []byte {
	b, err := json.Marshal(tree(reflect.ValueOf(*c), false))
	if err != nil {
		panic(err) // a field of a new type, seen by every test
	}
	return b
}

// Effective returns a copy of c in which the elements of its lists have their defaults: what the program goes by. Secrets
// that are kept elsewhere, as ${NAME} and ${file:PATH}, are named as they are in the file.
func (c *Config) Effective() *Config {
	out := *c
	out.Feed.BaseURL = c.Base()
	out.Agencies = slices.Clone(c.Agencies)
	for i := range out.Agencies {
		out.Agencies[i].Kind = cmp.Or(c.Agencies[i].Kind, news.KindAgency)
	}
	out.Topics = slices.Clone(c.Topics)
	for i := range out.Topics {
		out.Topics[i].Name = cmp.Or(c.Topics[i].Name, c.Topics[i].ID)
	}
	out.Sources = slices.Clone(c.Sources)
	for i := range out.Sources {
		s := &out.Sources[i]
		s.Name = cmp.Or(s.Name, s.ID)
		s.Agency = cmp.Or(s.Agency, s.ID)
		s.Every = cmp.Or(s.Every, c.Poll.Every)
		s.Content = cmp.Or(s.Content, news.Summary)
		s.CreditsFrom = cmp.Or(s.CreditsFrom, creditsFeed)
		s.Furniture = cmp.Or(s.Furniture, furnitureCut)
		s.RetryScope = cmp.Or(s.RetryScope, retryHost)
	}
	return &out
}

// Redact returns a copy of c without secrets: the values of header fields, those in the query of an address that have the name of a
// secret, user and password of the proxy and of store.dsn, and path and query of notify.url unless they name a secret.
func (c *Config) Redact() *Config {
	out := *c
	out.Store.DSN = redactProxy(c.Store.DSN)
	out.Network.Proxy, out.Notify.URL = redactProxy(c.Network.Proxy), redactHook(c.Notify.URL)
	out.Sources = slices.Clone(c.Sources)
	for i := range out.Sources {
		out.Sources[i] = out.Sources[i].Redact()
	}
	return &out
}

// Redact returns a copy of s without the secrets in its address and the values of its header fields.
func (s Source) Redact() Source {
	s.URL, s.Headers = news.Redact(s.URL), maps.Clone(s.Headers)
	for name := range s.Headers {
		s.Headers[name] = news.Redacted
	}
	return s
}

// redactProxy takes user, password and the secrets in the query out of the address of a proxy, or of a PostgreSQL.
func redactProxy(address string) string {
	from, end, at := authority(address)
	if at > from {
		address = address[:from] + news.Redacted + address[at:end] + address[end:]
	}
	return news.Redact(address)
}

// redactHook takes path and query, which are the secret of a webhook, out of its address. One that names a secret keeps them.
func redactHook(address string) string {
	if NamesSecret(address) {
		return news.Redact(address)
	}
	from := len(scheme().FindString(address))
	if end := strings.IndexAny(address[from:], "/?"); end >= 0 && end < len(address)-from-1 {
		return address[:from+end] + "/" + news.Redacted
	}
	return address
}

// MarshalJSON writes every key of s, in the order of the struct. The errors are those of encoding/json.
func (s Source) MarshalJSON() ([]byte, error) {
	return json.Marshal(fieldsOf(reflect.ValueOf(s), false))
}
