package publish

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

func TestWeb(t *testing.T) {
	for in, want := range map[string]string{
		"https://belta.example/a?b=c#d":          "https://belta.example/a?b=c#d",
		"HTTPS://Belta.example":                  "https://Belta.example",
		" https://belta.example/a ":              "https://belta.example/a",
		"https://belta.example/a b":              "https://belta.example/a%20b",
		"https://belta.example/?a[]=1":           "https://belta.example/?a%5B%5D=1",
		"https://belta.example/#a#b":             "https://belta.example/#a%23b",
		"https://belta.example/я":                "https://belta.example/%D1%8F",
		"https://belta.example/%":                "https://belta.example/%",
		"https://пример.рф/я":                    "https://xn--e1afmkfd.xn--p1ai/%D1%8F",
		"https://пример.рф:8080/":                "https://xn--e1afmkfd.xn--p1ai:8080/",
		"http://[2001:db8::1]:80/":               "http://[2001:db8::1]:80/",
		"http://[2001:db8::1/":                   "",
		"http://exa mple/":                       "",
		"http:///a":                              "",
		"http://":                                "",
		"//belta.example/a":                      "",
		"/a":                                     "",
		"":                                       "",
		"ftp://belta.example/a":                  "",
		"javascript:alert(1)":                    "",
		"javascript://belta.example/%0Aalert(1)": "",
		"data:text/html,x":                       "",
	} {
		t.Run(in, func(t *testing.T) {
			got := web(in)
			if got != want {
				t.Errorf("web(%q) = %q, want %q", in, got, want)
			}
			if again := web(got); again != got {
				t.Errorf("web(%q) = %q: not stable", got, again)
			}
		})
	}
}

func TestName(t *testing.T) {
	for in, want := range map[string]string{
		"Jane Roe":                       "Jane Roe",
		"Иван Иванов":                    "Иван Иванов",
		"TASS <press@tass.example>":      "TASS",
		"press@tass.example (Jane Roe)":  "Jane Roe",
		"Jane Roe (press@tass.example)":  "Jane Roe",
		"press@tass.example":             "",
		"mailto:press@tass.example":      "",
		"<b>Jane</b> Roe":                "Jane Roe",
		"&lt;b&gt;Jane&lt;/b&gt;":        "Jane",
		"&amp;lt;b&amp;gt;Jane":          "Jane",
		"R&D desk":                       "R&D desk",
		"Tom &amp; Ann":                  "Tom & Ann",
		"R&2D":                           "R& 2D",
		"BelTA (Minsk)":                  "BelTA (Minsk)",
		"  Jane \n Roe\x01 ":             "Jane Roe",
		"&lt;press@tass.example&gt; Ann": "Ann",
		"<>":                             "",
		"":                               "",
	} {
		t.Run(in, func(t *testing.T) {
			got := name(in)
			if got != want {
				t.Errorf("name(%q) = %q, want %q", in, got, want)
			}
			if again := name(got); again != got {
				t.Errorf("name(%q) = %q: not stable", got, again)
			}
		})
	}
}

func TestTongue(t *testing.T) {
	for in, want := range map[string]string{
		"ru": "ru", "ru_RU": "ru-RU", "EN-us": "en-US", "be-tarask": "be-tarask", "zh-Hant-TW": "zh-Hant-TW",
		"": "", "und": "", "xx": "", "Russian": "", "ru RU": "", "-": "",
	} {
		t.Run(in, func(t *testing.T) {
			if got := tongue(in); got != want {
				t.Errorf("tongue(%q) = %q, want %q", in, got, want)
			}
		})
	}
}

func TestTagLike(t *testing.T) {
	for in, want := range map[string]bool{
		"plain": false, "x < y": false, "<b>": false, "a<b": false, "R&D": false, "AT&T": false, "a & b": false,
		"</b>": true, "a </i> b": true, "AT&amp;T": true, "&#39;": true, "&x2": true, "&copy 2023": true,
	} {
		t.Run(in, func(t *testing.T) {
			if got := tagLike(in); got != want {
				t.Errorf("tagLike(%q) = %v, want %v", in, got, want)
			}
		})
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
		if strings.HasPrefix(id, "http") && web(id) != id {
			t.Errorf("usable %q as an address is %q", id, web(id))
		}
	})
}

func FuzzWeb(f *testing.F) {
	f.Add("https://пример.рф:80/я [x]#a#b")
	f.Add("http://[::1]/")
	f.Fuzz(func(t *testing.T, s string) {
		got := web(s)
		if got != "" && !uriForm.MatchString(got) {
			t.Errorf("web(%q) = %q: not a URI", s, got)
		}
		if again := web(got); again != got {
			t.Errorf("web(%q) = %q, then %q", s, got, again)
		}
	})
}

func FuzzName(f *testing.F) {
	f.Add("TASS <press@tass.example>")
	f.Add("&amp;lt;b&gt; (a@b.c)")
	f.Fuzz(func(t *testing.T, s string) {
		got := name(s)
		if tagLike(got) || got != line(got) {
			t.Errorf("name(%q) = %q", s, got)
		}
		if again := name(got); again != got {
			t.Errorf("name(%q) = %q, then %q", s, got, again)
		}
	})
}
