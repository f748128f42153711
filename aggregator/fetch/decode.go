package fetch

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// acceptEncoding names the content codings that we decode ourselves: net/http's own decoding has no limit.
const acceptEncoding = "gzip, br, zstd"

// maxCodings is how many codings one answer may have laid over each other.
const maxCodings = 2

// maxWindow is the memory that a zstd body may ask for (RFC 9659).
const maxWindow = 8 << 20

// decoders keeps decoders for reuse: each has tens of kilobytes of tables.
type decoders struct{ gzip, brotli, zstd sync.Pool }

func newDecoders() *decoders {
	d := &decoders{}
	d.gzip.New = func() any { return new(gzip.Reader) }
	d.brotli.New = func() any { return brotli.NewReader(nil) }
	return d
}

// open returns a reader of what r stands for under one coding, and what to call when it is no longer read.
func (d *decoders) open(coding string, r io.Reader) (io.Reader, func(), error) {
	switch coding {
	case "gzip", "x-gzip": // RFC 9110 section 8.4.1.3
		z := d.gzip.Get().(*gzip.Reader)
		if err := z.Reset(r); err != nil {
			return nil, nil, err
		}
		return z, func() { d.gzip.Put(z) }, nil
	case "br":
		z := d.brotli.Get().(*brotli.Reader)
		if err := z.Reset(r); err != nil {
			return nil, nil, err
		}
		return z, func() { d.brotli.Put(z) }, nil
	case "zstd":
		z, _ := d.zstd.Get().(*zstd.Decoder)
		if z == nil {
			var err error
			// With a concurrency of 1 it decodes in Read and starts no goroutine.
			if z, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow)); err != nil {
				return nil, nil, err
			}
		}
		if err := z.Reset(r); err != nil {
			return nil, nil, err
		}
		return z, func() { d.zstd.Put(z) }, nil
	}
	return nil, nil, fmt.Errorf("coding %.40q was not asked for", coding)
}

// codings returns the codings of a Content-Encoding, in the order in which they are to be undone.
func codings(fields []string) []string {
	var list []string
	for part := range split(strings.Join(fields, ","), ',') {
		if c := strings.ToLower(part); c != "identity" {
			list = append(list, c)
		}
	}
	slices.Reverse(list)
	return list
}

// meter counts what is read through it and stops at its limits with [ErrTooLarge].
type meter struct {
	r       io.Reader
	max     int64  // bytes
	encoded *meter // what r decodes; nil: r is the wire itself
	ratio   int64  // bytes for each byte of wire, once from bytes have passed
	from    int64

	n   atomic.Int64
	err error // the first of r or of a limit, io.EOF aside
}

func (m *meter) Read(p []byte) (int, error) {
	if m.err != nil {
		return 0, m.err
	}
	k, err := m.r.Read(p)
	n := m.n.Add(int64(k))
	switch {
	case n > m.max:
		err = fmt.Errorf("%w: more than %d bytes", ErrTooLarge, m.max)
	case m.encoded != nil && n > m.from && n > m.ratio*m.encoded.n.Load():
		err = fmt.Errorf("%w: more than %d times what was received", ErrTooLarge, m.ratio)
	}
	if err != nil && err != io.EOF {
		m.err = err
	}
	return k, err
}

// read reads wire to its end and undoes the codings; size is the length announced, -1 where there is none. What it could read comes back with the error:
// [ErrTooLarge] and [ErrEncoding] say what is wrong with it, any other says that it was cut off.
func (d *decoders) read(encoded *meter, list []string, l limits, size int64) ([]byte, error) {
	if len(list) > maxCodings {
		return nil, fmt.Errorf("%w: %d codings over each other", ErrEncoding, len(list))
	}
	top := encoded
	for _, coding := range list {
		// An empty body is empty under any coding.
		first := make([]byte, 1)
		switch n, err := io.ReadFull(top, first); {
		case err == io.EOF && n == 0:
			return nil, nil
		case err != nil:
			return nil, readError(encoded, err)
		}
		r, done, err := d.open(coding, io.MultiReader(bytes.NewReader(first), top))
		if err != nil {
			return nil, readError(encoded, err)
		}
		defer done()
		top = &meter{r: r, max: l.body, encoded: encoded, ratio: l.ratio, from: l.ratioFrom}
	}
	var buf bytes.Buffer
	if 0 < size && size <= l.body && len(list) == 0 {
		buf.Grow(int(size) + bytes.MinRead)
	}
	if _, err := buf.ReadFrom(top); err != nil {
		return buf.Bytes(), readError(encoded, err)
	}
	return buf.Bytes(), nil
}

// readError tells a document that was cut off from one that is not what it says. A coding that ends
// before its end was cut off by whoever made it, even where the connection ended well.
func readError(encoded *meter, err error) error {
	switch {
	case errors.Is(err, ErrTooLarge):
		return err
	case encoded.err != nil:
		return encoded.err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return err
	}
	return fmt.Errorf("%w: %w", ErrEncoding, err)
}
