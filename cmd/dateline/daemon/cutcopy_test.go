package daemon

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dateline/cmd/dateline/node"
	"dateline/store"
	"dateline/store/postings"
	"dateline/store/shared"
	"dateline/store/storetest"
)

// TestOneCopyAtATime: a node that is making a copy of its store gives no other one meanwhile.
func TestOneCopyAtATime(t *testing.T) {
	t.Parallel()
	dsn := storetest.Database(t)
	d, _ := newSharedDaemon(t, newPolled(t).URL, dsn)
	c, err := shared.Open(t.Context(), dsn, shared.Options{Node: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ask := func() int {
		t.Helper()
		ticket, err := c.PutTicket(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodGet, "http://localhost"+node.CopyPath, nil)
		r.Header.Set(node.TicketField, ticket)
		answer := httptest.NewRecorder()
		d.admin().ServeHTTP(answer, r)
		return answer.Code
	}
	d.copying.Lock()
	if status := ask(); status != http.StatusServiceUnavailable {
		t.Errorf("while a copy is made: status %d", status)
	}
	d.copying.Unlock()
	if status := ask(); status != http.StatusOK {
		t.Errorf("after it: status %d", status)
	}
}

// TestCopyThatIsCut: a copy that breaks off, that has another sum than the store or has none does not take the place of the file, and
// leaves nothing behind. It is asked for three times. One of a newer schema is asked for once, and the node is to be upgraded.
func TestCopyThatIsCut(t *testing.T) {
	t.Parallel()
	feeds, dsn, log := newPolled(t), storetest.Database(t), slog.New(slog.DiscardHandler)
	a := startNode(t, feeds.URL, dsn)
	if !eventually(func() bool { _, body := a.get("/feed.atom"); return len(body) > 5000 }) {
		t.Fatal("nothing is served")
	}
	if err := a.end(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(a.folder, "wire.db")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	newer := ofNextSchema(t, whole)
	var asked atomic.Int64
	giver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n := asked.Add(1)
		if n != 3 {
			w.Header().Set("Trailer", node.SumField)
		}
		if n == 4 {
			sum := sha256.Sum256(newer)
			_, _ = w.Write(newer)
			w.Header().Set(node.SumField, hex.EncodeToString(sum[:]))
			return
		}
		if n == 1 {
			_, _ = w.Write(whole[:len(whole)/2])
			panic(http.ErrAbortHandler)
		}
		_, _ = w.Write(whole)
		w.Header().Set(node.SumField, "00")
	}))
	defer giver.Close()
	changeAlone(t, path, 1)
	mine, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c, err := shared.Open(t.Context(), dsn, shared.Options{Node: "giver"})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetAdmin(giver.Listener.Addr().String())
	if err := c.Greet(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	cfg := demoConfig(t, feeds.URL, "dateline.db", path+"\n  dsn: "+dsn, "http://127.0.0.1:0/", "http://wire.example/")
	for _, tooOld := range []bool{false, true} {
		st, cluster, err := node.Open(t.Context(), cfg, log)
		if err == nil {
			t.Error(st.Close())
			cluster.Close()
		}
		if !errors.Is(err, node.ErrNoCopy) || node.IsTooOld(err) != tooOld || strings.Contains(fmt.Sprint(err), "upgrade this node") != tooOld {
			t.Errorf("%v, want %v, which says that the node is too old: %t", err, node.ErrNoCopy, tooOld)
		}
		if n, want := asked.Load(), map[bool]int64{false: 3, true: 4}[tooOld]; n != want {
			t.Errorf("asked %d times, want %d", n, want)
		}
	}
	if now, err := os.ReadFile(path); err != nil || !slices.Equal(now, mine) {
		t.Errorf("the file is another, of %d bytes in place of %d: %v", len(now), len(mine), err)
	}
	if left, err := filepath.Glob(filepath.Join(a.folder, "*.db*")); err != nil || !slices.Equal(left, []string{path}) {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

// slowReader takes so long for each write of the answer.
type slowReader struct {
	*httptest.ResponseRecorder
	each time.Duration
}

func (r slowReader) Write(b []byte) (int, error) {
	time.Sleep(r.each)
	return r.ResponseRecorder.Write(b)
}

// TestSlowReaderIsCutOff: a copy is given up half a minute after it began, and a second later for each megabyte of the store: the reader
// sees no sum of the whole. One that keeps up has all of it.
func TestSlowReaderIsCutOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st, err := store.Open(filepath.Join(t.TempDir(), "wire.db"), store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		text := make([]byte, 2<<20) // of no pattern
		rand.NewChaCha8([32]byte{}).Read(text)
		if err := st.Update(time.Now(), func(tx *store.Tx) error { _, err := tx.PutConfig(text, nil); return err }); err != nil {
			t.Fatal(err)
		}
		for _, each := range []time.Duration{0, 10 * time.Second} {
			answer, began := httptest.NewRecorder(), time.Now()
			_, err := giveCopy(t.Context(), slowReader{answer, each}, st)
			took, sum := time.Since(began), fmt.Sprintf("%x", sha256.Sum256(answer.Body.Bytes()))
			switch {
			case each == 0 && (err != nil || answer.Body.Len() < len(text) || answer.Header().Get(node.SumField) != sum):
				t.Errorf("%d bytes in %s: %v", answer.Body.Len(), took, err)
			case each > 0 && (!errors.Is(err, context.DeadlineExceeded) || took < copyStall || took > copyStall+15*time.Second):
				t.Errorf("a slow reader: %d bytes in %s: %v", answer.Body.Len(), took, err)
			}
		}
	})
}

// ofNextSchema returns a store as one of the next schema.
func ofNextSchema(t *testing.T, file []byte) []byte {
	t.Helper()
	row := func(schema uint64) []byte {
		k := []byte("schema")
		return append(k, postings.WithSum(postings.Sum(0, []byte("meta")), k, binary.BigEndian.AppendUint64(nil, schema))...)
	}
	newer := bytes.ReplaceAll(file, row(store.Schema), row(store.Schema+1))
	if bytes.Equal(newer, file) {
		t.Fatal("no row says of which schema the store is")
	}
	return newer
}
