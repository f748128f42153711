package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"time"

	"dateline/aggregator/platform"
)

// Ask has the owner of the store run c and passes on what it prints. It returns the command's exit code,
// [ErrNoOwner] if no process listens, [ErrHungUp] if the owner ends during the command, [ErrNoAnswer] if it listens and
// says nothing, or the context's error.
func Ask(ctx context.Context, store string, c Call, stdout, stderr io.Writer) (exit int, err error) {
	socket, err := SocketPath(store)
	if err != nil {
		return 0, err
	}
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", socket)
	if errors.Is(err, fs.ErrNotExist) || platform.IsRefused(err) {
		return 0, ErrNoOwner
	}
	if err != nil {
		return 0, fmt.Errorf("control: %w", err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	if err := json.NewEncoder(conn).Encode(c); err != nil {
		return 0, gone(ctx, ErrNoOwner) // it closed the connection before it read the call
	}
	return follow(ctx, conn, stdout, stderr)
}

func follow(ctx context.Context, from net.Conn, stdout, stderr io.Writer) (int, error) {
	frames := json.NewDecoder(from)
	heard := false
	for {
		var f frame
		if err := from.SetReadDeadline(time.Now().Add(patience)); err != nil {
			return 0, gone(ctx, ErrHungUp)
		}
		if err := frames.Decode(&f); err != nil {
			if errors.Is(err, os.ErrDeadlineExceeded) {
				return 0, gone(ctx, ErrNoAnswer)
			}
			if !heard {
				return 0, gone(ctx, ErrNoOwner)
			}
			return 0, gone(ctx, ErrHungUp)
		}
		heard = true
		if _, err := stdout.Write(f.Out); err != nil {
			return 0, err
		}
		if _, err := stderr.Write(f.Err); err != nil {
			return 0, err
		}
		if f.Exit != nil {
			return *f.Exit, nil
		}
	}
}

func gone(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}
