package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"dateline/aggregator/config"
)

// completeSources offers the ids of the configured sources that are not named yet, with their names.
func (a *app) completeSources(_ *cobra.Command, named []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	cfg, err := config.Load(a.configPath)
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var all []cobra.Completion
	for _, src := range cfg.NewsSources() {
		if strings.HasPrefix(src.ID, begun) && !slices.Contains(named, src.ID) {
			all = append(all, cobra.CompletionWithDesc(src.ID, src.Name))
		}
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}

// complete has the command, and those below it, complete sources where they take any: as arguments that their usage calls
// SOURCE or ID, and as the flag --source. One that knows better says so itself.
func (a *app) complete(cmd *cobra.Command) {
	if takes := strings.Contains(cmd.Use, "SOURCE") || strings.Contains(cmd.Use, " ID"); takes && cmd.ValidArgsFunction == nil {
		cmd.ValidArgsFunction = a.completeSources
	}
	if cmd.Flags().Lookup("source") != nil {
		cobra.CheckErr(cmd.RegisterFlagCompletionFunc("source", a.completeSources)) // it fails for an unknown flag only
	}
	for _, below := range cmd.Commands() {
		a.complete(below)
	}
}
