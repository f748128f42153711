package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestUnsolicitedAnswers: what net/http says of a server that answers more often than it was asked is not printed.
func TestUnsolicitedAnswers(t *testing.T) {
	t.Parallel()
	server, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	go func() {
		for {
			conn, err := server.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				from := bufio.NewReader(conn)
				for {
					if _, err := http.ReadRequest(from); err != nil {
						return
					}
					const feed = `<rss version="2.0"><channel><title>Wire</title><item><guid>1</guid><title>One</title></item></channel></rss>`
					fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s", len(feed), feed)
					fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nX: \x1b[31m\r\n\r\n")
				}
			}()
		}
	}()
	dir := t.TempDir()
	text := "store: {path: wire.db}\nnetwork: {allow: [127.0.0.1]}\nsources:\n"
	for i := range 3 {
		text += fmt.Sprintf("  - {id: s%d, url: \"http://%s/%d\"}\n", i, server.Addr(), i)
	}
	if err := os.WriteFile(filepath.Join(dir, "config.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	c := exec.Command("dateline", "ingest")
	c.Dir = dir
	out, err := c.CombinedOutput()
	// The answer in excess fails the next request where that was sent before net/http saw it.
	if code := c.ProcessState.ExitCode(); code != 0 && code != int(exitSome) || strings.ContainsAny(string(out), "\x1b") ||
		strings.Contains(string(out), "nsolicited") {
		t.Errorf("%v: %s", err, out)
	}
}
