package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// serving measures how many requests a second the daemon answers, as a part of those that nginx answers with the same bytes, where nginx
// is installed. The two take turns of half a second.
func (m *measuring) serving() {
	nginx, err := exec.LookPath("nginx")
	if err != nil {
		m.row("served against nginx", "nginx is not installed")
		return
	}
	config := m.farm.config(m.t, m.dir, m.n, "")
	m.run(config, "ingest", "--now")
	d := begin(m.t, exec.Command(m.program, "--config", config, "serve"))
	defer m.end(d)
	paths := map[string]string{"feed.atom": "/feed.atom", "index.html": "/"}
	if page := m.entryPage(d); page != "" {
		paths["entry.html"] = page
	}
	other := m.nginx(nginx, d, paths)
	for _, c := range []struct{ what, file, fields string }{
		{"identity", "feed.atom", ""}, {"gzip", "feed.atom", "Accept-Encoding: gzip\r\n"},
		{"304", "feed.atom", "Accept-Encoding: gzip\r\nIf-None-Match: %s\r\n"},
		{"/, gzip", "index.html", "Accept-Encoding: gzip\r\n"}, {"an entry, gzip", "entry.html", "Accept-Encoding: gzip\r\n"},
	} {
		if paths[c.file] == "" {
			continue
		}
		m.against("served against nginx: "+c.what, c.fields, d.listen+paths[c.file], other+"/"+c.file)
	}
}

// entryPage returns the path of the page of an entry that the front page links; empty: it links none.
func (m *measuring) entryPage(d *process) string {
	page, _ := m.get("http://"+d.listen+"/", "")
	_, after, found := strings.Cut(string(page), `href="entries/`)
	key, _, closed := strings.Cut(after, `"`)
	if !found || !closed {
		return ""
	}
	return "/entries/" + key
}

// nginx starts nginx with the daemon's documents as files, compressed ones beside them, and returns its address.
func (m *measuring) nginx(program string, d *process, paths map[string]string) string {
	dir := m.t.TempDir()
	for file, path := range paths {
		for ending, coding := range map[string]string{"": "identity", ".gz": "gzip"} {
			r, err := http.NewRequest(http.MethodGet, "http://"+d.listen+path, nil)
			if err != nil {
				m.t.Fatal(err)
			}
			r.Header.Set("Accept-Encoding", coding)
			answer, err := http.DefaultTransport.RoundTrip(r)
			if err != nil {
				m.t.Fatal(err)
			}
			b, err := io.ReadAll(answer.Body)
			answer.Body.Close()
			if err == nil {
				err = os.WriteFile(filepath.Join(dir, file+ending), b, 0o644)
			}
			if err != nil {
				m.t.Fatal(err)
			}
		}
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		m.t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	config := filepath.Join(dir, "nginx.conf")
	text := fmt.Sprintf("daemon off; worker_processes auto; pid %[1]s/pid; error_log %[1]s/log;\nevents {}\n"+
		"http { access_log off; sendfile on; keepalive_requests 1000000000;\n"+
		"client_body_temp_path %[1]s/b; proxy_temp_path %[1]s/p; fastcgi_temp_path %[1]s/f;\n"+
		"uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s; open_file_cache max=100;\n"+
		"types { application/atom+xml atom; text/html html; }\nserver { listen %[2]s; root %[1]s; gzip_static on; } }\n", dir, address)
	if os.Geteuid() == 0 {
		text = "user root;\n" + text // its workers would be another user, who cannot read the folder
	}
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		m.t.Fatal(err)
	}
	cmd := exec.Command(program, "-c", config)
	if err := cmd.Start(); err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() { _ = cmd.Process.Signal(syscall.SIGTERM); _ = cmd.Wait() })
	for range 100 {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			return address
		}
		<-time.After(50 * time.Millisecond)
	}
	m.t.Fatal("nginx does not listen")
	return ""
}

// against asks both addresses in turns and prints the part.
func (m *measuring) against(what, fields, ours, theirs string) {
	var rates [2][]float64
	for range 6 {
		for i, url := range []string{ours, theirs} {
			rates[i] = append(rates[i], m.rate(url, fields, 500*time.Millisecond))
		}
	}
	for i := range rates {
		slices.Sort(rates[i])
	}
	a, b := rates[0][3], rates[1][3]
	m.row(what, "%.0f requests a second, nginx %.0f: %.2f", a, b, a/b)
}

// rate asks an address on eight connections and returns the answers a second. fields are header fields, with the entity tag for %s.
func (m *measuring) rate(url, fields string, d time.Duration) float64 {
	host, path, _ := strings.Cut(url, "/")
	if strings.Contains(fields, "%s") {
		_, etag := m.get("http://"+url, "")
		fields = fmt.Sprintf(fields, etag)
	}
	request := []byte("GET /" + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + fields + "\r\n")
	var answers atomic.Int64
	var all sync.WaitGroup
	began := time.Now()
	for range 8 {
		all.Go(func() {
			c, err := net.Dial("tcp", host)
			if err != nil {
				m.t.Error(err)
				return
			}
			defer c.Close()
			in := bufio.NewReaderSize(c, 64<<10)
			for time.Since(began) < d {
				if _, err := c.Write(request); err != nil {
					m.t.Error(err)
					return
				}
				if err := skipAnswer(in); err != nil {
					m.t.Error(err)
					return
				}
				answers.Add(1)
			}
		})
	}
	all.Wait()
	return float64(answers.Load()) / time.Since(began).Seconds()
}

// skipAnswer reads an answer.
func skipAnswer(in *bufio.Reader) error {
	status, err := in.ReadString('\n')
	if err != nil {
		return err
	}
	length := 0
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(line) <= len("\r\n") {
			break
		}
		if name, value, _ := bytes.Cut(line, []byte(":")); bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return err
			}
		}
	}
	switch {
	case strings.Contains(status, " 304 ") && length == 0:
		return nil
	case !strings.Contains(status, " 200 ") || length == 0:
		return fmt.Errorf("%q, %d bytes", status, length)
	}
	_, err = in.Discard(length)
	return err
}
