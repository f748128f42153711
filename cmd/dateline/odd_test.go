package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"
)

// odd is what a terminal or a browser may obey and a person does not see: an escape sequence, one of a single character, a turn of the
// direction, a tag character.
const odd = "\x1b[31m\u009b31m\u202e\u2066\U000e0041\U000e007f"

// isOdd reports whether r is none of the characters of a text.
func isOdd(r rune) bool {
	return unicode.Is(unicode.Cc, r) && !strings.ContainsRune("\n\t\r", r) || 0x202a <= r && r <= 0x202e || 0x2066 <= r && r <= 0x2069 ||
		0xe0000 <= r && r <= 0xe007f
}

// TestOddCharacters: what a feed, a query, a path or a client has of odd characters is in no page, in no document and in nothing that a
// command or the daemon prints.
func TestOddCharacters(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		in := strings.ReplaceAll(odd, "\x1b", "&#x9b;") // XML has no ESC
		fmt.Fprintf(w, `<rss version="2.0"><channel><title>W%[1]sire</title><item><guid>g%[1]s1</guid><title>Council %[1]smeets</title>
			<description>MINSK, 17 May (BelTA) - The council %[1]smet. Photo: Ann%[1]sa Keller/BelTA</description>
			<author>Ann%[1]sa Keller</author><category>c%[1]sity</category></item></channel></rss>`, in)
	}))
	t.Cleanup(server.Close)
	dir := t.TempDir()
	config := fmt.Sprintf("store: {path: wire.db}\nhttp: {listen: \"127.0.0.1:0\"}\nadmin: {listen: \"127.0.0.1:0\"}\n"+
		"network: {allow: [127.0.0.1]}\nsources: [{id: wire, url: %q, content: full}]\n", server.URL)
	if err := os.WriteFile(filepath.Join(dir, "config.yaml"), []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	command := func(in string, args ...string) string {
		cmd := exec.Command("dateline", args...)
		cmd.Dir, cmd.Stdin = dir, strings.NewReader(in)
		out, _ := cmd.CombinedOutput() // some end with another code than 0
		return string(out)
	}
	cmd := exec.CommandContext(t.Context(), "dateline", "serve")
	cmd.Dir = dir
	p := begin(t, cmd)
	command("", "ingest", "--now")
	printed := map[string]string{}
	for _, args := range []string{"list", "fetch wire", "status", "export", "feed", "why " + odd + " " + odd, "credit"} {
		printed[args] = command("MINSK, 17 May (BelTA) - It "+odd+" met. Photo: Ann"+odd+"a Keller/BelTA", strings.Fields(args)...)
	}
	_, rest, _ := strings.Cut(printed["export"], `"entry":"`)
	entry, _, found := strings.Cut(rest, `"`)
	if !found {
		t.Fatalf("exported: %s", printed["export"])
	}
	printed["show"] = command("", "show", entry)
	query := url.QueryEscape(odd + "council")
	for _, path := range []string{"/", "/feed.atom", "/feed.rss", "/feed.json", "/entries/" + entry, "/sources", "/sources/wire",
		"/sources.opml", "/search?q=" + query, "/search.atom?q=" + query, "/search.json?q=" + query,
		"/" + url.PathEscape(odd), "/topics/" + url.PathEscape(odd)} {
		printed[path] = pageAt(t, "http://"+p.listen+path)
	}
	for _, path := range []string{"/status", "/status.json", "/metrics", "/" + url.PathEscape(odd)} {
		printed["admin "+path] = pageAt(t, "http://"+p.admin+path)
	}
	for _, said := range []string{odd + "\r\n\r\n", "GET /" + odd + " HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\nX: " + odd + "\r\n\r\n"} {
		conn, err := net.Dial("tcp", p.listen)
		if err != nil {
			t.Fatal(err)
		}
		conn.SetDeadline(time.Now().Add(patience))
		io.WriteString(conn, said)
		conn.Read(make([]byte, 1)) // it has answered, and said what it says
		conn.Close()
	}
	printed["the daemon"] = p.said.String()
	for what, text := range printed {
		if i := strings.IndexFunc(text, isOdd); i >= 0 {
			t.Errorf("%q: %q", what, text[max(0, i-60):min(len(text), i+60)])
		}
		if text == "" {
			t.Errorf("%q: nothing", what)
		}
	}
}

func pageAt(t *testing.T, address string) string {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode >= http.StatusInternalServerError {
		t.Errorf("%s: status %d, %v", address, resp.StatusCode, err)
	}
	return string(b)
}
