package config

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"dateline/aggregator/news"
)

// Redacted replaces a secret.
const Redacted = "REDACTED"

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
// secret, and the user and password of the proxy.
func (c *Config) Redact() *Config {
	out := *c
	if u, err := url.Parse(c.Network.Proxy); err == nil && u.User != nil {
		u.User = url.User(Redacted)
		out.Network.Proxy = u.String()
	}
	out.Notify.URL = redactQuery(c.Notify.URL)
	out.Sources = slices.Clone(c.Sources)
	for i := range out.Sources {
		out.Sources[i].URL = redactQuery(out.Sources[i].URL)
		out.Sources[i].Headers = maps.Clone(out.Sources[i].Headers)
		for name := range out.Sources[i].Headers {
			out.Sources[i].Headers[name] = Redacted
		}
	}
	return &out
}

// redactQuery takes the values out of an address's query that look like secrets, and leaves everything else as it is written.
func redactQuery(address string) string {
	before, query, found := strings.Cut(address, "?")
	if !found {
		return address
	}
	parts := strings.Split(query, "&")
	for i, part := range parts {
		name, value, _ := strings.Cut(part, "=")
		if isSecretName(name) && value != "" && !reference.MatchString(value) {
			parts[i] = name + "=" + Redacted
		}
	}
	return before + "?" + strings.Join(parts, "&")
}

// MarshalJSON writes every key of s, in the order of the struct. The errors are those of encoding/json.
func (s Source) MarshalJSON() ([]byte, error) {
	return json.Marshal(fieldsOf(reflect.ValueOf(s), false))
}
