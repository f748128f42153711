package main

import (
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// helpCommand is cobra's, and writes the manual pages besides.
func (a *app) helpCommand() *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use: "help [COMMAND]", Short: "Explain a command, or write the manual pages",
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			if dir != "" {
				if len(args) > 0 {
					return usage("--man writes the pages of all commands")
				}
				return writeManual(root, dir)
			}
			about, rest, err := root.Find(args)
			if err == nil && len(rest) > 0 {
				err = noSuchCommand(about, rest)
			}
			if err != nil {
				return &usageError{err: err}
			}
			return about.Help()
		},
		ValidArgsFunction: func(cmd *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
			about, _, err := cmd.Root().Find(args)
			if err != nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return completeWith(begun, commandNames(about)...), cobra.ShellCompDirectiveNoFileComp
		},
	}
	cmd.Flags().StringVar(&dir, "man", "", "write a manual page of every command into the folder `DIR`, which is made where it is not there")
	cobra.CheckErr(cmd.MarkFlagDirname("man")) // it fails for an unknown flag only
	return cmd
}

func commandNames(cmd *cobra.Command) []string {
	var all []string
	for _, below := range cmd.Commands() {
		if below.IsAvailableCommand() {
			all = append(all, below.Name()+"\t"+below.Short)
		}
	}
	return all
}

// writeManual writes the manual pages. Their date is that of SOURCE_DATE_EPOCH where it is set, so that packages can be made again.
func writeManual(root *cobra.Command, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root.DisableAutoGenTag = true
	header := &doc.GenManHeader{Title: "DATELINE", Section: "1", Source: "Dateline " + Version(), Manual: "Dateline"}
	if os.Getenv("SOURCE_DATE_EPOCH") == "" {
		day := time.Now().UTC().Truncate(24 * time.Hour)
		header.Date = &day
	}
	if err := doc.GenManTree(root, header, dir); err != nil {
		return fmt.Errorf("manual: %w", err)
	}
	return nil
}
