package publish

import (
	"net/http"
	"strings"
	"testing"
)

func TestConditions(t *testing.T) {
	h := served(t, ordinary(t, 1))
	etag := ask(h, "GET", "/feed.atom").Header.Get("Etag")
	modified := "Wed, 17 May 2023 12:45:00 GMT"
	for name, tt := range map[string]struct {
		fields []string
		want   int
	}{
		"none":                            {nil, 200},
		"the entity tag":                  {[]string{"If-None-Match", etag}, 304},
		"weak":                            {[]string{"If-None-Match", "W/" + etag}, 304},
		"any":                             {[]string{"If-None-Match", " * "}, 304},
		"in a list":                       {[]string{"If-None-Match", `"a,b" ,W/"c",, ` + etag + `,"d"`}, 304},
		"in a second field":               {[]string{"If-None-Match", `"a"`, "If-None-Match", etag}, 304},
		"another":                         {[]string{"If-None-Match", `"a"`}, 200},
		"a part of it":                    {[]string{"If-None-Match", etag[:len(etag)-2] + `"`}, 200},
		"without quotes":                  {[]string{"If-None-Match", strings.Trim(etag, `"`)}, 200},
		"without an end":                  {[]string{"If-None-Match", strings.TrimSuffix(etag, `"`)}, 200},
		"empty":                           {[]string{"If-None-Match", ""}, 200},
		"inside another":                  {[]string{"If-None-Match", `"a ` + strings.Trim(etag, `"`) + `"`}, 200},
		"the date":                        {[]string{"If-Modified-Since", modified}, 304},
		"a later date":                    {[]string{"If-Modified-Since", "Thu, 18 May 2023 00:00:00 GMT"}, 304},
		"an earlier date":                 {[]string{"If-Modified-Since", "Wed, 17 May 2023 12:44:59 GMT"}, 200},
		"no date":                         {[]string{"If-Modified-Since", "yesterday"}, 200},
		"the tag decides before the date": {[]string{"If-None-Match", `"a"`, "If-Modified-Since", modified}, 200},
	} {
		t.Run(name, func(t *testing.T) {
			for _, method := range []string{"GET", "HEAD"} {
				if got := ask(h, method, "/feed.atom", tt.fields...); got.StatusCode != tt.want {
					t.Errorf("%s: status %d, want %d", method, got.StatusCode, tt.want)
				}
			}
		})
	}
}

func TestAcceptEncoding(t *testing.T) {
	for field, want := range map[string]bool{
		"gzip": true, "GZIP": true, "x-gzip": true, "deflate, gzip;q=0.5": true, "gzip ; q=1.0": true, "*": true, "br, *;q=0.1": true,
		"": false, "identity": false, "gzip;q=0": false, "gzip;q=0.000": false, "*;q=0": false, "gzip;q=0, *": false, "*, gzip;q=0": false,
		"br": false, "gzipped": false, "gzip;q=x": false,
	} {
		t.Run(field, func(t *testing.T) {
			if got := acceptsGzip(http.Header{"Accept-Encoding": {field}}); got != want {
				t.Errorf("acceptsGzip(%q) = %v, want %v", field, got, want)
			}
		})
	}
	if acceptsGzip(http.Header{}) {
		t.Error("without the field: gzip, want none")
	}
	if !acceptsGzip(http.Header{"Accept-Encoding": {"br", "gzip"}}) {
		t.Error("in a second field: none, want gzip")
	}
}
