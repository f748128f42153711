package fetch

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// acceptEncoding names the content codings that we decode ourselves: net/http's own decoding has no limit.
const acceptEncoding = "gzip, br, zstd"

// maxCodings is how many codings one answer may have laid over each other.
const maxCodings = 2

// maxWindow is the memory that a zstd body may ask for (RFC 9659).
const maxWindow = 8 << 20

// decoders keeps decoders for reuse: each has tens of kilobytes of tables.
type decoders struct {
	gzip, brotli, zstd sync.Pool
	bodies             sync.Pool // the *[]byte that were bodies ([Client.Recycle])
	reads              sync.Pool // *[]byte of maxRead bytes
}

func newDecoders() *decoders {
	d := &decoders{}
	d.bodies.New = func() any { return new([]byte) }
	d.reads.New = func() any {
		b := make([]byte, maxRead)
		return &b
	}
	d.gzip.New = func() any { return &gzipBody{in: bufio.NewReader(nil)} }
	d.brotli.New = func() any { return brotli.NewReader(nil) }
	return d
}

// open returns a reader of r decoded, and what to call when it is no longer read. coding is a result of [actualCoding],
// not empty.
func (d *decoders) open(coding string, r io.Reader) (io.Reader, func(), error) {
	switch coding {
	case codingGzip:
		z := d.gzip.Get().(*gzipBody)
		if err := z.reset(r); err != nil {
			return nil, nil, err
		}
		return z, func() { d.gzip.Put(z) }, nil
	case codingBrotli:
		z := d.brotli.Get().(*brotli.Reader)
		if err := z.Reset(r); err != nil {
			return nil, nil, err
		}
		return z, func() { d.brotli.Put(z) }, nil
	case codingZstd:
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
	case codingZlib:
		z, err := zlib.NewReader(r)
		return z, func() {}, err
	default: // codingDeflate
		return flate.NewReader(r), func() {}, nil
	}
}

// gzipBody reads the members of a gzip body one after the other. What follows the last one, such as padding with zeros,
// is read and ignored.
type gzipBody struct {
	in *bufio.Reader
	z  gzip.Reader
}

func (g *gzipBody) reset(r io.Reader) error {
	g.in.Reset(r)
	return g.next()
}

// next begins the member at which g.in is.
func (g *gzipBody) next() error {
	err := g.z.Reset(g.in)
	g.z.Multistream(false)
	return err
}

func (g *gzipBody) Read(p []byte) (int, error) {
	n, err := g.z.Read(p)
	if err != io.EOF {
		return n, err
	}
	switch head, err := g.in.Peek(len(gzipMagic)); {
	case string(head) == gzipMagic:
		return n, g.next()
	case err != nil && err != io.EOF:
		return n, err
	}
	_, _ = io.Copy(io.Discard, g.in) // the document is whole: an error here takes nothing from it
	return n, io.EOF
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

	reserve func(bytes int64) error // asked for the memory of what is kept of it, where that is more than unreserved; nil: there is some

	n     atomic.Int64
	waits atomic.Int64 // beginnings and ends of waiting for memory: odd while it waits
	err   error        // the first of r or of a limit, io.EOF aside
}

// unreserved is the size up to which a document is read without asking for memory.
const unreserved = 64 << 10

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

// read reads encoded to its end and undoes the codings of list; size is the expected length, -1 where there is none. What it
// could read comes back with the error: [ErrTooLarge] and [ErrEncoding] say what is wrong with it, any other says that it
// was cut off.
func (d *decoders) read(encoded *meter, list []string, l limits, size int64) ([]byte, error) {
	u := &undoing{decoders: d, encoded: encoded, limits: l, top: encoded}
	defer u.close()
	if err := u.all(list); err != nil {
		return nil, err
	}
	if size > l.body || u.layers > 0 {
		size = -1
	}
	body, err := encoded.keep(u.top, size, *d.bodies.Get().(*[]byte))
	if err != nil {
		return body, readError(encoded, err)
	}
	return body, nil
}

// maxRecycled is the most memory of a body that is kept for another one, in bytes; what is larger is left to the collector.
const maxRecycled = 1 << 20

// recycle keeps the memory of a body for a later one.
func (d *decoders) recycle(body []byte) {
	if cap(body) <= maxRecycled {
		d.bodies.Put(&body)
	}
}

// keep reads r, what m reads or that decoded, to its end; size is the expected length, -1 where there is none. The memory, that of old
// as far as it goes, grows with what arrives: a length that is only announced takes none. What it could read comes back with the error.
func (m *meter) keep(r io.Reader, size int64, old []byte) ([]byte, error) {
	if cap(old) < 4<<10 {
		old = make([]byte, 4<<10)
	}
	buf := old[: 0 : 4<<10]
	for {
		if len(buf) == cap(buf) {
			next := int64(cap(buf)) * 2
			if next > 2<<20 {
				next = int64(cap(buf)) * 5 / 4
			}
			if whole := size + 1; whole > int64(cap(buf)) { // the one is for the end to be seen
				next = min(next, whole)
			}
			if err := m.wait(next); err != nil {
				return buf, err
			}
			if next <= int64(cap(old)) {
				buf = old[:len(buf):next]
			} else {
				buf = append(make([]byte, 0, next), buf...)
			}
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		switch {
		case err == io.EOF:
			return buf, nil
		case err != nil:
			return buf, err
		}
	}
}

// wait waits for the memory of so many bytes.
func (m *meter) wait(bytes int64) error {
	if m.reserve == nil || bytes <= unreserved {
		return nil
	}
	m.waits.Add(1)
	defer m.waits.Add(1)
	if err := m.reserve(bytes); err != nil {
		m.err = err
		return err
	}
	return nil
}

// undoing is the work of undoing the codings of one body.
type undoing struct {
	*decoders
	encoded *meter
	limits  limits
	top     io.Reader // the body with the codings undone so far
	layers  int       // codings undone so far
	done    []func()
}

func (u *undoing) close() {
	for _, done := range u.done {
		done()
	}
}

// all undoes the codings that the body really has. Servers declare codings that are not there, charsets in their place, or
// none at all, so the bytes decide wherever they can, as they do in browsers:
//
//   - a body that begins as a feed is not coded, even if a coding is declared;
//   - gzip is known by its first bytes, declared or not;
//   - deflate is read with the zlib wrapper and without (RFC 9110 section 8.4.1.2 wants it, many servers leave it out);
//   - an unknown coding is read as no coding, if what is left in the end begins as a feed.
func (u *undoing) all(list []string) error {
	unknown := ""
	for {
		head := u.peek()
		declared := ""
		if len(list) > 0 {
			declared, list = list[0], list[1:]
		}
		coding := actualCoding(head, declared)
		switch {
		case coding != "":
			if err := u.undo(coding); err != nil {
				return err
			}
		case declared == "", len(head) == 0, beginsAsFeed(head):
			if unknown != "" && len(head) > 0 && !beginsAsFeed(head) {
				return fmt.Errorf("%w: unknown coding %.40q", ErrEncoding, unknown)
			}
			return nil
		default:
			unknown = declared
		}
	}
}

// peek returns the first bytes of what is left to be read. An error met here is met again by the next read.
func (u *undoing) peek() []byte {
	head := make([]byte, peekSize)
	n, err := io.ReadFull(u.top, head)
	rest := u.top
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		rest = failing{err}
	}
	u.top = io.MultiReader(bytes.NewReader(head[:n]), rest)
	return head[:n]
}

// failing is a reader that returns one error.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func (u *undoing) undo(coding string) error {
	if u.layers++; u.layers > maxCodings {
		return fmt.Errorf("%w: more than %d codings over each other", ErrEncoding, maxCodings)
	}
	r, done, err := u.open(coding, u.top)
	if err != nil {
		return readError(u.encoded, err)
	}
	u.done = append(u.done, done)
	u.top = &meter{r: r, max: u.limits.body, encoded: u.encoded, ratio: u.limits.ratio, from: u.limits.ratioFrom}
	return nil
}

// readError distinguishes a document that was cut off from one that is not in its declared coding. A coding that ends
// before its end was cut off where it was made, even where the connection ended well.
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
