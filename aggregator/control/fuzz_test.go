package control

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// FuzzAnswer sends an owner what may be no call: the caller always gets an exit code, and what is run is the call that the line is.
func FuzzAnswer(f *testing.F) {
	for _, line := range []string{
		`{"config":"/etc/dateline/config.yaml","args":["ingest","--now"],"files":{"a":"YQ=="},"secrets":{"${A}":"b"},"width":80}`,
		`{}`, `null`, `[]`, `{"args":"ingest"}`, `{"width":1e999}`, "\xff", `{"files":{"a":"%"}}`, strings.Repeat("[", 20_000), "",
	} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		if bytes.IndexByte(line, '\n') >= 0 {
			return // the line ends there
		}
		var want, got Call
		bad := json.Unmarshal(line, &want)
		ran := false
		s := &Server{ctx: t.Context(), run: func(_ context.Context, c Call, out, _ io.Writer) int {
			ran, got = true, c
			_, _ = io.WriteString(out, "done\n")
			return 2
		}}
		caller, owner := net.Pipe()
		go func() {
			defer owner.Close()
			s.answer(owner)
		}()
		go caller.Write(append(line, '\n'))
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		var out, said bytes.Buffer
		exit, err := follow(ctx, caller, &out, &said)
		caller.Close()
		switch {
		case err != nil:
			t.Fatal(err)
		case bad != nil && (ran || exit != 64 || !strings.HasPrefix(said.String(), "dateline: ")):
			t.Errorf("ran %v, exit %d, %q", ran, exit, said.String())
		case bad == nil && (exit != 2 || out.String() != "done\n" || !cmp.Equal(got, want)):
			t.Errorf("exit %d, %q:\n%s", exit, out.String(), cmp.Diff(want, got))
		}
	})
}

// FuzzFollow gives a caller what may be no answer: it ends, with an exit code only where a frame had one, and prints no more than came.
func FuzzFollow(f *testing.F) {
	for _, answer := range []string{
		"{\"out\":\"YQ==\"}\n{}\n{\"err\":\"YQ==\"}\n{\"exit\":0}\n", `{"exit":75}`, `{"exit":"75"}`, `{"out":1}`, "{", "null\nnull\n", "[]", "",
		`{"exit":1e400}`, `{"out":"%"}`, strings.Repeat("{}\n", 100),
	} {
		f.Add([]byte(answer))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		caller, owner := net.Pipe()
		go func() {
			defer owner.Close()
			owner.Write(answer)
		}()
		defer caller.Close()
		var out, said bytes.Buffer
		exit, err := follow(t.Context(), caller, &out, &said)
		if err == nil && !bytes.Contains(bytes.ToLower(answer), []byte("exit")) && !bytes.Contains(answer, []byte(`\u`)) {
			t.Errorf("exit %d of %q", exit, answer)
		}
		if out.Len()+said.Len() > len(answer) {
			t.Errorf("%d bytes printed of %d", out.Len()+said.Len(), len(answer))
		}
	})
}
