package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"dateline/aggregator/config"
)

func (a *app) checkCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "check", Short: "Check the config: every error, then what is doubtful", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			cfg, err := config.Load(a.configPath)
			var errs config.Errors
			if err != nil && !errors.As(err, &errs) {
				return err
			}
			var warnings []*config.Error
			if err == nil {
				warnings = cfg.Warnings()
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
