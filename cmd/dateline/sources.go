package main

import "github.com/spf13/cobra"

func (a *app) sourcesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "sources", Short: "Decide about sources", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.releaseCommand(), a.dropHeldCommand())
	return cmd
}
