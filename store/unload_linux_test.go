package store

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/news"
)

// TestPagesOfAGrowingFileLeaveMemory: of a file that was written and read the process has no more than what was read since it grew last.
func TestPagesOfAGrowingFileLeaveMemory(t *testing.T) {
	t.Parallel()
	s, err := Open(filepath.Join(t.TempDir(), "wire.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	random := make([]byte, 1<<20)
	_, _ = rand.NewChaCha8([32]byte{}).Read(random)
	noise := base64.StdEncoding.EncodeToString(random) // hardly compresses
	now := time.Date(2026, 5, 17, 12, 0, 0, 0, time.UTC)
	most := int64(0)
	for n := range 24 {
		it := news.Item{Key: news.ItemKey("tass", fmt.Sprint(n)), Source: "tass", GUID: fmt.Sprint(n), FirstSeen: now, Revision: 1}
		it.Content = noise[n:]
		it.Entry = it.Key
		err := s.Update(now, func(tx *Tx) error {
			if _, err := tx.PutItem(it); err != nil {
				return err
			}
			return tx.PutEntry(news.Entry{Key: it.Key, Items: []news.Key{it.Key}, State: news.Public})
		})
		if err != nil {
			t.Fatal(err)
		}
		readItem(t, s, n, noise[n:])
		most = max(most, loaded(t, s))
	}
	if end := s.length(); end < 3*unloadEvery || most < unloadEvery/2 || most > end*2/3 {
		t.Errorf("up to %d bytes of a file that grew to %d were in memory; it is unloaded every %d", most, end, unloadEvery)
	}
	readItem(t, s, 0, noise)
}

// readItem reads the item that was stored as the nth, from 0.
func readItem(t *testing.T, s *Store, n int, content string) {
	t.Helper()
	err := s.View(func(v View) error {
		it, found, err := v.ItemByNumber(uint64(n + 1))
		if err == nil && (!found || it.Content != content) {
			t.Errorf("item %d is another one", n+1)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// loaded returns how much of the file's mapping is in the memory of this process, in bytes.
func loaded(t *testing.T, s *Store) int64 {
	t.Helper()
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	begins := fmt.Sprintf("%x-", s.db.Load().Info().Data)
	here := false
	for lines := bufio.NewScanner(f); lines.Scan(); {
		here = here || strings.HasPrefix(lines.Text(), begins)
		var kb int64
		if _, err := fmt.Sscanf(lines.Text(), "Rss: %d kB", &kb); here && err == nil {
			return kb << 10
		}
	}
	t.Fatal("the mapping of the file is not listed")
	return 0
}
