package store

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"dateline/aggregator/platform"
	"dateline/store/boltfile"
	"dateline/store/postings"
)

// Options of a store. The zero value is right for production but for the time limit.
type Options struct {
	ReadOnly      bool          // read beside other readers; never creates
	Timeout       time.Duration // how long to wait for another process; 0: a second
	MaxSize       int           // bytes the file may grow to; 0: no limit
	MaxBatchDelay time.Duration // how long a commit waits for announced visits to join it; 0: a fifth of a second

	// Log orders what this file and others change. A new file begins with what the log has, or founds it. nil: there is none.
	Log Log

	// Follow has a new file begin without a feed id: its beginning is that of the store whose Writes it is given.
	Follow bool
	// Writes is given what the updates of one transaction changed, before that is on disk. Its error is that of the updates, of which
	// nothing is kept then. What [Store.Apply] changes is not given to it. nil: it is not called.
	Writes func([]Writes) error
}

// Store is an open store. Its methods may be called by many goroutines at once.
type Store struct {
	path          string
	db            atomic.Pointer[bbolt.DB] // replaced by Compact
	codec         *codec
	onWrites      func([]Writes) error // nil: none
	log           Log                  // nil: none
	begun         bool                 // it had a feed id when it was opened
	from          int                  // schema that it had then
	joined        bool                 // its log orders its updates; of the goroutine that writes
	pageSize      int                  // bytes
	maxBatchDelay time.Duration

	jobs          chan *job
	exclusiveJobs chan func() // what runs while no commit does
	quit          chan struct{}
	ended         chan struct{}
	once          sync.Once
	mu            sync.Mutex
	file          *os.File              // as opened; bbolt closes it
	size          int64                 // of the file when it was looked at last: it never shrinks
	coming        int                   // visits announced and not yet recorded
	lost          atomic.Pointer[error] // why the engine is not entered again; nil: it is
	gone          chan struct{}         // closed when it was lost
	moved         chan struct{}         // closed and renewed when coming falls
	watch         watchers
	watchSubs     watchers // of what others made of subscriptions
	recent        recent
	postings      *postings.Set
	states        atomic.Pointer[statesInMemory] // nil: to be read from the file
	unfinished    bool                           // something was committed since the file was opened; of the writer
	unloaded      int64                          // size of the file, in bytes, when its pages were last unloaded; of the writer
	full          atomic.Bool                    // the last transaction found no room on its disk

	retired sync.WaitGroup // files that were compacted and have readers still
}

// Open opens the store at path and, unless it is to be read only, creates it where there is none.
// It returns [ErrMissing], [ErrBusy], [ErrForeign], [ErrCorrupt], [ErrNewer] or [ErrOlder], wrapped with the path.
func Open(path string, o Options) (*Store, error) {
	if o.Timeout <= 0 {
		o.Timeout = time.Second
	}
	if o.MaxBatchDelay <= 0 {
		o.MaxBatchDelay = time.Second / 5
	}
	path, err := resolve(path)
	if err != nil {
		return nil, err
	}
	if err := platform.Recover(path); err != nil {
		return nil, err
	}
	err = inspect(path)
	if errors.Is(err, ErrMissing) && !o.ReadOnly {
		err = create(path)
	}
	var s *Store
	if err == nil {
		s, err = open(path, o)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

func open(path string, o Options) (*Store, error) {
	c, err := newCodec()
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, codec: c, maxBatchDelay: o.MaxBatchDelay, onWrites: o.Writes, log: o.Log, jobs: make(chan *job),
		exclusiveJobs: make(chan func()), quit: make(chan struct{}), ended: make(chan struct{}), gone: make(chan struct{}),
		moved: make(chan struct{}), postings: newPostings()}
	err = s.guarded("open", func() error { return s.start(path, o) })
	if err != nil && s.file != nil { // bbolt keeps it, and its lock, where it panicked; else it is closed already
		_ = s.release()
	}
	return s, err
}

// start opens the file, and begins to write unless it is to be read only.
func (s *Store) start(path string, o Options) error {
	// A foreign bbolt file must not be written to, and opening it for writing may: so look first.
	look, err := s.boot(path, o, true)
	if err != nil {
		return err
	}
	err = corrupt(boltfile.Openable(s.file, s.length()))
	if err == nil && o.ReadOnly && !s.begun { // made, and killed before its beginning was written
		err = ErrMissing
	}
	if err == nil && o.ReadOnly {
		s.db.Store(look)
		s.loadStates()
		close(s.ended)
		return nil
	}
	if err := errors.Join(err, look.Close()); err != nil {
		return err
	}
	db, err := s.boot(path, o, false)
	if err != nil {
		return err
	}
	if s.from, err = s.migrate(db, migrations); err != nil {
		return errors.Join(err, db.Close())
	}
	s.db.Store(db)
	s.loadStates()
	for _, kind := range []string{compacted, restored} { // only the holder of the lock writes one, and that is this process now
		sweep(path, kind)
	}
	if err := s.leave(); err != nil {
		return errors.Join(err, db.Close())
	}
	if s.log != nil {
		err := s.join()
		if s.begun && errors.Is(err, ErrLogAway) {
			go s.write()
			return nil
		}
		if err != nil {
			return errors.Join(err, db.Close())
		}
	}
	go s.write()
	if err := s.CatchUp(); err != nil {
		return errors.Join(err, s.Close())
	}
	if s.begun || o.Follow {
		return nil
	}
	if err := s.Update(time.Now(), begin); err != nil {
		return errors.Join(err, s.Close())
	}
	return nil
}

// begin writes the beginning of a store, unless the log has brought one.
func begin(t *Tx) error {
	if t.FeedID() != "" {
		return nil
	}
	return t.change(&found{FeedID: mint()})
}

// boot opens the file and reads what is in meta.
func (s *Store) boot(path string, o Options, readOnly bool) (*bbolt.DB, error) {
	db, err := bbolt.Open(path, 0o640, &bbolt.Options{
		Timeout:         o.Timeout,
		ReadOnly:        readOnly,
		MaxSize:         o.MaxSize,
		FreelistType:    bbolt.FreelistMapType,
		NoFreelistSync:  true, // see finish
		InitialMmapSize: mmapSize(readOnly, o.MaxSize),
		OpenFile:        s.openFile,
	})
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return nil, ErrBusy
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrChecksum), errors.Is(err, berrors.ErrVersionMismatch):
		return nil, fmt.Errorf("%w: %v", ErrCorrupt, err)
	case err != nil:
		return nil, err
	}
	db.AllocSize = allocSize
	s.pageSize = db.Info().PageSize
	if errors.Is(s.Intact(), ErrReplaced) { // while we waited for the lock: it is the old file's
		return nil, errors.Join(ErrBusy, db.Close())
	}
	if err := db.View(func(tx *bbolt.Tx) error { return s.readMeta(tx, o.ReadOnly) }); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// allocSize is what the file grows by, in bytes: bbolt's own 16 MiB is a hundred times a small wire.
const allocSize = 1 << 20

// MigratedFrom returns the schema that the file had before it was opened, and whether it was brought to [Schema] then.
func (s *Store) MigratedFrom() (schema int, ok bool) { return s.from, s.from > 0 && s.from < Schema }

// openFile remembers which file was opened, so that a replaced one is noticed.
func (s *Store) openFile(name string, flag int, perm os.FileMode) (*os.File, error) {
	f, err := platform.OpenFile(name, flag&^os.O_CREATE, perm)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.file, s.size = f, info.Size()
	return f, nil
}

// readMeta reads what is in meta. A file to be written may have an older schema: it is to be migrated.
func (s *Store) readMeta(tx *bbolt.Tx, readOnly bool) error {
	n, err := schemaOf(tx)
	switch {
	case err != nil:
		return err
	case n > Schema:
		return fmt.Errorf("%w: its schema is %d, this program knows %d", ErrNewer, n, Schema)
	case n < OldestSchema, n < Schema && readOnly:
		return fmt.Errorf("%w: its schema is %d, this program's %d", ErrOlder, n, Schema)
	}
	for _, b := range buckets {
		if tx.Bucket(b) == nil {
			return fmt.Errorf("%w: bucket %s is missing", ErrCorrupt, b)
		}
	}
	all, err := readTotals(tx)
	s.begun = err == nil && all.feedID != ""
	return err
}

// mmapSize is large, since a writer that outgrows the mapping waits for every reader (no memory is used
// before the file has grown), unless the file grows to what is mapped.
func mmapSize(readOnly bool, maxSize int) int {
	if readOnly || maxSize > 0 || platform.GrowsToMap {
		return 0
	}
	return 16 << 30
}

// Intact returns [ErrReplaced] if the path no longer leads to the file that is open, or the file was cut short.
func (s *Store) Intact() error {
	mine, err := s.whole()
	if err != nil {
		return err
	}
	if now, err := os.Stat(s.path); err != nil || !os.SameFile(now, mine) {
		return fmt.Errorf("%s: %w", s.path, ErrReplaced)
	}
	return nil
}

// whole returns what the system says of the open file, and [ErrReplaced] if that was cut short.
func (s *Store) whole() (os.FileInfo, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	info, err := s.file.Stat()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.path, ErrClosed)
	}
	if info.Size() < s.size {
		return nil, fmt.Errorf("%s: %w", s.path, ErrReplaced)
	}
	s.size = info.Size()
	return info, nil
}

// Path returns where the store is.
func (s *Store) Path() string { return s.path }

// Close lets commits under way end and closes the file. Later commits return [ErrClosed]. Where the file was cut short, what
// is under way may wait for ever: it is not waited for.
func (s *Store) Close() error {
	s.once.Do(func() { close(s.quit) })
	closed := make(chan error, 1)
	go func() {
		<-s.ended
		s.watch.close()
		s.watchSubs.close()
		if s.lost.Load() == nil {
			s.retired.Wait()
			closed <- s.db.Load().Close()
		}
	}()
	select {
	case err := <-closed:
		return err
	case <-s.gone:
		return s.release()
	}
}

// release closes the file of an engine that is not entered again. What is mapped of it would keep its lock.
func (s *Store) release() error { return errors.Join(platform.Unlock(s.file), s.file.Close()) }

// Full reports whether the last transaction failed because the disk has no room left.
func (s *Store) Full() bool { return s.full.Load() }

// ReadOnly reports whether the store can only be read.
func (s *Store) ReadOnly() bool { return s.db.Load().IsReadOnly() }
