package view

import (
	"regexp"
	"testing"
)

// webForm is the form of a URI with the characters of RFC 3986 (brackets only round an IP literal).
var webForm = regexp.MustCompile(`^https?://(\[[0-9a-fA-F:]+\])?[0-9A-Za-z;/?:@&=+$.\-_!~*'()%,]*(#[0-9A-Za-z;/?:@&=+$.\-_!~*'()%,]*)?$`)

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
			got := Web(in)
			if got != want {
				t.Errorf("web(%q) = %q, want %q", in, got, want)
			}
			if again := Web(got); again != got {
				t.Errorf("web(%q) = %q: not stable", got, again)
			}
		})
	}
}

func FuzzWeb(f *testing.F) {
	f.Add("https://пример.рф:80/я [x]#a#b")
	f.Add("http://[::1]/")
	f.Fuzz(func(t *testing.T, s string) {
		got := Web(s)
		if got != "" && !webForm.MatchString(got) {
			t.Errorf("web(%q) = %q: not a URI", s, got)
		}
		if again := Web(got); again != got {
			t.Errorf("web(%q) = %q, then %q", s, got, again)
		}
	})
}
