// Package news holds the nouns of the wire: Source, Agency, Item, Entry, Credit, Feed, State, Visit, Record.
// Every stage of the pipeline speaks these; none of them knows how another stage works. The package
// has no behaviour beyond what keeps a noun consistent, and imports the standard library only.
//
// Numbers in `cbor` tags are the field numbers of the stored form: append new ones, never reuse one.
// All times are UTC; the zero time means "missing", never "now".
package news
