package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// hubTest runs the program in this process, on the demonstration's wire.
type hubTest struct {
	t      *testing.T
	server *testServer
	config string
	admin  string // where the daemon listens for its operator, once it serves
}

// newHubTest writes the demonstration's config, with more of it.
func newHubTest(t *testing.T, more string) *hubTest {
	d := &hubTest{t: t, server: newTestServer()}
	t.Cleanup(d.server.close)
	dir := t.TempDir()
	d.config = filepath.Join(dir, "config.yaml")
	text := strings.ReplaceAll(string(testConfig(d.server.url)), "dateline.db", filepath.Join(dir, "dateline.db")) + more
	if err := os.WriteFile(d.config, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return d
}

// run runs a command that must go well.
func (d *hubTest) run(args ...string) {
	d.t.Helper()
	var out bytes.Buffer
	a := &app{stdin: strings.NewReader(""), stdout: &out, stderr: &out}
	if code := a.run(d.t.Context(), append([]string{"--config", d.config}, args...)); code != exitOK {
		d.t.Fatalf("%v: exit %d: %s", args, code, &out)
	}
}

// serve starts the daemon and returns where it listens, once it does. It is stopped at the end of the test, or before.
func (d *hubTest) serve() (public string, stop func()) {
	d.t.Helper()
	ctx, cancel := context.WithCancel(d.t.Context())
	type serving struct{ Listen, Admin string }
	listens := make(chan serving, 1)
	read, write := io.Pipe()
	var under sync.WaitGroup
	under.Go(func() {
		for dec := json.NewDecoder(read); ; {
			var said struct {
				Msg string
				serving
			}
			if dec.Decode(&said) != nil {
				return
			}
			if said.Msg == "serving" {
				listens <- said.serving
			}
		}
	})
	under.Go(func() {
		defer write.Close()
		a := &app{stdin: strings.NewReader(""), stdout: io.Discard, stderr: write}
		if code := a.run(ctx, []string{"--config", d.config, "serve"}); code != exitOK {
			d.t.Errorf("serve: exit %d", code)
		}
	})
	stop = sync.OnceFunc(func() {
		cancel()
		under.Wait()
	})
	d.t.Cleanup(stop)
	select {
	case at := <-listens:
		d.admin = at.Admin
		return "http://" + at.Listen, stop
	case <-time.After(patience):
		d.t.Fatal("the daemon does not serve")
	}
	return "", nil
}

// mailbox is a callback, or a hub, on loopback.
type mailbox struct {
	*httptest.Server
	got chan letter // what was posted
}

type letter struct {
	header http.Header
	body   string
}

func newMailbox(t *testing.T) *mailbox {
	m := &mailbox{got: make(chan letter, 100)}
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			_, _ = io.WriteString(w, r.URL.Query().Get("hub.challenge"))
			m.got <- letter{body: r.URL.Query().Get("hub.mode")}
			return
		}
		body, _ := io.ReadAll(r.Body)
		m.got <- letter{r.Header, string(body)}
	}))
	t.Cleanup(m.Close)
	return m
}

// next returns what comes next.
func (m *mailbox) next(t *testing.T) letter {
	t.Helper()
	select {
	case l := <-m.got:
		return l
	case <-time.After(patience):
		t.Fatal("nothing came")
	}
	return letter{}
}

// TestHub has a daemon deliver over sockets what it polls, and what was published while it was not there.
func TestHub(t *testing.T) {
	t.Parallel()
	d := newHubTest(t, "hub: {allow: [127.0.0.1]}\n")
	d.run("ingest")
	public, stop := d.serve()
	box := newMailbox(t)
	topic := "http://127.0.0.1:0/feed.atom" // as base_url has it
	answer, err := http.PostForm(public+"/hub", url.Values{"hub.mode": {"subscribe"}, "hub.topic": {topic}, "hub.callback": {box.URL + "/c"},
		"hub.secret": {"s"}})
	if err != nil || answer.StatusCode != http.StatusAccepted {
		t.Fatalf("%v, %v", answer, err)
	}
	if l := box.next(t); l.body != "subscribe" {
		t.Fatalf("asked %s", l.body)
	}
	delivered := func(public string) {
		t.Helper()
		l := box.next(t)
		answer, err := http.Get(public + "/feed.atom")
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		if err != nil || string(body) != l.body {
			t.Errorf("%d bytes delivered, %d served (%v)", len(l.body), len(body), err)
		}
		if got, want := l.header.Get("Content-Type"), answer.Header.Get("Content-Type"); got != want {
			t.Errorf("Content-Type: %q delivered, %q served", got, want)
		}
		if links, want := strings.Join(answer.Header["Link"], ", "),
			`<http://127.0.0.1:0/feed.atom>; rel="self", <http://127.0.0.1:0/hub>; rel="hub"`; links != want {
			t.Errorf("Link: %s", links)
		}
		mac := hmac.New(sha256.New, []byte("s"))
		mac.Write(body)
		if got := l.header.Get("X-Hub-Signature"); got != "sha256="+hex.EncodeToString(mac.Sum(nil)) {
			t.Errorf("signed %s", got)
		}
	}
	d.server.Step()
	d.run("ingest", "--now")
	delivered(public)
	stop()
	d.server.Step() // another carrier, which takes no position
	d.server.Step()
	d.run("ingest", "--now") // alone
	public, stop = d.serve()
	delivered(public)
	stop()
	if n := len(box.got); n != 0 {
		t.Errorf("%d more came", n)
	}
}

// TestPing has passes with no daemon notify a hub elsewhere of what they brought.
func TestPing(t *testing.T) {
	t.Parallel()
	box := newMailbox(t)
	d := newHubTest(t, "hub: {allow: [127.0.0.1], url: "+box.URL+"/push}\n")
	pinged := func() map[string]int {
		all := map[string]int{}
		for len(box.got) > 0 {
			form, err := url.ParseQuery(box.next(t).body)
			if err != nil || form.Get("hub.mode") != "publish" {
				t.Errorf("sent %v", form)
			}
			all[form.Get("hub.url")]++
		}
		return all
	}
	merged := "http://127.0.0.1:0/feed.atom"
	d.run("ingest")
	if all := pinged(); all[merged] != 1 {
		t.Errorf("told %v", all)
	}
	d.run("ingest", "--now")
	if all := pinged(); len(all) != 0 {
		t.Errorf("told %v, and nothing is new", all)
	}
	d.server.Step()
	d.run("ingest", "--now")
	if all := pinged(); all[merged] != 1 {
		t.Errorf("told %v", all)
	}
	public, _ := d.serve()
	answer, err := http.PostForm(public+"/hub", url.Values{"hub.mode": {"subscribe"}})
	if err != nil || answer.StatusCode != http.StatusNotFound {
		t.Errorf("there is a hub here: %v, %v", answer, err)
	}
}
