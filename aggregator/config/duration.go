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
		n, unit, tail, ok := cutNumber(rest)
		for len(units) > 0 && units[0].name != unit {
			units = units[1:]
		}
		if !ok || len(units) == 0 {
			return wrong("%q is no duration: write a whole number with s, m, h or d, or a sum such as 1h30m", s).meant(nearDuration(s))
		}
		if n > int64((math.MaxInt64-sum)/units[0].size) {
			return wrong("%s is longer than can be counted", s)
		}
		sum += Duration(n) * units[0].size
		if tail == "" {
			*d = sum
			return nil
		}
		rest, units = tail, units[1:]
	}
}

// cutNumber cuts the digits and then the letters from the front of s.
func cutNumber(s string) (n int64, unit, rest string, ok bool) {
	digits := len(s) - len(strings.TrimLeft(s, "0123456789"))
	rest = strings.TrimLeft(s[digits:], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
	n, err := strconv.ParseInt(s[:digits], 10, 64)
	if err != nil && digits > 0 {
		n, err = math.MaxInt64, nil // out of range, as the sum will say
	}
	return n, s[digits : len(s)-len(rest)], rest, err == nil
}

// nearDuration returns the duration that was probably meant: a unit written out, in capitals or
// after a space; for a bare number, seconds. Empty: nothing near.
func nearDuration(s string) string {
	n, unit, rest, ok := cutNumber(strings.ReplaceAll(s, " ", ""))
	if !ok || rest != "" {
		return ""
	}
	number := strconv.FormatInt(n, 10)
	switch strings.ToLower(unit) {
	case "", "s", "sec", "secs", "second", "seconds":
		return number + "s"
	case "m", "min", "mins", "minute", "minutes":
		return number + "m"
	case "h", "hr", "hrs", "hour", "hours":
		return number + "h"
	case "d", "day", "days":
		return number + "d"
	case "w", "wk", "week", "weeks":
		if n <= math.MaxInt64/7 {
			return strconv.FormatInt(7*n, 10) + "d"
		}
	}
	return ""
}
