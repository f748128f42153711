package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"dateline/store/storetest"
)

// scriptCondition knows the condition postgres: a script may have a place in one.
func scriptCondition(name string) (bool, error) {
	if name != "postgres" {
		return false, fmt.Errorf("no condition %q", name)
	}
	_, err := storetest.DatabaseURL()
	return err == nil, nil
}

// nodesCommand writes configs of nodes that share a place in PostgreSQL that no other script has: config.yaml with a store of its own
// in the folder of each file.
func nodesCommand(ts *testscript.TestScript, neg bool, args []string) {
	usageOf(ts, !neg && len(args) >= 1, "nodes FILE...")
	dsn, err := storetest.DatabaseURL()
	ts.Check(err)
	lines := strings.Split(ts.ReadFile("config.yaml"), "\n")
	for i, line := range lines {
		switch key, _, _ := strings.Cut(strings.TrimSpace(line), ":"); key {
		case "base_url":
			lines[i] = "  base_url: http://wire.example/"
		case "path":
			lines[i] = "  path: " + filepath.Join("%s", "wire.db") + "\n  dsn: " + strings.ReplaceAll(dsn, "%", "%%")
		}
	}
	for _, file := range args {
		path := ts.MkAbs(file)
		ts.Check(os.MkdirAll(filepath.Dir(path), 0o755))
		text := fmt.Sprintf(strings.Join(lines, "\n"), filepath.Dir(path))
		ts.Check(os.WriteFile(path, []byte(text), 0o644))
	}
	ts.Setenv("DSN", dsn)
}
