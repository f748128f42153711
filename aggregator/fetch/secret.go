package fetch

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"dateline/aggregator/news"
)

// names puts the names of a request's secrets back where an answer or an error repeats the secrets. Nil: it has none.
type names struct {
	all  *strings.Replacer
	body *strings.Replacer // of secrets that are long enough to be looked for in a document, which may name its own address
}

// minEcho is the length, in bytes, of the shortest secret that is looked for in a document: a shorter one occurs in any text.
const minEcho = 8

// expanded returns r with secrets in the place of their names. Only what the operator wrote is expanded, which is Owner,
// Header, and URL where it is Owner: what a server sends names no secret of ours. [ErrSecret] says that one is missing. A part of Owner's
// query that holds a secret itself counts as one whose name is REDACTED.
func (c *Client) expanded(r Request) (Request, *names, error) {
	with := c.expand
	if r.Expand != nil {
		with = r.Expand
	}
	if with == nil {
		return r, nil, nil
	}
	var all, long []string
	expand := func(s string) (string, error) {
		if !strings.Contains(s, "${") {
			return s, nil
		}
		out, used, err := with(s)
		if err != nil {
			return "", fmt.Errorf("%w: %w", ErrSecret, err)
		}
		for i := 0; i+1 < len(used); i += 2 {
			value, name := used[i], used[i+1]
			forms := []string{value, name, url.QueryEscape(value), name, url.PathEscape(value), name}
			all = append(all, forms...)
			if len(value) >= minEcho {
				long = append(long, forms...)
			}
		}
		return out, nil
	}
	for _, part := range news.SecretsIn(r.Owner) { // one that the address holds itself is shown nowhere either
		pair := []string{part, news.Redact("?" + part)[1:]}
		all, long = append(all, pair...), append(long, pair...)
	}
	configured := r.URL == r.Owner
	var err error
	if r.Owner, err = expand(r.Owner); err != nil {
		return r, nil, err
	}
	if configured {
		r.URL = r.Owner
	}
	header := make(map[string][]string, len(r.Header))
	for name, values := range r.Header {
		values = slices.Clone(values)
		for i := range values {
			if values[i], err = expand(values[i]); err != nil {
				return r, nil, err
			}
		}
		header[name] = values
	}
	r.Header = header
	if all == nil {
		return r, nil, nil
	}
	return r, &names{strings.NewReplacer(all...), strings.NewReplacer(long...)}, nil
}

// in returns s with names in the place of secrets.
func (n *names) in(s string) string {
	if n == nil {
		return s
	}
	return n.all.Replace(s)
}

// response takes the secrets out of what is kept of an answer.
func (n *names) response(r *Response) *Response {
	if r == nil {
		return nil
	}
	r.URL, r.Body = n.in(r.URL), []byte(n.body.Replace(string(r.Body)))
	for i := range r.Links {
		r.Links[i].URL = n.in(r.Links[i].URL)
	}
	return r
}

// error takes the secrets out of what an error shows.
func (n *names) error(err error) error {
	if err == nil {
		return nil
	}
	var status *StatusError
	var guard *GuardError
	var cut *CutError
	switch {
	case errors.As(err, &status):
		status.URL, status.Snippet = n.in(status.URL), n.in(status.Snippet)
	case errors.As(err, &guard):
		guard.URL = n.in(guard.URL)
	case errors.As(err, &cut):
		n.response(cut.Response)
	}
	if shown := n.in(err.Error()); shown != err.Error() {
		return &namedError{err, shown}
	}
	return err
}

// namedError is an error whose text would show a secret.
type namedError struct {
	error
	shown string
}

func (e *namedError) Error() string { return e.shown }
func (e *namedError) Unwrap() error { return e.error }
