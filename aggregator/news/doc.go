// Package news holds the nouns of the wire: Source, Agency, Item, Entry, Credit, Feed, State, Visit, Record.
// Every stage of the pipeline uses these types and none depends on another stage. Besides the types, the package has what
// follows from them alone, such as keys and ids, and imports the standard library only.
//
// A number in a `cbor` tag is a field number of the stored form: append new ones, never reuse one. Entry and Record have
// none: the store writes them in a form of its own.
// All times are UTC; the zero time means "missing", never "now".
package news
