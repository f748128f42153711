package subscriber

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"dateline/aggregator/news"
	"dateline/aggregator/websub"
)

const (
	maxRedirects = 5    // requests of which each but the last is redirected
	maxReason    = 1024 // bytes read of what a hub says about an error
)

// ask makes the request that is due for a subscription, and notes what came of it.
func (s *Subscriber) ask(ctx context.Context, token string) {
	s.mu.Lock()
	setup := s.setup
	hub := ""
	if sub := s.book.byToken[token]; sub != nil {
		hub = sub.Hub
	}
	s.mu.Unlock()
	err := errGone
	if hub != "" {
		err = s.approach(ctx, setup, hub, token)
	}
	s.asked(ctx, setup, token, err)
}

// errGone ends a request about a subscription that has been given up.
var errGone = errors.New("websub: no longer wanted")

// approach waits for the turn at the hub's host and makes the request, at most [maxRedirects] times where it is sent on.
func (s *Subscriber) approach(ctx context.Context, setup Setup, address, token string) error {
	release, err := setup.Turn(ctx, address)
	if err != nil {
		return err
	}
	form := s.form(token)
	if form == nil {
		release()
		return errGone
	}
	s.write(time.Now()) // the hub may ask another process about it
	for attempt := 1; ; attempt++ {
		next, err := submit(ctx, setup, address, form)
		release()
		if err != nil || next == "" {
			return err
		}
		if attempt == maxRedirects {
			return &websub.AnswerError{Status: http.StatusLoopDetected, Reason: "sent on too often"}
		}
		if release, err = setup.Turn(ctx, next); err != nil {
			return err
		}
		address = next
	}
}

// form notes that the request goes out now and returns its parameters (section 5.1), nil where it is no longer
// wanted. It counts as a failure until the hub has verified it.
//
// The secret also goes to hubs without https, for which section 5.1 advises against it: who can read it there can read
// the callback too, and a delivery with no signature is one that anybody can send who learns the callback.
func (s *Subscriber) form(token string) url.Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	sub := s.book.byToken[token]
	if sub == nil || s.base == "" {
		return nil
	}
	now := time.Now().UTC()
	form := url.Values{"hub.topic": {sub.Topic}}
	switch sub.State {
	case news.SubscriptionPending:
		sub.Callback = s.callback(token)
		sub.Failures++
		sub.Due = now.Add(backOff(token, sub.Failures))
		form.Set("hub.mode", "subscribe")
		form.Set("hub.lease_seconds", strconv.FormatInt(int64(askedLease/time.Second), 10))
		form.Set("hub.secret", sub.Secret)
	case news.SubscriptionLeaving:
		sub.Due = time.Time{} // asked for once: at the end of the lease it ends anyway
		form.Set("hub.mode", "unsubscribe")
	default:
		return nil
	}
	form.Set("hub.callback", sub.Callback)
	sub.Requested = now
	s.book.touch(sub)
	return form
}

// submit sends one request. It returns where the hub sends it on to (section 5.1.2), "" where it took it, or
// a [*websub.AnswerError]. The standard names 307 and 308; hubs older than it say 301 and 302.
func submit(ctx context.Context, setup Setup, address string, form url.Values) (next string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := setup.Client.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	if resp.StatusCode/100 == 2 { // 202 by the standard; hubs that verify at once say 204
		return "", nil
	}
	bad := setup.NotTaken(resp, waits.First, time.Now())
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		to, err := resp.Location()
		switch {
		case err != nil || !usable(to.String()):
			bad.Reason = "sent on to no address"
		case req.URL.Scheme == "https" && to.Scheme == "http":
			bad.Reason = "sent on from https to http"
		default:
			return to.String(), nil
		}
		return "", bad
	}
	text, _ := io.ReadAll(io.LimitReader(resp.Body, maxReason)) // what arrived of it is enough
	bad.Reason = reasonOf(string(text))
	return "", bad
}

// asked notes how a request ended. A request that was called off at the end of the program is no failure.
func (s *Subscriber) asked(ctx context.Context, setup Setup, token string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.asking, token)
	s.loop.Wake()
	sub := s.book.byToken[token]
	if err == nil || sub == nil || errors.Is(err, errGone) || ctx.Err() != nil {
		return
	}
	s.log.Warn("hub does not take the request", "source", sub.Source, "url", sub.Hub, "err", err)
	s.book.touch(sub)
	now := time.Now().UTC()
	var bad *websub.AnswerError
	if errors.As(err, &bad) {
		sub.RetryAt = bad.RetryAt
	}
	switch {
	case sub.State == news.SubscriptionLeaving:
		sub.Due = time.Time{}
	case sub.State != news.SubscriptionPending: // the hub verified it all the same
	case setup.Problem(err) == news.ProblemGuard, setup.Problem(err) == news.ProblemPort:
		sub.State, sub.Reason, sub.Due = news.SubscriptionRefused, err.Error(), now.Add(waits.Longest)
	default:
		sub.Reason = err.Error()
		sub.Due = news.Latest(sub.Due, now.Add(waits.First)) // nothing was sent where the turn was not to be had
	}
}

// reasonOf makes one short line of what a hub says.
func reasonOf(text string) string {
	words := strings.FieldsFunc(strings.ToValidUTF8(text, ""), func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) })
	line := []rune(strings.Join(words, " "))
	return string(line[:min(len(line), 200)])
}
