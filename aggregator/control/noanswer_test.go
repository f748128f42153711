package control

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// TestNoAnswer: a holder that is stopped is not waited for, one that works for long is.
func TestNoAnswer(t *testing.T) {
	t.Run("it was stopped before it answered", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			caller, holder := net.Pipe()
			defer holder.Close()
			defer caller.Close()
			began := time.Now()
			if _, err := follow(t.Context(), caller, io.Discard, io.Discard); !errors.Is(err, ErrNoAnswer) || time.Since(began) != patience {
				t.Errorf("%v after %v", err, time.Since(began))
			}
		})
	})
	t.Run("it was stopped in the middle", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			caller, holder := net.Pipe()
			defer holder.Close()
			defer caller.Close()
			go fmt.Fprintln(holder, `{"out":"YQ=="}`)
			var out bytes.Buffer
			if _, err := follow(t.Context(), caller, &out, io.Discard); !errors.Is(err, ErrNoAnswer) || out.String() != "a" {
				t.Errorf("%v, %q", err, out.String())
			}
		})
	})
	t.Run("it works for an hour", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			caller, holder := net.Pipe()
			defer caller.Close()
			s := &Server{ctx: t.Context(), run: func(context.Context, Call, io.Writer, io.Writer) int {
				<-time.After(time.Hour)
				return 2
			}}
			go s.answer(holder)
			if _, err := fmt.Fprintln(caller, "{}"); err != nil {
				t.Fatal(err)
			}
			if code, err := follow(t.Context(), caller, io.Discard, io.Discard); code != 2 || err != nil {
				t.Errorf("exit %d, %v", code, err)
			}
			holder.Close()
		})
	})
}
