package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"dateline/aggregator"
	"dateline/aggregator/config"
	"dateline/cmd/dateline/node"
)

func (a *app) sourcesCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "sources", Short: "Look at the list of sources, and edit it", Args: cobra.NoArgs, RunE: needsCommand}
	cmd.AddCommand(a.sourcesList(), a.sourcesAdd(), a.sourcesRemove(), a.sourcesSwitch("enable", true), a.sourcesSwitch("disable", false),
		a.sourcesDiscover(), a.sourcesImport(), a.sourcesExport(), a.releaseCommand(), a.dropHeldCommand(), a.purgeCommand())
	return cmd
}

func (a *app) sourcesList() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list", Short: "Print the sources of the config", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := a.readConfig(cmd.Context())
			if err != nil {
				return err
			}
			all := cfg.Effective().Redact().Sources
			if asJSON {
				return a.json(map[string][]config.Source{"sources": append([]config.Source{}, all...)})
			}
			rows := [][]string{{"SOURCE", "NAME", "LANGUAGE", "EVERY", "ENABLED", "TOPICS", "URL"}}
			for _, s := range all {
				rows = append(rows, []string{s.ID, s.Name, cmp.Or(s.Language, "-"), s.Every.String(), fmt.Sprint(s.Enabled),
					cmp.Or(strings.Join(s.Topics, ","), "-"), s.URL})
			}
			return a.table(a.narrowed(rows, 0, 1, 3, 4, 6))
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

func (a *app) sourcesRemove() *cobra.Command {
	return a.sourcesEdit("remove SOURCE...", "Take sources off the list; what they published stays until its retention ends",
		"removed", config.Remove)
}

func (a *app) sourcesSwitch(name string, enabled bool) *cobra.Command {
	short := "Stop polling sources"
	if enabled {
		short = "Poll sources again"
	}
	return a.sourcesEdit(name+" SOURCE...", short, name+"d", func(file string, b []byte, id string) ([]byte, error) {
		return config.Enable(file, b, id, enabled)
	})
}

// sourcesEdit is a command that edits the config for each source that it names; --json prints them under done.
func (a *app) sourcesEdit(use, short, done string, edit func(file string, b []byte, id string) ([]byte, error)) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: use, Short: short, Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, ids []string) error {
			if err := a.editEach(cmd.Context(), ids, edit); err != nil || !asJSON {
				return err
			}
			return a.json(map[string][]string{done: ids})
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

// editEach edits the config once for each source: all of them, or none.
func (a *app) editEach(ctx context.Context, ids []string, edit func(file string, b []byte, id string) ([]byte, error)) error {
	return a.rewrite(ctx, func(b []byte) ([]byte, error) {
		var unknown, waiting []string
		var anchored error // of what is removed only after the others, which may use its anchor
		for left := ids; len(left) > 0; left, waiting = waiting, nil {
			for _, id := range left {
				out, err := edit(a.configPath, b, id)
				var anchor *config.AnchorError
				switch {
				case errors.Is(err, config.ErrNoSource):
					unknown = append(unknown, id)
				case errors.As(err, &anchor):
					waiting, anchored = append(waiting, id), err
				case err != nil:
					return nil, err
				default:
					b = out
				}
			}
			if len(waiting) == len(left) {
				return nil, anchored
			}
		}
		if unknown != nil {
			return nil, &aggregator.UnknownSourceError{IDs: unknown}
		}
		return b, nil
	})
}

// rewrite replaces the config by what change makes of it, if a daemon would take that in. A daemon that runs sees the
// new file by itself. Where store.dsn is given it is the config of all nodes, which is pushed.
func (a *app) rewrite(ctx context.Context, change func([]byte) ([]byte, error)) error {
	checked := func(b []byte) ([]byte, error) {
		out, err := change(b)
		if err != nil {
			return nil, err
		}
		cfg, err := config.Parse(a.configPath, out)
		if err != nil {
			return nil, err
		}
		_, err = node.NewRegistry(cfg)
		return out, err
	}
	own, err := a.config()
	if err == nil && own.Store.DSN != "" {
		return formError(a.rewriteCommon(ctx, own, checked))
	}
	err = config.Rewrite(ctx, a.configPath, checked)
	if errors.Is(err, config.ErrBusy) {
		return &exitError{err, exitTempFail, "wait until the others are done and try again; nothing was changed"}
	}
	return formError(err)
}

// formError says what to do where a config is written in a form in which it is not edited.
func formError(err error) error {
	if errors.Is(err, config.ErrForm) {
		return &exitError{err, exitConfig, "edit the file by hand; nothing was changed"}
	}
	return err
}
