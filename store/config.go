package store

import (
	"fmt"
	"time"
)

// Config is the config that the nodes of one log have in common.
type Config struct {
	Rev  uint64    // counts from 1; 0: none was put
	At   time.Time // when it was put, to the second
	Text []byte    // YAML
	Icon []byte    // the file that feed.icon names; nil: it names none
}

// configRow is how a config is stored.
type configRow struct {
	_    struct{} `cbor:",toarray"`
	At   time.Time
	Text []byte
	Icon []byte
}

// ConfigRev returns the revision of [View.Config], which is cheaper.
func (v View) ConfigRev() (uint64, error) {
	b, err := v.table(bMeta).get(kConfigRev)
	switch {
	case err != nil || b == nil:
		return 0, err
	case len(b) != 8:
		return 0, fmt.Errorf("%w: revision of the config", ErrCorrupt)
	}
	return num8(b), nil
}

// Config returns the config that was put last; the zero value where none was.
func (v View) Config() (c Config, err error) {
	if c.Rev, err = v.ConfigRev(); err != nil || c.Rev == 0 {
		return Config{}, err
	}
	value, err := v.table(bMeta).get(kConfig)
	if err != nil {
		return Config{}, err
	}
	var row configRow
	if err := v.s.codec.unpack(value, &row); err != nil {
		return Config{}, fmt.Errorf("config: %w", err)
	}
	c.At, c.Text, c.Icon = row.At.UTC(), row.Text, row.Icon
	return c, nil
}

// PutConfig puts a config in place of the one before, and returns its revision.
func (t *Tx) PutConfig(text, icon []byte) (rev uint64, err error) {
	if rev, err = t.ConfigRev(); err != nil {
		return 0, err
	}
	rev++
	return rev, t.change(&putConfig{Rev: rev, Text: text, Icon: icon})
}

type putConfig struct {
	_    struct{} `cbor:",toarray"`
	Rev  uint64
	Text []byte
	Icon []byte
}

func (o *putConfig) do(t *Tx) error {
	if err := t.table(bMeta).put(kConfigRev, key8(o.Rev)); err != nil {
		return err
	}
	return t.putValue(bMeta, kConfig, configRow{At: t.now, Text: o.Text, Icon: o.Icon})
}
