package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// run runs the commands on the demonstration's wire and returns what the last one says and what was asked of
// the wire.
func (e effect) run(t *testing.T, edit []string) string {
	w := newTestServer()
	defer w.close()
	dir := t.TempDir()
	c := strings.ReplaceAll(string(testConfig(w.url)), "dateline.db", filepath.Join(dir, "dateline.db"))
	for i := 0; i < len(edit); i += 2 {
		was, is := strings.ReplaceAll(edit[i], "$WIRE", w.url), strings.ReplaceAll(edit[i+1], "$WIRE", w.url)
		if !strings.Contains(c, was) {
			t.Fatalf("the config does not hold %q", was)
		}
		c = strings.ReplaceAll(c, was, is)
	}
	path := filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(path, []byte(c), 0o644); err != nil {
		t.Fatal(err)
	}
	do := e.do
	switch {
	case do == nil:
		do = []string{"ingest", "feed"}
	case len(do) == 1 && (strings.HasPrefix(do[0], "export") || do[0] == "feed"):
		do = append([]string{"ingest"}, do...)
	}
	var out bytes.Buffer
	for _, line := range do {
		out.Reset()
		a := &app{stdin: strings.NewReader(e.stdin), stdout: &out, stderr: &out}
		a.run(t.Context(), append([]string{"--config", path}, strings.Fields(line)...))
	}
	return out.String() + strings.Join(w.requests(), "\n")
}

func (e effect) shows(out string) bool {
	switch {
	case e.seen != nil:
		return e.seen(out)
	case e.lacks != "":
		return !strings.Contains(out, e.lacks)
	}
	return regexp.MustCompile(e.want).MatchString(out)
}

// signed is a text that an agency signed in its dateline, as `credit` reads it.
func signed(agency string) string {
	return fmt.Sprintf(`{"language":"en","text":"OZERNY, 18 May (%s) - It rains in Ozerny, and the ferry waits."}`, agency)
}

// dueAfter reports of the output of `status --json` whether a source is due at least so long after its visit.
func dueAfter(id string, least time.Duration) func(string) bool {
	return func(out string) bool {
		var status struct {
			Sources []struct {
				ID          string    `json:"id"`
				LastSuccess time.Time `json:"last_success"`
				NextDue     time.Time `json:"next_due"`
			} `json:"sources"`
		}
		line, _, _ := strings.Cut(out, "\n")
		if json.Unmarshal([]byte(line), &status) != nil {
			return false
		}
		for _, s := range status.Sources {
			if s.ID == id {
				return s.NextDue.Sub(s.LastSuccess) >= least
			}
		}
		return false
	}
}
