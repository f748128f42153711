package fetch

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"dateline/aggregator/news"
)

// vault stands for what the operator keeps elsewhere.
func vault(values map[string]string) func(string) (string, []string, error) {
	return func(s string) (string, []string, error) {
		var used []string
		for name, value := range values {
			if ref := "${" + name + "}"; strings.Contains(s, ref) {
				s, used = strings.ReplaceAll(s, ref, value), append(used, value, ref)
			}
		}
		if strings.Contains(s, "${") {
			return "", nil, errors.New("not set")
		}
		return s, used, nil
	}
}

// TestSecretsInRequests: a request carries the secrets that the operator's address and fields name, and nothing that is kept of its
// answer does.
func TestSecretsInRequests(t *testing.T) {
	t.Parallel()
	var got []string
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r.RequestURI+" "+r.Header.Get("X-Key")+" "+r.Header.Get("If-None-Match"))
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "/rss?"+r.URL.RawQuery, http.StatusMovedPermanently)
		case "/lost":
			http.Error(w, "no "+r.RequestURI, http.StatusNotFound)
		default:
			w.Header().Set("Link", `</rss?`+r.URL.RawQuery+`>; rel="self"`)
			w.Write([]byte(`<rss version="2.0"><channel><link>` + r.RequestURI + `</link></channel></rss>`))
		}
	})
	c := newClient(t, Options{Expand: vault(map[string]string{"TOKEN": "hunter2+hunter3", "KEY": "k"})})
	get := func(r Request) (*Response, error) {
		got = nil
		r.Owner = r.URL
		return c.Get(t.Context(), r)
	}
	t.Run("in address and fields", func(t *testing.T) {
		resp, err := get(Request{URL: base + "/rss?t=${TOKEN}", Header: http.Header{"X-Key": {"my ${KEY}"}},
			Validators: news.Validators{ETag: `"1"`}})
		if err != nil || len(got) != 1 || got[0] != `/rss?t=hunter2+hunter3 my k "1"` {
			t.Fatalf("%v, sent %q", err, got)
		}
		if want := base + "/rss?t=${TOKEN}"; resp.URL != want || resp.Links[0].URL != want || strings.Contains(string(resp.Body), "hunter2") {
			t.Errorf("%+v\n%s", resp, resp.Body)
		}
	})
	t.Run("the address as it was kept gets its validators again", func(t *testing.T) {
		_, err := get(Request{URL: base + "/rss?t=${TOKEN}", From: base + "/rss?t=${TOKEN}", Validators: news.Validators{ETag: `"1"`}})
		if err != nil || len(got) != 1 || !strings.HasSuffix(got[0], ` "1"`) {
			t.Errorf("%v, sent %q", err, got)
		}
	})
	t.Run("no address with one is learned", func(t *testing.T) {
		resp, err := get(Request{URL: base + "/moved?t=${TOKEN}"})
		if err != nil || resp.Moved != "" || resp.URL != base+"/rss?t=${TOKEN}" {
			t.Errorf("%v, %+v", err, resp)
		}
	})
	t.Run("errors show none", func(t *testing.T) {
		_, err := get(Request{URL: base + "/lost?t=${TOKEN}"})
		var status *StatusError
		if !errors.As(err, &status) || strings.Contains(status.URL+status.Snippet+err.Error(), "hunter2") ||
			!strings.Contains(status.Snippet, "no /lost") {
			t.Errorf("%#v", err)
		}
	})
	t.Run("what is missing stops the request", func(t *testing.T) {
		_, err := get(Request{URL: base + "/rss", Header: http.Header{"X-Key": {"${OTHER}"}}})
		if !errors.Is(err, ErrSecret) || len(got) > 0 {
			t.Errorf("%v, sent %q", err, got)
		}
	})
	t.Run("an address from elsewhere names none", func(t *testing.T) {
		got = nil
		_, err := c.Get(t.Context(), Request{URL: base + "/rss?t=${TOKEN}", Owner: base + "/other"})
		if err != nil || len(got) != 1 || strings.Contains(got[0], "hunter2") {
			t.Errorf("%v, sent %q", err, got)
		}
	})
}

// TestSecretsOfProxy: user and password of a proxy are read when a request is made.
func TestSecretsOfProxy(t *testing.T) {
	t.Parallel()
	var got []string
	proxy := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r.Header.Get("Proxy-Authorization"))
		w.Write([]byte(feed))
	})
	values := map[string]string{"USER": "u"}
	c := newClient(t, Options{Proxy: strings.Replace(proxy, "http://", "http://${USER}:${PASSWORD}@", 1),
		Expand: func(s string) (string, []string, error) { return vault(values)(s) }})
	if _, err := c.Get(t.Context(), Request{URL: "http://a.example/f"}); !errors.Is(err, ErrSecret) || len(got) > 0 {
		t.Errorf("%v, sent %q", err, got)
	}
	values["PASSWORD"] = "p"
	if _, err := c.Get(t.Context(), Request{URL: "http://a.example/f"}); err != nil || len(got) != 1 || got[0] != "Basic dTpw" {
		t.Errorf("%v, sent %q", err, got)
	}
}
