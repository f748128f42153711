package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"dateline/aggregator/config"
	"dateline/aggregator/control"
	"dateline/cmd/dateline/node"
	"dateline/store"
)

// iconFile is the name under which the icon that a config names is sent to the node that pushes it.
const iconFile = "feed.icon"

func (a *app) configPush() *cobra.Command {
	var ifRev uint64
	var asJSON bool
	cmd := &cobra.Command{
		Use: "push FILE", Short: "Have all nodes that share store.dsn go by a config", Args: cobra.ExactArgs(1),
		Long: "Have all nodes that share store.dsn go by a config, from one position of their log on; - is standard input. It is refused\n" +
			"where a node could not go by it. Of FILE the keys " + strings.Join(config.OwnKeys(), ", ") + "\n" +
			"are left out: those each node has in a file of its own. The new revision is printed.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.sharesConfig(); err != nil {
				return err
			}
			if err := a.readCommon(args[0]); err != nil {
				return formError(err)
			}
			return a.writes(cmd, args, func(ctx context.Context, w *node.Node) error {
				var want *uint64
				if cmd.Flags().Changed("if-rev") {
					want = &ifRev
				}
				rev, err := w.Push(node.Common{Name: args[0], Text: a.files[args[0]], Icon: a.files[iconFile]}, want)
				if err != nil {
					return pushError(err)
				}
				if err := w.Published(ctx); err != nil {
					return err
				}
				if asJSON {
					return a.json(map[string]uint64{"rev": rev})
				}
				a.printf("revision %d\n", rev)
				return nil
			})
		},
	}
	cmd.Flags().Uint64Var(&ifRev, "if-rev", 0, "only if the revision `N` is the newest: no other was pushed since it was pulled")
	jsonFlag(cmd, &asJSON)
	return cmd
}

// sharesConfig returns an error where the config is that of a node which is alone.
func (a *app) sharesConfig() error {
	cfg, err := a.config()
	if err == nil && cfg.Store.DSN == "" {
		return usage("this node shares no store.dsn with others: its config is %s", a.configPath)
	}
	return err
}

// readCommon reads a config for the node that pushes it.
func (a *app) readCommon(path string) error {
	if a.owned != nil {
		return nil
	}
	b, err := a.readUpTo(path, config.MaxSize+1)
	if err != nil {
		return err
	}
	cfg, err := config.Parse(path, b)
	if err != nil {
		return err
	}
	text, err := config.Common(path, b)
	a.files = map[string][]byte{path: text, iconFile: cfg.Icon()}
	return err
}

// pushError says what to do about a config that was not pushed.
func pushError(err error) error {
	var rev *node.RevError
	if errors.As(err, &rev) {
		return &exitError{err, exitTempFail, "`dateline config pull`, make the change in that and push it again"}
	}
	return err
}

// pulledConfig is a config that was pushed, as `config pull --json` prints it.
type pulledConfig struct {
	Rev  uint64      `json:"rev"`
	At   node.Moment `json:"at"`   // when it was pushed
	Text string      `json:"text"` // YAML
	Icon []byte      `json:"icon"` // the file that feed.icon names, in base64; null: none
}

func (a *app) configPull() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "pull", Short: "Print the config that the nodes which share store.dsn go by", Args: cobra.NoArgs,
		Long: "Print the config that the nodes which share store.dsn go by, as it was pushed, without the keys that each node has for itself.\n" +
			"--json prints its revision too, for config push --if-rev.",
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.reads(cmd, args, func(_ context.Context, w *node.Node) error {
				c, err := w.Pushed()
				switch {
				case err != nil:
					return err
				case c.Rev == 0:
					return &exitError{errors.New("no config was pushed"), exitNoInput, "with store.dsn the first node that starts pushes its own"}
				case asJSON:
					return a.json(pulledConfig{c.Rev, node.Moment(c.At), string(c.Text), c.Icon})
				}
				_, err = a.stdout.Write(c.Text)
				return err
			})
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

// askNode has the node that runs beside run a command line, and returns what it printed.
func (a *app) askNode(ctx context.Context, cfg *config.Config, files map[string][]byte, args ...string) ([]byte, error) {
	call, err := a.call(&cobra.Command{}, nil)
	if err != nil {
		return nil, err
	}
	call.Args, call.Files = args, files
	var out bytes.Buffer
	code, err := control.Ask(ctx, cfg.Store.Path, call, &out, a.stderr)
	switch {
	case errors.Is(err, control.ErrNoOwner):
		return nil, &exitError{errors.New("with store.dsn the list of sources is that of the nodes, and this one does not run"), exitTempFail,
			"start `dateline serve` with this config"}
	case err == nil && code != 0:
		return nil, &remoteError{exit(code)}
	}
	return out.Bytes(), err
}

// pull returns the config that the nodes go by.
func (a *app) pull(ctx context.Context, cfg *config.Config) (c pulledConfig, err error) {
	b, err := a.askNode(ctx, cfg, nil, "config", "pull", "--json")
	if err != nil {
		return c, err
	}
	return c, json.Unmarshal(b, &c)
}

// pushTries is how often an edit of the common config is made again because another was faster.
const pushTries = 5

// rewriteCommon has the nodes go by what change makes of their config. Where another edit was faster the change is made again.
func (a *app) rewriteCommon(ctx context.Context, cfg *config.Config, change func([]byte) ([]byte, error)) error {
	for try := 1; ; try++ {
		was, err := a.pull(ctx, cfg)
		if err != nil {
			return err
		}
		is, err := change([]byte(was.Text))
		if err != nil || string(is) == was.Text {
			return err
		}
		said := a.stderr
		if try < pushTries {
			a.stderr = io.Discard
		}
		_, err = a.askNode(ctx, cfg, map[string][]byte{a.configPath: is, iconFile: was.Icon}, "config", "push",
			fmt.Sprintf("--if-rev=%d", was.Rev), "--", a.configPath)
		a.stderr = said
		var remote *remoteError
		if !errors.As(err, &remote) || try == pushTries {
			return err
		}
	}
}

// inForce returns the config that a command goes by which works on a store that it has opened itself.
func inForce(own *config.Config, st *store.Store) (*config.Config, error) {
	if own.Store.DSN == "" {
		return own, nil
	}
	cfg, _, err := node.InForce(own, st)
	return cfg, err
}
