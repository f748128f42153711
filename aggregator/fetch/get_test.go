package fetch

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
)

const feed = `<?xml version="1.0"?><rss version="2.0"><channel><title>Wire</title></channel></rss>`

func TestGetSends(t *testing.T) {
	var got http.Header
	var line string
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got, line = r.Header.Clone(), r.Method+" "+r.RequestURI
	})
	tests := []struct {
		name string
		r    Request
		line string
		want http.Header // beside the constant ones
	}{
		{"nothing else without validators", Request{URL: "/rss"}, "GET /rss", http.Header{}},
		{"validators byte for byte",
			Request{URL: "/rss", Validators: news.Validators{ETag: `W/"a-é"`, LastModified: "yesterday, or so"}}, "GET /rss",
			http.Header{"If-None-Match": {`W/"a-é"`}, "If-Modified-Since": {"yesterday, or so"}}},
		{"a bare ETag without quotes", Request{URL: "/rss", Validators: news.Validators{ETag: `abc`}}, "GET /rss",
			http.Header{"If-None-Match": {`abc`}}},
		{"a date alone", Request{URL: "/rss", Validators: news.Validators{LastModified: "x"}}, "GET /rss",
			http.Header{"If-Modified-Since": {"x"}}},
		{"a query as it is and no fragment", Request{URL: "/rss?a=1&b=%20#top"}, "GET /rss?a=1&b=%20", http.Header{}},
		{"raw bytes of an address escaped", Request{URL: "/новости?q=мир и <труд>"},
			"GET /%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8?q=%D0%BC%D0%B8%D1%80%20%D0%B8%20%3C%D1%82%D1%80%D1%83%D0%B4%3E", http.Header{}},
		{"further fields, save those it speaks for itself",
			Request{URL: "/", Header: http.Header{"x-key": {"k"}, "if-none-match": {`"other"`}, "Range": {"bytes=0-1"}, "Referer": {"http://a/"},
				"Accept-Encoding": {"deflate"}, "A-IM": {"feed"}}},
			"GET /", http.Header{"X-Key": {"k"}}},
		{"fields in place of the constant ones", Request{URL: "/", Header: http.Header{"User-Agent": {"Reader"}, "Accept": {"text/xml"}}},
			"GET /", http.Header{"User-Agent": {"Reader"}, "Accept": {"text/xml"}}},
	}
	c := newClient(t, Options{UserAgent: "Dateline/1.2 (+https://example.org/)"})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := http.Header{"User-Agent": {"Dateline/1.2 (+https://example.org/)"}, "Accept-Encoding": {"gzip, br, zstd"},
				"Accept": {"application/atom+xml, application/rss+xml, application/feed+json;q=0.9, application/xml;q=0.8, text/xml;q=0.7, */*;q=0.1"}}
			for k, v := range tt.want {
				want[k] = v
			}
			tt.r.URL = base + tt.r.URL
			resp, err := c.Get(t.Context(), tt.r)
			if err != nil {
				t.Fatal(err)
			}
			if want := base + strings.TrimPrefix(tt.line, "GET "); resp.URL != want {
				t.Errorf("the answer is that of %s, want %s", resp.URL, want)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
			if line != tt.line {
				t.Errorf("got %s, want %s", line, tt.line)
			}
		})
	}
}

func TestGetReturns(t *testing.T) {
	var fields []string
	var status int
	var body string
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Date"] = nil
		for i := 0; i < len(fields); i += 2 {
			w.Header().Add(fields[i], fields[i+1])
		}
		w.WriteHeader(status)
		if status != http.StatusNotModified {
			w.Write([]byte(body))
		}
	})
	old := news.Validators{ETag: `"1"`}
	tests := []struct {
		name   string
		r      Request
		status int
		fields []string
		want   Response
		err    error
	}{
		{"the document with what vouches for it", Request{}, 200,
			[]string{"ETag", `W/"2"`, "Last-Modified", "Tue, 24 Nov 2026 11:00:00 GMT", "Content-Type", "text/xml; charset=utf-8", "Cache-Control",
				"max-age=600"},
			Response{ContentType: "text/xml; charset=utf-8", Fresh: 10 * time.Minute, FreshBy: ByMaxAge, Body: []byte(feed),
				Received:   int64(len(feed)),
				Validators: news.Validators{ETag: `W/"2"`, LastModified: "Tue, 24 Nov 2026 11:00:00 GMT"}}, nil},
		{"what a 304 names", Request{Validators: old}, 304,
			[]string{"ETag", `"2"`, "Expires", "Tue, 24 Nov 2026 12:00:00 GMT", "Date", "Tue, 24 Nov 2026 11:00:00 GMT"},
			Response{Fresh: time.Hour, FreshBy: ByExpires, Validators: news.Validators{ETag: `"2"`}}, ErrNotModified},
		{"a 304 that names nothing", Request{Validators: old}, 304, nil, Response{}, ErrNotModified},
		{"hub and topic", Request{}, 200,
			[]string{"Content-Type", "text/xml", "Link", `</hub>; rel="hub", <https://a.example/f>; rel=self`},
			Response{ContentType: "text/xml", Body: []byte(feed), Received: int64(len(feed)),
				Links: []Link{{Rel: "hub", URL: base + "/hub"}, {Rel: "self", URL: "https://a.example/f"}}}, nil},
	}
	c := newClient(t, Options{})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fields, status, body = tt.fields, tt.status, feed
			tt.r.URL, tt.want.URL, tt.want.Status = base+"/rss", base+"/rss", tt.status
			got, err := c.Get(t.Context(), tt.r)
			if !errors.Is(err, tt.err) {
				t.Fatalf("got error %v, want %v", err, tt.err)
			}
			if d := cmp.Diff(&tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestGetRefusesAnswers(t *testing.T) {
	validators := news.Validators{ETag: `"1"`}
	tests := []struct {
		name    string
		r       Request
		status  int
		fields  []string
		body    string
		want    StatusError
		blocked bool
		problem news.Problem
	}{
		{"404", Request{}, 404, nil, "<h1>Not here</h1>", StatusError{Snippet: "Not here"}, false, news.ProblemHTTP},
		{"410", Request{}, 410, nil, "", StatusError{}, false, news.ProblemGone},
		{"401", Request{}, 401, nil, "", StatusError{}, true, news.ProblemBlocked},
		{"403", Request{}, 403, nil, "", StatusError{}, true, news.ProblemBlocked},
		{"429", Request{}, 429, nil, "", StatusError{}, false, news.ProblemHTTP},
		{"429 with a challenge", Request{}, 429, []string{"Cf-Mitigated", "challenge"}, "", StatusError{Challenge: "cf-mitigated: challenge"},
			true, news.ProblemBlocked},
		{"a challenge under 202", Request{}, 202, []string{"x-amzn-waf-action", "challenge"}, "",
			StatusError{Challenge: "x-amzn-waf-action: challenge"}, true, news.ProblemBlocked},
		{"a challenge under 200", Request{}, 200, nil,
			`<html><head><script>window["bobcmn"] = "1";</script></head><body>Please enable JavaScript</body></html>`,
			StatusError{Challenge: `window["bobcmn"]`, Snippet: "Please enable JavaScript"}, true, news.ProblemBlocked},
		{"304 to no condition", Request{}, 304, nil, "", StatusError{}, false, news.ProblemHTTP},
		{"226: a part that was not asked for", Request{Validators: validators}, 226, []string{"IM", "feed"}, "x", StatusError{Snippet: "x"},
			false, news.ProblemHTTP},
		{"204", Request{}, 204, nil, "", StatusError{}, false, news.ProblemHTTP},
		{"206", Request{}, 206, nil, "x", StatusError{Snippet: "x"}, false, news.ProblemHTTP},
		{"300", Request{}, 300, []string{"Location", "/other"}, "", StatusError{}, false, news.ProblemHTTP},
		{"500", Request{}, 500, nil, "\x1b[31mdead\x07", StatusError{Snippet: "[31mdead"}, false, news.ProblemHTTP},
		{"a page of another encoding", Request{}, 503, []string{"Content-Type", "text/html; charset=windows-1251"}, "<p>\xcd\xe5\xf2</p>",
			StatusError{Snippet: "Нет"}, false, news.ProblemHTTP},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			url := serve(t, func(w http.ResponseWriter, r *http.Request) {
				for i := 0; i < len(tt.fields); i += 2 {
					w.Header().Add(tt.fields[i], tt.fields[i+1])
				}
				w.WriteHeader(tt.status)
				w.Write([]byte(tt.body))
			})
			tt.r.URL, tt.want.URL, tt.want.Status = url, url, tt.status
			_, err := newClient(t, Options{}).Get(t.Context(), tt.r)
			var got *StatusError
			if !errors.As(err, &got) {
				t.Fatalf("got %v, want a StatusError", err)
			}
			if d := cmp.Diff(&tt.want, got); d != "" {
				t.Error(d)
			}
			if got.Blocked() != tt.blocked || Problem(err) != tt.problem {
				t.Errorf("blocked %v, problem %q", got.Blocked(), Problem(err))
			}
		})
	}
	t.Run("a feed that quotes a challenge is a feed", func(t *testing.T) {
		url := serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Write([]byte(`<rss><title>window["bobcmn"] and /cdn-cgi/challenge-platform/</title></rss>`))
		})
		if _, err := newClient(t, Options{}).Get(t.Context(), Request{URL: url}); err != nil {
			t.Error(err)
		}
	})
}

// A validator that no request can carry would make every later one fail.
func TestUnsendableValidator(t *testing.T) {
	c := newClient(t, Options{Transport: answers(func(r *http.Request) (*http.Response, error) {
		return answer(r, 200, feed, "ETag", "\"a\x01b\"", "Last-Modified", "Tue\x7f"), nil
	})})
	resp, err := c.Get(t.Context(), Request{URL: "http://a.example/"})
	if err != nil || !resp.Validators.IsZero() {
		t.Errorf("got %+v, %v", resp, err)
	}
}

// The certificate's end is that of the server which answered, regardless of its chain.
func TestCertUntil(t *testing.T) {
	until := time.Date(2027, 5, 18, 10, 0, 0, 0, time.UTC)
	c := newClient(t, Options{Transport: answers(func(r *http.Request) (*http.Response, error) {
		w := httptest.NewRecorder()
		fmt.Fprint(w, feed)
		answer := w.Result()
		if r.URL.Scheme == "https" {
			answer.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{{NotAfter: until}, {NotAfter: until.AddDate(9, 0, 0)}}}
		}
		return answer, nil
	})})
	for url, want := range map[string]time.Time{"https://a.example/": until, "http://a.example/": {}} {
		if got, err := c.Get(t.Context(), Request{URL: url}); err != nil || !got.CertUntil.Equal(want) {
			t.Errorf("%s: %v, %+v", url, err, got)
		}
	}
}
