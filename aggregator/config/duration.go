package config

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Duration is a length of time in whole seconds, written as numbers with the units s, m, h and d from
// the longest to the shortest: 90d, 1h30m, 2d12h. A day is 24 hours. 0 needs no unit.
type Duration time.Duration

var durationUnits = []struct {
	name string
	size Duration
}{
	{"d", Duration(24 * time.Hour)},
	{"h", Duration(time.Hour)},
	{"m", Duration(time.Minute)},
	{"s", Duration(time.Second)},
}

// String writes d as the file would have it. Fractions of a second, which no file can hold, are cut.
func (d Duration) String() string {
	if d < 0 {
		return "-" + (-max(d, -math.MaxInt64)).String()
	}
	var b strings.Builder
	for _, u := range durationUnits {
		if n := d / u.size; n > 0 {
			b.WriteString(strconv.FormatInt(int64(n), 10) + u.name)
			d %= u.size
		}
	}
	if b.Len() == 0 {
		return "0s"
	}
	return b.String()
}

// MarshalText writes what String does. The error is nil.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what String writes. The error is an [*Error] without a place.
func (d *Duration) UnmarshalText(b []byte) error {
	s := string(b)
	if s == "0" {
		*d = 0
		return nil
	}
	if strings.HasPrefix(s, "-") {
		return wrong("%s is negative", s)
	}
	var sum Duration
	rest, units := s, durationUnits
	for {
		digits, unit, after := cutNumber(rest)
		for len(units) > 0 && units[0].name != unit {
			units = units[1:]
		}
		if digits == "" || len(units) == 0 {
			return wrong("%q is no duration: write a whole number with s, m, h or d, or a sum such as 1h30m", s).meant(nearDuration(s))
		}
		n, ok := count(digits)
		if !ok || n > int64((math.MaxInt64-sum)/units[0].size) {
			return wrong("%s is longer than can be counted", s)
		}
		sum += Duration(n) * units[0].size
		if after == "" {
			*d = sum
			return nil
		}
		rest, units = after, units[1:]
	}
}

// cutNumber cuts the digits and then the letters from the front of s.
func cutNumber(s string) (digits, unit, rest string) {
	rest = strings.TrimLeft(s, "0123456789")
	digits = s[:len(s)-len(rest)]
	unit = rest
	rest = strings.TrimLeft(rest, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
	return digits, unit[:len(unit)-len(rest)], rest
}

// count returns the number that digits write, and false if it is too large.
func count(digits string) (int64, bool) {
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, err == nil
}

// usualUnit returns the unit that the value of a key is mostly given in.
func usualUnit(path string) string {
	switch path[strings.LastIndexByte(path, '.')+1:] {
	case "retention", "keys":
		return "d"
	case "retry_max":
		return "h"
	case "every", "deadline":
		return "m"
	}
	return "s"
}

// inUsualUnit returns e, an error of [Duration.UnmarshalText] about s, with the unit suggested that the key is mostly given in.
func (e *Error) inUsualUnit(s, key string) *Error {
	if e.Suggestion != "" && wholeNumber().MatchString(s) {
		e.Suggestion = s + usualUnit(key)
	}
	return e
}

// ReadDuration reads what a flag was given, key being the flag's name or that of a key of the config: a bare number is suggested in the
// unit that key is mostly given in. The error is an [*Error] without a place.
func ReadDuration(key, s string) (Duration, error) {
	var d Duration
	err := d.UnmarshalText([]byte(s))
	if e, ok := err.(*Error); ok {
		return 0, e.inUsualUnit(s, key)
	}
	return d, err
}

// nearDuration returns the duration that was probably meant: a unit written out, in capitals or
// after a space; for a bare number, seconds. Empty: nothing near.
func nearDuration(s string) string {
	digits, unit, rest := cutNumber(strings.ReplaceAll(s, " ", ""))
	if next := map[string]string{"d": "h", "h": "m", "m": "s"}[unit]; next != "" && rest != "" && strings.Trim(rest, "0123456789") == "" {
		return digits + unit + rest + next // 1h30
	}
	if digits == "" || rest != "" {
		return ""
	}
	switch strings.ToLower(unit) {
	case "", "s", "sec", "secs", "second", "seconds":
		return digits + "s"
	case "m", "min", "mins", "minute", "minutes":
		return digits + "m"
	case "h", "hr", "hrs", "hour", "hours":
		return digits + "h"
	case "d", "day", "days":
		return digits + "d"
	case "w", "wk", "week", "weeks":
		if n, ok := count(digits); ok && n <= math.MaxInt64/7 {
			return strconv.FormatInt(7*n, 10) + "d"
		}
	}
	return ""
}
