package main

import (
	"cmp"
	"fmt"
	"regexp"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// version is stamped by the linker: -ldflags "-X main.version=1.2.3". The module's version serves where it is not.
var version string

// Version returns the version as a token (RFC 9110 section 10.1.5), such as 1.2.3: the stamped one, else that of a module that was
// released; `devel` where there is neither.
func Version() string {
	module := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		module = info.Main.Version
	}
	return plainVersion(version, module)
}

// commitVersion is what the version of a module that was built between two releases ends with: the time of a commit and its hash.
var commitVersion = regexp.MustCompile(`[.-]\d{14}-[0-9a-f]{12}(\+.*)?$`)

func plainVersion(stamped, module string) string {
	v := stamped
	if v == "" && !commitVersion.MatchString(module) {
		v = module
	}
	v, _, _ = strings.Cut(strings.TrimPrefix(strings.Trim(v, "()"), "v"), "+")
	v = cmp.Or(v, "devel")
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
