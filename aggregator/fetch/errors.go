package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"dateline/aggregator/news"
)

// What Get returns, beside [*StatusError], [*GuardError], [*CutError] and the errors of the network.
var (
	ErrNotModified = errors.New("fetch: not modified")   // 304: the document is still the one that the validators vouch for
	ErrTooLarge    = errors.New("fetch: too large")      // a body, its size decoded to that received, or a header is beyond its limit
	ErrSlow        = errors.New("fetch: too slow")       // no connection, no answer, no end or no progress in time
	ErrEncoding    = errors.New("fetch: not decodable")  // a content coding that was not asked for, or a broken one
	ErrRedirect    = errors.New("fetch: redirect fails") // too many, in a circle, or to nowhere
	ErrURL         = errors.New("fetch: not an address") // Request.URL cannot be read
	ErrSecret      = errors.New("fetch: no secret")      // what Options.Expand did not find; no request was made
)

// StatusError is an answer that brings no document.
type StatusError struct {
	Status     int       // HTTP, such as 404
	URL        string    // that answered
	RetryAfter time.Time // not before, by our clock, see [Client.RetryAfter]; zero: the server named no time
	Challenge  string    // the sign by which a challenge to robots was recognised; empty: none
	Snippet    string    // the beginning of the page, see [Snippet]
}

func (e *StatusError) Error() string {
	s := fmt.Sprintf("%s: status %d", e.URL, e.Status)
	if text := http.StatusText(e.Status); text != "" {
		s += " " + strings.ToLower(text)
	}
	if e.Challenge != "" {
		s += ", a challenge (" + e.Challenge + ")"
	}
	if !e.RetryAfter.IsZero() {
		s += ", not before " + e.RetryAfter.Format(time.RFC3339)
	}
	return s
}

// Blocked reports whether the server serves others but not us: 401, 403, or a challenge under any status.
func (e *StatusError) Blocked() bool {
	return e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden || e.Challenge != ""
}

// CutError is a document that ended before its end: the connection broke, the length announced was not
// reached, or time ran out. Body holds what arrived, decoded; the items that are whole in it can be
// used, but nothing follows from what is missing and its validators vouch for nothing.
type CutError struct {
	*Response       // never nil, Body never empty
	Err       error // why it ended
}

func (e *CutError) Error() string {
	return fmt.Sprintf("%s: cut off after %d bytes: %v", e.URL, len(e.Body), e.Err)
}

func (e *CutError) Unwrap() error { return e.Err }

// Problem returns the class of an error that Get or Acquire returned. It is empty for nil, for [ErrNotModified], for a
// [*PausedError], and where the caller's own context was cancelled.
func Problem(err error) news.Problem {
	var paused *PausedError
	var status *StatusError
	var guard *GuardError
	var cut *CutError
	switch {
	case err == nil, errors.Is(err, ErrNotModified), errors.Is(err, context.Canceled), errors.As(err, &paused):
		return ""
	case errors.As(err, &status):
		switch {
		case status.Blocked():
			return news.ProblemBlocked
		case status.Status == http.StatusGone:
			return news.ProblemGone
		}
		return news.ProblemHTTP
	case errors.As(err, &guard) && guard.Option == optionPorts:
		return news.ProblemPort
	case errors.As(err, &guard):
		return news.ProblemGuard
	case errors.As(err, &cut):
		return news.ProblemPartial
	case errors.Is(err, ErrTooLarge):
		return news.ProblemSize
	case errors.Is(err, ErrRedirect):
		return news.ProblemHTTP
	case errors.Is(err, ErrEncoding):
		return news.ProblemFeed
	case errors.Is(err, ErrURL):
		return news.ProblemGuard
	}
	return news.ProblemNet
}

// transportError gives the errors of net/http that have no type of their own one of ours.
func transportError(err error) error {
	var timeout net.Error
	switch {
	case errors.Is(err, ErrSlow), errors.Is(err, ErrTooLarge):
		return err
	case errors.As(err, &timeout) && timeout.Timeout():
		return fmt.Errorf("%w: %w", ErrSlow, err)
	case strings.Contains(err.Error(), "response headers exceeded"): // net/http
		return fmt.Errorf("%w: %w", ErrTooLarge, err)
	}
	return err
}

// shown returns u as it may be shown: without user and password.
func shown(u *url.URL) string {
	if u.User == nil {
		return u.String()
	}
	bare := *u
	bare.User = nil
	return bare.String()
}
