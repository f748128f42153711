package store

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
)

var compared atomic.Int64 // stores of a test, with those of the other nodes

var onNodes = flag.Bool("nodes", false, "give each test the first of three stores on one log, which are compared at its end")

// Why a test is not run on three nodes.
const (
	damages      = "it damages the file"
	statesInFile = "it is about the states in the file, which with a log are there"
)

// ofOneFile are the tests that are not run on three nodes, and why.
var ofOneFile = map[string]string{
	"TestDamagedPostingsAreAnError":          damages,
	"TestDamagedVisitRowIsSeen":              damages,
	"TestLostLatestRevisionIsSeen":           damages,
	"TestReplacedFileIsNoticed":              damages,
	"TestItemsSinceReadsLittleElse":          damages,
	"TestCutShortWhileOneWaits":              damages,
	"TestCheckFindsWhatIsHeldUnlisted":       damages,
	"TestCheckFindsEmbargoes":                damages,
	"TestReadersSeeStatesOfTheirSnapshot":    statesInFile,
	"TestFailedCommitLeavesStatesAsTheyWere": statesInFile,
	"TestFailedGroupLeavesStatesAsTheyWere":  statesInFile,
	"TestStatesOfSources":                    statesInFile,
}

// firstOfThree returns the first of three stores on a log. When the test ends the others have its digest.
func firstOfThree(t testing.TB, o Options) *Store {
	t.Helper()
	name, _, _ := strings.Cut(t.Name(), "/")
	if why := ofOneFile[name]; why != "" {
		t.Skip(why)
	}
	l := newMemoryLog()
	o.Log = l
	dir := t.TempDir()
	first, err := Open(filepath.Join(dir, "wire.db"), o)
	if err != nil {
		t.Fatal(err)
	}
	all := []*Store{first, l.on(t, filepath.Join(dir, "second.db")), l.on(t, filepath.Join(dir, "third.db"))}
	t.Cleanup(func() {
		defer first.Close()
		if t.Failed() || t.Skipped() {
			return
		}
		second, third := digestOf(t, all[1]), digestOf(t, all[2])
		if second != third {
			t.Errorf("stores that follow have the digests %s and %s", second, third)
		}
		if first.CatchUp() != nil { // the test has closed it, and may have gone on without the log
			return
		}
		compared.Add(1)
		if sum := digestOf(t, first); sum != second {
			t.Errorf("the store has the digest %s, those that follow %s", sum, second)
		}
	})
	return first
}

// digestOf returns the digest of a store once it has caught up.
func digestOf(t testing.TB, s *Store) string {
	t.Helper()
	if err := s.CatchUp(); err != nil {
		t.Fatal(err)
	}
	var sum [32]byte
	if err := s.View(func(v View) (err error) { sum, err = v.Digest(); return err }); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", sum)
}

// TestOnThreeNodes runs the tests of this package a second time, each on the first of three stores that follow one log.
func TestOnThreeNodes(t *testing.T) {
	t.Parallel()
	if *onNodes || testing.Short() {
		t.Skip("the whole package once more")
	}
	again := exec.Command(os.Args[0], "-test.short", "-test.skip=^(TestOnThreeNodes|TestSalvage.*)$", "-test.timeout=4m", "-nodes")
	out, err := again.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	m := regexp.MustCompile(`(?m)^(\d+) stores of three nodes were compared$`).FindSubmatch(out)
	if m == nil {
		t.Fatalf("it does not say how many were compared: %s", out)
	}
	if n, err := strconv.Atoi(string(m[1])); err != nil || n < 50 {
		t.Errorf("%d stores were compared, %v", n, err)
	}
}

func TestMain(m *testing.M) {
	code := m.Run()
	if *onNodes {
		fmt.Println(compared.Load(), "stores of three nodes were compared")
	}
	os.Exit(code)
}
