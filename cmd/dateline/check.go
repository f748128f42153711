package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"dateline/aggregator/config"
	"dateline/aggregator/control"
	"dateline/store"
)

func (a *app) checkCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "check", Short: "Check the config: every error, then what is doubtful", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := config.Load(a.configPath)
			var errs config.Errors
			if err != nil && !errors.As(err, &errs) {
				return err
			}
			var warnings []*config.Error
			if err == nil {
				warnings = cfg.Warnings(a.moved(cmd.Context(), cfg.Store.Path))
				if _, err = newRegistry(cfg); err != nil {
					return err
				}
			}
			return a.checked(errs, warnings, asJSON)
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

// checked prints what was found; errors on standard output too, since they are what was asked for.
func (a *app) checked(errs config.Errors, warnings []*config.Error, asJSON bool) error {
	if asJSON {
		found := map[string][]*config.Error{"errors": append([]*config.Error{}, errs...), "warnings": append([]*config.Error{}, warnings...)}
		if err := a.json(found); err != nil {
			return err
		}
	} else {
		for _, e := range errs {
			a.printf("%v\n", e)
		}
		for _, e := range warnings {
			if !a.quiet {
				a.printf("warning: %v\n", e)
			}
		}
	}
	switch {
	case len(errs) == 1:
		return fmt.Errorf("%w: %s has an error", errConfig, a.configPath)
	case len(errs) > 1:
		return fmt.Errorf("%w: %s has %d errors", errConfig, a.configPath, len(errs))
	}
	return nil
}

// moved returns the addresses learned for sources that have moved, as far as the store can be asked: a check of
// the config must not fail over it.
func (a *app) moved(ctx context.Context, path string) map[string]string {
	var told bytes.Buffer
	config, err := filepath.Abs(a.configPath)
	if err != nil {
		return nil
	}
	call := control.Call{Config: config, Args: []string{"status", "--json"}}
	if code, err := control.Ask(ctx, path, call, &told, io.Discard); err == nil && code == int(exitOK) {
		var status struct{ Sources []sourceRecord }
		if json.Unmarshal(told.Bytes(), &status) != nil {
			return nil
		}
		out := map[string]string{}
		for _, s := range status.Sources {
			out[s.ID] = s.LearnedURL
		}
		return out
	}
	st, err := store.Open(path, store.Options{ReadOnly: true})
	if err != nil {
		return nil
	}
	defer st.Close()
	out := map[string]string{}
	_ = st.View(func(v store.View) error { // what cannot be read is not warned of
		states, err := v.States()
		for id, state := range states {
			out[id] = state.Learned
		}
		return err
	})
	return out
}
