package main

import (
	_ "embed" // the templates
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/template"

	"github.com/spf13/cobra"

	"dateline/aggregator/config"
	"dateline/cmd/dateline/node"
)

var (
	//go:embed service/dateline.service.tmpl
	unitText string
	//go:embed service/dateline-pass.timer
	timerText string
	//go:embed service/Containerfile.tmpl
	containerText string
)

func (a *app) serviceCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "service", Short: "Print what a service manager runs the daemon by", Args: cobra.NoArgs, RunE: needsCommand}
	for _, c := range []struct {
		name, short, text string
		pass              bool
	}{
		{"unit", "Print a systemd unit of the daemon for this config", unitText, false},
		{"pass", "Print a systemd unit of one pass for this config, where no daemon runs", unitText, true},
		{"timer", "Print a systemd timer that starts the passes", timerText, false},
		{"container", "Print a container file for this config", containerText, false},
	} {
		cmd.AddCommand(&cobra.Command{Use: c.name, Short: c.short, Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error {
			s, err := a.service()
			if err != nil {
				return err
			}
			s.Pass = c.pass
			t, err := template.New(c.name).Parse(c.text)
			if err != nil {
				return err
			}
			return t.Execute(a.stdout, s)
		}})
	}
	return cmd
}

// service is what the templates are filled with. Paths are absolute.
type service struct {
	Program string
	Config  string
	Folder  string // from where relative paths of the config count
	Store   string // folder of the store
	State   string // of Store its name below /var/lib; empty: it stands elsewhere
	Home    bool   // one of them stands in a home folder
	Port    string // of the public listener
	LowPort bool   // only a privileged process may listen there

	Pass bool // one pass, in place of the daemon

	Credentials []string // that the config names in the folder where systemd puts them
}

// credentials is the folder in which systemd puts the credentials of the unit, which is saved as dateline.service.
const credentials = "/run/credentials/dateline.service/"

func (a *app) service() (service, error) {
	cfg, err := config.Load(a.configPath)
	if err != nil {
		return service{}, err
	}
	program, err := os.Executable()
	if err != nil {
		return service{}, err
	}
	folder, err := os.Getwd()
	if err != nil {
		return service{}, err
	}
	path, err := filepath.Abs(a.configPath)
	if err != nil {
		return service{}, err
	}
	s := service{Program: program, Config: path, Folder: folder}
	if s.Store, err = filepath.Abs(filepath.Dir(cfg.Store.Path)); err != nil {
		return service{}, err
	}
	if name, below := strings.CutPrefix(s.Store, "/var/lib/"); below {
		s.State = name
	}
	for _, p := range []string{s.Program, s.Config, s.Folder, s.Store} {
		if strings.ContainsAny(p, "%\"\\\n ") {
			return service{}, fmt.Errorf("%w: a unit cannot name %q plainly: move it to a path without blanks, quotes and percent signs", node.ErrConfig, p)
		}
		s.Home = s.Home || strings.HasPrefix(p, "/home/") || strings.HasPrefix(p, "/root/") || p == "/root"
	}
	for _, file := range cfg.SecretFiles() {
		if name, ours := strings.CutPrefix(file, credentials); ours {
			s.Credentials = append(s.Credentials, name)
		}
	}
	_, s.Port, err = net.SplitHostPort(cfg.HTTP.Listen)
	if err != nil {
		return service{}, fmt.Errorf("%w: http.listen: %w", node.ErrConfig, err)
	}
	port, err := strconv.Atoi(s.Port)
	s.LowPort = err == nil && port > 0 && port < 1024
	return s, nil
}
