package daemon

import (
	"context"
	"testing"
	"testing/synctest"
)

// TestNotifyTimeOfEach: a program that hangs ends after its time, and the address that comes next has all of its own.
func TestNotifyTimeOfEach(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hangs := inTime(t.Context(), func(ctx context.Context, _ []byte) error {
			<-ctx.Done()
			return ctx.Err()
		})
		if err := hangs(nil); err != context.DeadlineExceeded {
			t.Errorf("%v, want the end of its time", err)
		}
		post := inTime(t.Context(), func(ctx context.Context, _ []byte) error { return ctx.Err() })
		if err := post(nil); err != nil {
			t.Errorf("the next one: %v", err)
		}
	})
}
