package view

import (
	"strings"
	"testing"

	"dateline/aggregator/news"
)

func TestUsableID(t *testing.T) {
	for id, want := range map[string]bool{
		"https://belta.example/politics/1":              true,
		"https://belta.example/a/b?x=1&y=2#f":           true,
		"http://belta.example:8080/":                    true,
		"http://belta.example/%D0%B1":                   true,
		"http://belta.example/a%2Fb":                    true,
		"http://belta.example/100%25":                   true,
		"tag:belta.example,2023:politics/1":             true,
		"tag:desk@belta.example,2023-05-17:1":           true,
		"urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6": true,
		"urn:newsml:belta.example:20230517:1":           true,

		"":                                      false,
		"1":                                     false,
		"/politics/1":                           false,
		"//belta.example/1":                     false,
		"Belta 1":                               false,
		"HTTP://belta.example/1":                false, // case of the scheme
		"http://Belta.example/1":                false, // case of the host
		"http://belta.example":                  false, // no path
		"http://belta.example?x":                false,
		"http://belta.example:80/":              false, // default port
		"https://belta.example:443/":            false,
		"http://belta.example:/":                false,
		"http://belta.example:080/":             false,
		"http://belta.example./":                false,
		"http://belta.example/a/../b":           false, // dot segments
		"http://belta.example/.":                false,
		"http://belta.example/%d0%b1":           false, // escapes in lower case
		"http://belta.example/%7Ea":             false, // an escape that is not needed
		"http://belta.example/%D0":              false, // no UTF-8
		"http://belta.example/%2541":            false, // decoded twice
		"http://belta.example/e%CC%81":          false, // not NFC
		"http://belta.example/%":                false,
		"http://belta.example/a b":              false,
		"http://belta.example/новости":          false,
		"https://пример.рф/1":                   false,
		"http://belta.example/#a#b":             false,
		"http:///1":                             false,
		"tag:Belta.example,2023:1":              false,
		"tag:belta.example:1":                   false,
		"urn:uuid:1":                            false,
		"urn:x:1":                               false, // a namespace has two characters
		"urn:newsml:a#b":                        false,
		"yt:video:1":                            false, // not a registered scheme
		"http://belta.example/" + "\x00":        false,
		"http://belta.example/" + "\xff":        false,
		strings.Repeat("http://a.example/", 2):  true,
		"http://belta.example/a\nhttp://b.test": false,
	} {
		t.Run(id, func(t *testing.T) {
			if got := UsableID(id); got != want {
				t.Errorf("UsableID(%q) = %v, want %v", id, got, want)
			}
		})
	}
}

func TestSourceID(t *testing.T) {
	if got, want := SourceID("belta", "https://belta.example/feed"), "https://belta.example/feed"; got != want {
		t.Errorf("usable: got %s, want %s", got, want)
	}
	if got, want := SourceID("belta", "https://belta.example"), news.SourceKey("belta").URN(); got != want {
		t.Errorf("not canonical: got %s, want %s", got, want)
	}
}

func FuzzUsableID(f *testing.F) {
	f.Add("https://belta.example/%D0%B1?a#b")
	f.Add("tag:belta.example,2023:1")
	f.Fuzz(func(t *testing.T, id string) {
		if !UsableID(id) {
			return
		}
		if id != strings.TrimSpace(id) || !ascii(id) || !strings.Contains(id, ":") || legal(id) != id {
			t.Errorf("UsableID(%q)", id)
		}
		if strings.HasPrefix(id, "http") && Web(id) != id {
			t.Errorf("usable %q as an address is %q", id, Web(id))
		}
	})
}
