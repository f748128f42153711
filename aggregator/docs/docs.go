// Package docs holds the files by which a service manager or a container engine runs the program, as `dateline service` prints them
// and packages install them, and beside them the texts for operators.
package docs

import _ "embed" // the files

// Files for systemd and container engines. The units are for the program in /usr/bin, its config in /etc/dateline and its store in
// /var/lib/dateline.
var (
	//go:embed dateline.service
	Unit string
	//go:embed dateline-pass.service
	PassUnit string
	//go:embed dateline.timer
	Timer string
	//go:embed Containerfile
	Containerfile string
	//go:embed compose.yaml
	ContainerEngine string
	//go:embed nodes.yaml
	Nodes string
)
