package config_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/config"
)

func TestDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"0":             0,
		"0s":            0,
		"90d":           90 * 24 * time.Hour,
		"1h30m":         90 * time.Minute,
		"2d12h":         60 * time.Hour,
		"1d2h3m4s":      26*time.Hour + 3*time.Minute + 4*time.Second,
		"90m":           90 * time.Minute,
		"106751d":       106751 * 24 * time.Hour,
		"106751d23h47m": math.MaxInt64 / time.Minute * time.Minute,
	} {
		t.Run(text, func(t *testing.T) {
			var d config.Duration
			if err := d.UnmarshalText([]byte(text)); err != nil || time.Duration(d) != want {
				t.Errorf("got %v (%v), want %v", time.Duration(d), err, want)
			}
		})
	}
	for _, text := range []string{"", " ", "1", "s", "1h30", "30m1h", "1m1m", "-5m", "+5m", "1.5h", "5M", "5min", "1_0s", "106752d",
		"106751d23h48m", "9223372036854775808s", "٥m"} {
		t.Run("refuses "+text, func(t *testing.T) {
			var d config.Duration
			if err := d.UnmarshalText([]byte(text)); err == nil {
				t.Errorf("got %v", d)
			}
		})
	}
	for d, want := range map[config.Duration]string{
		0:                                        "0s",
		config.Duration(90 * time.Minute):        "1h30m",
		config.Duration(90 * 24 * time.Hour):     "90d",
		config.Duration(1500 * time.Millisecond): "1s",
		config.Duration(-time.Minute):            "-1m",
		math.MinInt64:                            "-106751d23h47m16s",
	} {
		t.Run("prints "+want, func(t *testing.T) {
			if got := d.String(); got != want {
				t.Errorf("got %s", got)
			}
		})
	}
}

func TestSize(t *testing.T) {
	for text, want := range map[string]config.Size{
		"0": 0, "4096": 4096, "7B": 7, "512KiB": 512 << 10, "10MiB": 10 << 20, "3GiB": 3 << 30, "8589934591GiB": 8589934591 << 30,
	} {
		t.Run(text, func(t *testing.T) {
			var s config.Size
			if err := s.UnmarshalText([]byte(text)); err != nil || s != want {
				t.Errorf("got %d (%v), want %d", s, err, want)
			}
		})
	}
	for _, text := range []string{"", "KiB", "1.5MiB", "10MB", "10M", "10 MiB", "10mib", "-1", "8589934592GiB", "9223372036854775808"} {
		t.Run("refuses "+text, func(t *testing.T) {
			var s config.Size
			if err := s.UnmarshalText([]byte(text)); err == nil {
				t.Errorf("got %d", s)
			}
		})
	}
}

func TestShare(t *testing.T) {
	for text, want := range map[string]config.Share{"0": 0, "0.60": 0.6, ".35": 0.35, "1": 1, "1e-1": 0.1} {
		t.Run(text, func(t *testing.T) {
			var s, again config.Share
			if err := s.UnmarshalText([]byte(text)); err != nil || s != want {
				t.Errorf("got %v (%v), want %v", s, err, want)
			}
			if err := again.UnmarshalText([]byte(s.String())); err != nil || again != s {
				t.Errorf("printed %s, read again %v (%v)", s, again, err)
			}
		})
	}
	for _, text := range []string{"", "60%", "1.01", "-0.1", "NaN", "Inf", "0,6", "a"} {
		t.Run("refuses "+text, func(t *testing.T) {
			var s config.Share
			if err := s.UnmarshalText([]byte(text)); err == nil {
				t.Errorf("got %v", s)
			}
		})
	}
}

func FuzzDuration(f *testing.F) {
	for _, s := range []string{"0", "90d", "1h30m", "2d12h", "106751d23h47m16s", "5 min"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var d, again config.Duration
		if d.UnmarshalText([]byte(text)) != nil {
			return
		}
		if err := again.UnmarshalText([]byte(d.String())); err != nil || d != again || d < 0 {
			t.Errorf("%q is %d, printed %s, read again %d (%v)", text, d, d, again, err)
		}
	})
}

func FuzzSize(f *testing.F) {
	for _, s := range []string{"0", "4096", "512KiB", "10MiB", "3GiB", "10 MB"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var s, again config.Size
		if s.UnmarshalText([]byte(text)) != nil {
			return
		}
		if err := again.UnmarshalText([]byte(s.String())); err != nil || s != again || s < 0 {
			t.Errorf("%q is %d, printed %s, read again %d (%v)", text, s, s, again, err)
		}
	})
}

// TestWordsOfWrongValues: what is said of values that people write by habit names what is wrong with them and what to write.
func TestWordsOfWrongValues(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"feed: {credit_line: \"true\"}":      `"true" where true or false belongs: write it without quotes`,
		"feed: {credit_line: yes}":           `"yes" where true or false belongs (did you mean "true"?)`,
		"feed: {entries: \"50\"}":            `"50" where a whole number belongs: write it without quotes`,
		"feed:\n  credit_line:\u00a0true":    `(column 15 has the space U+00A0, which is a letter to YAML: write a plain one)`,
		"feed:\n\u00a0\u00a0title: A":        `(column 1 has the space U+00A0`,
		"poll: {every: 15\u00a0m}":           `(column 17 has the space U+00A0`,
		"store: {path: ~}":                   `path is empty: ~ and null are YAML's words for nothing`,
		"store: {path: null}":                `path is empty: ~ and null are YAML's words for nothing`,
		"store: {path: }":                    `path is empty`,
		"network: {proxy: 'http://p:1/x?y'}": `a proxy has no path and no query`,
	} {
		_, err := config.Parse("f", []byte(text+"\n"))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	if w := parse(t, "store: {path: ~/wire.db}\nsources: [{id: a, name: A, url: 'https://a.example/'}]").Warnings(nil); len(w) != 1 ||
		!strings.Contains(w[0].Message, "not your home: write the whole path, such as /home/NAME/wire.db") {
		t.Error(w)
	}
}
