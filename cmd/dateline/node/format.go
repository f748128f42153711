package node

import (
	"fmt"
	"time"
)

// Moment is a time in JSON: RFC 3339 in UTC, null where it is missing.
type Moment time.Time

// MarshalJSON writes the time, or null for the zero one. A year of more than four digits is an error.
func (m Moment) MarshalJSON() ([]byte, error) {
	if time.Time(m).IsZero() {
		return []byte("null"), nil
	}
	return time.Time(m).UTC().MarshalJSON()
}

// UnmarshalJSON reads what MarshalJSON writes. The errors are those of encoding/json.
func (m *Moment) UnmarshalJSON(b []byte) error { return (*time.Time)(m).UnmarshalJSON(b) }

// Stamp prints a time for people: RFC 3339 in UTC, "-" where it is missing.
func Stamp(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format(time.RFC3339)
}

// Size prints a number of bytes for people, such as 1.5 MiB.
func Size(n int64) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	f, i := float64(n), 0
	for ; f >= 1024 && i < len(units)-1; i++ {
		f /= 1024
	}
	if i == 0 {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.1f %s", f, units[i])
}
