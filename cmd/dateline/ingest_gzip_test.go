package main

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCompressedDocument: a document in gzip is unpacked, within the bound of any document; one that is cut off is none.
func TestCompressedDocument(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(name string, b []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	packed := func(text string) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	config := file("config.yaml", []byte("store: {path: "+filepath.Join(dir, "dateline.db")+"}\nnetwork: {max_body: 2KiB}\n"+
		"sources: [{id: wall, name: Wall, url: 'https://a.example/', enabled: false}]\n"))
	feed := packed(`<rss version="2.0"><channel><title>W</title><item><guid>1</guid><title>Bridge opens</title></item></channel></rss>`)
	for _, tt := range []struct {
		name, says string
		document   []byte
		code       exit
	}{
		{"whole", `"new":1`, feed, exitOK},
		{"larger than the bound once unpacked", "larger than network.max_body (2KiB)", packed(strings.Repeat("x", 2<<20)), exitUsage},
		{"cut off", "hint: it begins as gzip does", feed[:len(feed)-12], exitData},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			a := &app{stdin: bytes.NewReader(tt.document), stdout: &out, stderr: &out}
			code := a.run(t.Context(), []string{"--config", config, "ingest", "wall", "--json", "--document", "-"})
			if code != tt.code || !strings.Contains(out.String(), tt.says) {
				t.Errorf("exit %d: %s", code, &out)
			}
		})
	}
}
