package fetch

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestNewNamesTheBadEntry(t *testing.T) {
	tests := []struct {
		name   string
		o      Options
		option string
		entry  string
	}{
		{"CIDR", Options{Allow: []string{"10.0.0.0/8", "10.0.0.0/33"}}, "Allow", "10.0.0.0/33"},
		{"name with port", Options{Allow: []string{"localhost:80"}}, "Allow", "localhost:80"},
		{"URL", Options{Allow: []string{"http://a.example"}}, "Allow", "http://a.example"},
		{"wild card", Options{Allow: []string{"*.example"}}, "Allow", "*.example"},
		{"nothing", Options{Allow: []string{""}}, "Allow", ""},
		{"port", Options{Ports: []int{80, 65536}}, "Ports", "65536"},
		{"proxy without scheme", Options{Proxy: "proxy.example:3128"}, "Proxy", "proxy.example:3128"},
		{"proxy of another kind", Options{Proxy: "ftp://u:p@proxy.example"}, "Proxy", "ftp://u:xxxxx@proxy.example"},
		{"proxy without host", Options{Proxy: "http://"}, "Proxy", "http:"},
		{"proxy that is none", Options{Proxy: "http://u:p@[::1"}, "Proxy", ""},
		{"user agent", Options{UserAgent: "a\r\nb: c"}, "UserAgent", "a\r\nb: c"},
		{"time", Options{Timeout: -1}, "Timeout", "-1ns"},
		{"gap", Options{Gap: -1}, "Gap", "-1ns"},
		{"body", Options{MaxBody: -1}, "MaxBody", "-1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := New(tt.o)
			var e *OptionError
			if !errors.As(err, &e) || e.Option != tt.option || strings.TrimSuffix(e.Entry, "//") != tt.entry {
				t.Errorf("got %#v, want %s %q", err, tt.option, tt.entry)
			}
		})
	}
}

// Behind a proxy names are the proxy's to look up; what is written out is judged as ever.
func TestProxy(t *testing.T) {
	var got []string
	proxy := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r.RequestURI+" "+r.Header.Get("Proxy-Authorization"))
		w.Write([]byte(feed))
	})
	withUser := strings.Replace(proxy, "http://", "http://u:p@", 1)
	tests := []struct{ name, url, address string }{
		{"a name", "http://a.example/f", ""},
		{"a port", "http://a.example:25/", "a.example:25"},
		{"a private address", "http://10.0.0.1/", "10.0.0.1:80"},
		{"localhost", "http://localhost/", "localhost"},
		{"below localhost", "http://a.localhost./", "a.localhost."},
		{"what is let in", "http://127.0.0.1:9999/f", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got = nil
			_, err := newClient(t, Options{Proxy: withUser}).Get(t.Context(), Request{URL: tt.url})
			wantRefusal(t, err, tt.address)
			if want := tt.url + " Basic dTpw"; tt.address == "" && (len(got) != 1 || got[0] != want) {
				t.Errorf("the proxy got %q, want %q", got, want)
			}
			if tt.address != "" && len(got) > 0 {
				t.Errorf("the proxy got %q", got)
			}
		})
	}
	t.Run("none from the environment", func(t *testing.T) {
		t.Setenv("HTTP_PROXY", proxy)
		if c := newClient(t, Options{}); c.next.(*http.Transport).Proxy != nil {
			t.Error("the client knows the environment")
		}
	})
}

func TestHTTP(t *testing.T) {
	var got []*http.Request
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r)
		if r.URL.Path == "/long" {
			w.Write(make([]byte, 2000))
			return
		}
		http.SetCookie(w, &http.Cookie{Name: "id", Value: "1"})
		http.Redirect(w, r, "/next", http.StatusFound)
	})
	c := newClient(t, Options{UserAgent: "Dateline/1", MaxBody: 1000})
	t.Run("follows nothing and keeps no cookies", func(t *testing.T) {
		for range 2 {
			req, err := http.NewRequestWithContext(t.Context(), "POST", base, strings.NewReader("hub.mode=subscribe"))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Referer", "http://a.example/")
			resp, err := c.HTTP().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != 302 {
				t.Errorf("status %d", resp.StatusCode)
			}
		}
		for _, r := range got {
			if r.URL.Path != "/" || r.Header.Get("User-Agent") != "Dateline/1" || r.Header["Cookie"] != nil ||
				r.Header["Referer"] != nil || r.Header["Accept-Encoding"] != nil {
				t.Errorf("%s %v", r.URL, r.Header)
			}
		}
		if len(got) != 2 {
			t.Errorf("%d requests", len(got))
		}
	})
	t.Run("reads no more than the limit", func(t *testing.T) {
		resp, err := c.HTTP().Get(base + "/long")
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		n, err := 0, error(nil)
		for buf := make([]byte, 100); err == nil; {
			var k int
			k, err = resp.Body.Read(buf)
			n += k
		}
		if !errors.Is(err, ErrTooLarge) || n > 1100 {
			t.Errorf("%d bytes, %v", n, err)
		}
	})
}

// A server that offers HTTP/2 is spoken to by HTTP/1.1.
func TestHTTP1Alone(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write([]byte(r.Proto)) }))
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	c := newClient(t, Options{}, trust(s))
	resp, err := c.Get(t.Context(), Request{URL: s.URL})
	if err != nil || string(resp.Body) != "HTTP/1.1" {
		t.Errorf("got %+v, %v", resp, err)
	}
}

// trust makes a client accept the certificate of s.
func trust(s *httptest.Server) func(*Client) {
	return func(c *Client) {
		roots := s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
		config := s.TLS.Clone()
		config.Certificates, config.RootCAs, config.NextProtos = nil, roots, nil
		c.next.(*http.Transport).TLSClientConfig = config
	}
}

func TestHost(t *testing.T) {
	tests := []struct{ url, want string }{
		{"https://A.example/x", "a.example:443"},
		{"http://a.example.:8080/x", "a.example:8080"},
		{"http://[::1]/", "[::1]:80"},
		{"https://пример.рф/", "xn--e1afmkfd.xn--p1ai:443"},
		{"ftp://a.example/", ""}, {"http:///x", ""}, {"http://a:b/", ""}, {"x", ""}, {"http://a:0/", ""},
	}
	for _, tt := range tests {
		t.Run(tt.url, func(t *testing.T) {
			got, err := Host(tt.url)
			if got != tt.want || (err != nil) != (tt.want == "") || err != nil && !errors.Is(err, ErrURL) {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}
