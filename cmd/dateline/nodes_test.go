package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"
	"go.etcd.io/bbolt"

	"dateline/aggregator/docs"
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

// logRowCommand copies the row of a store that names the log which it follows to a file, or back where the first name is no store.
func logRowCommand(ts *testscript.TestScript, neg bool, args []string) {
	usageOf(ts, !neg && len(args) == 2, "logrow STORE FILE, or logrow FILE STORE")
	save := filepath.Ext(args[0]) == ".db"
	path, file := args[0], args[1]
	if !save {
		path, file = file, path
	}
	db, err := bbolt.Open(ts.MkAbs(path), 0o640, nil)
	ts.Check(err)
	err = db.Update(func(tx *bbolt.Tx) error {
		meta := tx.Bucket([]byte("meta"))
		if save {
			return os.WriteFile(ts.MkAbs(file), meta.Get([]byte("log")), 0o644)
		}
		return meta.Put([]byte("log"), []byte(ts.ReadFile(file)))
	})
	ts.Check(errors.Join(err, db.Close()))
}

// TestNodesFile: the compose file of several nodes has three, each as compose.yaml has its one, with a store of its own, over a
// PostgreSQL with a standby that commits wait for.
func TestNodesFile(t *testing.T) {
	t.Parallel()
	type service map[string]any
	read := func(text string) (services map[string]service, volumes map[string]any) {
		t.Helper()
		var file struct {
			Node     service `yaml:"x-node"`
			Services map[string]service
			Volumes  map[string]any
		}
		if err := yaml.UnmarshalWithOptions([]byte(text), &file, yaml.Strict()); err != nil {
			t.Fatal(err)
		}
		return file.Services, file.Volumes
	}
	one, _ := read(docs.ContainerEngine)
	all, volumes := read(docs.Nodes)
	used := map[any]bool{}
	for _, name := range []string{"node1", "node2", "node3"} {
		node := all[name]
		mounts, _ := node["volumes"].([]any)
		if len(mounts) != 2 || used[mounts[1]] || mounts[0] != one["dateline"]["volumes"].([]any)[0] {
			t.Errorf("%s mounts %v", name, mounts)
			continue
		}
		used[mounts[1]] = true
		delete(node, "volumes")
		delete(node, "ports")
		delete(node, "depends_on")
		for key, value := range node {
			if d := cmp.Diff(one["dateline"][key], value); d != "" {
				t.Errorf("%s: %s: %s", name, key, d)
			}
		}
	}
	if len(all) != 5 || len(volumes) != 5 || !strings.Contains(fmt.Sprint(all["db"]["command"]), "ANY 1 (standby)") ||
		!strings.Contains(fmt.Sprint(all["standby"]["command"]), "cluster_name=standby") {
		t.Errorf("%d services, %d volumes; %v", len(all), len(volumes), all["db"])
	}
}
