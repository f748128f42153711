package node

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"time"

	"dateline/aggregator/config"
	"dateline/store"
)

// RevError is returned for a config that was to follow another revision than the newest.
type RevError struct{ Want, Newest uint64 }

func (e *RevError) Error() string {
	return fmt.Sprintf("the config of the nodes is of revision %d, not %d", e.Newest, e.Want)
}

// ErrNoCommon is returned where neither the log nor the file of a node has the config that nodes have in common.
var ErrNoCommon = errors.New("nothing says what the nodes have in common: no config was pushed, and the file has a node's own keys alone")

// Common is a config that nodes have in common, to be pushed.
type Common struct {
	Name string // of the file that it was read from, for errors
	Text []byte // as [config.Common] returns it
	Icon []byte // the file that feed.icon names; nil: it names none
}

// CommonOf returns what the config at a path has in common with other nodes. The errors are those of [config.Load] and [config.Common].
func CommonOf(path string) (Common, error) {
	cfg, err := config.Load(path)
	if err != nil {
		return Common{}, err
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return Common{}, err
	}
	text, err := config.Common(path, b)
	return Common{path, text, cfg.Icon()}, err
}

// put appends a config to the log, where its newest revision is want. One that is there already is not put again.
func (c Common) put(st *store.Store, now time.Time, want func(newest uint64) error) (rev uint64, err error) {
	err = st.Update(now, func(tx *store.Tx) error {
		have, err := tx.Config()
		if err != nil {
			return err
		}
		rev = have.Rev
		if err := want(have.Rev); err != nil || have.Rev > 0 && bytes.Equal(have.Text, c.Text) && bytes.Equal(have.Icon, c.Icon) {
			return err
		}
		rev, err = tx.PutConfig(c.Text, c.Icon)
		return err
	})
	return rev, err
}

// InForce returns the config of a node: what nodes have in common as its store has it, with the own keys of its file, and the revision.
// Where no config was pushed it is that of the file, of revision 0. The errors are [config.Errors] and those of the store.
func InForce(own *config.Config, st *store.Store) (*config.Config, uint64, error) {
	var have store.Config
	err := st.View(func(v store.View) (err error) {
		have, err = v.Config()
		return err
	})
	if err != nil || have.Rev == 0 {
		return own, 0, err
	}
	cfg, err := config.ParseCommon(fmt.Sprintf("config of the nodes, revision %d", have.Rev), have.Text, have.Icon, have.At)
	if err != nil {
		return nil, 0, err
	}
	return cfg.WithOwn(own), have.Rev, nil
}

// Begin brings the store of a node up to date with the log, and returns its config as [InForce] does. Where none was pushed the one at
// path, which own was read from, is: the first node brings it along. While PostgreSQL is away it is that of the store or, where that has
// none, own. It returns [ErrNoCommon] where that has a node's own keys alone.
func Begin(own *config.Config, path string, st *store.Store) (*config.Config, uint64, error) {
	away := st.CatchUp()
	if away != nil && !IsAway(away) {
		return nil, 0, away
	}
	cfg, rev, err := InForce(own, st)
	if err != nil || rev > 0 {
		return cfg, rev, err
	}
	if !own.HasCommon() {
		return nil, 0, errors.Join(ErrNoCommon, away)
	}
	if away != nil {
		return own, 0, nil
	}
	c, err := CommonOf(path)
	if err != nil {
		return nil, 0, err
	}
	errTaken := errors.New("another node was first")
	_, err = c.put(st, time.Now(), func(newest uint64) error {
		if newest > 0 {
			return errTaken
		}
		return nil
	})
	if err != nil && !errors.Is(err, errTaken) {
		return nil, 0, err
	}
	return InForce(own, st)
}

// Push has all nodes go by a config, and returns its revision; ifRev: only where that is the newest one, else it returns a [*RevError]. A
// config that this node could not go by is refused with [config.Errors] or [ErrConfig], and nothing is appended.
func (n *Node) Push(c Common, ifRev *uint64) (rev uint64, err error) {
	cfg, err := config.ParseCommon(c.Name, c.Text, c.Icon, time.Time{})
	if err != nil {
		return 0, err
	}
	if cfg.Feed.BaseURL == "" {
		return 0, config.Errors{cfg.At("feed.base_url", "feed.base_url is missing: all nodes are published under one address")}
	}
	next, err := n.With(cfg.WithOwn(n.Config))
	if err != nil {
		return 0, err
	}
	next.Retire(n)
	return c.put(n.Store, time.Now(), func(newest uint64) error {
		if ifRev != nil && *ifRev != newest {
			return &RevError{*ifRev, newest}
		}
		return nil
	})
}

// Pushed returns the config that was pushed last; its Rev is 0 where none was.
func (n *Node) Pushed() (c store.Config, err error) {
	err = n.View(func(v store.View) error {
		c, err = v.Config()
		return err
	})
	return c, err
}

// Outdated returns the revision of the config in the store of a node that is [Node.Shared], and whether the node goes by an older one.
func (n *Node) Outdated() (rev uint64, older bool) {
	if n.cluster == nil {
		return 0, false
	}
	err := n.View(func(v store.View) (err error) {
		rev, err = v.ConfigRev()
		return err
	})
	return rev, err == nil && rev > n.ConfigRev
}
