package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline/aggregator/news"
	"dateline/store"
)

// TestDamage damages a store in one place and runs commands on it. No command crashes or calls damage an error of another kind. What
// a command that ends well prints is what it prints of the whole store, or db check says that the store is damaged; then some of it
// may be missing, and nothing of it is another. db backup makes copies of whole stores alone. A daemon that serves the store and a pass
// that records a visit in it leave it so.
func TestDamage(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and about one command after the other")
	}
	t.Parallel()
	rng, ws := seeded(t), newWorkers(t)
	seed := rng.Uint64()
	for name, file := range storesToDamage(t) {
		whole := outputs(t, ws, file)
		for i, c := range damageCommands {
			if is := whole[i]; is.Code != c.code || c.code == 0 && len(is.Stdout) == 0 {
				t.Fatalf("%s: %s of the whole store: exit %d\n%s", name, c, is.Code, is.Stderr)
			}
		}
		var all sync.WaitGroup
		next := make(chan int)
		for range 4 {
			all.Go(func() {
				for i := range next {
					d := &damaged{t: t, ws: ws, file: file, whole: whole, name: fmt.Sprint(name, " ", i)}
					d.try(rand.New(rand.NewPCG(seed, uint64(i))))
				}
			})
		}
		for i := range scale(6, 12, 5000) {
			next <- i
		}
		close(next)
		all.Wait()
	}
}

// damageCommand is a command that is run on a damaged store, and what it exits with on the whole one.
type damageCommand struct {
	line string
	code int
}

func (c damageCommand) String() string { return c.line }

// damageCommands are run one after the other: the first five do not write. The source of the pass has an address that is not let in.
var damageCommands = []damageCommand{
	{line: "db check"}, {line: "export"}, {line: "feed"}, {line: "list --limit 10000"}, {line: "db backup copy.db"},
	{line: "serve"}, {line: "ingest --now", code: int(exitUnavailable)}, {line: "export"},
}

// outputs runs the commands on a store with those bytes. What serve prints is the feed that it serves.
func outputs(t *testing.T, ws *workers, file []byte) []outcome {
	t.Helper()
	dir, err := os.MkdirTemp("", "dateline-damage-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	for name, content := range map[string][]byte{"dateline.db": file, "config.yaml": damageConfig()} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var all []outcome
	for _, c := range damageCommands {
		j := job{Dir: dir, Tmp: dir, Args: strings.Fields(c.line)}
		if c.line == "serve" {
			j.Get = "/feed.atom"
		}
		out, err := ws.run(j)
		if err != nil {
			out = outcome{Code: -1, Stderr: []byte(err.Error())}
		}
		if out.Code == 0 && strings.HasPrefix(c.line, "db backup") {
			out.Stdout, err = os.ReadFile(filepath.Join(dir, "copy.db"))
			if err != nil {
				t.Error(err)
			}
		}
		all = append(all, out)
	}
	return all
}

func damageConfig() []byte {
	b := []byte("feed: {base_url: \"https://wire.example/\", entries: 1000}\nstore: {path: dateline.db}\n" +
		"http: {listen: \"127.0.0.1:0\"}\nadmin: {listen: \"127.0.0.1:0\"}\nsources:\n")
	for i := range damageSources {
		b = fmt.Appendf(b, "  - {id: s%d, url: \"http://127.0.0.1:9/%d\", enabled: %v}\n", i, i, i == 0)
	}
	return b
}

const damageSources = 4

// storesToDamage returns the bytes of a compacted store, and of one whose writer was killed.
func storesToDamage(t *testing.T) map[string][]byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "dateline.db")
	s, err := store.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	rng := rand.New(rand.NewPCG(1, 2))
	var last news.Key
	for i := range 300 {
		err := s.Update(damageNoon.Add(time.Duration(i)*time.Minute), func(tx *store.Tx) error {
			k, err := putDamageItem(tx, rng, i, last)
			last = k
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	all := map[string][]byte{}
	for _, name := range []string{"killed", "compacted"} {
		if name == "compacted" {
			if _, _, err := s.Compact(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if all[name], err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

var damageNoon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// putDamageItem stores item i: every third is carried by the entry of the one before, every fifth is revised once or twice.
func putDamageItem(tx *store.Tx, rng *rand.Rand, i int, before news.Key) (news.Key, error) {
	source := fmt.Sprint("s", i%damageSources)
	it := news.Item{
		Key: news.ItemKey(source, fmt.Sprint(i)), Source: source, GUID: fmt.Sprint(i), Revision: 1, FirstSeen: tx.Now(), Revised: tx.Now(),
		Title: fmt.Sprint("Bulletin ", i), Published: tx.Now(), Language: "en", URL: fmt.Sprintf("https://%s.example/%d", source, i),
		Feed: news.Feed{Title: "Agency " + source},
	}
	it.Credits.Agency = &news.Credit{Name: "Agency " + source}
	for range 60 {
		it.Content += fmt.Sprintf("w%x ", rng.Uint32N(5000))
	}
	e := news.Entry{Key: it.Key, Published: tx.Now(), Updated: tx.Now()}
	if i%3 == 2 {
		old, _, err := tx.Entry(before)
		if err != nil {
			return it.Key, err
		}
		old.Items = append(old.Members(), it.Key)
		e = old
	}
	it.Entry = e.Key
	for revision := range 1 + i%5/3 + i%5/4 {
		it.Revision = revision + 1
		it.Title = fmt.Sprint("Bulletin ", i, " in wording ", it.Revision)
		if _, err := tx.PutItem(it); err != nil {
			return it.Key, err
		}
	}
	kind := news.RecordNew
	if e.Key != it.Key {
		kind = news.RecordUpdated
	}
	_, err := tx.AppendLog(kind, e)
	if err != nil {
		return it.Key, err
	}
	return e.Key, tx.PutState(source, news.State{LastVisit: tx.Now(), Items: uint64(i), Name: "Agency " + source})
}

// damaged is a store that is damaged in one place.
type damaged struct {
	t     *testing.T
	ws    *workers
	file  []byte
	whole []outcome // of damageCommands
	name  string
}

// try damages a copy of the store and judges what the commands do with it.
func (d *damaged) try(rng *rand.Rand) {
	file := bytes.Clone(d.file)
	how := spoil(rng, file)
	if bytes.Equal(file, d.file) {
		return
	}
	is := outputs(d.t, d.ws, file)
	check := is[0]
	for i, out := range is {
		name, whole := damageCommands[i].line, d.whole[i]
		fail := func(format string, args ...any) {
			d.t.Errorf("%s, %s: %d %s: %s\n%s\ndb check: exit %d: %s", d.name, how, i, name, fmt.Sprintf(format, args...), out.Stderr,
				check.Code, check.Stdout)
		}
		switch {
		case out.Code != whole.Code && out.Code != int(exitData):
			fail("exit %d", out.Code)
		case out.Code != 0 || name == "db check":
		case strings.HasPrefix(name, "db backup"):
			if check.Code != 0 {
				fail("a copy was made of a damaged store")
			}
		case !bytes.Equal(out.Stdout, whole.Stdout) && check.Code == 0:
			fail("other bytes, and db check says whole")
		default:
			if other := stranger(out.Stdout, whole.Stdout); other != "" {
				fail("it prints what was not stored: %s", other)
			}
		}
	}
}

// spoil changes one place of a file: a bit, up to 4,096 bytes, or the head of a page; it returns what it did.
func spoil(rng *rand.Rand, file []byte) string {
	switch rng.IntN(3) {
	case 0:
		at, bit := rng.IntN(len(file)), rng.IntN(8)
		file[at] ^= 1 << bit
		return fmt.Sprintf("bit %d of byte %d", bit, at)
	case 1:
		n := 1 + rng.IntN(4096)
		at := rng.IntN(len(file) - n)
		zero := rng.IntN(2) == 0
		for i := range n {
			if file[at+i] = 0; !zero {
				file[at+i] = byte(rng.Uint32())
			}
		}
		return fmt.Sprintf("%d bytes from %d, zero: %v", n, at, zero)
	}
	const page, head = 4096, 16
	at := rng.IntN(len(file)/page) * page
	switch rng.IntN(3) {
	case 0:
		field := []int{0, 8, 10, 12}[rng.IntN(4)]
		binary.NativeEndian.PutUint16(file[at+field:], uint16(rng.IntN(64)))
		return fmt.Sprintf("a small number at %d of the head of page %d", field, at/page)
	case 1:
		bit := rng.IntN(8 * head)
		file[at+bit/8] ^= 1 << (bit % 8)
		return fmt.Sprintf("bit %d of the head of page %d", bit, at/page)
	}
	for i := range head {
		file[at+i] = byte(rng.Uint32())
	}
	return fmt.Sprintf("the head of page %d", at/page)
}

// stranger returns a line of a document, or an entry of a feed, that is not in the whole one.
func stranger(is, whole []byte) string {
	separator := "\n"
	if bytes.HasPrefix(is, []byte("<?xml")) {
		separator = "<entry>"
	}
	trim := func(part string) string { return strings.TrimSuffix(strings.TrimSpace(part), "</feed>") }
	known := map[string]bool{}
	for part := range strings.SplitSeq(string(whole), separator) {
		known[trim(part)] = true
	}
	for i, part := range strings.Split(string(is), separator) {
		if !known[trim(part)] && (i > 0 || separator == "\n") { // the beginning of a feed says when it changed last
			return part
		}
	}
	return ""
}
