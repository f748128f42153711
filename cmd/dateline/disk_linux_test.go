package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// disk is a file system in memory.
type disk struct {
	t   *testing.T
	dir string
}

// newDisk mounts one, and skips the test where that may not be done.
func newDisk(t *testing.T, options string) disk {
	t.Helper()
	d := disk{t, filepath.Join(t.TempDir(), "disk")}
	if err := os.Mkdir(d.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", options, "tmpfs", d.dir).CombinedOutput(); err != nil {
		t.Skipf("no file system can be mounted here: %s", out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", "-l", d.dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %s", out)
		}
	})
	return d
}

// remount changes its options.
func (d disk) remount(options string) {
	d.t.Helper()
	if out, err := exec.Command("mount", "-o", "remount,"+options, d.dir).CombinedOutput(); err != nil {
		d.t.Fatalf("remount: %s", out)
	}
}

// fill leaves no room on it, until the file is removed that it returns.
func (d disk) fill() string {
	d.t.Helper()
	name := filepath.Join(d.dir, "filler")
	f, err := os.Create(name)
	if err != nil {
		d.t.Fatal(err)
	}
	defer f.Close()
	for _, size := range []int{1 << 16, 1 << 12} {
		for {
			if _, err := f.Write(make([]byte, size)); err != nil {
				break
			}
		}
	}
	return name
}

// ready returns what the daemon answers to /readyz.
func ready(t *testing.T, p *process) int {
	t.Helper()
	answer, err := http.Get("http://" + p.listen + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode
}

func longDisk(t *testing.T) {
	t.Helper()
	if !scale(false, false, true) {
		t.Skip("DATELINE_LONG=1 runs it")
	}
}

// TestFullDisk: while the disk is full a daemon says so, serves what it has and loses nothing; with room it goes on by itself.
func TestFullDisk(t *testing.T) {
	longDisk(t)
	d := newDisk(t, "size=4m")
	f := newFaulty(t, d.dir)
	if code, out := f.run(nil, "ingest"); code != 0 {
		t.Fatalf("exit %d: %s", code, out)
	}
	p := begin(t, exec.Command("dateline", "--config", f.config, "serve"))
	filler := d.fill()
	f.n.Store(300)
	if code, out := f.run(nil, "ingest", "--now"); code != int(exitIO) || !strings.Contains(out, "hint: make room") {
		t.Errorf("a pass on a full disk: exit %d: %s", code, out)
	}
	code, out := f.run(nil, "status", "--json")
	if !strings.HasPrefix(out, `{"store":{"state":"full"}`) || !strings.Contains(out, `"next_due":"20`) {
		t.Errorf("exit %d: %s", code, out)
	}
	if code := ready(t, p); code != http.StatusServiceUnavailable {
		t.Errorf("readyz: %d", code)
	}
	if f.items() != 10 {
		t.Errorf("%d items of 10 are read while the disk is full", f.items())
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	code, out = f.run(nil, "ingest", "--now")
	f.survives("with room", code, out)
	if _, out := f.run(nil, "status", "--json"); !strings.HasPrefix(out, `{"store":{"state":"ok"}`) || ready(t, p) != http.StatusOK {
		t.Errorf("with room: %.80s", out)
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if <-p.ended; p.cmd.ProcessState.ExitCode() != 0 {
		t.Errorf("the daemon ended: %v", p.cmd.ProcessState)
	}
	f.survives("afterwards", 0, "")
}

// TestNoInode: where the disk has room for no more files, a pass says so and loses nothing.
func TestNoInode(t *testing.T) {
	longDisk(t)
	failed := 0
	const most = 10
	for n := 1; n <= most; n++ {
		d := newDisk(t, fmt.Sprintf("size=8m,nr_inodes=%d", n))
		f := newFaulty(t, d.dir)
		code, out := f.run(nil, "ingest")
		if code != 0 {
			failed++
			if code != int(exitIO) || !strings.Contains(out, "hint: ") {
				t.Errorf("%d files: exit %d: %s", n, code, out)
			}
		}
		d.remount("nr_inodes=1000")
		f.survives(fmt.Sprintf("%d files", n), code, out)
	}
	t.Logf("of %d sizes %d were too small", most, failed)
	if failed == 0 || failed == most {
		t.Error("the limit was never met, or always")
	}
}

// TestReadOnlyDisk: on a disk that became read-only, and with a file that alone is, all is read, and a pass says why it cannot record.
func TestReadOnlyDisk(t *testing.T) {
	longDisk(t)
	for what, mount := range map[string][]string{"the disk": {"-o", "remount,ro"}, "the file": {"--bind", "-o", "ro"}} {
		t.Run(what, func(t *testing.T) {
			d := newDisk(t, "size=8m")
			f := newFaulty(t, d.dir)
			if code, out := f.run(nil, "ingest"); code != 0 {
				t.Fatalf("exit %d: %s", code, out)
			}
			at := []string{d.dir}
			if file := filepath.Join(d.dir, "wire.db"); what == "the file" {
				at = []string{file, file}
				t.Cleanup(func() { _ = exec.Command("umount", "-l", file).Run() }) // it was, where all went well
			}
			if out, err := exec.Command("mount", append(mount, at...)...).CombinedOutput(); err != nil {
				t.Skipf("it cannot be made read-only here: %s", out)
			}
			f.n.Store(20)
			code, out := f.run(nil, "ingest", "--now")
			if code != int(exitIO) || !strings.Contains(out, "hint: name a file on a disk that can be written to") {
				t.Errorf("exit %d: %s", code, out)
			}
			if code, out := f.run(nil, "list"); code != 0 || f.items() != 10 {
				t.Errorf("%d items are read; exit %d: %s", f.items(), code, out)
			}
			if code, out := f.run(nil, "status", "--json"); !strings.Contains(out, `"items":10`) {
				t.Errorf("exit %d: %s", code, out)
			}
			if what == "the file" {
				if out, err := exec.Command("umount", filepath.Join(d.dir, "wire.db")).CombinedOutput(); err != nil {
					t.Fatalf("%s", out)
				}
			} else {
				d.remount("rw")
			}
			f.survives("written to again", int(exitIO), "")
		})
	}
}
