package fetch

import (
	"net/http"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func fields(kv ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(kv); i += 2 {
		h.Add(kv[i], kv[i+1])
	}
	return h
}

func TestFresh(t *testing.T) {
	tests := []struct {
		name string
		h    http.Header
		want time.Duration
		by   string
	}{
		{"nothing said", fields(), 0, ""},
		{"max-age", fields("Cache-Control", "public, max-age=600"), 10 * time.Minute, ByMaxAge},
		{"max-age minus Age", fields("Cache-Control", "max-age=600", "Age", "540"), time.Minute, ByMaxAge},
		{"max-age used up", fields("Cache-Control", "max-age=600", "Age", "601", "Expires", "Tue, 24 Nov 2026 18:00:00 GMT"), 0, ""},
		{"max-age quoted, in capitals", fields("Cache-Control", `MAX-AGE="60"`), time.Minute, ByMaxAge},
		{"max-age on a second line", fields("Cache-Control", "public", "Cache-Control", "max-age=60"), time.Minute, ByMaxAge},
		{"the first max-age", fields("Cache-Control", "max-age=60, max-age=600"), time.Minute, ByMaxAge},
		{"max-age inside quotes is none", fields("Cache-Control", `private="max-age=60, x"`), 0, ""},
		{"max-age before Expires", fields("Cache-Control", "max-age=60", "Expires", "Tue, 24 Nov 2026 18:00:00 GMT"), time.Minute, ByMaxAge},
		{"max-age=0", fields("Cache-Control", "max-age=0", "Expires", "Tue, 24 Nov 2026 18:00:00 GMT"), 0, ""},
		{"no-cache", fields("Cache-Control", "no-cache, max-age=60"), 0, ""},
		{"no-store", fields("Cache-Control", "no-store", "Expires", "Tue, 24 Nov 2026 18:00:00 GMT"), 0, ""},
		{"s-maxage is not for us", fields("Cache-Control", "s-maxage=60"), 0, ""},
		{"max-age negative, then Expires", fields("Cache-Control", "max-age=-1", "Expires", "Tue, 24 Nov 2026 13:00:00 GMT"), time.Hour,
			ByExpires},
		{"max-age beyond all measure", fields("Cache-Control", "max-age=99999999999999999999"), maxSeconds * time.Second, ByMaxAge},
		{"max-age of three centuries", fields("Cache-Control", "max-age=9999999999"), maxSeconds * time.Second, ByMaxAge},
		{"Expires by the server's clock", fields("Expires", "Tue, 24 Nov 2026 10:00:00 GMT", "Date", "Tue, 24 Nov 2026 09:00:00 GMT"), time.Hour,
			ByExpires},
		{"Expires by ours", fields("Expires", "Tue, 24 Nov 2026 13:00:00 GMT"), time.Hour, ByExpires},
		{"Expires over", fields("Expires", "Tue, 24 Nov 2026 11:00:00 GMT"), 0, ""},
		{"Expires 0", fields("Expires", "0"), 0, ""},
		{"Expires in another form", fields("Expires", "Tuesday, 24-Nov-26 13:00:00 GMT"), time.Hour, ByExpires},
		{"Age that is none", fields("Cache-Control", "max-age=60", "Age", "-5"), time.Minute, ByMaxAge},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, by := fresh(tt.h, noon); got != tt.want || by != tt.by {
				t.Errorf("got %v by %q, want %v by %q", got, by, tt.want, tt.by)
			}
		})
	}
}

func TestRetryAfter(t *testing.T) {
	tests := []struct {
		name string
		h    http.Header
		want time.Time
	}{
		{"none", fields(), time.Time{}},
		{"seconds", fields("Retry-After", " 120 "), noon.Add(2 * time.Minute)},
		{"a date, by our clock", fields("Retry-After", "Tue, 24 Nov 2026 12:30:00 GMT"), noon.Add(30 * time.Minute)},
		{"a date, by the server's clock", fields("Retry-After", "Tue, 24 Nov 2026 09:30:00 GMT", "Date", "Tue, 24 Nov 2026 09:00:00 GMT"),
			noon.Add(30 * time.Minute)},
		{"a date of RFC 850", fields("Retry-After", "Tuesday, 24-Nov-26 12:30:00 GMT"), noon.Add(30 * time.Minute)},
		{"a date of asctime", fields("Retry-After", "Tue Nov 24 12:30:00 2026"), noon.Add(30 * time.Minute)},
		{"a date that is over", fields("Retry-After", "Tue, 24 Nov 2026 11:30:00 GMT"), time.Time{}},
		{"0", fields("Retry-After", "0"), time.Time{}},
		{"negative", fields("Retry-After", "-5"), time.Time{}},
		{"a fraction", fields("Retry-After", "1.5"), time.Time{}},
		{"words", fields("Retry-After", "soon"), time.Time{}},
		{"beyond all measure", fields("Retry-After", "999999999999999999999"), noon.Add(maxSeconds * time.Second)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := RetryAfter(tt.h, noon); !got.Equal(tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// What is read is never in the past, never beyond what an int32 of seconds holds, and a source that says nothing sets nothing.
func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"120", "", "-1", "Tue, 24 Nov 2026 12:30:00 GMT", "Mon, 01 Jan 0001 00:00:00 GMT",
		"Fri, 31 Dec 9999 23:59:59 GMT"} {
		f.Add(s, "Tue, 24 Nov 2026 12:00:00 GMT")
		f.Add(s, "")
	}
	f.Fuzz(func(t *testing.T, value, date string) {
		got := RetryAfter(http.Header{"Retry-After": {value}, "Date": {date}}, noon)
		if !got.IsZero() && (!got.After(noon) || got.After(noon.Add(maxSeconds*time.Second))) {
			t.Errorf("%q at %q: %v", value, date, got)
		}
		if value == "" && !got.IsZero() {
			t.Errorf("nothing said, and yet %v", got)
		}
	})
}

func FuzzFresh(f *testing.F) {
	f.Add("max-age=600", "5", "Tue, 24 Nov 2026 12:30:00 GMT", "")
	f.Add(`private="x, max-age=1", max-age="60"`, "", "0", "Tue, 24 Nov 2026 12:30:00 GMT")
	f.Add(`no-cache, "`, "99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 GMT")
	f.Fuzz(func(t *testing.T, control, age, expires, date string) {
		h := http.Header{"Cache-Control": {control}, "Age": {age}, "Expires": {expires}, "Date": {date}}
		d, by := fresh(h, noon)
		if d < 0 || d > maxSeconds*time.Second || (d == 0) != (by == "") {
			t.Errorf("%v by %q", d, by)
		}
		h["Cache-Control"] = []string{"no-store", control}
		if d, _ := fresh(h, noon); d != 0 {
			t.Errorf("no-store, and yet %v", d)
		}
	})
}
