package config

import "strconv"

// Share is a part of a whole, from 0 to 1: 0.60.
type Share float64

// String writes s with two digits, or as many as it needs.
func (s Share) String() string {
	if two := strconv.FormatFloat(float64(s), 'f', 2, 64); len(two) >= len(strconv.FormatFloat(float64(s), 'f', -1, 64)) {
		return two
	}
	return strconv.FormatFloat(float64(s), 'f', -1, 64)
}

// MarshalText writes what String does. The error is nil.
func (s Share) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what String writes. The error is an [*Error] without a place.
func (s *Share) UnmarshalText(b []byte) error {
	n, err := strconv.ParseFloat(string(b), 64)
	if err != nil || !(n >= 0 && n <= 1) {
		return wrong("%q: want a number from 0 to 1", b)
	}
	*s = Share(n)
	return nil
}
