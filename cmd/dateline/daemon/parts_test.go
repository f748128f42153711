package daemon

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// The parts of a daemon are waited for until they end; once it was asked to end, no longer than EndTime.
func TestPartsEnd(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		hangs []string
		after time.Duration
	}{
		{"all end", nil, 3 * time.Second},
		{"two hang", []string{"hub", "visits"}, time.Second + EndTime},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				released := make(chan struct{})
				defer close(released)
				var all parts
				for _, name := range []string{"config", "hub", "visits"} {
					all.start(name, func() {
						<-ctx.Done()
						if slices.Contains(tt.hangs, name) {
							<-released
							return
						}
						time.Sleep(2 * time.Second)
					})
				}
				began := time.Now()
				time.AfterFunc(time.Second, cancel)
				if hung := all.wait(ctx); !slices.Equal(hung, tt.hangs) {
					t.Errorf("%v hang", hung)
				}
				if d := time.Since(began); d != tt.after {
					t.Errorf("after %v", d)
				}
			})
		})
	}
}
