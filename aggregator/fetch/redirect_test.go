package fetch

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
)

// redirects serves /STATUS/REST by a redirect to /REST, and anything else by a feed.
func redirects(seen *[]*http.Request) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		*seen = append(*seen, r)
		parts := strings.SplitN(r.URL.Path, "/", 3)
		statuses := map[string]int{"301": 301, "302": 302, "303": 303, "307": 307, "308": 308}
		if status := statuses[parts[1]]; status != 0 {
			w.Header().Set("Location", "/"+parts[2])
			w.Header().Set("Set-Cookie", "id=1")
			w.WriteHeader(status)
			return
		}
		w.Write([]byte(feed))
	}
}

func TestRedirects(t *testing.T) {
	tests := []struct{ name, path, moved string }{
		{"none", "/f", ""},
		{"permanent", "/301/f", "/f"},
		{"permanent, keeping the method", "/308/f", "/f"},
		{"all permanent", "/301/308/f", "/f"},
		{"temporary", "/302/f", ""},
		{"temporary, keeping the method", "/307/f", ""},
		{"see other", "/303/f", ""},
		{"permanent, then temporary: up to there", "/301/302/f", "/302/f"},
		{"temporary, then permanent", "/302/301/f", ""},
		{"ten", "/301/301/301/301/301/301/301/301/301/301/f", "/f"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var seen []*http.Request
			base := serve(t, redirects(&seen))
			v := news.Validators{ETag: `"1"`, LastModified: "x"}
			resp, err := newClient(t, Options{}).Get(t.Context(), Request{URL: base + tt.path, Validators: v, From: base + "/f"})
			if err != nil {
				t.Fatal(err)
			}
			if resp.URL != base+"/f" {
				t.Errorf("ended at %s", resp.URL)
			}
			if want := tt.moved; strings.TrimPrefix(resp.Moved, base) != want {
				t.Errorf("moved to %q, want %q", resp.Moved, want)
			}
			for _, r := range seen {
				want := news.Validators{}
				if r.URL.Path == "/f" {
					want = v
				}
				got := news.Validators{ETag: r.Header.Get("If-None-Match"), LastModified: r.Header.Get("If-Modified-Since")}
				if r.Method != "GET" || got != want {
					t.Errorf("%s %s with the validators %q, want %q", r.Method, r.URL, got, want)
				}
				if r.Header["Referer"] != nil || r.Header["Cookie"] != nil {
					t.Errorf("%s with Referer or Cookie: %v", r.URL, r.Header)
				}
			}
		})
	}
	t.Run("a 304 at the end counts for what moved", func(t *testing.T) {
		base := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/old" {
				http.Redirect(w, r, "/new", http.StatusMovedPermanently)
				return
			}
			w.WriteHeader(304)
		})
		v := news.Validators{ETag: `"1"`}
		resp, err := newClient(t, Options{}).Get(t.Context(), Request{URL: base + "/old", Validators: v, From: base + "/new"})
		if !errors.Is(err, ErrNotModified) || resp.Moved != base+"/new" {
			t.Errorf("got %+v, %v", resp, err)
		}
	})
	t.Run("validators of the address itself stay there", func(t *testing.T) {
		var seen []*http.Request
		base := serve(t, redirects(&seen))
		v := news.Validators{ETag: `"1"`}
		if _, err := newClient(t, Options{}).Get(t.Context(), Request{URL: base + "/302/f", Validators: v}); err != nil {
			t.Fatal(err)
		}
		if seen[0].Header.Get("If-None-Match") != v.ETag || seen[1].Header.Get("If-None-Match") != "" {
			t.Errorf("sent %q, then %q", seen[0].Header.Get("If-None-Match"), seen[1].Header.Get("If-None-Match"))
		}
	})
}

func TestRedirectsFail(t *testing.T) {
	var seen []*http.Request
	moves := redirects(&seen)
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/circle":
			seen = append(seen, r)
			w.Header().Set("Location", "/302/circle")
			w.WriteHeader(302)
		case "/nowhere":
			w.WriteHeader(302)
		case "/garbage":
			w.Header().Set("Location", "http://[::1")
			w.WriteHeader(302)
		default:
			moves(w, r)
		}
	})
	tests := []struct{ name, path, want string }{
		{"after ten", "/301/301/301/301/301/301/301/301/301/301/301/f", "more than 10"},
		{"in a circle", "/circle", "in a circle"},
		{"to nowhere", "/nowhere", "without an address"},
		{"to garbage", "/garbage", "no address"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			seen = nil
			resp, err := newClient(t, Options{}).Get(t.Context(), Request{URL: base + tt.path})
			if resp != nil {
				t.Errorf("got %+v beside the error", resp)
			}
			if !errors.Is(err, ErrRedirect) || !strings.Contains(err.Error(), tt.want) || Problem(err) != news.ProblemHTTP {
				t.Errorf("got %v (%s), want %q", err, Problem(err), tt.want)
			}
			if len(seen) > 11 {
				t.Errorf("%d requests", len(seen))
			}
		})
	}
}

// A redirect from https to http is followed and never learned, and takes no secret along.
func TestDowngrade(t *testing.T) {
	var got *http.Request
	plain := serve(t, func(w http.ResponseWriter, r *http.Request) { got = r; w.Write([]byte(feed)) })
	secure := httptest.NewTLSServer(http.RedirectHandler(plain+"/f", http.StatusMovedPermanently))
	t.Cleanup(secure.Close)
	c := newClient(t, Options{}, func(c *Client) {
		c.next.(*http.Transport).TLSClientConfig = secure.Client().Transport.(*http.Transport).TLSClientConfig
	})
	resp, err := c.Get(t.Context(), Request{URL: secure.URL, Header: http.Header{"X-Key": {"secret"}}})
	if err != nil {
		t.Fatal(err)
	}
	if resp.URL != plain+"/f" || resp.Moved != "" {
		t.Errorf("ended at %s, moved to %q", resp.URL, resp.Moved)
	}
	if got.Header["X-Key"] != nil {
		t.Error("the secret went out in the clear")
	}
}

// Fields of a source and the password of its address are for its own host alone.
func TestSecretsStayHome(t *testing.T) {
	var got []http.Header
	handler := func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r.Header.Clone())
		if to := r.URL.Query().Get("to"); to != "" {
			http.Redirect(w, r, to, http.StatusFound)
		}
	}
	home, away := serve(t, handler), serve(t, handler)
	withUser := strings.Replace(home, "http://", "http://ann:s3cret@", 1)
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("ann:s3cret"))
	key := http.Header{"X-Key": {"k"}}
	tests := []struct {
		name string
		r    Request
		want []string // X-Key and Authorization of each request
	}{
		{"sent to its host", Request{URL: home, Header: key}, []string{"k "}},
		{"sent along a redirect at home", Request{URL: home + "?to=/x", Header: key}, []string{"k ", "k "}},
		{"not sent to another host", Request{URL: home + "?to=" + away, Header: key}, []string{"k ", " "}},
		{"sent again on the way back", Request{URL: home + "?to=" + away + "?to=" + home, Header: key}, []string{"k ", " ", "k "}},
		{"a learned address gets none", Request{URL: away, Owner: home, Header: key}, []string{" "}},
		{"a learned address at home does", Request{URL: home + "/new", Owner: home + "/old", Header: key}, []string{"k "}},
		{"user and password", Request{URL: withUser}, []string{" " + basic}},
		{"user and password along a redirect at home", Request{URL: withUser + "?to=/x"}, []string{" " + basic, " " + basic}},
		{"user and password not to another host", Request{URL: withUser + "?to=" + away}, []string{" " + basic, " "}},
		{"user and password of a redirect are nobody's", Request{URL: home + "?to=" + strings.Replace(away, "//", "//eve:x@", 1)},
			[]string{" ", " "}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got = nil
			resp, err := newClient(t, Options{}).Get(t.Context(), tt.r)
			if err != nil {
				t.Fatal(err)
			}
			var sent []string
			for _, h := range got {
				sent = append(sent, h.Get("X-Key")+" "+h.Get("Authorization"))
			}
			if d := cmp.Diff(tt.want, sent); d != "" {
				t.Error(d)
			}
			if strings.Contains(resp.URL+resp.Moved, "@") {
				t.Errorf("the answer repeats the password: %s %s", resp.URL, resp.Moved)
			}
		})
	}
	t.Run("no error repeats the password", func(t *testing.T) {
		for _, url := range []string{withUser + "?to=" + withUser + "?to=/", "ftp://ann:s3cret@a.example/", "http://ann:s3cret@a.example:99999/",
			"http://ann:s3cret@[::1", "http://ann:s3cret/1@a.example/", "http://ann:s3cret@127.0.0.1:1/", "http://ann:s3cret@/"} {
			_, err := newClient(t, Options{}).Get(t.Context(), Request{URL: url})
			if err == nil && !strings.Contains(url, "to=") {
				t.Errorf("%s is read", url)
			}
			if err != nil && strings.Contains(err.Error(), "s3cret") {
				t.Error(err)
			}
		}
	})
}

func TestBelongs(t *testing.T) {
	tests := []struct {
		owner, url string
		want       bool
	}{
		{"https://a.example/f", "https://A.example.:443/g", true},
		{"http://a.example/f", "https://a.example/f", true},
		{"https://a.example/f", "http://a.example/f", false},
		{"http://a.example:8080/f", "https://a.example:8443/f", false},
		{"https://a.example/f", "https://a.example:8443/f", false},
		{"https://a.example/f", "https://b.a.example/f", false},
		{"https://пример.рф/", "https://xn--e1afmkfd.xn--p1ai/", true},
	}
	for _, tt := range tests {
		t.Run(tt.owner+" "+tt.url, func(t *testing.T) {
			owner, err := parseURL(tt.owner)
			if err != nil {
				t.Fatal(err)
			}
			u, err := parseURL(tt.url)
			if err != nil {
				t.Fatal(err)
			}
			if got := belongs(owner, u); got != tt.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

// A request that says which redirects it follows makes none against its word, and returns its error.
func TestFollow(t *testing.T) {
	t.Parallel()
	var seen []*http.Request
	base := serve(t, redirects(&seen))
	refused := errors.New("not there")
	var asked []string
	_, err := newClient(t, Options{}).Get(t.Context(), Request{URL: base + "/301/302/f", Follow: func(next string) error {
		if asked = append(asked, strings.TrimPrefix(next, base)); len(asked) == 2 {
			return refused
		}
		return nil
	}})
	if d := cmp.Diff([]string{"/302/f", "/f"}, asked); d != "" || !errors.Is(err, refused) || len(seen) != 2 {
		t.Errorf("%s, %v, %d requests", d, err, len(seen))
	}
}
