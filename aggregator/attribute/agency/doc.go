// Package agency holds the registry of agencies and the gazetteer, both built from embedded tables (agencies.txt,
// places.txt) that a speaker of a language can extend without reading Go.
package agency
