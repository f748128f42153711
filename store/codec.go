package store

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/fxamacker/cbor/v2"
	"github.com/klauspost/compress/zstd"

	"dateline/aggregator/news"
	"dateline/store/postings"
)

// errValue is returned for a stored value that cannot be read: the file is damaged ([ErrCorrupt]).
var errValue = fmt.Errorf("%w: unreadable value", ErrCorrupt)

// codec turns nouns into stored values and back. It is used from one writer and many readers.
type codec struct {
	enc cbor.EncMode
	dec cbor.DecMode
	zip *zstd.Encoder
	raw *zstd.Decoder
}

func newCodec() (*codec, error) {
	enc, encErr := cbor.EncOptions{Time: cbor.TimeRFC3339Nano, Sort: cbor.SortCoreDeterministic}.EncMode()
	dec, decErr := cbor.DecOptions{UTF8: cbor.UTF8DecodeInvalid}.DecMode()
	zip, zipErr := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
		zstd.WithEncoderCRC(false), zstd.WithSingleSegment(true))
	raw, rawErr := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(64<<20))
	return &codec{enc: enc, dec: dec, zip: zip, raw: raw}, errors.Join(encErr, decErr, zipErr, rawErr)
}

// pack encodes a value. It returns a [*TextError].
func (c *codec) pack(v any) ([]byte, error) {
	b, err := c.marshal(v)
	return append([]byte{formPlain}, b...), err
}

// packState encodes what is remembered of a source, also where a server sent bytes that are no UTF-8 as a validator or an address.
func (c *codec) packState(v any) ([]byte, error) {
	b, err := c.enc.Marshal(v)
	return append([]byte{formPlain}, b...), err
}

// marshal encodes a value as CBOR. It returns a [*TextError].
func (c *codec) marshal(v any) ([]byte, error) {
	b, err := c.enc.Marshal(v)
	return b, cmp.Or(err, checkText(b))
}

// TextError is returned for a string that is not UTF-8: no item, entry or rule that has one is stored (RFC 8949 section 3.1).
type TextError struct{ Text string }

func (e *TextError) Error() string { return fmt.Sprintf("store: not UTF-8: %.80q", e.Text) }

// checkText looks at the text strings of what our encoder wrote: every length is definite.
func checkText(b []byte) error {
	for len(b) > 0 {
		major, n, size := b[0]>>5, uint64(b[0]&31), 1
		if n >= 24 {
			size += 1 << (n - 24)
			n = 0
			for _, c := range b[1:size] {
				n = n<<8 | uint64(c)
			}
		}
		if b = b[size:]; major != 2 && major != 3 { // a number, or the head of what follows
			continue
		}
		if major == 3 && !utf8.Valid(b[:n]) {
			return &TextError{string(b[:n])}
		}
		b = b[n:]
	}
	return nil
}

func (c *codec) unpack(v []byte, to any) error {
	if len(v) < 1 || v[0] != formPlain {
		return errValue
	}
	return c.unmarshal(v[1:], to)
}

// unmarshal decodes CBOR.
func (c *codec) unmarshal(b []byte, to any) error {
	if err := c.dec.Unmarshal(b, to); err != nil {
		return fmt.Errorf("%w: %w", errValue, err)
	}
	return nil
}

// unzip unpacks what zip packed.
func (c *codec) unzip(packed []byte) ([]byte, error) {
	plain, err := c.raw.DecodeAll(packed, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errValue, err)
	}
	return plain, nil
}

func codeOf[T comparable](codes []T, v T) byte {
	for i, c := range codes {
		if c == v {
			return byte(i)
		}
	}
	return 0
}

func decoded[T any](r *reader, codes []T) T {
	n := int(r.Byte())
	if n >= len(codes) {
		r.Fail()
		n = 0
	}
	return codes[n]
}

func unixOf(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func appendTime(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return binary.AppendVarint(b, 0)
	}
	return binary.AppendVarint(b, t.UnixNano())
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// reader takes a value apart.
type reader struct{ postings.Decoder }

// read returns a reader of a value behind its schema byte, which must be that.
func read(value []byte, form byte) reader {
	r := reader{postings.Decoder{Rest: value}}
	r.Begins(form)
	return r
}

// err returns an error where the value is not what was written.
func (r *reader) err() error {
	if r.Bad {
		return errValue
	}
	return nil
}

func (r *reader) string() string { return string(r.Bytes()) }

func (r *reader) uint64() uint64 { return num8(r.Take(8)) }

func (r *reader) key() news.Key { return news.Key(r.Take(16)) }

func (r *reader) time() time.Time {
	n := r.Varint()
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}
