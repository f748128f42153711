package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
	"testing"

	"dateline/aggregator"
	"dateline/aggregator/config"
	"dateline/aggregator/control"
	"dateline/aggregator/news"
	"dateline/cmd/dateline/node"
	"dateline/store"
	"dateline/store/shared"
)

func TestJudge(t *testing.T) {
	t.Parallel()
	wrapped := func(err error) error { return fmt.Errorf("around it: %w", err) }
	tests := []struct {
		name string
		err  error
		code exit
		hint string // a part of it; empty: there is none
	}{
		{"success", nil, 0, ""},
		{"some sources failed", &sourcesError{failed: 1, visited: 2}, 2, "status"},
		{"every source failed", &sourcesError{failed: 2, visited: 2}, 69, "status"},
		{"failed, and nothing was stored", &sourcesError{failed: 1, visited: 2, unstored: true}, 2, "above"},
		{"one of one failed", &sourcesError{failed: 1, visited: 1}, 69, "status"},
		{"bad command line", usage("unknown flag"), 64, "`dateline help`"},
		{"bad use of a command", &usageError{errors.New("x"), "db backup"}, 64, "`dateline help db backup`"},
		{"unknown source", &aggregator.UnknownSourceError{IDs: []string{"x"}}, 64, "status"},
		{"no key", wrapped(news.ErrKey), 64, "list"},
		{"no entry", wrapped(errNoEntry), 64, "list"},
		{"damaged store", wrapped(store.ErrCorrupt), 65, "backup"},
		{"foreign store or backup", wrapped(store.ErrForeign), 65, "or as the backup"},
		{"newer log", clusterError(wrapped(shared.ErrNewer), "a.db"), 65, "put the program in place"},
		{"newer store", wrapped(store.ErrNewer), 65, "newer version"},
		{"older store", wrapped(store.ErrOlder), 65, "the version that wrote it"},
		{"missing file", &fs.PathError{Op: "open", Path: "x", Err: syscall.ENOENT}, 66, "existing file"},
		{"no store", &fs.PathError{Op: opStore, Path: "x", Err: syscall.ENOENT}, 66, "ingest"},
		{"no config", &fs.PathError{Op: config.OpRead, Path: "x", Err: syscall.ENOENT}, 66, "--config"},
		{"a bug", &bug{value: "x"}, 70, "report"},
		{"replaced store", wrapped(store.ErrReplaced), 74, "holds the old file"},
		{"disk full", &fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}, 74, "room"},
		{"unreadable", &fs.PathError{Op: "open", Path: "x", Err: syscall.EACCES}, 74, "user who owns"},
		{"a file system that is read only", &fs.PathError{Op: "open", Path: "x", Err: syscall.EROFS}, 74, "written"},
		{"an address that is taken", syscall.EADDRINUSE, 74, "port"},
		{"no folder for a new file", &fs.PathError{Op: opCreate, Path: "x", Err: syscall.ENOENT}, 66, "folder"},
		{"anything else", errors.New("x"), 74, ""},
		{"busy", wrapped(store.ErrBusy), 75, "try again"},
		{"silent owner", &busyError{pid: 7, err: store.ErrBusy}, 75, "try again"},
		{"interrupted", wrapped(context.Canceled), 75, "run it again"},
		{"deadline", wrapped(context.DeadlineExceeded), 75, "run it again"},
		{"owner went away", control.ErrHungUp, 75, "run it again"},
		{"bad config", wrapped(config.Errors{{Message: "x"}}), 78, "check"},
		{"config that does not fit together", wrapped(node.ErrConfig), 78, ""},
		{"a stage's error, with what the command says of it", wrapped(&exitError{store.ErrCorrupt, 78, "by hand"}), 78, "by hand"},
		{"interrupted while an address was read", &visitError{context.Canceled}, 75, "run it again"},
		{"an address that does not answer", &visitError{errors.New("x")}, 69, "fetch"},
		{"a site without a feed", &noFeedError{"http://a.example/", 9}, 69, "link"},
		{"other config", &otherConfigError{mine: "a", owners: "b"}, 78, "--config"},
		{"told by the owner", &remoteError{code: 65}, 65, ""},
		{"interrupted and failed", errors.Join(&sourcesError{failed: 1, visited: 1}, &bug{value: "x"}), 70, "report"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			code, hint := judge(tt.err)
			if code != tt.code || (tt.hint == "") != (hint == "") || !strings.Contains(hint, tt.hint) {
				t.Errorf("exit %d, hint %q; want %d and %q", code, hint, tt.code, tt.hint)
			}
			var stderr bytes.Buffer
			said := (&app{stderr: &stderr}).fail(tt.err)
			if said != tt.code {
				t.Errorf("exit %d, want %d", said, tt.code)
			}
			var remote *remoteError
			silent := tt.err == nil || errors.As(tt.err, &remote)
			if got := strings.Contains(stderr.String(), "dateline: "); got == silent {
				t.Errorf("stderr %q", stderr.String())
			}
			if strings.Contains(stderr.String(), "context canceled") {
				t.Errorf("%q has a word of the library", stderr.String())
			}
			if n := strings.Count(stderr.String(), "hint: "); n > 1 || (n == 1) != (hint != "") {
				t.Errorf("%d hints", n)
			}
		})
	}
}

// A reader that goes away, as `head` does, is told nothing: it is not there.
func TestReaderGone(t *testing.T) {
	t.Parallel()
	var stderr bytes.Buffer
	if code := (&app{stderr: &stderr}).fail(syscall.EPIPE); code != exitIO || stderr.Len() > 0 {
		t.Errorf("exit %d, stderr %q", code, stderr.String())
	}
}

// A bug of ours ends with 70 and asks to be reported, with the place.
func TestBug(t *testing.T) {
	t.Parallel()
	var stderr bytes.Buffer
	a := &app{stdout: nil, stderr: &stderr} // nil: the first word to print panics
	if code := a.run(t.Context(), []string{"version"}); code != exitSoftware {
		t.Errorf("exit %d", code)
	}
	for _, part := range []string{"dateline: internal error: ", "versionCommand", "hint: this is a bug"} {
		if !strings.Contains(stderr.String(), part) {
			t.Errorf("stderr lacks %q:\n%s", part, stderr.String())
		}
	}
}
