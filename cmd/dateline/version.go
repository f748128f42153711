package main

import (
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// version is stamped by the linker: -ldflags "-X main.version=1.2.3". The module's version serves where it is not.
var version string

// Version returns the version as a token (RFC 9110 section 10.1.5): `devel` where none is stamped.
func Version() string {
	v := version
	if info, ok := debug.ReadBuildInfo(); ok && v == "" {
		v = info.Main.Version
	}
	if v = strings.Trim(v, "()"); v == "" {
		v = "devel"
	}
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r > '~' || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r) {
			return '-'
		}
		return r
	}, v)
}

func (a *app) versionCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				return a.json(map[string]string{"version": Version()})
			}
			_, err := fmt.Fprintln(a.stdout, "dateline", Version())
			return err
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}
