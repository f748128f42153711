package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
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
	const packaged = "store: {path: /var/lib/dateline/dateline.db}\n"
	for _, c := range []struct {
		fact, config string
		want, lacks  []string
	}{
		{"the store has a folder of its own", packaged, []string{"StateDirectory=dateline", "ProtectHome=", "CapabilityBoundingSet=\n"},
			[]string{"ReadWritePaths"}},
		{"the store stands elsewhere", "store: {path: /srv/wire/dateline.db}\n", []string{"ReadWritePaths=/srv/wire\n"},
			[]string{"StateDirectory"}},
		{"in a home", "store: {path: /home/desk/dateline.db}\n", []string{"ProtectHome=read-only", "ReadWritePaths=/home/desk\n"},
			[]string{"ProtectHome=yes"}},
		{"no credentials", packaged, []string{"\n# a secret that only root can read goes here as LoadCredential=NAME:"},
			[]string{"\nLoadCredential="}},
		{"credentials", packaged + "network: {proxy: 'http://${file:/run/credentials/dateline.service/proxy}@p.example:3128'}\n",
			[]string{"\nLoadCredential=proxy:/etc/dateline/secrets/proxy\n"}, []string{"that only root"}},
		{"a low port", packaged + "http: {listen: ':80'}\n", []string{"AmbientCapabilities=CAP_NET_BIND_SERVICE"}, []string{"PrivateUsers"}},
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
	t.Run("of a pass", func(t *testing.T) {
		pass := printed(t, packaged, "pass")
		for _, want := range []string{"\nType=oneshot\n", " ingest --deadline 4m\n", "\nSuccessExitStatus=2\n", "ProtectSystem=strict"} {
			if !strings.Contains(pass, want) {
				t.Errorf("no %s in\n%s", want, pass)
			}
		}
		for _, lacks := range []string{"[Install]", "Watchdog", "Restart"} {
			if strings.Contains(pass, lacks) {
				t.Errorf("%s in\n%s", lacks, pass)
			}
		}
		if timer := printed(t, packaged, "timer"); !strings.Contains(timer, "\nOnCalendar=*:0/5\n") {
			t.Error(timer)
		}
	})
	t.Run("every group of lines has its reason above it", func(t *testing.T) {
		reason := false
		for _, line := range strings.Split(unitOf(t, packaged), "\n") {
			switch {
			case strings.HasPrefix(line, "#"):
				reason = true
			case line == "" || strings.HasPrefix(line, "["):
				reason = strings.HasPrefix(line, "[Unit]") // what stands there says what it is
			case !reason:
				t.Errorf("%s: no reason", line)
			}
		}
	})
	t.Run("systemd finds it hard enough", func(t *testing.T) {
		if _, err := exec.LookPath("systemd-analyze"); err != nil {
			t.Skip("systemd-analyze is not here")
		}
		for _, config := range []string{packaged, packaged + "http: {listen: ':80'}\n"} {
			path := filepath.Join(t.TempDir(), "dateline.service")
			if err := os.WriteFile(path, []byte(unitOf(t, config)), 0o644); err != nil {
				t.Fatal(err)
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
