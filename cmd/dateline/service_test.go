package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/docs"
	"dateline/cmd/dateline/daemon"
)

// unitOf prints the unit for a config with these lines.
func unitOf(t *testing.T, lines string) string {
	t.Helper()
	return printed(t, lines, "unit")
}

// printed is what `service` prints for a config with these lines.
func printed(t *testing.T, lines, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(lines+"sources: []\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	a := &app{stdout: &out, stderr: &out}
	if code := a.run(t.Context(), []string{"--config", path, "service", name}); code != exitOK {
		t.Fatalf("exit %d: %s", code, &out)
	}
	return out.String()
}

func TestUnit(t *testing.T) {
	t.Parallel()
	const store = "store: {path: /var/lib/wire/wire.db}\n"
	for _, c := range []struct {
		fact, config string
		want, lacks  []string
	}{
		{"the store has a folder of its own", store, []string{"\nStateDirectory=wire\n", "ProtectHome=", "CapabilityBoundingSet=\n"},
			[]string{"ReadWritePaths"}},
		{"the store is elsewhere", "store: {path: /srv/wire/dateline.db}\n", []string{"ReadWritePaths=/srv/wire\n"},
			[]string{"\nStateDirectory"}},
		{"in a home", "store: {path: /home/desk/dateline.db}\n", []string{"ProtectHome=read-only", "ReadWritePaths=/home/desk\n"},
			[]string{"ProtectHome=yes"}},
		{"no credentials", store, []string{"\n# a secret that only root can read goes here as LoadCredential=NAME:"},
			[]string{"\nLoadCredential="}},
		{"credentials", store + "network: {proxy: 'http://${file:/run/credentials/dateline.service/proxy}@p.example:3128'}\n",
			[]string{"\nLoadCredential=proxy:/etc/dateline/secrets/proxy\n"}, []string{"that only root"}},
		{"a low port", store + "http: {listen: ':80'}\n", []string{"\nAmbientCapabilities=CAP_NET_BIND_SERVICE\n"},
			[]string{"PrivateUsers", "Capabilities=\n"}},
	} {
		t.Run(c.fact, func(t *testing.T) {
			unit := unitOf(t, c.config)
			for _, want := range c.want {
				if !strings.Contains(unit, want) {
					t.Errorf("no %s in\n%s", want, unit)
				}
			}
			for _, lacks := range c.lacks {
				if strings.Contains(unit, lacks) {
					t.Errorf("%s in\n%s", lacks, unit)
				}
			}
		})
	}
	t.Run("of a package is the file itself", func(t *testing.T) {
		for _, unit := range []string{docs.Unit, docs.PassUnit} {
			if diff := cmp.Diff(unit, packaged.fit(unit)); diff != "" {
				t.Error(diff)
			}
		}
	})
	t.Run("of a pass has the daemon's sandbox", func(t *testing.T) {
		pass := printed(t, store+"http: {listen: ':80'}\n", "pass")
		for _, want := range []string{"\nType=oneshot\n", " ingest --deadline 4m\n", "\nSuccessExitStatus=2\n", "\nStateDirectory=wire\n"} {
			if !strings.Contains(pass, want) {
				t.Errorf("no %s in\n%s", want, pass)
			}
		}
		for _, lacks := range []string{"[Install]", "Watchdog", "Restart", "LoadCredential", "CAP_"} {
			if strings.Contains(pass, lacks) {
				t.Errorf("%s in\n%s", lacks, pass)
			}
		}
		const from = "# made and owned for the user"
		sandbox, end, _ := strings.Cut(docs.Unit[strings.Index(docs.Unit, from):], "\n\n[Install]")
		if diff := cmp.Diff(sandbox, strings.TrimSpace(docs.PassUnit[strings.Index(docs.PassUnit, from):])); diff != "" || end == "" {
			t.Error(diff)
		}
		if !strings.Contains(docs.Timer, "\nUnit=dateline-pass.service\n") {
			t.Error(docs.Timer)
		}
	})
	t.Run("every group of lines has its reason above it", func(t *testing.T) {
		reason := false
		for _, line := range strings.Split(docs.Unit, "\n") {
			switch {
			case strings.HasPrefix(line, "#"):
				reason = true
			case line == "" || strings.HasPrefix(line, "["):
				reason = strings.HasPrefix(line, "[Unit]") // what is there says what it is
			case !reason:
				t.Errorf("%s: no reason", line)
			}
		}
	})
	t.Run("systemd reads it and finds it hard enough", func(t *testing.T) {
		if _, err := exec.LookPath("systemd-analyze"); err != nil {
			t.Skip("systemd-analyze is not here")
		}
		for name, unit := range map[string]string{
			"dateline.service": unitOf(t, store), "low.service": unitOf(t, store+"http: {listen: ':80'}\n"),
			"dateline-pass.service": printed(t, store, "pass"),
		} {
			path := filepath.Join(t.TempDir(), name)
			timer := filepath.Join(filepath.Dir(path), "dateline.timer")
			if err := errors.Join(os.WriteFile(path, []byte(unit), 0o644), os.WriteFile(timer, []byte(docs.Timer), 0o644)); err != nil {
				t.Fatal(err)
			}
			verify := []string{"verify", "--man=no", path}
			if name == "dateline-pass.service" {
				verify = append(verify, timer)
			}
			if out, err := exec.Command("systemd-analyze", verify...).CombinedOutput(); err != nil || bytes.Contains(out, []byte(name)) ||
				bytes.Contains(out, []byte("timer")) {
				t.Errorf("%s: %v\n%s", name, err, out)
			}
			out, err := exec.Command("systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=15", path).CombinedOutput()
			if err != nil {
				t.Errorf("%v\n%s", err, out)
			}
			if m := regexp.MustCompile(`exposure level for \S+: (\S+)`).FindSubmatch(out); m == nil {
				t.Errorf("no level in\n%s", out)
			} else {
				t.Logf("exposure %s", m[1])
			}
		}
	})
}

// TestPackages: what the packages and the packaged units name is there.
func TestPackages(t *testing.T) {
	t.Parallel()
	const root = "../../"
	b, err := os.ReadFile(root + ".goreleaser.yaml")
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for _, m := range regexp.MustCompile(`(?m)^\s+(?:- |- src: |postinstall: |preremove: |postremove: )((?:aggregator/|README|LICENSE|config)\S*)$`).
		FindAllSubmatch(b, -1) {
		named++
		if found, err := filepath.Glob(root + string(m[1])); err != nil || found == nil {
			t.Errorf("%s: %v: nothing is there", m[1], err)
		}
	}
	if named < 15 {
		t.Errorf("%d files", named)
	}
	for _, text := range []string{docs.Unit, docs.PassUnit} {
		if want := "\nExecStart=" + packaged.Program + " --config " + packaged.Config + " "; !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
	for _, path := range []string{packaged.Config, "/usr/lib/systemd/system/dateline.service", "/usr/lib/systemd/system/dateline.timer"} {
		if !bytes.Contains(b, []byte("dst: "+path+"\n")) {
			t.Errorf("no package has %s", path)
		}
	}
}

// TestContainerEngine: the compose file says of the container what the container file says, and mounts the folder of the config.
func TestContainerEngine(t *testing.T) {
	t.Parallel()
	var file struct {
		Services map[string]struct {
			Build           struct{ Context, Dockerfile string }
			Image, Restart  string
			Ports           []string
			Volumes         []string
			ReadOnly        bool `yaml:"read_only"`
			Tmpfs           []string
			CapDrop         []string `yaml:"cap_drop"`
			SecurityOpt     []string `yaml:"security_opt"`
			StopGracePeriod string   `yaml:"stop_grace_period"`
			MemLimit        string   `yaml:"mem_limit"`
			Healthcheck     struct {
				Test              []string
				Interval, Timeout string
				StartPeriod       string `yaml:"start_period"`
			}
		}
		Volumes map[string]any
	}
	if err := yaml.UnmarshalWithOptions([]byte(docs.ContainerEngine), &file, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	one := file.Services["dateline"]
	grace, err := time.ParseDuration(one.StopGracePeriod)
	if err != nil || grace < daemon.EndTime || len(file.Services) != 1 {
		t.Errorf("%d services, ended after %v (%v)", len(file.Services), grace, err)
	}
	if want := "\nMemoryMax=" + strings.ToUpper(one.MemLimit) + "\n"; !strings.Contains(docs.Unit, want) {
		t.Errorf("the unit does not say %q", want)
	}
	if _, err := os.Stat(filepath.Join("../..", one.Build.Context, one.Build.Dockerfile)); err != nil {
		t.Error(err)
	}
	h := one.Healthcheck
	test, err := json.Marshal(h.Test[1:])
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		fmt.Sprintf("HEALTHCHECK --interval=%s --timeout=%s --start-period=%s %s %s", h.Interval, h.Timeout, h.StartPeriod, h.Test[0],
			strings.ReplaceAll(string(test), ",", ", ")),
		"EXPOSE " + strings.TrimPrefix(one.Ports[0], "8080:"), "VOLUME " + strings.TrimPrefix(one.Volumes[1], "data:"),
	} {
		if !strings.Contains(docs.Containerfile, "\n"+line+"\n") {
			t.Errorf("the container file does not say %q", line)
		}
	}
	if config := filepath.Dir(packaged.Config); one.Volumes[0] != "./dateline:"+config+":ro" ||
		!strings.Contains(docs.Containerfile, config+"/config.yaml") {
		t.Errorf("%s is mounted", one.Volumes[0])
	}
}
