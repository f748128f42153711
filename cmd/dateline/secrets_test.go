package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// The secrets, each with characters that an address cannot hold as they are, or of a form that no reference has.
const (
	secretHeader = "hd%31&+ /?#r"    // in a header field, from the environment
	secretLine   = "ln%3x literal"   // in a header field, in the config itself
	secretPath   = "pa/th%41?k #y"   // in the path of an address, from a file
	secretQuery  = "qu%42&e=r+y z#"  // in the query of an address, from the environment
	secretOwn    = "own-in-query-77" // in the query of an address, in the config itself
	secretHook   = "hook/in-path-77" // the path of notify.url, in the config itself
	secretProxy  = "pr%43@o:x/y ?#"  // the password of the proxy, from a file
	secretUser   = "proxy-user-7777" // user of the proxy, in the config itself
	secretTyped  = "typed-in-an-address-7777"
)

// secretServer is a site that asks for secrets, and an answer of which repeats what it was asked. It is a proxy and a webhook too.
type secretServer struct {
	*httptest.Server
	mu      sync.Mutex
	used    map[string]bool // the secrets that came as they are kept
	payload []string        // what the webhook was sent
}

func newSecretServer(t *testing.T) *secretServer {
	s := &secretServer{used: map[string]bool{}}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *secretServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	user, password, _ := strings.Cut(basic(r.Header.Get("Proxy-Authorization")), ":")
	echo := fmt.Sprint(r.URL, " ", r.URL.Path, " ", r.URL.RawQuery, " ", r.Header, " ", user, " ", password)
	s.used[r.Header.Get("X-Env")], s.used[r.Header.Get("X-Line")] = true, true
	s.used[r.URL.Query().Get("q")], s.used[r.URL.Query().Get("key")] = true, true
	s.used[strings.TrimPrefix(r.URL.Path, "/path/")], s.used[user], s.used[password] = true, true, true
	if r.Method == http.MethodPost {
		s.used[strings.TrimPrefix(r.URL.Path, "/")] = true
		s.payload = append(s.payload, string(body)+fmt.Sprint(r.Header))
	}
	switch {
	case strings.HasPrefix(r.URL.Path, "/feed"): // its own address and what it was asked with are in it
		fmt.Fprintf(w, `<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom"><channel><title>Feed</title><a:link rel="self" href="%s%s"/>`+
			"<item><guid>1</guid><title>Bridge opens</title><description>It opened.</description></item></channel></rss>",
			s.URL, strings.ReplaceAll(r.URL.RequestURI(), "&", "&amp;"))
	case strings.HasPrefix(r.URL.Path, "/path"):
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, echo)
	default:
		fmt.Fprint(w, "no feed: "+echo)
	}
}

// basic returns USER:PASSWORD of a field of basic authentication (RFC 7617).
func basic(field string) string {
	user, password, _ := (&http.Request{Header: http.Header{"Authorization": {field}}}).BasicAuth()
	return user + ":" + password
}

// secretTest is a config with secrets in every place, and what programs print under it.
type secretTest struct {
	t       *testing.T
	dir     string
	printed map[string]string // by the command line, or where it was read
}

func newSecretTest(t *testing.T, config string) *secretTest {
	s := &secretTest{t: t, dir: t.TempDir(), printed: map[string]string{}}
	s.file("path", secretPath)
	s.file("proxy", secretProxy)
	s.file("config.yaml", config)
	s.file("list.opml", `<opml version="2.0"><body><outline type="rss" text="A" xmlUrl="https://u:`+secretTyped+`@e.example/rss"/>`+
		`<outline type="rss" text="B" xmlUrl="https://e.example/rss?token=`+secretTyped+`"/></body></opml>`)
	return s
}

func (s *secretTest) file(name, text string) {
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

func (s *secretTest) command(args ...string) *exec.Cmd {
	c := exec.Command("dateline", args...)
	c.Dir = s.dir
	c.Env = append(os.Environ(), "DATELINE_TEST_HEADER="+secretHeader, "DATELINE_TEST_QUERY="+secretQuery)
	return c
}

// run keeps what a command prints, however it ends.
func (s *secretTest) run(args ...string) {
	out, err := s.command(args...).CombinedOutput()
	var ended *exec.ExitError
	if err != nil && !asExit(err, &ended) {
		s.t.Fatal(err)
	}
	s.printed["dateline "+strings.Join(args, " ")] = string(out)
}

func asExit(err error, ended **exec.ExitError) (is bool) {
	*ended, is = err.(*exec.ExitError)
	return is
}

// fetch keeps what a page of the daemon says.
func (s *secretTest) fetch(address string) {
	answer, err := http.Get(address)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	s.printed[address] = string(b)
}

// judge looks for secrets in what was printed, as they are and percent-encoded.
func (s *secretTest) judge(secrets ...string) {
	s.t.Helper()
	for where, text := range s.printed {
		if strings.TrimSpace(text) == "" && !strings.Contains(where, "sources import") {
			continue
		}
		for _, secret := range secrets {
			forms := []string{secret, url.QueryEscape(secret), url.PathEscape(secret), strings.ReplaceAll(url.PathEscape(secret), "%2F", "/"),
				url.UserPassword("", secret).String(), strings.Trim(fmt.Sprintf("%q", secret), `"`)}
			if i := slices.IndexFunc(forms, func(form string) bool { return strings.Contains(text, form) }); i >= 0 {
				s.t.Errorf("%s shows %q as %q:\n%.2000s", where, secret, forms[i], text)
			}
		}
	}
}

// secretsConfig has a secret in every place that may have one, $SERVER being the server.
const secretsConfig = `store: {path: dateline.db}
poll: {every: 1h, host_gap: 0s}
http: {listen: '127.0.0.1:0', access_log: true}
admin: {listen: '127.0.0.1:0'}
network: {allow: [127.0.0.1]}
notify:
  url: $SERVER/` + secretHook + `
sources:
  - id: good
    name: Good
    url: $SERVER/feed?q=${DATELINE_TEST_QUERY}&key=` + secretOwn + `
    headers:
      X-Env: ${DATELINE_TEST_HEADER}
      X-Line: ` + secretLine + `
  - id: refused
    name: Refused
    url: $SERVER/path/${file:path}?key=` + secretOwn + `
    headers: {X-Env: "${DATELINE_TEST_HEADER}"}
  - id: none
    name: None
    url: $SERVER/none?q=${DATELINE_TEST_QUERY}&key=` + secretOwn + `
    headers: {X-Line: ` + secretLine + `}
`

// commandLines are those that could print something of a config, in the order in which they are run.
var commandLines = []string{
	"check", "check --json", "check --format github", "check --format junit", "check --online", "check --online --json", "ingest -v",
	"ingest --now --json", "status", "status --json", "config print --redacted", "config print --redacted --json", "sources list",
	"sources list --json", "sources export", "list", "list --json", "export", "feed", "feed --format rss", "feed --format json",
	"feed --format opml", "feed --format html", "feed --source good", "fetch good", "fetch refused --json", "fetch none -v", "db stats --json",
	"service unit", "__complete ingest ", "__complete sources remove ", "__complete feed --query source:", "site -o site",
	"sources discover https://u:" + secretTyped + "@127.0.0.1:1/", "fetch https://u:" + secretTyped + "@127.0.0.1:1/",
	"fetch http://127.0.0.1:1/?token=" + secretTyped, "sources add https://u:" + secretTyped + "@a.example/ u:" + secretTyped + "@b.example",
	"sources add --offline https://c.example/rss?token=" + secretTyped, "sources add --offline https://c.example/rss?token=" + secretTyped,
	"sources add --offline --json https://d.example/rss?token=" + secretTyped, "sources import list.opml", "sources import --json list.opml",
	"sources remove https://u:" + secretTyped + "@a.example/", "ingest https://u:" + secretTyped + "@a.example/",
	"show https://u:" + secretTyped + "@a.example/",
}

// TestSecretsAreShownNowhere: neither what a command prints, nor a document, log, metric, page or event shows a secret.
func TestSecretsAreShownNowhere(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and about one command after the other")
	}
	t.Parallel()
	server := newSecretServer(t)
	s := newSecretTest(t, strings.ReplaceAll(secretsConfig, "$SERVER", server.URL))
	for _, line := range commandLines {
		s.run(strings.Split(line, " ")...)
	}
	for _, path := range []string{"feed.atom", "sources.opml", "sources/good.html", "index.html"} {
		b, err := os.ReadFile(filepath.Join(s.dir, "site", path))
		if err != nil {
			t.Error(err)
		}
		s.printed["site "+path] = string(b)
	}
	p := begin(t, s.command("serve", "-v"))
	s.run("ingest", "--now")
	for _, path := range []string{"feed.atom", "feed.rss", "feed.json", "sources.opml", "sources", "sources/good", "sources/good/feed.atom",
		"feeds.opml"} {
		s.fetch("http://" + p.listen + "/" + path)
	}
	for deadline := time.Now().Add(patience); ; {
		server.mu.Lock()
		sent := len(server.payload) > 0
		server.mu.Unlock()
		if sent || time.Now().After(deadline) {
			break
		}
		s.fetch("http://" + p.admin + "/events.atom")
	}
	for _, path := range []string{"status", "status.json", "metrics", "events.atom"} {
		s.fetch("http://" + p.admin + "/" + path)
	}
	s.file("config.yaml", "sources: [{url: 'https://u:"+secretTyped+"@e.example/?key="+secretOwn+"', headers: "+secretLine+"}]")
	s.run("check")
	s.run("status")
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // a daemon that has ended is seen below
	<-p.ended
	s.printed["the log"] = p.said.String()
	server.mu.Lock()
	defer server.mu.Unlock()
	s.printed["notify"] = strings.Join(server.payload, "\n")
	s.judge(secretHeader, secretLine, secretPath, secretQuery, secretOwn, secretHook, secretTyped)
	for _, secret := range []string{secretHeader, secretLine, secretPath, secretQuery, secretOwn, secretHook} {
		if !server.used[secret] {
			t.Errorf("%q was not sent as it is kept", secret)
		}
	}
}

// TestProxySecretsAreShownNowhere: the same of a proxy's user and password, good ones and such as make no address.
func TestProxySecretsAreShownNowhere(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and about one command after the other")
	}
	t.Parallel()
	server := newSecretServer(t)
	good := strings.Replace(server.URL, "://", "://"+secretUser+":${file:proxy}@", 1)
	for _, proxy := range []string{good, "socks5://" + secretUser + ":${file:proxy}@127.0.0.1:1", "http://${file:proxy}:1",
		"http://127.0.0.1:1/?token=" + secretUser, "http://u:" + secretUser,
		"http://" + secretUser + ":${file:proxy}", "http://u:" + secretUser + ":3128",
		secretUser + ":x@127.0.0.1:1"} {
		s := newSecretTest(t, "network:\n  proxy: "+proxy+"\n  ports: [80]\nadmin: {listen: ''}\n"+
			"notify: {url: 'http://a.example/"+secretHook+"'}\nsources: [{id: a, name: A, url: 'http://a.example/none'}]\n")
		for _, line := range []string{"check", "check --json", "ingest -v", "status", "status --json", "config print --redacted", "fetch a"} {
			s.run(strings.Split(line, " ")...)
		}
		s.judge(secretProxy, secretUser, secretHook)
	}
	for _, secret := range []string{secretProxy, secretUser} {
		if !server.used[secret] {
			t.Errorf("%q was not sent as it is kept", secret)
		}
	}
}
