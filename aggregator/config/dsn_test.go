package config

import "testing"

// TestDSN: a PostgreSQL may be named with its standbys, each a host of its own.
func TestDSN(t *testing.T) {
	t.Parallel()
	for dsnText, good := range map[string]bool{
		"postgres://wire@db.example/wire": true,
		"postgresql://db.example":         true,
		"postgres://wire:${PASSWORD}@a.example:5432,b.example:5433/wire?sslmode=verify-full":  true,
		"postgres://wire:${PASSWORD}@a.example:5432,b.example:54330/wire?sslmode=verify-full": true,
		"postgres://a.example,b.example:98765/wire":                                           false,
		"postgres://a.example,/wire":                                                          false,
		"mysql://a.example/wire":                                                              false,
		"a.example/wire":                                                                      false,
	} {
		if e := dsn(dsnText); (e == nil) != good {
			t.Errorf("%s: %v", dsnText, e)
		}
	}
}
