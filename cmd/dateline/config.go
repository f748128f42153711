package main

import (
	"github.com/spf13/cobra"

	"dateline/aggregator/config"
	"dateline/aggregator/text"
)

func (a *app) configCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "config", Short: "Print the config as it counts, and its schema; change that of many nodes", Args: cobra.NoArgs,
		RunE: needsCommand}
	cmd.AddCommand(a.configPrint(), a.configSchema(), a.configPush(), a.configPull())
	return cmd
}

func (a *app) configPrint() *cobra.Command {
	var redacted, asJSON bool
	cmd := &cobra.Command{
		Use: "print", Short: "Print what the program goes by: every key, with its default where the file has none", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := a.readConfig(cmd.Context())
			if err != nil {
				return err
			}
			cfg = cfg.Effective()
			if redacted {
				cfg = cfg.Redact()
			}
			if asJSON {
				_, err = a.stdout.Write(append(text.EscapedJSON(cfg.JSON()), '\n'))
				return err
			}
			_, err = a.stdout.Write(cfg.YAML())
			return err
		},
	}
	cmd.Flags().BoolVar(&redacted, "redacted", false, "leave out secrets: header fields, user and password of the proxy, those in addresses")
	jsonFlag(cmd, &asJSON)
	return cmd
}

func (a *app) configSchema() *cobra.Command {
	return &cobra.Command{
		Use: "schema", Short: "Print the JSON Schema of the config, for editors", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := a.stdout.Write([]byte(config.Schema))
			return err
		},
	}
}
