package news

import (
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// Key names an item or an entry for ever: a UUID version 5 (RFC 9562 section 5.5).
// An entry bears the key of its representative. The zero Key names nothing.
type Key [16]byte

// ErrKey is returned by [ParseKey] for what is no key.
var ErrKey = errors.New("news: not a key")

// space is the namespace of all keys. It is part of every published id and never changes.
var space = Key{0x1d, 0x8b, 0x2c, 0x6e, 0x5f, 0x0a, 0x4b, 0x57, 0x9e, 0x61, 0x3a, 0xd4, 0x70, 0xc2, 0x95, 0xee}

// ItemKey returns the key of what source published under identity. The two are separated by a NUL,
// which neither can contain, so that no two pairs give the same name.
func ItemKey(source, identity string) Key { return v5(source + "\x00" + identity) }

// SourceKey returns the key that stands for a source where its own feed has no usable atom:id.
func SourceKey(source string) Key { return v5(source) }

func v5(name string) Key {
	h := sha1.New()
	h.Write(space[:])
	h.Write([]byte(name))
	var k Key
	copy(k[:], h.Sum(nil))
	k[6] = k[6]&0x0f | 0x50
	k[8] = k[8]&0x3f | 0x80
	return k
}

// IdentityKey is what an item is recognised by: the hash of an identity, of a canonical address, or of a title
// and a minute. Several items may lay the same identity key; who reads one compares what it stands for.
type IdentityKey [12]byte

// IdentityKey returns the identity key that k itself stands for.
func (k Key) IdentityKey() IdentityKey { return IdentityKey(k[:12]) }

// NewIdentityKey returns the identity key to the parts, which differ from all other parts as long as none holds a NUL.
func NewIdentityKey(parts ...string) IdentityKey {
	h := sha1.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return IdentityKey(h.Sum(nil)[:12])
}

// ParseKey reads a key as [Key.String] prints it, bare or as `urn:uuid:`. It returns [ErrKey] for anything else.
func ParseKey(s string) (Key, error) {
	var k Key
	t := strings.TrimPrefix(strings.ToLower(s), "urn:uuid:")
	if len(t) != 36 || t[8] != '-' || t[13] != '-' || t[18] != '-' || t[23] != '-' {
		return k, fmt.Errorf("%w: %q", ErrKey, s)
	}
	if _, err := hex.Decode(k[:], []byte(t[:8]+t[9:13]+t[14:18]+t[19:23]+t[24:])); err != nil {
		return Key{}, fmt.Errorf("%w: %q", ErrKey, s)
	}
	return k, nil
}

// IsZero reports whether k names nothing.
func (k Key) IsZero() bool { return k == Key{} }

// String prints k in the form of RFC 9562 section 4, without prefix.
func (k Key) String() string {
	var b [36]byte
	hex.Encode(b[:8], k[:4])
	hex.Encode(b[9:13], k[4:6])
	hex.Encode(b[14:18], k[6:8])
	hex.Encode(b[19:23], k[8:10])
	hex.Encode(b[24:], k[10:])
	b[8], b[13], b[18], b[23] = '-', '-', '-', '-'
	return string(b[:])
}

// URN prints k as an atom:id.
func (k Key) URN() string { return "urn:uuid:" + k.String() }

// MarshalText returns what String does; of the zero key, nothing. The error is nil.
func (k Key) MarshalText() ([]byte, error) {
	if k.IsZero() {
		return nil, nil
	}
	return []byte(k.String()), nil
}

// UnmarshalText reads what MarshalText wrote; empty text is the zero key. The error names the text that is no key.
func (k *Key) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*k = Key{}
		return nil
	}
	p, err := ParseKey(string(b))
	if err == nil {
		*k = p
	}
	return err
}
