package config

import (
	"math"
	"strconv"
	"strings"
)

// Size is a number of bytes, written as a whole number with the unit B, KiB, MiB or GiB, or with
// none for bytes: 10MiB, 512KiB, 4096.
type Size int64

var sizeUnits = []struct {
	name string
	size Size
}{
	{"GiB", 1 << 30},
	{"MiB", 1 << 20},
	{"KiB", 1 << 10},
	{"B", 1},
}

// String writes s in the largest unit that divides it.
func (s Size) String() string {
	for _, u := range sizeUnits {
		if s != 0 && s%u.size == 0 {
			return strconv.FormatInt(int64(s/u.size), 10) + u.name
		}
	}
	return "0B"
}

// MarshalText writes what String does. The error is nil.
func (s Size) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what String writes. The error is an [*Error] without a place.
func (s *Size) UnmarshalText(b []byte) error {
	text := string(b)
	if strings.HasPrefix(text, "-") {
		return wrong("%s is negative", text)
	}
	digits, unit, rest := cutNumber(text)
	if unit == "" {
		unit = "B"
	}
	for _, u := range sizeUnits {
		if digits == "" || rest != "" || u.name != unit {
			continue
		}
		n, ok := count(digits)
		if !ok || n > math.MaxInt64/int64(u.size) {
			return wrong("%s is larger than can be counted", text)
		}
		*s = Size(n) * u.size
		return nil
	}
	return wrong("%q is no size: write a whole number with B, KiB, MiB or GiB", text).meant(nearSize(text))
}

// nearSize returns the size that was probably meant by a unit of another spelling, such as MB. Empty: nothing near.
func nearSize(s string) string {
	digits, unit, rest := cutNumber(strings.ReplaceAll(s, " ", ""))
	if digits == "" || rest != "" || unit == "" {
		return ""
	}
	for _, u := range sizeUnits {
		if strings.EqualFold(unit[:1], u.name[:1]) {
			return digits + u.name
		}
	}
	return ""
}
