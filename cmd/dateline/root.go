package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// command is the table of commands.
func (a *app) command() *cobra.Command {
	root := &cobra.Command{
		Use:           "dateline",
		Short:         "One merged wire from many agencies, every source credited",
		SilenceUsage:  true,
		SilenceErrors: true,
		Version:       Version(),
		RunE:          func(cmd *cobra.Command, _ []string) error { return a.serve(cmd.Context(), leaves{}) },
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if err := noEmptyValue(cmd); err != nil {
				return err
			}
			a.started = true
			return nil
		},
	}
	f := root.PersistentFlags()
	f.StringVar(&a.configPath, "config", cmp.Or(a.configPath, "config.yaml"), "the config `FILE`")
	f.BoolVarP(&a.verbose, "verbose", "v", false, "say what is done")
	f.BoolVarP(&a.quiet, "quiet", "q", false, "print errors only")
	f.BoolVar(&a.noProgress, "no-progress", false, "draw no progress on a terminal")
	for _, c := range []struct {
		name string
		make func() *cobra.Command
	}{
		{"serve", a.serveCommand}, {"demo", a.demoCommand}, {"ingest", a.ingestCommand}, {"feed", a.feedCommand}, {"site", a.siteCommand},
		{"check", a.checkCommand}, {"config", a.configCommand}, {"fetch", a.fetchCommand}, {"credit", a.creditCommand},
		{"list", a.listCommand}, {"show", a.showCommand}, {"why", a.whyCommand}, {"entry", a.entryCommand}, {"export", a.exportCommand},
		{"status", a.statusCommand}, {"sources", a.sourcesCommand}, {"db", a.dbCommand}, {"service", a.serviceCommand},
		{"version", a.versionCommand},
	} {
		if a.only == "" || a.only == c.name {
			root.AddCommand(c.make())
		}
	}
	root.SetHelpCommand(a.helpCommand())
	root.InitDefaultHelpCmd()
	root.CompletionOptions.DisableNoDescFlag = true
	root.SetOut(a.stdout) // as completion is made, it takes it
	root.InitDefaultCompletionCmd()
	root.AddGroup(groups...)
	root.SetVersionTemplate("dateline {{.Version}}\n")
	cobra.CheckErr(root.MarkPersistentFlagFilename("config", "yaml", "yml")) // it fails for an unknown flag only
	illustrate(root)
	if a.owned == nil { // cobra keeps them in a map of the process, for good; another process's command is not completed here
		a.complete(root)
	}
	usageArguments(root)
	return root
}

// usageArguments has the command, and those below it, say what arguments they want where they get others.
func usageArguments(cmd *cobra.Command) {
	if check := cmd.Args; check != nil && cmd.HasParent() && !cmd.HasSubCommands() {
		cmd.Args = func(cmd *cobra.Command, args []string) error {
			if check(cmd, args) == nil {
				return nil
			}
			if _, names, _ := strings.Cut(cmd.Use, " "); names != "" {
				return fmt.Errorf("want `%s %s`", cmd.CommandPath(), names)
			}
			return fmt.Errorf("%s takes no arguments", cmd.CommandPath())
		}
	}
	for _, below := range cmd.Commands() {
		usageArguments(below)
	}
}

func jsonFlag(cmd *cobra.Command, asJSON *bool) {
	cmd.Flags().BoolVar(asJSON, "json", false, "print JSON")
}
