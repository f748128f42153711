package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// bodies is a network that answers with a body.
type bodies struct {
	body   string
	length int64 // as announced; -1: not
}

func (b bodies) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/xml"}}, ContentLength: b.length,
		Body: io.NopCloser(strings.NewReader(b.body)), Request: r}, nil
}

// Memory is asked for as a document arrives, never more than what it takes at last; small ones ask for none, and what is only announced
// takes none. Where the memory of a body is used again, no less is asked for.
func TestGetReserves(t *testing.T) {
	t.Parallel()
	feed := func(size int) string { return "<rss>" + strings.Repeat("x", size-5) }
	for _, tt := range []struct {
		body   string
		length int64
		want   []int64 // KiB
	}{
		{feed(64 << 10), -1, []int64{128}},
		{feed(60 << 10), -1, nil},
		{feed(300 << 10), -1, []int64{128, 256, 512}},
		{feed(300 << 10), 300 << 10, []int64{128, 256, 300}},
		{feed(300 << 10), 9 << 20, []int64{128, 256, 512}},
	} {
		t.Run(fmt.Sprintf("%d of %d", len(tt.body), tt.length), func(t *testing.T) {
			t.Parallel()
			c := newClient(t, Options{Transport: bodies{tt.body, tt.length}})
			for range 3 {
				var asked []int64
				resp, err := c.Get(t.Context(), Request{URL: "https://wire.example/", Reserve: func(_ context.Context, bytes int64) error {
					asked = append(asked, bytes>>10)
					return nil
				}})
				if err != nil {
					t.Fatal(err)
				}
				if string(resp.Body) != tt.body {
					t.Errorf("%d bytes were read, want %d", len(resp.Body), len(tt.body))
				}
				if !slices.Equal(asked, tt.want) {
					t.Errorf("asked for %d KiB, want %d", asked, tt.want)
				}
				clear(resp.Body[:min(len(resp.Body), 100)])
				c.Recycle(resp)
			}
		})
	}
}

// Waiting for memory takes nothing from a visit's time, and is not a server that sends too slowly. It ends with the caller.
func TestGetWaitsForMemory(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{Timeout: time.Minute, Transport: bodies{strings.Repeat("<rss>", 100_000), -1}})
		wait := func(ctx context.Context, _ int64) error {
			select {
			case <-time.After(time.Hour):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if resp, err := c.Get(t.Context(), Request{URL: "https://wire.example/", Reserve: wait}); err != nil || len(resp.Body) != 500_000 {
			t.Errorf("after hours of waiting: %v", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := c.Get(ctx, Request{URL: "https://wire.example/", Reserve: wait}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("called off while it waits: %v", err)
		}
	})
}

// A validator of more than 4 KiB is none.
func TestLongValidator(t *testing.T) {
	t.Parallel()
	for length, kept := range map[int]bool{maxValidator: true, maxValidator + 1: false} {
		if v := strings.Repeat("x", length); (verbatim(v) == v) != kept {
			t.Errorf("%d bytes: %d are kept", length, len(verbatim(v)))
		}
	}
}
