package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"dateline/aggregator/docs"
	"dateline/cmd/dateline/node"
)

func (a *app) serviceCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "service", Short: "Print what a service manager runs the daemon by", Args: cobra.NoArgs, RunE: needsCommand}
	for _, c := range []struct {
		name, short, text string
		unit              bool
	}{
		{"unit", "Print a systemd unit of the daemon, fitted to this config", docs.Unit, true},
		{"pass", "Print a systemd unit of one pass, fitted to this config, where no daemon runs", docs.PassUnit, true},
		{"timer", "Print a systemd timer that starts the passes", docs.Timer, false},
		{"container", "Print a container file", docs.Containerfile, false},
		{"compose", "Print a compose file for the container", docs.ContainerEngine, false},
		{"nodes", "Print a compose file for three nodes over a PostgreSQL with a standby", docs.Nodes, false},
	} {
		cmd.AddCommand(&cobra.Command{Use: c.name, Short: c.short, Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
			text := c.text
			if c.unit {
				at, err := a.place(cmd.Context(), cmd.Flag("config").Changed)
				if err != nil {
					return err
				}
				at.LowPort = at.LowPort && c.name == "unit" // a pass listens nowhere
				text = at.fit(text)
			}
			_, err := fmt.Fprint(a.stdout, text)
			return err
		}})
	}
	return cmd
}

// packaged is where a package puts things, and what the units of package docs name.
var packaged = place{Program: "/usr/bin/dateline", Config: "/etc/dateline/config.yaml", Folder: "/var/lib/dateline",
	Store: "/var/lib/dateline"}

// place is what a unit depends on. Paths are absolute.
type place struct {
	Program     string
	Config      string
	Folder      string   // from where relative paths of the config count
	Store       string   // folder of the store
	LowPort     bool     // the public listener has a port that only a privileged process may listen on
	Credentials []string // that the config names in the folder where systemd puts them
}

// credentials is the folder in which systemd puts the credentials of the unit, which is saved as dateline.service.
const credentials = "/run/credentials/dateline.service/"

// place returns what the unit of this program depends on: that of a package where no config is named and none is here.
func (a *app) place(ctx context.Context, named bool) (place, error) {
	cfg, err := a.readConfig(ctx)
	if errors.Is(err, fs.ErrNotExist) && !named {
		return packaged, nil
	}
	if err != nil {
		return place{}, err
	}
	p := place{Folder: packaged.Folder}
	if p.Config, err = filepath.Abs(a.configPath); err != nil {
		return place{}, err
	}
	if p.Config != packaged.Config {
		if p.Folder, err = os.Getwd(); err != nil {
			return place{}, err
		}
	}
	if p.Store = filepath.Dir(cfg.Store.Path); !filepath.IsAbs(p.Store) {
		p.Store = filepath.Join(p.Folder, p.Store)
	}
	if p.Program, err = os.Executable(); err != nil {
		return place{}, err
	}
	for _, path := range []string{p.Program, p.Config, p.Folder, p.Store} {
		if strings.ContainsAny(path, "%\"\\\n ") {
			return place{}, fmt.Errorf("%w: a unit cannot name %q plainly: move it to a path without blanks, quotes and percent signs",
				node.ErrConfig, path)
		}
	}
	for _, file := range cfg.SecretFiles() {
		if name, ours := strings.CutPrefix(file, credentials); ours {
			p.Credentials = append(p.Credentials, name)
		}
	}
	if _, port, err := net.SplitHostPort(cfg.HTTP.Listen); err == nil {
		n, err := strconv.Atoi(port)
		p.LowPort = err == nil && n > 0 && n < 1024
	}
	return p, nil
}

// fit returns a unit of package docs with what is otherwise at this place.
func (p place) fit(unit string) string {
	edits := []string{
		"=" + packaged.Program + " --config " + packaged.Config, "=" + p.Program + " --config " + p.Config,
		"\nWorkingDirectory=" + packaged.Folder + "\n", "\nWorkingDirectory=" + p.Folder + "\n",
	}
	if name, below := strings.CutPrefix(p.Store, "/var/lib/"); below {
		edits = append(edits, "\nStateDirectory=dateline\n", "\nStateDirectory="+name+"\n")
	} else {
		edits = append(edits, part(unit, "# made and owned for the user", "# what it makes"),
			"# the store, its socket and its pid file; besides, nothing can be written to\nReadWritePaths="+p.Store+"\n")
	}
	for _, path := range []string{p.Program, p.Config, p.Folder, p.Store} {
		if strings.HasPrefix(path, "/home/") || strings.HasPrefix(path+"/", "/root/") {
			edits = append(edits, "# it has no business in anybody's home\nProtectHome=yes\n",
				"# the program, the config or the store is in a home folder: it can be read\nProtectHome=read-only\n")
			break
		}
	}
	if p.LowPort {
		edits = append(edits, part(unit, "# no capability at all", "# nor can it gain any"),
			"# http.listen has a port below 1024: the one capability that takes\n"+
				"CapabilityBoundingSet=CAP_NET_BIND_SERVICE\nAmbientCapabilities=CAP_NET_BIND_SERVICE\n")
	}
	if p.Credentials != nil {
		lines := "# secrets that the config names: systemd reads them as root and shows them to this service alone\n"
		for _, name := range p.Credentials {
			lines += "LoadCredential=" + name + ":/etc/dateline/secrets/" + name + "\n"
		}
		edits = append(edits, part(unit, "# a secret that only root can read", "# made and owned for the user"), lines)
	}
	return strings.NewReplacer(edits...).Replace(unit)
}

// part returns the lines of a unit from the one that begins with from up to the one that begins with to.
func part(unit, from, to string) string {
	_, rest, _ := strings.Cut(unit, "\n"+from)
	lines, _, _ := strings.Cut(rest, "\n"+to)
	return from + lines + "\n"
}
